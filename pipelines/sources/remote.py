"""Files behind fsspec URLs (s3://, gs://, hf://, https://, memory:// ...)."""

import errno
import io
import re
import sys
from typing import BinaryIO, cast
from urllib.parse import urlsplit

import fsspec

from contracts.errors import SourceError
from pipelines.sources.compression import UnreadableError
from pipelines.sources.paths import byte_order, shown

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*(::|://)")
_MAGIC = re.compile(r"[*\[]")

_FAILURES = (OSError, ValueError, ImportError, TypeError, KeyError, AttributeError, RuntimeError)
"""What file systems of fsspec raise: unknown protocol (ValueError), missing package (ImportError), network
and permission (OSError), bad addresses (the rest)."""

_NETWORK = (
    ("aiohttp", "ClientError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("azure.core.exceptions", "AzureError"),
)
"""Base errors of the packages under fsspec's network file systems that are none of the above."""


def is_url(path: str) -> bool:
    """Tell whether a configured path is a URL."""
    return _URL.match(path) is not None


def hidden(url: str) -> str:
    """Return the URL without user, password and query, fit for messages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return shown(url.partition("://")[0]) + "://..."
    return shown(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl())


def split(url: str) -> tuple[str, str | None]:
    """Return the root and the glob below it; `?` starts the query of a URL, so it is no wildcard here."""
    scheme, mark, rest = url.partition("://")
    parts = rest.split("/")
    for number, part in enumerate(parts):
        if "?" not in rest and _MAGIC.search(part):
            return f"{scheme}{mark}{'/'.join(parts[:number])}", "/".join(parts[number:])
    return url, None


def failures() -> tuple[type[BaseException], ...]:
    """Return what file systems may raise, with the errors of those network packages that are loaded."""
    found: list[type[BaseException]] = [*_FAILURES]
    for module, name in _NETWORK:
        error = getattr(sys.modules.get(module), name, None)
        if isinstance(error, type) and issubclass(error, BaseException):
            found.append(error)
    return tuple(found)


class RemoteFile(io.RawIOBase):
    """A remote file whose failures are all OSErrors."""

    def __init__(self, file: BinaryIO) -> None:
        """Wrap an open file."""
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        """Return True: it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell whether the file system offers random access."""
        return self._file.seekable()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as the file does.

        Raises:
            OSError: the file system failed.
        """
        try:
            return self._file.read(-1 if size is None else size)
        except failures() as error:
            raise OSError(errno.EIO, f"{type(error).__name__} while reading") from error

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move, as in io."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position in bytes."""
        return self._file.tell()

    def close(self) -> None:
        """Close the remote file too."""
        if not self.closed:
            self._file.close()
        super().close()


def find(name: str, root: str, pattern: str | None) -> list[tuple[str, int]]:
    """Return the files below a URL as (path relative to it, bytes), in byte order; "" is the URL itself.

    Raises:
        SourceError: the URL cannot be listed, or has no such file.
    """
    try:
        file_system, path = fsspec.core.url_to_fs(root)
        top = str(path)
        if pattern is None:
            info = file_system.info(top)
            if info.get("type") != "directory":
                return [("", int(info.get("size") or 0))]
            found = file_system.find(top, detail=True)
        else:
            found = file_system.glob(f"{top.rstrip('/')}/{pattern}", detail=True)
    except failures() as error:
        reason = str(error)[:300] if hidden(root) == root else "see the cause"
        raise SourceError(
            f"source {name!r}: URL {hidden(root)!r} cannot be listed ({type(error).__name__}: {reason}); "
            "check the address, the credentials and that the fsspec package for this protocol is installed"
        ) from error
    prefix = top.rstrip("/") + "/"
    files = [
        (path.removeprefix(prefix), int(info.get("size") or 0))
        for path, info in found.items()
        if info.get("type") != "directory" and path.startswith(prefix)
    ]
    return sorted(files, key=lambda item: byte_order(item[0]))


def open_url(url: str) -> BinaryIO:
    """Open a file behind a URL.

    Raises:
        UnreadableError: it cannot be opened.
    """
    try:
        file_system, path = fsspec.core.url_to_fs(url)
        return cast(BinaryIO, RemoteFile(file_system.open(path, "rb")))
    except failures() as error:
        denied = isinstance(error, PermissionError)
        raise UnreadableError(f"{type(error).__name__}: {hidden(url)} cannot be opened", denied) from error
