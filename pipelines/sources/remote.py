"""Files behind fsspec URLs (s3://, gs://, hf://, https://, memory:// ...)."""

import re
from typing import Any, BinaryIO, cast
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


def is_url(path: str) -> bool:
    """Tell whether a configured path is a URL."""
    return _URL.match(path) is not None


def hidden(url: str) -> str:
    """Return the URL without user, password and query, fit for messages."""
    parts = urlsplit(url)
    return shown(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl())


def split(url: str) -> tuple[str, bool, str | None]:
    """Return root, whether the root is the file itself, and the glob below the root.

    `?` starts the query of a URL, so it is no wildcard here. A URL whose last part has a suffix is a file;
    one ending in `/` or without a suffix is a folder.
    """
    scheme, mark, rest = url.partition("://")
    parts = rest.split("/")
    for number, part in enumerate(parts):
        if _MAGIC.search(part):
            return f"{scheme}{mark}{'/'.join(parts[:number])}", False, "/".join(parts[number:])
    single = "." in parts[-1].partition("?")[0] and len(parts) > 1
    return url, single, None


def _file_system(url: str) -> tuple[Any, str]:
    file_system, path = fsspec.core.url_to_fs(url)
    return file_system, str(path)


def find(name: str, root: str, single: bool, pattern: str | None) -> list[tuple[str, int]]:
    """Return the files below a URL as (path relative to it, bytes), in byte order.

    Raises:
        SourceError: the URL cannot be listed, or has no such file.
    """
    try:
        file_system, top = _file_system(root)
        if single:
            return [("", int(file_system.size(top) or 0))]
        if pattern is None:
            found = file_system.find(top, detail=True)
        else:
            found = file_system.glob(f"{top.rstrip('/')}/{pattern}", detail=True)
    except _FAILURES as error:
        raise SourceError(
            f"source {name!r}: URL {hidden(root)!r} cannot be listed ({type(error).__name__}: {error}); "
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
        file_system, path = _file_system(url)
        return cast(BinaryIO, file_system.open(path, "rb"))
    except _FAILURES as error:
        raise UnreadableError(f"{type(error).__name__}: {hidden(url)} cannot be opened") from error
