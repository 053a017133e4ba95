"""Archives and tables as files: find them under a path, a folder, a glob or a URL, and open them."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from contracts.errors import SourceError
from pipelines.sources import remote
from pipelines.sources.compression import UnreadableError
from pipelines.sources.config import ArchiveSource, JsonlSource, ParquetSource
from pipelines.sources.globs import MAGIC, PathPattern
from pipelines.sources.paths import local, shown
from pipelines.sources.record import Problem
from pipelines.sources.slices import Listing
from pipelines.sources.walk import Rules, Walk

ContainerSource = ArchiveSource | JsonlSource | ParquetSource


@dataclass(frozen=True)
class Place:
    """Where the files of a source are."""

    root: str
    """Folder or URL prefix; with `single`, the file itself."""
    single: bool = False
    pattern: str | None = None
    """Glob below the root."""

    def full(self, container: str) -> str:
        """Return the path or URL of one file."""
        return f"{self.root.rstrip('/')}/{container}" if container else self.root


def place(source: ContainerSource, base: Path) -> Place:
    """Tell where a source's files are; the same answer when listing and when reading."""
    if remote.is_url(source.path):
        root, pattern = remote.split(source.path)
        return Place(root, pattern=pattern)
    full = local(base, source.path)
    if os.path.isdir(full):
        return Place(str(full))
    if os.path.exists(full) or not MAGIC.search(source.path):
        return Place(str(full), single=True)
    parts = Path(source.path).parts  # of the configured path alone: the base directory is no pattern
    first = next(number for number, part in enumerate(parts) if MAGIC.search(part))
    return Place(str(local(base, str(Path(*parts[:first])))), pattern="/".join(parts[first:]))


def find(source: ContainerSource, base: Path, listing: Listing) -> list[tuple[str, int]]:
    """Return the files of a source as (path relative to its root, bytes), in byte order.

    Raises:
        SourceError: nothing is there, or it cannot be listed.
    """
    where = place(source, base)
    if remote.is_url(source.path):
        return remote.find(source.name, where.root, where.pattern)
    if where.single:
        return [("", _size(source, where.root))]
    keeps = _matcher(where.pattern)
    if not os.path.isdir(where.root):
        detail = f"folder {shown(where.root)!r} does not exist; correct the path"
        raise SourceError(f"source {source.name!r}: {detail}")
    walk = Walk(where.root, Rules(keeps, lambda path: False, source.follow_symlinks, confined=False))
    for path, problem in walk.problems:
        if keeps(path):
            listing.problem(path, problem, in_container=True)
    return walk.files


def _matcher(glob: str | None) -> Callable[[str], bool]:
    if glob is None:
        return lambda path: True
    pattern = PathPattern(glob, below=False)
    return lambda path: pattern.matches(path.split("/"))


def _size(source: ContainerSource, path: str) -> int:
    try:
        status = os.stat(path)
    except OSError as error:
        raise SourceError(
            f"source {source.name!r}: path {shown(path)!r} cannot be read ({error.strerror}); "
            "give a file, folder, glob or URL that exists"
        ) from error
    if not stat.S_ISREG(status.st_mode):
        detail = f"path {shown(path)!r} is neither a file nor a folder; correct the path"
        raise SourceError(f"source {source.name!r}: {detail}")
    return status.st_size


def shown_name(source: ContainerSource, container: str) -> str:
    """Return the name a record carries for its archive or table: relative to the source."""
    if remote.is_url(source.path) and not container:
        return remote.hidden(source.path).rpartition("/")[2]
    return shown(container or source.path.rstrip("/").rpartition("/")[2])


def open_container(source: ContainerSource, base: Path, container: str) -> BinaryIO:
    """Open one archive or table for reading.

    Raises:
        UnreadableError: it cannot be opened, or is no regular file any more.
    """
    full = place(source, base).full(container)
    if remote.is_url(source.path):
        return remote.open_url(full)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    if container and not source.follow_symlinks:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        handle = os.open(full, flags)
    except OSError as error:
        raise UnreadableError(error.strerror or type(error).__name__, isinstance(error, PermissionError)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableError("no regular file any more")
    return cast(BinaryIO, os.fdopen(handle, "rb"))


@contextmanager
def reached(source: ContainerSource, container: str) -> Iterator[None]:
    """Turn the failure to read a listed archive or table into one of the whole task.

    The system or the network failed, not the content: a rejection would stay in a finished stage.

    Raises:
        SourceError: the block could not read it.
    """
    try:
        yield
    except UnreadableError as error:
        raise SourceError(
            f"source {source.name!r}: {shown_name(source, container)!r} is listed but cannot be read ({error}); "
            "bring it back or restore the connection and run the same command again"
        ) from error


@contextmanager
def listed(source: ContainerSource, container: str, listing: Listing) -> Iterator[None]:
    """Note an archive or table that may not be read as a problem of the listing.

    Raises:
        SourceError: the block could not read it for another reason.
    """
    with reached(source, container):
        try:
            yield
        except UnreadableError as error:
            if not error.denied:
                raise
            path = container or shown_name(source, container)
            listing.problem(path, Problem("unreadable", str(error)), in_container=True)


def probe(source: ContainerSource, base: Path, container: str) -> None:
    """Open a local archive or table once while listing; of a remote one it would cost a request.

    Raises:
        UnreadableError: it cannot be opened.
    """
    if not remote.is_url(source.path):
        open_container(source, base, container).close()


def unknown_type(name: str, known: str) -> Problem:
    """Return the problem of a file in a folder of archives or tables that is of neither kind."""
    return Problem("bad_archive", f"the end of the name is of no known kind; known are {known}")
