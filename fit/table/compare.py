"""Whether rows compare with one another: tokenizers, validation sets, strategies, points measured twice. Pure."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from contracts.errors import StageError
from fit.points import Array
from fit.table.cells import Columns
from fit.table.mapping import Mapping, Request

WITHOUT_PAIRS = "none"
"""Strategy of a run that has no translation pairs."""


def check_hashes(columns: Columns, mapping: Mapping, request: Request) -> None:
    """Losses must be of one tokenizer and one validation set.

    Raises:
        StageError: they are not; counts the rows of each.
    """
    if not request.need_losses:
        return
    for mark, what in (("tokenizer_hash", "tokenizers"), ("validation_hash", "validation sets")):
        if mark not in mapping.marks or (mark == "tokenizer_hash" and request.bpb):
            continue
        counts = Counter(columns.texts[mapping.marks[mark]])
        if len(counts) < 2:
            continue
        told = ", ".join(f"{str(value or 'empty')[:12]}: {count} rows" for value, count in counts.most_common(6))
        first = str(counts.most_common(1)[0][0])[:12]
        other = "; --bpb takes bits per byte, which do compare" if mark == "tokenizer_hash" and mapping.own else ""
        raise StageError(
            f"{mark}: {len(counts)} {what} ({told}), whose losses do not compare. Keep one with --where "
            f"'{mark}={first}*'{other}"
        )


def mixed_strategies(columns: Columns, mapping: Mapping) -> str | None:
    """A warning where translation pairs were written in several forms."""
    if "strategy" not in mapping.marks:
        return None
    counts = Counter(columns.texts[mapping.marks["strategy"]])
    forms = {str(form): count for form, count in counts.items() if form not in (None, WITHOUT_PAIRS)}
    if len(forms) < 2:
        return None
    told = ", ".join(f"{form} ({count} rows)" for form, count in sorted(forms.items()))
    return f"translation pairs in several forms: {told}; one law is fitted to all. Keep one with --where strategy=..."


def numbered_runs(columns: Columns, mapping: Mapping) -> tuple[NDArray[np.int64], int]:
    """(R,) which run a row belongs to, and the rows whose run is not named: each is one of its own."""
    if mapping.run is None:
        return np.arange(len(columns)), 0
    numbers: dict[object, int] = {}
    names = columns.texts[mapping.run]
    found = [numbers.setdefault(index if name is None else name, len(numbers)) for index, name in enumerate(names)]
    return np.array(found, np.int64), sum(name is None for name in names)


def repeated(columns: Columns, mapping: Mapping, runs: NDArray[np.int64], values: Array) -> NDArray[np.bool_]:
    """(R,) rows that say again what an earlier row says; only where the table names runs.

    Args:
        columns: the rows.
        mapping: its columns.
        runs: (R,).
        values: (R, V): N, D, shares, losses, in this order.

    Raises:
        StageError: two rows of a run at the same N and D say different things.
    """
    again = np.zeros(len(columns), bool)
    if mapping.run is None:
        return again
    first: dict[tuple[int, float, float], int] = {}
    for index, (run, row) in enumerate(zip(runs.tolist(), values, strict=True)):
        earlier = first.setdefault((run, float(row[0]), float(row[1])), index)
        if earlier == index:
            continue
        if not np.array_equal(values[earlier], row, equal_nan=True):
            raise StageError(
                f"{columns.at(earlier)} and {columns.at(index)}: the run {columns.texts[mapping.run][index]} was "
                f"measured twice at {row[1]:g} tokens, with different results. Remove one, or "
                "name the column that tells runs apart: --run COLUMN"
            )
        again[index] = True
    return again


def equal_rows(values: Array) -> int:
    """How many rows are equal to an earlier one."""
    return len(values) - len({row.tobytes() for row in np.ascontiguousarray(np.nan_to_num(values, nan=-1.0))})
