"""What laws leave at each size on the whole, carried over to the next: where no law follows size, the last one tells.

Laws say that a larger model is better, along a power. Where runs are too short for that, or the learning rate suits
some sizes only, every law of the kind misses whole sizes, all in the same direction. The mean residual at a size, as
far as it is more than noise, is then taken as a random walk in log N: between sizes it is interpolated, beyond the
largest it stays, and how far it went from size to size says how far it may go on. Where a law holds, it is zero.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fit.points import Array, Inputs, Points
from fit.select.splits import levels

FEWEST = 4
"""Runs of one size from which their mean residual says something of the size: their spread is its error."""
POWER = 0.5
"""Rows weigh as compute to this power within a size: long runs are nearer to what is foretold."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Mean residuals of log loss by size; without sizes: zero."""

    n: tuple[float, ...] = ()
    """S sizes, ascending."""
    left: tuple[tuple[float, ...], ...] = ()
    """(S, T) what the laws leave there."""

    def offset(self, inputs: Inputs) -> Array:
        """(R, T) what to add to log losses, or (R, 1) zeros."""
        if not self.n:
            return np.zeros((len(inputs), 1))
        scale, where = np.log(self.n), np.log(inputs.n)
        return np.stack([np.interp(where, scale, column) for column in np.array(self.left).T], axis=1)

    def variance(self, inputs: Inputs) -> Array:
        """(R, T) of the walk beyond the sizes, or (R, 1) zeros."""
        if len(self.n) < 2:
            return np.zeros((len(inputs), 1))
        scale, where = np.log(self.n), np.log(inputs.n)
        rate = (np.diff(np.array(self.left), axis=0) ** 2 / np.diff(scale)[:, None]).mean(axis=0)
        beyond = np.maximum(np.maximum(where - scale[-1], scale[0] - where), 0.0)
        return np.asarray(beyond[:, None] * rate)

    def record(self) -> dict[str, Any]:
        """As JSON takes it; `Sizes` of its entries is the way back."""
        return {"n": list(self.n), "left": [list(row) for row in self.left]}


def restore(record: dict[str, Any]) -> Sizes:
    """Sizes out of their JSON."""
    return Sizes(tuple(map(float, record["n"])), tuple(tuple(map(float, row)) for row in record["left"]))


def sizes_of(points: Points, predicted: Array) -> Sizes:
    """What predictions leave of the losses that they were fitted to, by size.

    Args:
        points: R points.
        predicted: (R, T) losses.
    """
    level = levels(points.inputs.n)
    residual = np.log(points.losses) - np.log(predicted)
    n, left = [], []
    for number in range(int(level.max(initial=-1)) + 1):
        rows = np.flatnonzero(level == number)
        n.append(float(np.exp(np.log(points.inputs.n[rows]).mean())))
        part = points.take(rows)
        weights = (part.flops / part.flops.max()) ** POWER
        left.append(tuple(_beyond_noise(column, weights, part.runs) for column in residual[rows].T))
    return Sizes(tuple(n), tuple(left))


def _beyond_noise(residual: Array, weights: Array, runs: NDArray[np.int64]) -> float:
    """The mean, shrunk by the share of its square that the spread between runs would make by itself."""
    known = np.isfinite(residual)
    names, index = np.unique(runs[known], return_inverse=True)
    if len(names) < FEWEST:
        return 0.0
    total = np.bincount(index, weights[known])
    means = np.bincount(index, weights[known] * residual[known]) / total
    share = total / total.sum()
    mean = float(share @ means)
    error = float((share * share) @ (means - mean) ** 2) * len(names) / (len(names) - 1)
    return mean * max(0.0, 1 - error / mean**2) if mean else 0.0
