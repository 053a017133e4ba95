"""What the neighbours of two functions say of them: callers, callees, enclosing ones, order, shared names.

The first estimate of every cell supports the cells around it, inside one pair of documents. Names are only told apart
here, never compared between the files, so this holds where every name is hidden.
"""

from collections.abc import Sequence

import numpy as np

from pairing.align.cells import Cells, rivals, shares
from pairing.align.document import Described

Pair = tuple[Described, Described]

SUPPORT = (
    "callees.share", "callees.sum", "callees.missing", "callers.share", "callers.sum", "callers.missing", "around",
    "inside", "before", "behind", "container", "order", "symbols", "symbols.above",
)  # fmt: skip
"""Columns of support; see `_support`."""


def propagated(logits: np.ndarray, pairs: Sequence[Pair], cells: Cells) -> dict[str, np.ndarray]:
    """Columns, float64 (cells,), out of the logits of a first estimate."""
    by_row, by_column = shares(logits, cells.row, cells.rows), shares(logits, cells.column, cells.columns)
    belief = np.sqrt(by_row * by_column)
    smaller, larger = rivals(logits, cells)
    columns = {
        "logit": logits,
        "logit.row": np.log(by_row + 1e-6),
        "logit.column": np.log(by_column + 1e-6),
        "logit.smaller": smaller,
        "logit.larger": larger,
    }
    found = np.zeros((len(SUPPORT), len(logits)))
    for number, (a, b) in enumerate(pairs):
        if a.size and b.size:
            part = slice(cells.start[number], cells.start[number + 1])
            found[:, part] = _support(cells.block(belief, number), a, b).reshape(len(SUPPORT), -1)
    columns.update((f"support.{name}", values) for name, values in zip(SUPPORT, found, strict=True))
    return columns


def _support(belief: np.ndarray, a: Described, b: Described) -> np.ndarray:
    """The columns SUPPORT of one pair: float64 (SUPPORT, functions of a, functions of b)."""
    calls = _links(a.calls, a.size), _links(b.calls, b.size)
    nested = _links(_nesting(a), a.size), _links(_nesting(b), b.size)
    sums = [
        _linked(belief, *calls),
        _linked(belief, calls[0].T, calls[1].T),
    ]
    around, outer_a, outer_b = _linked(belief, *nested)
    inside, inner_a, inner_b = _linked(belief, nested[0].T, nested[1].T)
    padded = np.pad(belief, 1)
    symbols: np.ndarray = a.shared_names @ belief @ b.shared_names.T
    average = np.maximum(symbols.mean(axis=1, keepdims=True), symbols.mean(axis=0, keepdims=True))
    return np.stack(
        [
            *(column for each in sums for column in _call_columns(*each)),
            around - 0.5 * ((outer_a > 0) != (outer_b > 0)),
            2 * inside / np.maximum(inner_a + inner_b, 1),
            padded[:-2, :-2],
            padded[2:, 2:],
            _container(belief, a.containers, b.containers),
            _order(belief),
            symbols,
            symbols - average,
        ]
    )


def _links(edges: np.ndarray, size: int) -> np.ndarray:
    found = np.zeros((size, size))
    found[edges[:, 0], edges[:, 1]] = 1.0
    return found


def _nesting(side: Described) -> np.ndarray:
    inner = np.flatnonzero(side.parents >= 0)
    return np.stack([inner, side.parents[inner]], axis=1)


def _linked(belief: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Belief summed over what both are linked to, and how many links each has."""
    return a @ belief @ b.T, a.sum(axis=1)[:, None], b.sum(axis=1)[None, :]


def _call_columns(total: np.ndarray, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, ...]:
    """Support as a share of all links, as a sum, and what is missing of it where both have links."""
    missing = 1 - np.minimum(1, total / np.maximum(np.minimum(a, b), 1))
    return 2 * total / np.maximum(a + b, 1), np.log1p(total), missing * (a > 0) * (b > 0)


def _container(belief: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How far the other functions of both types (or files' tops) correspond."""
    one, other = np.eye(a.max() + 1)[a], np.eye(b.max() + 1)[b]
    fewer = np.minimum(one.sum(axis=0)[:, None], other.sum(axis=0)[None, :])
    rest = one @ (one.T @ belief @ other) @ other.T - belief
    result: np.ndarray = rest / np.maximum(one @ fewer @ other.T - 1, 1)
    return result


def _order(belief: np.ndarray) -> np.ndarray:
    """Belief in pairs of functions that stand in the same order to both, less that in crossed ones, -1 to 1."""
    sums = np.pad(belief, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    total = sums[-1, -1]
    straight = sums[:-1, :-1] + total - sums[1:, -1:] - sums[-1:, 1:] + sums[1:, 1:]
    crossed = sums[:-1, -1:] - sums[:-1, 1:] + sums[-1:, :-1] - sums[1:, :-1]
    result: np.ndarray = (straight - crossed) / (straight + crossed + 0.5)
    return result
