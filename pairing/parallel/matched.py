"""Functions that correspond, of all pairs by number: written once, and of any pair read without those of the others.

A task writes two plain files: the matches of its pairs one after another, and where those of each pair begin. Groups
are fitted by them, and the pairs of a group stand far apart in the table.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from io import FileIO
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np

from contracts.files import atomic_path
from pairing.parallel.fit import Match

RECORD: Final = np.dtype([("a", "<i4"), ("b", "<i4"), ("score", "<f8")])
"""A match: numbers of the two functions by position, and how sure it is."""

START: Final = np.dtype("<i8")
"""Number of the first match of a pair; the last of a file is the number of all."""


class Matches:
    """The matches of the pairs of one task, in their order; memory: 16 bytes a match, 8 a pair."""

    def __init__(self) -> None:
        self._places, self._scores, self._starts = array("i"), array("d"), array("q", [0])

    def add(self, found: Sequence[Match]) -> None:
        """Add those of the next pair."""
        for match in found:
            self._places.extend((match.a, match.b))
            self._scores.append(match.score)
        self._starts.append(len(self._scores))

    def save(self, folder: Path, rank: int) -> None:
        """Write them as those of task number `rank`."""
        records = np.empty(len(self._scores), RECORD)
        places = np.frombuffer(self._places, np.int32).reshape(-1, 2) if len(records) else np.empty((0, 2), np.int32)
        records["a"], records["b"], records["score"] = places[:, 0], places[:, 1], self._scores
        starts = np.array(self._starts, START)
        for name, values in (("records", records), ("starts", starts)):
            with atomic_path(_file(folder, rank, name)) as path:
                path.write_bytes(values.tobytes())


def _file(folder: Path, rank: int, name: str) -> Path:
    return folder / f"{rank:05d}.{name}"


def matches_of(folder: Path, bounds: Sequence[int], pairs: Sequence[int]) -> Iterator[list[Match]]:
    """The matches of each of some pairs; reads these alone, besides 16 bytes a pair, from one file at a time.

    Args:
        folder: where they were saved.
        bounds: number of the first pair of each task, and of all pairs.
        pairs: their numbers, ascending.
    """
    for task, own in groupby(pairs, key=lambda pair: bisect_right(bounds, pair) - 1):
        with (
            open(_file(folder, task, "starts"), "rb", buffering=0) as starts,
            open(_file(folder, task, "records"), "rb", buffering=0) as records,
        ):
            for pair in own:
                yield _read(starts, records, pair - bounds[task])


def _read(starts: FileIO, records: FileIO, pair: int) -> list[Match]:
    starts.seek(pair * START.itemsize)
    first, last = np.frombuffer(starts.read(2 * START.itemsize), START).tolist()
    records.seek(first * RECORD.itemsize)
    found = np.frombuffer(records.read((last - first) * RECORD.itemsize), RECORD)
    return [Match(a, b, score) for a, b, score in found.tolist()]
