"""The identity of a plan's input: has anything that would be read changed?"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import xxhash

from pipelines.sources.compression import CHUNK, UnreadableError
from pipelines.sources.config import AnySource, DirectorySource, GitSource
from pipelines.sources.containers import open_container
from pipelines.sources.directory import open_regular
from pipelines.sources.paths import byte_order, local
from pipelines.sources.slices import SourcePlan

CHECKSUM_BYTES = 1_000_000_000
"""Bytes of input below which contents are checksummed unless told otherwise: about a second from a cache."""


def identity(plan: SourcePlan, sources: Sequence[AnySource], base: Path, checksum: bool | None = None) -> str:
    """Return the identity of the input.

    It covers source names, relative paths, sizes and commits of git sources (a commit names its contents),
    and with `checksum` the xxh3-128 of every other file. No times: a copied tree is the same input.

    Args:
        plan: the plan of the sources.
        sources: the same sources as given to the plan.
        base: the directory relative paths start at.
        checksum: read all contents; by default if they have less than 1 GB.

    Returns:
        `content:` or `listing:` and a sha256; the two kinds never compare equal.
    """
    whole = plan.total_bytes < CHECKSUM_BYTES if checksum is None else checksum
    digest = hashlib.sha256(plan.listing.encode("ascii"))
    for name, commit in sorted(plan.commits.items()):
        digest.update(f"{name}\0{commit}\0".encode())
    if whole:
        for line in _checksums(plan, sources, base):
            digest.update(line)
    return f"{'content' if whole else 'listing'}:{digest.hexdigest()}"


def _checksums(plan: SourcePlan, sources: Sequence[AnySource], base: Path) -> Iterator[bytes]:
    done: set[tuple[int, str]] = set()
    for item in plan.slices:
        source = sources[item.source]
        if isinstance(source, GitSource):
            continue
        names = item.members or () if isinstance(source, DirectorySource) else (item.container,)
        for name in names:
            if (item.source, name) not in done:
                yield byte_order(name) + b"\0" + _checksum(source, base, name).encode() + b"\0"
            if not isinstance(source, DirectorySource):
                done.add((item.source, name))


def _checksum(source: AnySource, base: Path, name: str) -> str:
    digest = xxhash.xxh3_128()
    try:
        with _open(source, base, name) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except (OSError, UnreadableError):
        return "unreadable"
    return digest.hexdigest()


def _open(source: AnySource, base: Path, name: str) -> BinaryIO:
    if isinstance(source, DirectorySource):
        return open_regular(str(local(base, source.path) / name), source.follow_symlinks)
    assert not isinstance(source, GitSource)  # has no files of its own
    return open_container(source, base, name)
