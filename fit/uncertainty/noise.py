"""How much one unit of the objective says: the scale on which its rise above the minimum has a known distribution.

For an estimate that minimises Q = sum rho(residual), twice the rise of Q when a parameter is held at its true value is
distributed as chi-squared (1) times E[psi^2] / E[psi'], psi being the derivative of rho (Huber and Ronchetti, Robust
Statistics, chapter 13). Both expectations are taken from a robust scale of the residuals, so that outliers count
little and Huber's small delta, which few residuals lie within, does not make the second one a matter of luck. Where
the loss counts overestimates more, the law lies below the middle of the points, by what the noise itself says
(`fit.uncertainty.sides`).

The scale is the median of the largest R - P absolute residuals: least absolute deviations, and Huber's loss with a
small delta, make about P of them zero.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from fit.estimate.problem import Problem
from fit.points import Array
from fit.uncertainty import sides

EFFICIENCY = 0.6
"""The scale is as uncertain as a standard deviation of so many times the degrees of freedom. Measured with
benchmarks/fit_coverage.py, Chinchilla's law at 20 points: .37 (the median absolute deviation's own, by Rousseeuw and
Croux 1993) gives intervals that hold the truth 97.3 % of the time, .6 95.3 %, 1 94.5 %."""
LEAST = 1e-7
"""Least noise of log losses that is believed: they are printed with six or seven digits."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Of the residuals of one target's fit."""

    sigma: float
    """Robust standard deviation of log losses, for the degrees of freedom that are left."""
    free: float
    """Degrees of freedom, for how uncertain sigma is."""
    psi2: float
    """E[psi^2]."""
    slope: float
    """E[psi']."""
    shared: float
    """Correlation of the residuals of one run's points."""
    centre: float = 0.0
    """Mean of log losses above the law: 0 unless the loss counts the two sides differently."""

    @property
    def unit(self) -> float:
        """Half the rise of the objective whose distribution is chi-squared (1)."""
        return self.psi2 / self.slope

    def quantile(self, level: float) -> float:
        """How many standard errors an interval reaches to either side."""
        return float(t.ppf(0.5 + level / 2, self.free))


def noise_of(problem: Problem, theta: Array, weights: Array, runs: NDArray) -> Noise:
    """The noise of residuals at an optimum.

    Args:
        problem: what was fitted.
        theta: (P,) the optimum.
        weights: (R,) of the points; those of weight 0 do not count.
        runs: (R,) which run a point is of.
    """
    kept = weights > 0
    residual = problem.residual(theta[None])[0]
    free = max(1.0, float(kept.sum() - len(theta)))
    largest = np.sort(np.abs(residual[kept]))[-int(free) :]
    sigma, place = sides.scale(float(np.median(largest)), problem.loss, LEAST)
    psi2, slope = sides.expectations(problem.loss, sigma, place)
    pull = np.clip(residual / sigma + place, -1.5, 1.5)[kept]
    return Noise(sigma, max(1.0, EFFICIENCY * free), psi2, slope, shared_part(pull, runs[kept]), 0.0 - place * sigma)


def shared_part(pull: Array, runs: NDArray) -> float:
    """Correlation of residuals within runs: mean product over pairs, relative to the mean square; 0 at least."""
    _, index, count = np.unique(runs, return_inverse=True, return_counts=True)
    pairs = float((count * (count - 1)).sum())
    square = float((pull * pull).sum())
    if not pairs or not square:
        return 0.0
    sums = np.bincount(index, pull)
    mean = (float((sums * sums).sum()) - square) / pairs
    return float(np.clip(mean / (square / len(pull)), 0.0, 0.99))
