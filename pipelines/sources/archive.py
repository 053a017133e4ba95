"""Zip archives as a source (zip, whl, jar, egg, nupkg), and the plan of every kind of archive."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from contracts.errors import SourceError
from pipelines.sources.compression import RATIO_GRACE, BadContainerError, BombError
from pipelines.sources.config import ArchiveSource
from pipelines.sources.containers import find, listed, open_container, probe, shown_name, unknown_type
from pipelines.sources.members import KNOWN, Names, archive_kind, archive_problem, archive_stamp
from pipelines.sources.record import Problem, SourceRecord, Stamp, too_large
from pipelines.sources.slices import Limits, Listing, Slice
from pipelines.sources.zipdirectory import BoundedZip, TooManyMembersError

MAX_PARTS = 64
"""Parts one archive is cut into at most; each part reads the central directory again."""

EXPANSION = 4
"""Bytes that one stored byte is taken to expand to when tasks are balanced: what source text comes to with
deflate. Only a balance, no limit."""

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Methods that zipfile expands in bounded memory; for bzip2 and lzma it expands whatever it has read."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What zipfile raises on a broken member; its NotImplementedError is a RuntimeError."""


def plan_archives(index: int, source: ArchiveSource, base: Path, limits: Limits) -> Listing:
    """List archives; only a zip larger than a slice is opened, to cut it.

    Raises:
        SourceError: nothing is there, it cannot be listed or read, or the one file given is of no known kind.
    """
    listing = Listing(index, limits)
    for container, size in find(source, base, listing):
        name = shown_name(source, container)
        kind = archive_kind(name)
        if kind is None and not container:
            raise SourceError(
                f"source {source.name!r}: path {source.path!r} ends in no known archive type; allowed "
                f"are {KNOWN}; rename the file or unpack it and use type directory"
            )
        if kind is None:
            listing.problem(container, unknown_type(name, KNOWN), in_container=True)
            continue
        with listed(source, container, listing):
            probe(source, base, container)
            cost, parts = size * EXPANSION, 1
            if kind == "zip" and size > limits.slice_bytes:
                cost, parts = _parts(source, base, container, limits)
            listing.saw(container or name, size)
            listing.add_parts(kind, container, parts, cost)
    return listing


def _parts(source: ArchiveSource, base: Path, container: str, limits: Limits) -> tuple[int, int]:
    """Return the cost in bytes and the number of parts of a zip; a broken one is one part."""
    with suppress(BadContainerError, TooManyMembersError):
        with open_container(source, base, container) as file:
            cost = sum(limits.cost(info.file_size) for info in BoundedZip(file, source.max_members).filelist)
        return cost, min(max(cost // limits.slice_bytes, 1), MAX_PARTS)
    return limits.slice_bytes, 1


def read_zip(item: Slice, source: ArchiveSource, base: Path, max_bytes: int) -> Iterator[SourceRecord]:
    """Yield one record for each member of the part that is no folder."""
    stamp = archive_stamp(source, item.container)
    try:
        with open_container(source, base, item.container) as file:
            size = file.seek(0, 2)
            yield from _part(BoundedZip(file, source.max_members), size, item, source, stamp, max_bytes)
    except TooManyMembersError as error:
        if item.part == 0:
            problem = Problem("too_many_members", str(error), source.max_members + 1, source.max_members)
            yield stamp.failed("", problem)
    except BadContainerError as error:
        if item.part == 0:
            yield stamp.failed("", archive_problem(error))


def _part(
    archive: BoundedZip, size: int, item: Slice, source: ArchiveSource, stamp: Stamp, max_bytes: int
) -> Iterator[SourceRecord]:
    """Judge all members in order, since duplicates and bombs depend on those before, and read one part."""
    names = Names(source)
    expanded = 0
    part = archive.part(item.part, item.parts)
    for position, info in enumerate(archive.filelist[: part.stop]):
        expanded += max(info.file_size, 0)
        if info.orig_filename.endswith("/") and info.file_size == 0:
            continue
        judged = names.judge(info.orig_filename)
        if position < part.start or judged is None:
            continue
        path, problem = judged
        got = problem or _bomb(expanded, size, source) or _refused(info, max_bytes) or _content(archive, info)
        if isinstance(got, bytes):
            yield stamp.content(path, got, position)
        else:
            yield stamp.failed(path, got, info.file_size, position)


def _bomb(expanded: int, size: int, source: ArchiveSource) -> Problem | None:
    """Judge the declared bytes of all members so far against the bytes of the archive.

    Counted over the archive, members that share their stored bytes are found too.
    """
    error = None
    if expanded > source.max_expanded:
        error = BombError(f"expands to more than {source.max_expanded} bytes", expanded, source.max_expanded)
    elif expanded > RATIO_GRACE and expanded > source.max_ratio * size:
        ratio = round(expanded / max(size, 1), 1)
        error = BombError(f"expands more than {source.max_ratio:g} times", ratio, source.max_ratio)
    return archive_problem(error) if error else None


def _refused(info: zipfile.ZipInfo, max_bytes: int) -> Problem | None:
    """Judge a member by its header."""
    mode = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        return Problem("link", "a symbolic link" if mode == stat.S_IFLNK else "a device or pipe")
    if info.file_size > max_bytes:
        return too_large(info.file_size, max_bytes)
    if info.flag_bits & 1:
        return Problem("bad_archive", "the member is encrypted")
    if info.compress_type not in _METHODS:
        name = zipfile.compressor_names.get(info.compress_type, "unknown")  # type: ignore[attr-defined]
        return Problem("bad_archive", f"compression method {info.compress_type} ({name}) is not read")
    return None


def _content(archive: BoundedZip, info: zipfile.ZipInfo) -> bytes | Problem:
    """Read a member of known, bounded size; its checksum is verified at the end."""
    data = bytearray()
    try:
        with archive.open(info) as member:
            while len(data) <= info.file_size and (chunk := member.read(info.file_size + 1 - len(data))):
                data += chunk
    except BadContainerError as error:
        return archive_problem(error)
    except _BROKEN as error:
        return Problem("bad_archive", f"the member is broken ({error or type(error).__name__})")
    if len(data) != info.file_size:
        detail = f"the member has {len(data)} bytes; its header says {info.file_size}"
        return Problem("bad_archive", detail, len(data), info.file_size)
    return bytes(data)
