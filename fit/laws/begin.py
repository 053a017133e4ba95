"""Starting points of laws that are sums of terms: random shapes, levels by linear least squares, then all of it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from fit.laws.refine import refined
from fit.points import Array

if TYPE_CHECKING:
    from fit.laws.sums import SumLaw

TRIED = 16
"""Random shapes that are tried for each start that is kept."""
FLOOR = 1e-3
"""Least share of the mean loss that a start gives to a term, so that its gradient does not vanish."""
MOST = 240
"""Parameters in all starts of a fit at most: 48 starts of a law with 5, 12 of one with 20. The more parameters a law
has the dearer a start, and starts that are refined by least squares mostly meet in one optimum."""
FEWEST = 8
"""Starts that are made in any case, if as many are asked for."""
BLOCK = 4_000_000
"""Numbers in an array (shapes x rows x terms squared) at most: 32 MB."""


def best_starts(
    law: "SumLaw", features: Any, log_loss: Array, weights: Array, count: int, rng: np.random.Generator
) -> Array:
    """The shapes that fit best for each row of weights, moved to where the squared residuals are least.

    Args:
        law: whose levels are the linear part.
        features: of R places.
        log_loss: (R,).
        weights: (B, R).
        count: starts wanted of each at most.
        rng: randomness.

    Returns:
        (B, S, P), S up to count.
    """
    count = max(min(count, FEWEST), min(count, MOST // law.size))
    ranges = np.array([p.start for p in law.parameters])
    shapes = ranges[:, 0] + (ranges[:, 1] - ranges[:, 0]) * rng.random((TRIED * count, law.size))
    columns = list(law.levels())
    shapes[:, columns] = 0.0
    levels, misfit = fitted_levels(law, shapes, features, np.exp(log_loss), weights)
    order = np.argsort(misfit, axis=1, kind="stable")[:, :count]
    theta = shapes[order]
    theta[..., columns] = np.log(np.take_along_axis(levels, order[..., None], axis=1))
    theta = np.clip(theta, *law.bounds).reshape(-1, law.size)
    return refined(law, theta, features, log_loss, np.repeat(weights, count, axis=0)).reshape(-1, count, law.size)


def fitted_levels(law: "SumLaw", shapes: Array, features: Any, loss: Array, weights: Array) -> tuple[Array, Array]:
    """Positive levels (B, M, C) by relative least squares for M shapes and B weightings, and the misfits (B, M)."""
    count = len(law.levels())
    levels = np.empty((len(weights), len(shapes), count))
    misfit = np.empty((len(weights), len(shapes)))
    block = max(1, BLOCK // (len(loss) * count * count))
    for first in range(0, len(shapes), block):
        part = slice(first, first + block)
        basis = law.basis(shapes[part], features) / loss[:, None]
        levels[:, part], misfit[:, part] = _least_squares(basis, weights, loss.mean())
    return levels, misfit


def _least_squares(basis: Array, weights: Array, mean: float) -> tuple[Array, Array]:
    """Levels with which the columns of each basis sum to one, and the squared misfit.

    Args:
        basis: (M, R, C).
        weights: (B, R).
        mean: of the loss.
    """
    shapes, rows, columns = basis.shape
    by_row = basis.transpose(1, 0, 2)
    outer = (by_row[..., :, None] * by_row[..., None, :]).reshape(rows, -1)
    normal = (weights @ outer).reshape(len(weights), shapes, columns, columns)
    right = (weights @ by_row.reshape(rows, -1)).reshape(len(weights), shapes, columns)
    trace = np.trace(normal, axis1=-2, axis2=-1)[..., None, None]
    solved = np.linalg.solve(normal + 1e-9 * trace * np.eye(columns), right[..., None])[..., 0]
    size = np.sqrt(np.maximum(np.einsum("bmcc->bmc", normal) / weights.sum(axis=1)[:, None, None], 1e-300)) * mean
    levels = np.maximum(solved, FLOOR * mean / np.maximum(size, 1e-12))
    misfit = (levels * ((normal @ levels[..., None])[..., 0] - 2 * right)).sum(axis=-1)
    return levels, misfit + weights.sum(axis=1)[:, None]
