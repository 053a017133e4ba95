"""Covariance of a fit's parameters by its linearisation, for correlated points of one run. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fit.estimate.estimate import problem_of, usable
from fit.estimate.fitted import TargetFit
from fit.estimate.problem import Problem
from fit.points import Array, Points
from fit.uncertainty.noise import Noise, noise_of

FLAT = 1e-12
"""Ratio of eigenvalues of the scaled second derivatives at which a direction counts as flat."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A fit, linearised at its optimum."""

    hessian: Array
    """(P, P) expected second derivatives of the objective, priors included."""
    score: Array
    """(P, P) covariance of the objective's gradient; a prior counts as an observation of that much."""
    prior: Array
    """(P,) what priors add to the diagonal of the second derivatives."""
    inverse: Array
    """(P, P) inverse of `hessian`; flat directions are held, as if they were known."""
    flat: Array
    """(P, F) orthonormal directions that the points leave undetermined."""

    @property
    def covariance(self) -> Array:
        """(P, P) of the parameters."""
        found: Array = self.inverse @ self.score @ self.inverse
        return found


def linear_fit(target: TargetFit, points: Points) -> tuple[Noise, Linear]:
    """The noise and the linearisation of one target's fit to points."""
    kept, law, _ = usable(points, target.target, target.law.name)
    problem = problem_of(kept, target.target, law, target.loss)
    noise = noise_of(problem, target.theta, kept.weights, kept.runs)
    return noise, linearise(problem, target.theta, kept.weights, kept.runs, noise)


def linearise(problem: Problem, theta: Array, weights: Array, runs: NDArray, noise: Noise) -> Linear:
    """The expected curvature and the noise of the gradient at an optimum.

    Args:
        problem: what was fitted.
        theta: (P,).
        weights: (R,).
        runs: (R,) which run a point is of.
        noise: of the residuals.
    """
    _, slopes = problem.linearised(theta[None])
    rows, prior = slopes[0], problem.priors()[1]
    low, high = problem.law.bounds
    held = (theta <= low + 1e-9) | (theta >= high - 1e-9)
    rows = np.where(held, 0.0, rows)
    hessian = noise.slope * (rows.T * weights) @ rows + np.diag(np.where(held, 0.0, prior))
    score = noise.psi2 * scatter(rows * weights[:, None], runs, noise.shared)
    score = score + noise.unit * np.diag(np.where(held, 0.0, prior))
    inverse, flat = pseudo_inverse(hessian)
    return Linear(hessian, score, prior, inverse, flat)


def scatter(rows: Array, runs: NDArray, shared: float) -> Array:
    """Sum of outer products of rows, of which those of one run have correlated factors.

    Args:
        rows: (R, P).
        runs: (R,).
        shared: the correlation.
    """
    found: Array = (1 - shared) * rows.T @ rows
    if shared:
        _, index = np.unique(runs, return_inverse=True)
        sums = np.zeros((index.max() + 1, rows.shape[1]))
        np.add.at(sums, index, rows)
        found = found + shared * sums.T @ sums
    return found


def pseudo_inverse(matrix: Array) -> tuple[Array, Array]:
    """Inverse of a symmetric matrix where it is not flat, and the flat directions as columns."""
    scale = np.sqrt(np.diag(matrix))
    dead = scale <= 0
    scale = np.where(dead, 1.0, scale)
    scaled = matrix / scale[:, None] / scale[None, :]
    values, vectors = np.linalg.eigh(scaled)
    good = values > FLAT * max(values[-1], 1e-300)
    inverse = (vectors[:, good] / values[good]) @ vectors[:, good].T / scale[:, None] / scale[None, :]
    flat = np.linalg.qr(vectors[:, ~good] / scale[:, None])[0] if (~good).any() else np.zeros((len(matrix), 0))
    return inverse, flat
