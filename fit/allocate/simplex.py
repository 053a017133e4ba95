"""Points of the simplex within bounds: the nearest, random ones, and shares with few digits that sum exactly. Pure."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from fit.points import Array

HALVINGS = 64
"""Steps of a bisection, to the accuracy of the arithmetic."""
MOST_DIGITS = 9
"""Digits of a share at most: a part of a billion is below a token of most budgets' sequences."""


def nearest(points: Array, low: Array, high: Array) -> Array:
    """The nearest points of the simplex within bounds.

    Args:
        points: (S, K).
        low: (K,) or (S, K), summing to 1 at most.
        high: (K,) or (S, K), at least `low` and summing to 1 at least.

    Returns:
        (S, K).
    """
    low, high = np.broadcast_to(low, points.shape), np.broadcast_to(high, points.shape)
    below, above = (low - points).min(axis=1), (high - points).max(axis=1)
    for _ in range(HALVINGS):
        middle = 0.5 * (below + above)
        less = np.clip(points + middle[:, None], low, high).sum(axis=1) < 1
        below, above = np.where(less, middle, below), np.where(less, above, middle)
    found: Array = np.clip(points + above[:, None], low, high)
    return _summed(found, low, high)


def _summed(found: Array, low: Array, high: Array) -> Array:
    """What the bisection left is given to the component with most room, so that rows sum to 1."""
    rest = 1 - found.sum(axis=1)
    room = np.where(rest[:, None] > 0, high - found, found - low)
    row = np.arange(len(found))
    found[row, room.argmax(axis=1)] += rest
    return found


def random(count: int, low: Array, high: Array, rng: np.random.Generator) -> Array:
    """(count, K) random points within bounds: even ones, and ones near the faces of the simplex."""
    size = len(low)
    even = rng.dirichlet(np.ones(size), count - count // 2)
    edges = rng.dirichlet(np.full(size, 0.4), count // 2)
    spread = low + np.concatenate([even, edges]) * max(0.0, 1 - low.sum())
    return nearest(spread, low, high)


def rounded(shares: Array, low: Array, high: Array, digits: int) -> list[float]:
    """Shares of so many digits that sum to exactly 1 and keep the bounds, by largest remainder.

    More digits are taken where bounds leave no room for so few. A bound that no decimal number keeps, such as a share
    fixed at a third, is kept to nine digits.

    Args:
        shares: (K,) within the bounds, summing to 1.
        low: (K,).
        high: (K,).
        digits: after the point.
    """
    for places in range(digits, MOST_DIGITS + 1):
        units = 10**places
        least = np.ceil(low * units - 1e-6).astype(np.int64)
        most = np.floor(high * units + 1e-6).astype(np.int64)
        if (least <= most).all() and least.sum() <= units <= most.sum():
            break
    else:
        least, most = np.floor(low * units).astype(np.int64), np.ceil(high * units).astype(np.int64)
    return [count / units for count in _dealt(shares * units, least, most, units)]


def _dealt(quotas: Array, least: Array, most: Array, total: int) -> list[int]:
    counts = np.clip(np.floor(quotas + 1e-9).astype(np.int64), least, most)
    while (rest := total - int(counts.sum())) != 0:
        step = 1 if rest > 0 else -1
        free = counts < most if step > 0 else counts > least
        owed = np.where(free, step * (quotas - counts), -np.inf)
        for index in np.argsort(-owed, kind="stable")[: min(abs(rest), int(free.sum()))]:
            counts[index] += step
    return [int(count) for count in counts]


def sums_to_one(shares: Sequence[float]) -> bool:
    """Whether shares, read as they are printed, sum to exactly 1."""
    return sum((Fraction(repr(share)) for share in shares), Fraction(0)) == 1
