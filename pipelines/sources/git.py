"""A git repository as a source: its tree is listed and its blobs are read as objects, never checked out."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from contracts.errors import SourceError
from pipelines.sources.blobs import Blobs
from pipelines.sources.config import GitSource
from pipelines.sources.gitcmd import Git, git
from pipelines.sources.globs import PathFilter
from pipelines.sources.paths import MAX_PATH, byte_order, local, shown
from pipelines.sources.record import Problem, SourceRecord, Stamp, too_large
from pipelines.sources.slices import Limits, Listing, Slice

MAX_TREE_ENTRIES = 5_000_000
"""Entries listed of one commit: ten times the largest public source trees. A tree that holds itself many
times over (a git bomb) has more, out of a few objects."""

_CHUNK = 1 << 16
_MAX_ENTRY = 1 << 20
"""Bytes of one listed entry; its path is judged later, this only bounds memory."""

_COMMIT = re.compile(rb"[0-9a-f]{40}([0-9a-f]{24})?")

Entry = tuple[str, str, int, str]
"""Mode, blob id, size in bytes (-1: the object is missing) and path."""


def plan_git(index: int, source: GitSource, base: Path, limits: Limits) -> Listing:
    """List the tree of a commit.

    Raises:
        SourceError: no repository, no such commit, or the tree cannot be listed.
    """
    root = local(base, source.path)
    commit = _resolve(root, source)
    listing = Listing(index, limits, commit=commit)
    rules = PathFilter(source.include, source.exclude)
    kept: list[Entry] = []
    for entry in _tree(root, source, commit):
        if not rules.keeps(entry[3]):
            listing.excluded += 1
        elif problem := _refused(entry):
            listing.problem(entry[3], problem)
        else:
            kept.append(entry)
    kept.sort(key=lambda entry: byte_order(entry[3]))
    for _, _, size, path in kept:
        listing.saw(path, size)
    listing.add("git", commit, ((f"{blob} {size} {path}", limits.cost(size)) for _, blob, size, path in kept))
    return listing


def _refused(entry: Entry) -> Problem | None:
    mode, _, _, path = entry
    if mode == "160000":
        return Problem("link", "a submodule; add its repository as a source of its own")
    if mode == "120000":
        return Problem("link", "a symbolic link")
    if not mode.startswith("100"):
        return Problem("not_regular", f"an entry of mode {mode[:12]}")
    if len(path) > MAX_PATH:
        return Problem("unsafe_path", "the path is too long", len(path), MAX_PATH)
    return None


def _resolve(root: Path, source: GitSource) -> str:
    if not os.path.isdir(root):
        raise SourceError(
            f"source {source.name!r}: path {shown(str(root))!r} is not a folder; type git takes a work "
            "tree, a bare repository or a .git folder, correct the path"
        )
    revision = f"{source.commit}^{{commit}}"
    with git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision) as process:
        answer = process.read(200).strip()
    if _COMMIT.fullmatch(answer):
        return answer.decode("ascii")
    with git(root, "rev-parse", "--git-dir") as process:
        known = bool(process.read(1))
    state = f"has no commit {source.commit!r}" if known else "is not a git repository"
    raise SourceError(
        f"source {source.name!r}: path {shown(str(root))!r} {state}; give a repository and a commit, "
        "tag or branch that it holds (nothing is fetched)"
    )


def _tree(root: Path, source: GitSource, commit: str) -> Iterator[Entry]:
    count = 0
    with git(root, "ls-tree", "-r", "-l", "-z", "--full-tree", commit) as process:
        try:
            for line in _split(process):
                count += 1
                if count > MAX_TREE_ENTRIES:
                    raise ValueError(f"more than {MAX_TREE_ENTRIES} entries")
                yield _entry(line)
        except ValueError as error:
            raise SourceError(f"source {source.name!r}: commit {commit} cannot be listed: {error}") from error
        code = process.wait()
    if code:
        raise SourceError(
            f"source {source.name!r}: git ls-tree of {commit} ended with {code} after {count} entries; "
            "check the repository with git fsck"
        )


def _split(pipe: Git) -> Iterator[bytes]:
    rest = b""
    while chunk := pipe.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\0")
        yield from lines
        if len(rest) > _MAX_ENTRY:
            raise ValueError(f"an entry of more than {_MAX_ENTRY} bytes")


def _entry(line: bytes) -> Entry:
    """Read `<mode> <type> <id> <size>TAB<path>`, see git-ls-tree(1)."""
    head, _, path = line.partition(b"\t")
    mode, _, blob, size = head.decode("ascii").split()
    return mode, blob, int(size) if size.isdecimal() else -1, path.decode("utf-8", "surrogateescape")


def read_git(item: Slice, source: GitSource, base: Path, max_bytes: int) -> Iterator[SourceRecord]:
    """Yield one record for each blob of the slice.

    Raises:
        SourceError: git cannot be started, is killed or hangs, or the repository is out of reach.
    """
    stamp = Stamp(source.name, source.repo or source.name, "", item.container, source.licence)
    unreadable = False
    with closing(Blobs(local(base, source.path), source.name, item.container, max_bytes)) as blobs:
        for member in item.members or ():
            blob, size, path = member.split(" ", 2)
            got = too_large(int(size), max_bytes) if int(size) > max_bytes else blobs.read(blob)
            if isinstance(got, bytes):
                yield stamp.content(shown(path), got)
            else:
                unreadable |= got.code == "unreadable"
                yield stamp.failed(path, got, size=int(size))
        if unreadable:
            blobs.check()
