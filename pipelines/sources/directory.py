"""A folder of files as a source."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from contracts.errors import SourceError
from pipelines.sources.config import DirectorySource
from pipelines.sources.globs import PathFilter
from pipelines.sources.paths import MAX_PATH, inside, local, shown
from pipelines.sources.record import Problem, SourceRecord, Stamp, too_large, unreadable
from pipelines.sources.slices import Limits, Listing, Slice
from pipelines.sources.walk import Rules, Walk, check_root

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
"""No last link is followed, and a pipe put in a file's place does not block."""


def plan_directory(index: int, source: DirectorySource, base: Path, limits: Limits) -> Listing:
    """List a folder.

    Raises:
        SourceError: it is missing, no folder, cannot be listed, or holds no file that is wanted.
    """
    root = local(base, source.path)
    if not os.path.isdir(root):
        state = "is not a folder" if os.path.exists(root) else "does not exist or is out of reach"
        raise SourceError(
            f"source {source.name!r}: path {shown(str(root))!r} {state}; type directory takes a folder of "
            "files, correct the path or the type"
        )
    rules = PathFilter(source.include, source.exclude)
    walk = Walk(str(root), Rules(rules.keeps, rules.excluded, source.follow_symlinks))
    listing = Listing(index, limits, excluded=walk.excluded)
    for path, problem in walk.problems:
        listing.problem(path, problem)
    for path, size in walk.files:
        listing.saw(path, size)
    listing.add("directory", "", ((path, limits.cost(size)) for path, size in walk.files))
    return listing


def read_directory(item: Slice, source: DirectorySource, base: Path, max_bytes: int) -> Iterator[SourceRecord]:
    """Yield one record for each file of the slice.

    Raises:
        SourceError: the folder is out of reach, or the machine failed.
    """
    stamp = Stamp(source.name, source.name, "", source.commit, source.licence, source.repo == "top_level")
    root = str(local(base, source.path))
    check_root(root)
    real_root = os.path.realpath(root)
    for path in item.members or ():
        got = _read(root, real_root, path, source.follow_symlinks, max_bytes)
        if isinstance(got, bytes):
            yield stamp.content(shown(path), got)
        else:
            if got[0].code == "unreadable":
                check_root(root)
            yield stamp.failed(path, *got)


def _read(root: str, real_root: str, path: str, follow: bool, max_bytes: int) -> bytes | tuple[Problem, int]:
    """Return the content, or the problem and the size in bytes."""
    if len(path) > MAX_PATH:
        return Problem("unsafe_path", "the path is too long", len(path), MAX_PATH), 0
    full = os.path.join(root, path)
    try:
        real = os.path.realpath(full, strict=True)
        if not inside(real, real_root):
            return Problem("link", "leads out of the root since it was listed"), 0
        return _read_regular(real if follow else full, max_bytes)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return Problem("link", "became a symbolic link since it was listed"), 0
        if error.errno == errno.EINVAL:
            return Problem("not_regular", "no regular file any more"), 0
        return unreadable(error, full), 0


def open_regular(full: str, follow: bool = False) -> BinaryIO:
    """Open a regular file, unbuffered.

    Raises:
        OSError: it cannot be opened, is a link that must not be followed, or (EINVAL) no regular file.
    """
    handle = os.open(full, _FLAGS & ~_NOFOLLOW if follow else _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "no regular file any more")
    return cast(BinaryIO, os.fdopen(handle, "rb", buffering=0))


def _read_regular(full: str, max_bytes: int) -> bytes | tuple[Problem, int]:
    """Read one regular file, at most one byte more than the limit."""
    with open_regular(full) as file:
        size = os.fstat(file.fileno()).st_size
        if size > max_bytes:
            return too_large(size, max_bytes), size
        data = bytearray()
        while len(data) <= max_bytes and (chunk := file.read(max_bytes + 1 - len(data))):
            data += chunk
    if len(data) > max_bytes:
        return too_large(len(data), max_bytes), len(data)
    return bytes(data)
