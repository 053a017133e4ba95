"""Which rows of a table can be used, and why the others cannot. Pure."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from contracts.errors import StageError
from fit.points import FLOPS_PER_PARAMETER_AND_TOKEN, Array
from fit.table.cells import Columns
from fit.table.mapping import Mapping, Request

FAILED = frozenset(
    {"failed", "failure", "fail", "error", "crashed", "killed", "diverged", "oom", "timeout", "cancelled", "canceled",
     "aborted", "preempted"}
)  # fmt: skip
"""States of runs that are left out, in small letters, as trackers write them."""
NO = frozenset({"false", "no", "0"})
YES = frozenset({"true", "yes", "1"})
"""What stands in the column `annealed`, in small letters."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows to use."""

    columns: Columns
    excluded: dict[str, int] = field(default_factory=dict)
    """Reason to count, of those that were left out."""


def usable_rows(columns: Columns, mapping: Mapping, request: Request) -> Kept:
    """Leave out what conditions, failed runs, un-annealed points and missing losses ask to leave out.

    Raises:
        StageError: a value of `annealed` says neither yes nor no, or nothing is left; says what was left out.
    """
    excluded: dict[str, int] = {}

    def drop(reason: str, gone: NDArray[np.bool_]) -> None:
        nonlocal columns
        if gone.any():
            excluded[reason] = excluded.get(reason, 0) + int(gone.sum())
            columns = columns.take(~gone)

    total = len(columns)
    for condition in mapping.conditions:
        drop(f"not {condition.column}{condition.sign}{condition.value}", ~condition.holds(columns))
    if "status" in mapping.marks:
        states = columns.texts[mapping.marks["status"]]
        drop("run failed", np.array([(s or "").lower() in FAILED for s in states], bool))
    if request.annealed_only and "annealed" in mapping.marks:
        drop("not annealed", ~_annealed(columns, mapping.marks["annealed"]))
    if request.need_losses:
        drop("no loss on any target", _without_losses(columns, mapping))
    if request.d_min > 0:
        drop(f"fewer than {request.d_min:g} tokens", tokens(columns, mapping) < request.d_min)
    if not len(columns):
        told = "; ".join(f"{reason}: {count}" for reason, count in excluded.items()) or "the table is empty"
        raise StageError(f"no rows are left of {total}: {told}. See --where, --unannealed, --targets, --d-min")
    return Kept(columns, excluded)


def _annealed(columns: Columns, column: str) -> NDArray[np.bool_]:
    found = np.ones(len(columns), bool)
    for index, cell in enumerate(columns.texts[column]):
        word = (cell or "").lower()
        if word not in NO | YES:
            raise StageError(
                f"{columns.at(index)}: {column} is {cell!r}; allowed are true and false. --unannealed keeps all rows"
            )
        found[index] = word in YES
    return found


def _without_losses(columns: Columns, mapping: Mapping) -> NDArray[np.bool_]:
    """Rows whose cells are all empty; one that holds something else is no empty one."""
    gone = np.ones(len(columns), bool)
    for column in mapping.losses.values():
        bad = columns.bad.get(column, {})
        gone &= np.isnan(columns.numbers[column]) & np.array([int(p) not in bad for p in columns.places], bool)
    return gone


def sizes(columns: Columns, mapping: Mapping) -> Array:
    """(R,) N in parameters."""
    if mapping.n is None:
        return np.asarray(_operations(columns, mapping) / tokens(columns, mapping))
    return _scale(columns, mapping.n)


def tokens(columns: Columns, mapping: Mapping) -> Array:
    """(R,) D in tokens."""
    if mapping.d is None:
        return np.asarray(_operations(columns, mapping) / sizes(columns, mapping))
    return _scale(columns, mapping.d)


def _operations(columns: Columns, mapping: Mapping) -> Array:
    assert mapping.flops is not None
    with np.errstate(all="ignore"):
        return np.asarray(columns.numbers[mapping.flops] / FLOPS_PER_PARAMETER_AND_TOKEN)


def _scale(columns: Columns, source: str | float) -> Array:
    if isinstance(source, str):
        return columns.numbers[source]
    return np.full(len(columns), float(source))
