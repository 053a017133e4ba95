"""Windows packed into rows, several to a row, and rows to arrays. Pure.

Short documents would otherwise each fill a row of their own with padding. Positions start anew in every window and
attention stays inside it, so that packing changes no value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import numpy as np

from mixer.dataset import IGNORE
from train.evaluation.windows import Window

OPEN_ROWS = 64
"""Rows that wait for windows that fit: bounds the memory; each window goes to the fullest row that it fits in. Windows
of random lengths fill 95 % of rows with 16, 97 % with 64 or more (tests/train/evaluation/test_windows.py)."""

NOBODY = -1
"""Owner of padding."""

T = TypeVar("T")


@dataclass(slots=True, eq=False)  # rows are told apart by identity: their arrays do not compare
class Row:
    """Windows that stand in one row, in order."""

    windows: list[Window] = field(default_factory=list)
    used: int = 0

    def add(self, window: Window) -> None:
        """Put a window behind the others."""
        self.windows.append(window)
        self.used += len(window.inputs)


@dataclass(frozen=True, slots=True)
class Packed:
    """Rows as arrays, as train.batch.Batch takes them.

    Attributes:
        inputs: int64 (rows, length).
        labels: int64 (rows, length); IGNORE where nothing is scored, and on padding.
        positions: int64 (rows, length), from 0 in each window, and in the padding behind them.
        bounds: int32 (windows + 1,), ends of windows and paddings in the flattened rows, from 0 on.
        owners: int64 (rows, length), the component of each position; NOBODY on padding.
    """

    inputs: np.ndarray
    labels: np.ndarray
    positions: np.ndarray
    bounds: np.ndarray
    owners: np.ndarray


def pack(windows: Iterable[Window], length: int) -> Iterator[Row]:
    """Rows that hold every window once; memory: OPEN_ROWS rows.

    Args:
        windows: each at most `length` long.
        length: of a row.
    """
    waiting: list[Row] = []
    for window in windows:
        size = len(window.inputs)
        fitting = [row for row in waiting if row.used + size <= length]
        row = max(fitting, key=lambda r: r.used) if fitting else Row()
        row.add(window)
        if not fitting:
            waiting.append(row)
        if row.used == length or len(waiting) > OPEN_ROWS:
            done = max(waiting, key=lambda r: r.used)
            waiting.remove(done)
            yield done
    yield from waiting


def groups(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items in their order, the last one with what is left."""
    iterator = iter(items)
    while group := list(islice(iterator, size)):
        yield group


def turns(batches: Iterable[T], rank: int, ranks: int) -> Iterator[tuple[T, bool]]:
    """What one rank scores, equally often on all ranks, and whether it counts; memory: two batches.

    Ranks take turns at every batch. In a last round of fewer batches than ranks, the others score its first batch too.

    Args:
        batches: the same on all ranks.
        rank: of this process.
        ranks: how many there are.
    """
    first: T | None = None
    mine: T | None = None
    for number, batch in enumerate(batches):
        place = number % ranks
        first = batch if place == 0 else first
        mine = batch if place == rank else mine
        if place == ranks - 1:
            assert mine is not None
            yield mine, True
            first = mine = None
    if first is not None:
        yield (first, False) if mine is None else (mine, True)


def arrays(rows: list[Row], count: int, length: int, pad_id: int) -> Packed:
    """Rows as arrays; rows of padding fill up to `count`, so that all batches have one shape.

    Args:
        rows: at most `count`.
        count: rows of the result.
        length: of a row.
        pad_id: token of the padding.
    """
    inputs = np.full((count, length), pad_id, np.int64)
    labels = np.full((count, length), IGNORE, np.int64)
    positions = np.zeros((count, length), np.int64)
    owners = np.full((count, length), NOBODY, np.int64)
    bounds = [0]
    for number in range(count):
        at = 0
        for window in rows[number].windows if number < len(rows) else ():
            to = at + len(window.inputs)
            inputs[number, at:to], labels[number, at:to] = window.inputs, window.labels
            positions[number, at:to], owners[number, at:to] = np.arange(to - at), window.owner
            bounds.append(number * length + to)
            at = to
        if at < length:
            positions[number, at:] = np.arange(length - at)
            bounds.append((number + 1) * length)
    return Packed(inputs, labels, positions, np.array(bounds, np.int32), owners)
