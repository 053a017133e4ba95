"""Open a zip's central directory in bounded memory and cut its members into parts."""

import struct
import zipfile
from typing import BinaryIO

from pipelines.sources.bounded import BoundedFile
from pipelines.sources.compression import BadContainerError
from pipelines.sources.slices import FILE_COST

MAX_DIRECTORY = 256 << 20
"""Bytes of one read, and so of a central directory: 256 bytes for each of a million members."""

_BROKEN = (zipfile.BadZipFile, OSError, ValueError, OverflowError, NotImplementedError, struct.error)


class TooManyMembersError(Exception):
    """The central directory has more members than allowed."""


class _Infos(list[zipfile.ZipInfo]):
    """A list that refuses to grow beyond a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def append(self, item: zipfile.ZipInfo, /) -> None:
        if len(self) >= self._limit:
            raise TooManyMembersError(f"more than {self._limit} members; the archive is not read")
        super().append(item)


class BoundedZip(zipfile.ZipFile):
    """A zip archive with at most so many members."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        """Read the central directory.

        Raises:
            BadContainerError: it is broken or too large.
            UnreadableError: the system refused to read.
            TooManyMembersError: it has more members than `limit`.
        """
        self._infos = _Infos(limit)
        try:
            super().__init__(BoundedFile(file, MAX_DIRECTORY))
        except _BROKEN as error:
            raise BadContainerError(f"no zip archive that can be read ({error})") from error

    @property
    def filelist(self) -> list[zipfile.ZipInfo]:
        """The members; zipfile itself fills it, and so is held to the limit while it does."""
        return self._infos

    @filelist.setter
    def filelist(self, value: list[zipfile.ZipInfo]) -> None:
        """Ignore the empty list that zipfile starts with."""

    def part(self, part: int, parts: int) -> range:
        """Return the positions of the members of one of so many parts of about equal stored bytes."""
        total = sum(_weight(info) for info in self._infos)
        start, before = None, 0
        for position, info in enumerate(self._infos):
            owner = min(before * parts // max(total, 1), parts - 1)
            if start is None and owner >= part:
                start = position
            if owner > part:
                return range(start or 0, position)
            before += _weight(info)
        return range(len(self._infos) if start is None else start, len(self._infos))


def _weight(info: zipfile.ZipInfo) -> int:
    return max(info.compress_size, 0) + FILE_COST
