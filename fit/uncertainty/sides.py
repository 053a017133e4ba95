"""Expectations of a loss that may count its two sides differently, for normal noise. Pure.

With factor c of residuals below the law, the law settles where E[psi] = 0: for c = 10 and an absolute value at the
eleventh part of the points, 1.3 standard deviations below their middle. psi^2 and psi' are expected around there, and
so is the median absolute residual, out of which the standard deviation comes.

Lengths are in standard deviations: `place` is where the law lies relative to the middle, `delta` Huber's threshold.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from fit.estimate.loss import Loss

ROUNDS = 50
"""Rounds in which the standard deviation and the place of the law are found out of each other, at most."""
CLOSE = 1e-10
"""Relative change of the standard deviation at which they are found."""
FARTHEST = 12.0
"""Standard deviations from the middle within which a law settles, whatever the factor."""


def scale(median: float, loss: Loss, least: float) -> tuple[float, float]:
    """The standard deviation of the noise, and the place of the law.

    Args:
        median: of the absolute residuals.
        loss: that was minimised.
        least: standard deviation.
    """
    sigma, where = max(least, median / median_size(0.0)), 0.0
    if loss.overestimate == 1:
        return sigma, where
    for _ in range(ROUNDS):
        where = place(loss, sigma)
        now = max(least, median / median_size(where))
        done, sigma = abs(now - sigma) <= CLOSE * now, now
        if done:
            break
    return sigma, where


def place(loss: Loss, sigma: float) -> float:
    """Where E[psi] = 0."""
    if loss.overestimate == 1:
        return 0.0
    if loss.kind == "l1":
        return float(np.clip(ndtri(1 / (1 + loss.overestimate)), -FARTHEST, FARTHEST))
    delta = loss.delta / sigma

    def pull(where: float) -> float:
        return _side(where, delta)[0] - loss.overestimate * _side(-where, delta)[0]

    if pull(-FARTHEST) * pull(FARTHEST) >= 0:  # a factor so large that normal noise has no such place
        return -FARTHEST if loss.overestimate > 1 else FARTHEST
    return float(brentq(pull, -FARTHEST, FARTHEST))


def expectations(loss: Loss, sigma: float, where: float) -> tuple[float, float]:
    """E[psi^2] and E[psi'].

    Args:
        loss: that was minimised.
        sigma: standard deviation of the noise.
        where: place of the law.
    """
    factor = loss.overestimate
    if loss.kind == "l1":
        psi2 = float(ndtr(-where)) + factor**2 * float(ndtr(where))
        return psi2, (1 + factor) * _density(where) / sigma
    above, below = (_side(part, loss.delta / sigma) for part in (where, -where))
    return sigma**2 * (above[1] + factor**2 * below[1]), above[2] + factor * below[2]


def median_size(where: float) -> float:
    """Median of absolute residuals around a place."""
    return float(brentq(lambda size: ndtr(where + size) - ndtr(where - size) - 0.5, 0.0, abs(where) + 2.0))


def _side(start: float, delta: float) -> tuple[float, float, float]:
    """Of what lies above a place, cut at delta: mean, mean square, and the share that is not cut."""
    end = start + delta
    inside, beyond = float(ndtr(end) - ndtr(start)), float(ndtr(-end))
    fall, tail = _density(start) - _density(end), delta * _density(end)
    first = fall - start * inside + delta * beyond
    second = (1 + start * start) * inside - start * fall - tail + delta * delta * beyond
    return first, second, inside


def _density(value: float) -> float:
    return float(np.exp(-0.5 * value * value) / np.sqrt(2 * np.pi))
