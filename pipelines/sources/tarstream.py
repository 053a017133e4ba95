"""Walk the members of a tar stream in bounded memory.

The standard library's `tarfile` reads extended headers of any size into memory, keeps every member, and takes
a broken header in mid-archive for the end; here a header is at most 1 MiB, nothing is kept, and whatever is
not a clean end is an error. Single headers are decoded by `tarfile.TarInfo.frombuf`.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.sources.compression import CHUNK, BadContainerError, Expanded

BLOCK = 512
"""Bytes of a tar block (POSIX.1-2001, pax)."""

MAX_HEADER = 1 << 20
"""Bytes of one extended header: hundreds of times the longest path Linux has."""

_LONG = {tarfile.GNUTYPE_LONGNAME: "path", tarfile.GNUTYPE_LONGLINK: "linkpath"}
_PAX = {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}
_FILES = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}
_NO_DATA = {
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
}
"""Member types whose size field does not stand for data that follows (as tarfile has it)."""


@dataclass(frozen=True)
class Member:
    """One member; its data must be read or skipped before the next is asked for."""

    name: str
    size: int
    """Bytes of data that follow."""
    kind: str
    """file, folder, link (all links and devices) or other."""
    why: str = ""
    """What the member is, where it is no file."""


@dataclass
class TarStream:
    """Iterates over the members of a decoded stream."""

    stream: Expanded
    _left: int = 0
    _pad: int = 0
    _pax: dict[str, str] = field(default_factory=dict)
    _global: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Member]:
        """Yield the members in order.

        Raises:
            BadContainerError: the archive is broken, ends early, or has data after its end.
            UnreadableError: the system refused to read.
            BombError: a limit of the stream is passed.
        """
        while True:
            self.skip()
            block = self._exact(BLOCK, at_end=True)
            if not block:
                raise BadContainerError("the archive ends without an end mark: it may have been cut short")
            if not block.strip(b"\0"):
                self._finish()
                return
            member = self._member(self._header(block), block)
            if member is not None:
                yield member

    def read(self, limit: int) -> bytes:
        """Return the data of the current member, at most `limit` bytes of it."""
        data = self._exact(min(limit, self._left))
        self._left -= len(data)
        return data

    def skip(self) -> None:
        """Pass over what is left of the current member."""
        left = self._left + self._pad
        while left:
            left -= len(self._exact(min(left, CHUNK)))
        self._left = self._pad = 0

    def _exact(self, size: int, at_end: bool = False) -> bytes:
        data = bytearray()
        while len(data) < size and (more := self.stream.read(size - len(data))):
            data += more
        if len(data) < size and (data or not at_end):
            raise BadContainerError("the archive ends in the middle of a member")
        return bytes(data)

    def _header(self, block: bytes) -> tarfile.TarInfo:
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.TarError, ValueError, OverflowError) as error:
            raise BadContainerError(f"a header is broken ({error})") from error
        if info.size < 0:
            raise BadContainerError("a header has a negative size")
        return info

    def _expect(self, size: int) -> None:
        self._left, self._pad = size, -size % BLOCK

    def _member(self, info: tarfile.TarInfo, block: bytes) -> Member | None:
        """Return the member of a header, or None where the header only describes the next one."""
        if info.type in _LONG or info.type in _PAX or info.type == tarfile.XGLTYPE:
            self._extend(info)
            return None
        pax = {**self._global, **self._pax}
        self._pax = {}
        name, size = pax.get("path", info.name), _size(pax, info.size)
        if info.type in _NO_DATA:
            kind = "folder" if info.isdir() else "link"
            return Member(name, 0, kind, _WHY.get(info.type, ""))
        if info.type == tarfile.GNUTYPE_SPARSE and block[482]:
            while self._exact(BLOCK)[504]:
                pass
        self._expect(size)
        if info.type in _FILES and not any(key.startswith("GNU.sparse.") for key in pax):
            return Member(name, size, "file")
        why = f"a member of type {info.type!r} (sparse files are not expanded)"
        return Member(pax.get("GNU.sparse.name", name), size, "other", why)

    def _extend(self, info: tarfile.TarInfo) -> None:
        if info.size > MAX_HEADER:
            raise BadContainerError(f"an extended header of {info.size} bytes; at most {MAX_HEADER}")
        self._expect(info.size)
        data = self.read(MAX_HEADER)
        self.skip()
        if info.type in _LONG:
            self._pax[_LONG[info.type]] = _text(data.partition(b"\0")[0])
        elif info.type == tarfile.XGLTYPE:
            self._global.update(_records(data))
        else:
            self._pax.update(_records(data))

    def _finish(self) -> None:
        """Read to the end of the stream, so that its checksum is verified."""
        while data := self.stream.read(CHUNK):
            if data.strip(b"\0"):
                raise BadContainerError("data follows the end mark of the archive; it was not read")


_WHY = {
    tarfile.LNKTYPE: "a hard link",
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.CHRTYPE: "a character device",
    tarfile.BLKTYPE: "a block device",
    tarfile.FIFOTYPE: "a named pipe",
}


_WANTED = {"path", "size", "GNU.sparse.name", "GNU.sparse.major", "GNU.sparse.size", "GNU.sparse.map"}
"""Keys that are kept: any other would only cost memory."""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _size(pax: dict[str, str], size: int) -> int:
    value = pax.get("size")
    if value is None:
        return size
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise BadContainerError(f"an extended header gives the size {value[:30]!r}")
    return int(value)


def _records(data: bytes) -> dict[str, str]:
    """Read the wanted `<length> <key>=<value>` lines of a pax header."""
    out: dict[str, str] = {}
    at = 0
    while at < len(data) and data[at]:
        digits, space, _ = data[at : at + 20].partition(b" ")
        length = int(digits) if space and digits.isdigit() else 0
        record = data[at + len(digits) + 1 : at + length]
        key, equals, value = record.partition(b"=")
        if not equals or not value.endswith(b"\n") or at + length > len(data):
            raise BadContainerError("an extended header is broken")
        if _text(key) in _WANTED:
            out[_text(key)] = _text(value[:-1])
        at += length
    return out
