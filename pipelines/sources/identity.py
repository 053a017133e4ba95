"""The identity of a plan's input: has anything that would be read changed?"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import xxhash

from pipelines.sources.compression import CHUNK, UnreadableError
from pipelines.sources.config import AnySource, DirectorySource, GitSource
from pipelines.sources.containers import open_container, reached
from pipelines.sources.directory import open_regular
from pipelines.sources.paths import byte_order, local
from pipelines.sources.record import unreadable
from pipelines.sources.slices import SourcePlan
from pipelines.sources.walk import check_root

CHECKSUM_BYTES = 1_000_000_000
"""Bytes of input outside git below which contents are checksummed unless told otherwise: about a second from
a cache."""


def identity(plan: SourcePlan, sources: Sequence[AnySource], base: Path, checksum: bool | None = None) -> str:
    """Return the identity of the input.

    It covers source names, relative paths, sizes, listed problems and commits of git sources (a commit names its
    contents), and with `checksum` the xxh3-128 of every other file. No times: a copied tree is the same input.

    Args:
        plan: the plan of the sources.
        sources: the same sources as given to the plan.
        base: the directory relative paths start at.
        checksum: read all contents but those of git; by default if they have less than 1 GB.

    Returns:
        `content:` or `listing:` and a sha256; the two kinds never compare equal.

    Raises:
        SourceError: what was listed is out of reach now.
    """
    whole = plan.checksum_bytes < CHECKSUM_BYTES if checksum is None else checksum
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
    if isinstance(source, DirectorySource):
        return _of_file(source, str(local(base, source.path)), name)
    assert not isinstance(source, GitSource)  # has no files of its own
    with reached(source, name):
        try:
            with open_container(source, base, name) as file:
                return _hash(file)
        except OSError as error:
            raise UnreadableError(error.strerror or type(error).__name__) from error


def _of_file(source: DirectorySource, root: str, name: str) -> str:
    """Return the checksum of one file of a folder; one that cannot be read has none, and is rejected when read."""
    full = os.path.join(root, name)
    try:
        with open_regular(full, source.follow_symlinks) as file:
            return _hash(file)
    except OSError as error:
        check_root(root)
        return unreadable(error, full).code


def _hash(file: BinaryIO) -> str:
    digest = xxhash.xxh3_128()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
