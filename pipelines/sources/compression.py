"""Open plain, gzip, zstd, bzip2 and xz streams in bounded memory and to a bounded size."""

import bz2
import gzip
import io
import lzma
import zlib
from typing import BinaryIO, Protocol

import pyarrow as pa
import zstandard

from pipelines.sources.xz import XzStream

MAX_WINDOW = 1 << 27
"""Bytes of window a zstd frame may ask for: 128 MiB, the default of the zstd library
(ZSTD_WINDOWLOG_LIMIT_DEFAULT 27), which the decoder enforces too; `zstd --long=28` and more are refused."""

RATIO_GRACE = 8 << 20
"""Expanded bytes below which no ratio makes a bomb: 8 MiB are harmless, and small files of one repeated byte
reach any ratio."""

STEP = 1 << 16
"""Bytes decoded at a time, and so lost at most where a stream breaks."""

CHUNK = 1 << 20
"""Bytes read at a time."""

SUFFIXES = {".gz": "gzip", ".tgz": "gzip", ".crate": "gzip", ".zst": "zstd", ".zstd": "zstd", ".tzst": "zstd",
            ".bz2": "bzip2", ".tbz2": "bzip2", ".xz": "xz", ".txz": "xz"}  # fmt: skip
"""What the end of a file name says about its compression."""


class BadContainerError(Exception):
    """An archive or table whose bytes are broken or of an unsupported kind."""


class UnreadableError(Exception):
    """The system or the network failed to read the file under an archive or table."""

    def __init__(self, detail: str, denied: bool = False) -> None:
        """Note what failed, and whether it is the permission that lacks."""
        super().__init__(detail)
        self.denied = denied


class BombError(Exception):
    """The stream expands beyond its limits."""

    def __init__(self, detail: str, value: float, threshold: float) -> None:
        """Note what was measured and the limit."""
        super().__init__(detail)
        self.value = value
        self.threshold = threshold


class Readable(Protocol):
    """Anything to read bytes from."""

    def read(self, size: int, /) -> bytes | None:
        """Return at most `size` bytes."""
        ...


class Counted(io.RawIOBase):
    """The file under a decoder: counts bytes and keeps system errors apart from broken data."""

    def __init__(self, raw: BinaryIO) -> None:
        """Wrap an open file."""
        super().__init__()
        self._raw = raw
        self._ahead = b""
        self.count = 0

    def readable(self) -> bool:
        """Return True: the wrapper can be read."""
        return True

    def peek(self, size: int) -> bytes:
        """Return the first bytes without consuming them; to be called before any read."""
        self._ahead = self._take(size)
        return self._ahead

    def _take(self, size: int) -> bytes:
        try:
            return self._raw.read(size)
        except OSError as error:
            raise UnreadableError(error.strerror or str(error) or type(error).__name__) from error

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as one read of the file does."""
        data = self._ahead[: len(buffer)] or self._take(len(buffer))
        self._ahead = self._ahead[len(data) :]
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


def sniff(head: bytes) -> str:
    """Return the compression that a file's first 8 bytes show: gzip, zstd, bzip2, xz or plain."""
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"\x28\xb5\x2f\xfd") or (head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50):
        return "zstd"
    if head.startswith(b"\xfd7zXZ\0"):
        return "xz"
    return "bzip2" if head.startswith(b"BZh") else "plain"


def _decoder(kind: str, raw: Counted, head: bytes) -> Readable:
    if kind == "gzip":
        return gzip.GzipFile(fileobj=raw, mode="rb")
    if kind == "bzip2":
        return bz2.BZ2File(raw, mode="rb")
    if kind == "xz":
        return XzStream(raw)
    if kind == "zstd":
        _check_window(head)
        # pyarrow rather than zstandard's reader: it reports a stream that ends inside a frame.
        stream: Readable = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")
        return stream
    return raw


def _check_window(head: bytes) -> None:
    """Name the window of the first frame; the decoder itself refuses any later one."""
    if head[:4] != b"\x28\xb5\x2f\xfd":
        return
    try:
        window = zstandard.get_frame_parameters(head).window_size
    except zstandard.ZstdError as error:
        raise BadContainerError(f"the zstd frame has no valid header ({error})") from error
    if window > MAX_WINDOW:
        raise BadContainerError(f"the zstd frame asks for a window of {window} bytes; at most {MAX_WINDOW}")


_BROKEN = (
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
    pa.ArrowException,
)


class Expanded:
    """A decoded stream that stops at its limits. The first bytes of the file tell its compression."""

    def __init__(self, file: BinaryIO, name: str, max_expanded: float, max_ratio: float) -> None:
        """Open the stream.

        Args:
            file: the file, at its start.
            name: its name; where it ends in a compression's suffix, the bytes must agree.
            max_expanded: bytes it may expand to.
            max_ratio: expanded bytes for one stored byte, once RATIO_GRACE is passed.

        Raises:
            BadContainerError: the name and the bytes disagree, or the frame asks for too much memory.
            UnreadableError: the system refused to read.
        """
        self._raw = Counted(file)
        head = self._raw.peek(32)
        self.kind = sniff(head)
        wanted = next((kind for suffix, kind in SUFFIXES.items() if name.lower().endswith(suffix)), None)
        if wanted is not None and self.kind != wanted:
            raise BadContainerError(f"the name says {wanted}, the first bytes say {self.kind}")
        decoder = _decoder(self.kind, self._raw, head)
        # read1 gives what one read of the file gave: an error then costs nothing that came before it.
        self._read = decoder.read1 if isinstance(decoder, (gzip.GzipFile, bz2.BZ2File)) else decoder.read
        self._max_expanded, self._max_ratio = max_expanded, max_ratio
        self.count = 0

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none at the end.

        Raises:
            BadContainerError: the data is broken or ends early.
            UnreadableError: the system refused to read.
            BombError: a limit is passed.
        """
        try:
            data = self._read(min(size, STEP)) or b""
        except _BROKEN as error:
            raise BadContainerError(f"the {self.kind} data is broken ({error})") from error
        self.count += len(data)
        if self.count > self._max_expanded:
            detail = f"expands to more than {self._max_expanded:.0f} bytes"
            raise BombError(detail, self.count, self._max_expanded)
        ratio = self.count / max(self._raw.count, 1)
        if self.kind != "plain" and self.count > RATIO_GRACE and ratio > self._max_ratio:
            raise BombError(f"expands more than {self._max_ratio:g} times", round(ratio, 1), self._max_ratio)
        return data
