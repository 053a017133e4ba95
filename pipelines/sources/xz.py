"""Decode xz with a memory limit, which `lzma.LZMAFile` does not offer."""

import io
import lzma

XZ_MEMORY = 1 << 27
"""Bytes of memory for the xz decoder; `xz -9`, the largest preset, needs 65 MiB (xz(1))."""


class XzStream:
    """Reads one or more concatenated xz streams."""

    def __init__(self, raw: io.RawIOBase) -> None:
        """Wrap the stored stream."""
        self._raw = raw
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, none at the end.

        Raises:
            EOFError: the stream ends early.
            lzma.LZMAError: it is broken or needs more memory than allowed.
        """
        while True:
            if self._decoder.eof and not self._next():
                return b""
            feed = (self._raw.read(1 << 16) or b"") if self._decoder.needs_input else b""
            if self._decoder.needs_input and not feed:
                raise EOFError("the xz stream ends early")
            if data := self._decoder.decompress(feed, size):
                return data

    def _next(self) -> bool:
        rest = self._decoder.unused_data or self._raw.read(1 << 16) or b""
        while rest and not rest.strip(b"\0"):
            rest = self._raw.read(1 << 16) or b""
        if rest:
            self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
            self._decoder.decompress(rest.lstrip(b"\0"), 0)
        return bool(rest)
