"""The plan as data: slices of work, tasks made of them, and what was already rejected while listing."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from contracts.errors import SourceError
from pipelines.sources.paths import byte_order, shown
from pipelines.sources.record import Problem

KINDS = ("directory", "git", "zip", "tar", "jsonl", "parquet")

MAX_SLICE_MEMBERS = 5_000
"""Members listed in one slice, so that a million empty files still make many slices of small JSON."""

FILE_COST = 256
"""Bytes that every member costs a task besides its content, so that empty files count for something."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The two sizes a plan depends on, in bytes."""

    slice_bytes: int
    max_file_bytes: int

    def cost(self, size: int) -> int:
        """Return what one file costs: never more than is read of it."""
        return min(max(size, 0), self.max_file_bytes + 1) + FILE_COST


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of one source that one worker reads in one go."""

    source: int
    """Index of the source in the configuration."""
    kind: str
    """One of KINDS: which reader."""
    container: str
    """Archive or table file relative to the source's root, "" where the source's path is that file itself;
    the full commit id for git; "" for a directory."""
    members: tuple[str, ...] | None = None
    """directory: paths; git: `<blob id> <size> <path>`; parquet: row-group numbers; None: see part and parts.
    Bytes of a path that are not UTF-8 are lone surrogates (surrogateescape)."""
    part: int = 0
    """Which of the parts, from 0."""
    parts: int = 1
    """Into how many parts the container is cut."""
    bytes: int = 0
    """Cost in bytes, by which tasks are balanced."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Slice":
        """Return the slice that `dataclasses.asdict` took apart."""
        members = data.pop("members")
        made = cls(**data, members=None if members is None else tuple(members))
        if made.kind not in KINDS:
            raise ValueError(f"kind {made.kind!r}: allowed are {', '.join(KINDS)}")
        return made


@dataclass(frozen=True, slots=True)
class PlannedProblem:
    """Something a listing found that no slice will read."""

    source: int
    """Index of the source."""
    path: str
    """Path relative to the source's root, valid Unicode."""
    problem: Problem
    """Why."""
    in_container: bool = False
    """The path names an archive or table file, not a source file."""


@dataclass
class Listing:
    """Collects what one source holds, in the order it is given."""

    source: int
    limits: Limits
    slices: list[Slice] = field(default_factory=list)
    problems: list[PlannedProblem] = field(default_factory=list)
    excluded: int = 0
    files: int = 0
    total_bytes: int = 0
    commit: str | None = None
    digest: Any = field(default_factory=hashlib.sha256)

    def saw(self, path: str, size: int) -> None:
        """Note a file: its path and size in bytes become part of the plan's identity."""
        self.files += 1
        self.total_bytes += max(size, 0)
        self.digest.update(byte_order(path) + b"\0%d\0" % size)

    def problem(self, path: str, problem: Problem, in_container: bool = False) -> None:
        """Note something that cannot be read; that it is there, and why not, is part of the plan's identity."""
        self.digest.update(byte_order(path) + f"\0{problem.code}\0".encode())
        self.problems.append(PlannedProblem(self.source, shown(path), problem, in_container))

    def add(self, kind: str, container: str, members: Iterable[tuple[str, int]]) -> None:
        """Cut members, given with their cost, into slices of about `slice_bytes`."""
        names: list[str] = []
        cost = 0
        for name, price in members:
            if names and (cost + price > self.limits.slice_bytes or len(names) >= MAX_SLICE_MEMBERS):
                self.slices.append(Slice(self.source, kind, container, tuple(names), bytes=cost))
                names, cost = [], 0
            names.append(name)
            cost += price
        if names:
            self.slices.append(Slice(self.source, kind, container, tuple(names), bytes=cost))

    def add_parts(self, kind: str, container: str, parts: int, cost: int) -> None:
        """Add a container in equal parts; the cost in bytes is that of the whole."""
        for part in range(parts):
            self.slices.append(Slice(self.source, kind, container, None, part, parts, cost // parts + FILE_COST))


def cut_tasks(slices: Iterable[Slice], slice_bytes: int) -> list[list[Slice]]:
    """Group slices in order into tasks of about `slice_bytes`; depends on nothing but its arguments."""
    tasks: list[list[Slice]] = []
    cost = 0
    for item in slices:
        if not tasks or cost + item.bytes > slice_bytes:
            tasks.append([])
            cost = 0
        tasks[-1].append(item)
        cost += item.bytes
    return tasks


@dataclass(frozen=True)
class SourcePlan:
    """Everything to read, once and in a fixed order."""

    tasks: list[list[Slice]]
    """Slices by task; how many depends only on the input and the two limits."""
    problems: list[PlannedProblem]
    """What was rejected while listing; each becomes a counted rejection."""
    excluded: dict[str, int]
    """By source: files and whole folders left out by include and exclude, as far as a listing sees them
    (members of tar archives are only seen when read)."""
    commits: dict[str, str]
    """By git source: the full id of the commit that is read."""
    files: int
    """Files, archives and tables listed."""
    total_bytes: int
    """Bytes of those files."""
    checksum_bytes: int
    """Those of them that only a checksum can tell apart: all but the blobs of git, which a commit names."""
    listing: str
    """sha256 over source names, relative paths with sizes, and problems, in order."""
    limits: Limits
    """The sizes the plan was made with."""

    @property
    def slices(self) -> Iterator[Slice]:
        """All slices in order."""
        return (item for task in self.tasks for item in task)

    def to_json(self) -> str:
        """Return the plan as one line of ASCII JSON; names that are not UTF-8 survive as escapes."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "SourcePlan":
        """Return the plan that `to_json` wrote.

        Raises:
            SourceError: the text is not such a plan.
        """
        try:
            data = json.loads(text)
            data["tasks"] = [[Slice.from_dict(item) for item in task] for task in data["tasks"]]
            data["problems"] = [
                PlannedProblem(**{**item, "problem": Problem(**item["problem"])}) for item in data["problems"]
            ]
            data["limits"] = Limits(**data["limits"])
            return cls(**data)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            detail = f"not a plan of this version ({error}); plan the sources again"
            raise SourceError(f"plan of sources: {detail}") from error
