"""List all sources once and cut them into slices and tasks."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from contracts.errors import ConfigError, SourceError
from pipelines.sources.archive import plan_archives
from pipelines.sources.config import (
    AnySource,
    ArchiveSource,
    DirectorySource,
    GitSource,
    JsonlSource,
    check_names,
)
from pipelines.sources.directory import plan_directory
from pipelines.sources.git import plan_git
from pipelines.sources.identity import identity
from pipelines.sources.jsonl import plan_jsonl
from pipelines.sources.parquet import plan_parquet
from pipelines.sources.remote import hidden, is_url
from pipelines.sources.slices import Limits, Listing, PlannedProblem, Slice, SourcePlan, cut_tasks

__all__ = ["Listing", "PlannedProblem", "Slice", "SourcePlan", "identity", "plan"]


def plan(
    sources: Sequence[AnySource], base: Path, slice_bytes: int = 16_000_000, max_file_bytes: int = 2_000_000
) -> SourcePlan:
    """List every source and cut it into tasks.

    The order is that of the sources and, in each, of the bytes of the paths; the cut depends on nothing but
    names, sizes and the two limits, so the same input gives the same plan anywhere.

    Args:
        sources: what to read.
        base: the directory relative paths start at.
        slice_bytes: bytes of content one task reads, about.
        max_file_bytes: bytes one file may have.

    Raises:
        ConfigError: a limit is not positive, there is no source, or two share a name.
        SourceError: a source is missing, empty, or cannot be listed or read.
    """
    for key, value in (("slice_bytes", slice_bytes), ("max_file_bytes", max_file_bytes)):
        if value < 1:
            raise ConfigError(f"{key}: {value}; allowed is 1 byte or more, correct the value")
    check_names(sources)
    limits = Limits(slice_bytes, max_file_bytes)
    listings = [_listing(index, source, base, limits) for index, source in enumerate(sources)]
    digest = hashlib.sha256()
    for source, listing in zip(sources, listings, strict=True):
        _check(source, listing)
        digest.update(f"{source.name}\0{source.type}\0".encode() + listing.digest.digest())
    return SourcePlan(
        tasks=cut_tasks((item for listing in listings for item in listing.slices), slice_bytes),
        problems=[problem for listing in listings for problem in listing.problems],
        excluded={source.name: listing.excluded for source, listing in zip(sources, listings, strict=True)},
        commits={sources[listing.source].name: listing.commit for listing in listings if listing.commit},
        files=sum(listing.files for listing in listings),
        total_bytes=sum(listing.total_bytes for listing in listings),
        checksum_bytes=sum(listing.total_bytes for listing in listings if listing.commit is None),
        listing=digest.hexdigest(),
        limits=limits,
    )


def _listing(index: int, source: AnySource, base: Path, limits: Limits) -> Listing:
    if isinstance(source, DirectorySource):
        return plan_directory(index, source, base, limits)
    if isinstance(source, GitSource):
        return plan_git(index, source, base, limits)
    if isinstance(source, ArchiveSource):
        return plan_archives(index, source, base, limits)
    if isinstance(source, JsonlSource):
        return plan_jsonl(index, source, base, limits)
    return plan_parquet(index, source, base, limits)


def _check(source: AnySource, listing: Listing) -> None:
    """Refuse a source that gives nothing to read."""
    if listing.slices:
        return
    where = hidden(source.path) if is_url(source.path) else source.path
    rejected = "".join(f"; {item.path!r}: {item.problem.detail}" for item in listing.problems[:3])
    raise SourceError(
        f"source {source.name!r}: path {where!r} holds nothing to read ({listing.excluded} excluded, "
        f"{len(listing.problems)} rejected{rejected}); correct the path, include, exclude or the type"
    )
