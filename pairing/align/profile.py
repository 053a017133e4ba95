"""How alike the outlines of two functions are: sizes, counts, parts in their files, places, names. Pure functions."""

from collections.abc import Sequence

import numpy as np

from pairing.align.cells import Cells
from pairing.align.counts import COUNTS, ROLES
from pairing.align.document import Described

Pair = tuple[Described, Described]

_PRESENCE = ("branches", "loops", "returns", "throws", "new", "strings", "numbers", "assignments", "subscripts")
"""Counts of which it also matters whether there are any at all."""

_MAX_STEPS = 6
"""Places apart that are told apart."""


def profile(pairs: Sequence[Pair], cells: Cells) -> dict[str, np.ndarray]:
    """Columns, float64 (cells,)."""
    return {**_counts(pairs, cells), **_roles(pairs, cells), **_places(pairs, cells), **_names(pairs, cells)}


def _both(pairs: Sequence[Pair], cells: Cells, name: str, width: int) -> tuple[np.ndarray, np.ndarray]:
    """An array of the documents, function by function, for both sides of every cell."""
    a, b = (
        np.concatenate([np.empty((0, width)), *[np.reshape(getattr(p[side], name), (-1, width)) for p in pairs]])
        for side in (0, 1)
    )
    return a[cells.row], b[cells.column]


def _counts(pairs: Sequence[Pair], cells: Cells) -> dict[str, np.ndarray]:
    a, b = _both(pairs, cells, "counts", len(COUNTS))
    apart = np.abs(np.log((a + 1) / (b + 1)))
    columns = {f"apart.{name}": apart[:, number] for number, name in enumerate(COUNTS)}
    for name in _PRESENCE:
        number = COUNTS.index(name)
        columns[f"both.{name}"] = ((a[:, number] > 0) & (b[:, number] > 0)).astype(float)
        columns[f"one.{name}"] = ((a[:, number] > 0) != (b[:, number] > 0)).astype(float)
    columns["smaller"] = np.log(np.minimum(a[:, 0], b[:, 0]) + 1)
    one, other = (x[:, 0] for x in _both(pairs, cells, "parameters", 1))
    columns["parameters.equal"] = (one == other).astype(float)
    columns["parameters.apart"] = np.minimum(np.abs(one - other), 4)
    columns["parameters.one"] = ((one == 0) != (other == 0)).astype(float)
    return columns


def _roles(pairs: Sequence[Pair], cells: Cells) -> dict[str, np.ndarray]:
    a, b = _both(pairs, cells, "roles", len(ROLES))
    columns = {}
    for number, name in enumerate(ROLES):
        columns[f"role.{name}.apart"] = np.abs(a[:, number] - b[:, number])
        columns[f"role.{name}.both"] = np.minimum(a[:, number], b[:, number])
    return columns


def _places(pairs: Sequence[Pair], cells: Cells) -> dict[str, np.ndarray]:
    size_a, size_b = cells.size_a[cells.pair], cells.size_b[cells.pair]
    first_a, first_b = np.cumsum(cells.size_a) - cells.size_a, np.cumsum(cells.size_b) - cells.size_b
    a, b = cells.row - first_a[cells.pair], cells.column - first_b[cells.pair]
    rank_a, rank_b = (
        np.concatenate([np.empty(0), *[_ranks(pair[side].counts[:, 0]) for pair in pairs]]) for side in (0, 1)
    )
    return {
        "place.share": np.abs((a + 0.5) / size_a - (b + 0.5) / size_b),
        "place.start": np.minimum(np.abs(a - b), _MAX_STEPS).astype(float),
        "place.end": np.minimum(np.abs((size_a - a) - (size_b - b)), _MAX_STEPS).astype(float),
        "place.first": ((a == 0) & (b == 0)).astype(float),
        "place.last": ((a == size_a - 1) & (b == size_b - 1)).astype(float),
        "place.size": np.abs(rank_a[cells.row] - rank_b[cells.column]),
        "only.both": ((size_a == 1) & (size_b == 1)).astype(float),
        "only.one": ((size_a == 1) != (size_b == 1)).astype(float),
        "cells": np.log(size_a * size_b).astype(float),
    }


def _ranks(values: np.ndarray) -> np.ndarray:
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    ranks: np.ndarray = (order + 0.5) / max(1, len(values))
    return ranks


def _names(pairs: Sequence[Pair], cells: Cells) -> dict[str, np.ndarray]:
    """Declared names compared as they are; what only the words in them say is in the classes of features."""
    numbers: dict[bytes, int] = {b"": 0}
    a, b = (
        np.array([numbers.setdefault(name, len(numbers)) for pair in pairs for name in pair[side].names], np.int64)
        for side in (0, 1)
    )
    one, other = a[cells.row], b[cells.column]
    return {"name.equal": ((one == other) & (one > 0)).astype(float)}
