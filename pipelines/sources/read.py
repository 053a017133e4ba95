"""Read one slice of a plan."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from contracts.errors import SourceError
from pipelines.sources.archive import read_zip
from pipelines.sources.config import (
    AnySource,
    ArchiveSource,
    DirectorySource,
    GitSource,
    JsonlSource,
    ParquetSource,
)
from pipelines.sources.containers import ContainerSource, reached
from pipelines.sources.directory import read_directory
from pipelines.sources.git import read_git
from pipelines.sources.jsonl import read_jsonl
from pipelines.sources.parquet import read_parquet
from pipelines.sources.record import PROBLEM_CODES, Problem, SourceRecord
from pipelines.sources.slices import Slice, SourcePlan
from pipelines.sources.tarball import read_tar

__all__ = ["PROBLEM_CODES", "Problem", "SourceRecord", "problem_records", "read_slice"]


def read_slice(slice_: Slice, sources: Sequence[AnySource], base: Path, max_file_bytes: int) -> Iterator[SourceRecord]:
    """Yield every file, member, line or row of a slice, those that cannot be read with a problem.

    Args:
        slice_: what to read.
        sources: the same sources, in the same order, as given to the plan.
        base: the directory relative paths start at.
        max_file_bytes: bytes one content may have; the same as given to the plan.

    Raises:
        SourceError: the slice belongs to no such source; while reading, that the machine or the network failed or
            what was listed is out of reach, so that the records so far are not all of the slice.
    """
    source = sources[slice_.source] if 0 <= slice_.source < len(sources) else None
    kind = slice_.kind
    if isinstance(source, DirectorySource) and kind == "directory":
        return read_directory(slice_, source, base, max_file_bytes)
    if isinstance(source, GitSource) and kind == "git":
        return read_git(slice_, source, base, max_file_bytes)
    if isinstance(source, ArchiveSource) and kind in ("zip", "tar"):
        read = read_zip if kind == "zip" else read_tar
        return _whole(slice_, source, read(slice_, source, base, max_file_bytes))
    if isinstance(source, JsonlSource) and kind == "jsonl":
        return _whole(slice_, source, read_jsonl(slice_, source, base, max_file_bytes))
    if isinstance(source, ParquetSource) and kind == "parquet":
        return _whole(slice_, source, read_parquet(slice_, source, base, max_file_bytes))
    raise SourceError(
        f"slice of kind {kind!r} for source {slice_.source}: none of the {len(sources)} sources fits; "
        "plan the sources again"
    )


def _whole(item: Slice, source: ContainerSource, records: Iterator[SourceRecord]) -> Iterator[SourceRecord]:
    """Pass on the records of an archive or table that stays within reach."""
    with reached(source, item.container):
        yield from records


def problem_records(plan: SourcePlan, sources: Sequence[AnySource]) -> Iterator[SourceRecord]:
    """Yield what the listing rejected, as records."""
    for item in plan.problems:
        source = sources[item.source]
        repo = source.repo if isinstance(source, GitSource) and source.repo else source.name
        path, archive = ("", item.path) if item.in_container else (item.path, "")
        commit = plan.commits.get(source.name)
        yield SourceRecord(source.name, path, repo, archive, "", commit, source.licence, problem=item.problem)
