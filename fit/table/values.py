"""Whether the values of rows can be: positive sizes, tokens and losses, shares that sum to 1. Pure."""

import numpy as np
from numpy.typing import NDArray

from contracts.errors import StageError
from fit.points import Array
from fit.table.cells import Columns
from fit.table.exclusions import sizes, tokens
from fit.table.mapping import POOL, Mapping

TOLERANCE = 0.01
"""How far shares may sum from 1: published mixtures are rounded to three decimals, of up to seventeen domains."""
LARGEST = 1e30
"""N or D at most, and at least one over it: far beyond any run, and products and powers of both stay finite."""
EXACT = 1e-9
"""How far shares may sum from 1 by the arithmetic alone."""


def check_cells(columns: Columns, mapping: Mapping) -> None:
    """Number columns must hold numbers.

    Raises:
        StageError: one does not; names row, column and what stands there.
    """
    places = {int(place): index for index, place in enumerate(columns.places)}
    for column in mapping.numbers:
        for place, cell in columns.bad.get(column, {}).items():
            if place in places:
                raise StageError(
                    f"{columns.at(places[place])}, column {column!r}: {cell} is no number; write it like 1.5e9, with "
                    "a decimal point, or leave the cell empty. --where leaves rows out"
                )


def scales(columns: Columns, mapping: Mapping) -> tuple[Array, Array]:
    """N and D, (R,) each.

    Raises:
        StageError: one is missing, not finite, not positive, or beyond what can be multiplied.
    """
    if mapping.flops is not None:
        _positive(columns, mapping.flops, columns.numbers[mapping.flops], "operations")
    for source, what in ((mapping.n, "model sizes N"), (mapping.d, "training tokens D")):
        if isinstance(source, str):
            _positive(columns, source, columns.numbers[source], what)
    with np.errstate(all="ignore"):  # what overflows is told below
        n, d = sizes(columns, mapping), tokens(columns, mapping)
    for values, what in ((n, "model size N"), (d, "training tokens D")):
        wrong = ~((values >= 1 / LARGEST) & (values <= LARGEST))
        if wrong.any():
            index = int(np.argmax(wrong))
            raise StageError(
                f"{columns.at(index)}: {what} is {values[index]:g} ({int(wrong.sum())} such rows); allowed are "
                f"{1 / LARGEST:g} to {LARGEST:g}. See --n, --d and --flops, or leave the rows out with --where"
            )
    return n, d


def _positive(columns: Columns, column: str, values: Array, what: str) -> None:
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        index = int(np.argmax(wrong))
        shown = "empty" if np.isnan(values[index]) else f"{values[index]:g}"
        raise StageError(
            f"{columns.at(index)}, column {column!r}: {what} must be finite and > 0, here is {shown} "
            f"({int(wrong.sum())} such rows). Mend the rows, or leave them out with --where '{column}>0'"
        )


def losses(columns: Columns, mapping: Mapping) -> Array:
    """(R, T), NaN where not measured.

    Raises:
        StageError: one is not positive or not finite.
    """
    found = [columns.numbers[column] for column in mapping.losses.values()]
    for column, values in zip(mapping.losses.values(), found, strict=True):
        wrong = ~np.isnan(values) & ~(np.isfinite(values) & (values > 0))
        if wrong.any():
            index = int(np.argmax(wrong))
            raise StageError(
                f"{columns.at(index)}, column {column!r}: a loss must be finite and > 0, here is {values[index]:g} "
                f"({int(wrong.sum())} such rows). Leave the cell empty where a run failed, or the rows out: --where"
            )
    return np.stack(found, axis=1) if found else np.zeros((len(columns), 0))


def shares(columns: Columns, mapping: Mapping) -> tuple[Array, int]:
    """(R, K) that sum to 1, and how many rows were scaled to that; an empty cell is a share of 0.

    Raises:
        StageError: a share is negative, or a row sums to something else.
    """
    if mapping.pool:
        return np.ones((len(columns), 1)), 0
    if not mapping.shares:
        return np.zeros((len(columns), 0)), 0
    found = np.stack([np.nan_to_num(columns.numbers[c], posinf=np.inf) for c in mapping.shares.values()], axis=1)
    wrong = ~(np.isfinite(found) & (found >= -EXACT))
    if wrong.any():
        row, column = (int(v) for v in np.argwhere(wrong)[0])
        name = list(mapping.shares.values())[column]
        raise StageError(
            f"{columns.at(row)}, column {name!r}: a share must lie in 0..1, here is {found[row, column]:g}"
        )
    found = np.maximum(found, 0.0)
    totals = found.sum(axis=1)
    off = np.abs(totals - 1) > TOLERANCE
    if off.any():
        raise _sum(columns, mapping, totals, off)
    return found / totals[:, None], int((np.abs(totals - 1) > EXACT).sum())


def _sum(columns: Columns, mapping: Mapping, totals: Array, off: NDArray[np.bool_]) -> StageError:
    index = int(np.argmax(off))
    names = list(mapping.shares.values())
    percent = bool((np.abs(totals - 100) <= 100 * TOLERANCE).all())
    hint = (
        "they look like percent: divide them by 100"
        if percent
        else (
            f"they are the columns {', '.join(names[:8])}{' ...' if len(names) > 8 else ''}; say which with "
            "--weights PREFIX, or --weights none where there is no mixture"
        )
    )
    return StageError(
        f"{columns.at(index)}: shares sum to {totals[index]:.6g} ({int(off.sum())} such rows); allowed is 1 within "
        f"{TOLERANCE}; {hint}"
    )


def unique(columns: Columns, mapping: Mapping, found: Array) -> Array:
    """(R, K) unique tokens; inf where the table does not say, or nothing of a component is used.

    Args:
        columns: the rows.
        mapping: its columns.
        found: (R, K) shares.

    Raises:
        StageError: tokens are used of which none exist.
    """
    limits = np.full(found.shape, np.inf)
    known = {POOL: mapping.pool} if mapping.pool else mapping.unique
    for place, component in enumerate(mapping.shares or known):
        column = known.get(component)
        if column is None:
            continue
        values = columns.numbers[column]
        wrong = (values <= 0) & (found[:, place] > 0)
        if wrong.any():
            index = int(np.argmax(wrong))
            raise StageError(
                f"{columns.at(index)}, column {column!r}: {values[index]:g} unique tokens of {component}, of which "
                "the mixture has a share; give a number > 0, or leave the cell empty where there are as many as needed"
            )
        limits[:, place] = np.where(np.isnan(values) | (values <= 0), np.inf, values)
    return limits
