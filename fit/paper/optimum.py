"""The least value of a function on the simplex, by projected gradients from many starts. Pure."""

from collections.abc import Callable

import numpy as np

from fit.points import Array

RANDOM = 24
"""Random starts, beside every vertex and the centre."""
ROUNDS = 400
"""Steps at most."""
WIDTH = 1e-6
"""Half of a difference."""


def least(function: Callable[[Array], Array], components: int, seed: int = 0) -> tuple[Array, float]:
    """The shares (K,) at which a function is least, and its value.

    Args:
        function: of (S, K) shares, that need not sum to 1 exactly; (S,) values.
        components: K.
        seed: of the starts.
    """
    rng = np.random.default_rng(seed)
    inner = [np.full((1, components), 1 / components), rng.dirichlet(np.ones(components), RANDOM)]
    where = np.concatenate([*inner, 0.99 * np.eye(components) + 0.01 / components])
    value, step = function(where), np.full(len(where), 0.1)
    for _ in range(ROUNDS):
        slopes = _slopes(function, where)
        scale = np.maximum(np.abs(slopes).max(axis=1, keepdims=True), 1e-300)
        tried = onto_simplex(where - step[:, None] * slopes / scale)
        new = function(tried)
        better = np.isfinite(new) & (new < value)
        where, value = np.where(better[:, None], tried, where), np.where(better, new, value)
        step = np.where(better, np.minimum(step * 1.5, 1.0), step * 0.5)
        if step.max() < 1e-12:
            break
    corners = np.eye(components)
    where, value = np.concatenate([where, corners]), np.concatenate([value, function(corners)])
    best = int(np.nanargmin(value))
    return where[best], float(value[best])


def onto_simplex(points: Array) -> Array:
    """The nearest points of the simplex (Held, Wolfe and Crowder 1974): (S, K) to (S, K)."""
    ordered = -np.sort(-points, axis=1)
    over = np.cumsum(ordered, axis=1) - 1
    counts = np.arange(1, points.shape[1] + 1)
    held = (ordered - over / counts > 0).sum(axis=1)
    level = over[np.arange(len(points)), held - 1] / held
    return np.asarray(np.maximum(points - level[:, None], 0.0))


def _slopes(function: Callable[[Array], Array], where: Array) -> Array:
    """(S, K) one-sided differences."""
    count, size = where.shape
    moved = where[:, None, :] + WIDTH * np.eye(size)[None]
    ahead = function(moved.reshape(-1, size)).reshape(count, size)
    here = function(where)[:, None]
    with np.errstate(invalid="ignore"):  # a start at which the function is infinite stays where it is
        slopes = (ahead - here) / WIDTH
    found: Array = np.where(np.isfinite(slopes), slopes, 0.0)
    return found
