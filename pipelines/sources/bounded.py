"""A file with random access that refuses huge reads and keeps system errors apart from broken data."""

import io
from typing import BinaryIO

from pipelines.sources.compression import BadContainerError, UnreadableError


class BoundedFile(io.RawIOBase):
    """Wraps the open file of an archive or table."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        """Wrap the file; no read may ask for more than `limit` bytes."""
        super().__init__()
        self._file, self._limit = file, limit

    def seekable(self) -> bool:
        """Return True: the wrapper is for files with random access."""
        return True

    def readable(self) -> bool:
        """Return True: the wrapper can be read."""
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move, as in io."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._file.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `limit` bytes.

        Raises:
            BadContainerError: more is asked for.
            UnreadableError: the system refused to read.
        """
        if size is None or size < 0:
            size = self._limit
        if size > self._limit:
            raise BadContainerError(f"asks to read {size} bytes at once; at most {self._limit}")
        try:
            return self._file.read(size)
        except OSError as error:
            raise UnreadableError(error.strerror or type(error).__name__) from error
