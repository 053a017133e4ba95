"""Tar archives as a source, read as one stream."""

from collections.abc import Iterator
from pathlib import Path

from pipelines.sources.compression import BadContainerError, BombError, Expanded
from pipelines.sources.config import ArchiveSource
from pipelines.sources.containers import open_container
from pipelines.sources.members import Names, archive_problem, archive_stamp
from pipelines.sources.record import Problem, SourceRecord, Stamp, too_large
from pipelines.sources.slices import Slice
from pipelines.sources.tarstream import Member, TarStream


def read_tar(item: Slice, source: ArchiveSource, base: Path, max_bytes: int) -> Iterator[SourceRecord]:
    """Yield one record for each member that is no folder, and one for what ends the archive early."""
    stamp = archive_stamp(source, item.container)
    try:
        with open_container(source, base, item.container) as file:
            stream = Expanded(file, stamp.archive, source.max_expanded, source.max_ratio)
            yield from _members(TarStream(stream), stamp, source, max_bytes)
    except (BadContainerError, BombError) as error:
        yield stamp.failed("", archive_problem(error))


def _members(tar: TarStream, stamp: Stamp, source: ArchiveSource, max_bytes: int) -> Iterator[SourceRecord]:
    names = Names(source)
    for position, member in enumerate(tar):
        if position >= source.max_members:
            detail = f"more than {source.max_members} members; the rest of the archive is not read"
            yield stamp.failed("", Problem("too_many_members", detail, position + 1, source.max_members))
            return
        if member.kind != "folder":
            record = _member(tar, member, names, stamp, position, max_bytes)
            if record is not None:
                yield record


def _member(
    tar: TarStream, member: Member, names: Names, stamp: Stamp, position: int, max_bytes: int
) -> SourceRecord | None:
    judged = names.judge(member.name)
    if judged is None:
        return None
    path, problem = judged
    if problem is None and member.kind != "file":
        problem = Problem("link" if member.kind == "link" else "not_regular", member.why)
    if problem is None and member.size > max_bytes:
        problem = too_large(member.size, max_bytes)
    if problem is not None:
        return stamp.failed(path, problem, member.size, position)
    try:
        return stamp.content(path, tar.read(max_bytes), position)
    except BadContainerError as error:
        raise BadContainerError(f"{error}, at {path!r}") from error
