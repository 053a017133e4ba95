"""Least absolute deviations to the accuracy of the arithmetic: a sequence of linear programs.

At the optimum about as many residuals are zero as there are parameters, where the loss has no derivative: gradients
cannot arrive, linear programs can.
"""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from fit.estimate.problem import Problem
from fit.points import Array

RADIUS = 0.05
"""First size of a step, in internal units."""
ROUNDS = 60
"""Linear programs at most."""
ARRIVED = 1e-13
"""Relative gain at which it ends."""


def polish(problem: Problem, theta: Array, weights: Array) -> tuple[Array, float]:
    """The minimum near theta.

    Args:
        problem: with loss l1.
        theta: (P,) near the minimum.
        weights: (R,).

    Returns:
        Minimum (P,) and objective.
    """
    value = float(problem.objective(theta[None], weights[None])[0])
    radius = RADIUS
    for _ in range(ROUNDS):
        residual, slopes = (part[0] for part in problem.linearised(theta[None]))
        step = _program(problem, theta, residual, slopes, weights, radius)
        if step is None:
            break
        tried = theta + step
        new = float(problem.objective(tried[None], weights[None])[0])
        gain = value - new
        if gain > 0:
            theta, value = tried, new
            radius = min(radius * 2, 1.0)
        else:
            radius = min(radius, float(np.abs(step).max())) * 0.25
        if radius < 1e-12 or 0 <= gain <= ARRIVED * value:
            break
    return theta, value


def _program(
    problem: Problem, theta: Array, residual: Array, slopes: Array, weights: Array, radius: float
) -> Array | None:
    """The step within a radius that minimises the sum of absolute residuals of the linearised law."""
    size = slopes.shape[1]
    low, high = problem.law.bounds
    kept = weights > 0
    count = int(kept.sum())
    # residual - slopes @ step = above - below, above and below >= 0
    equal = sparse.hstack([sparse.csr_array(slopes[kept]), sparse.eye_array(count), -sparse.eye_array(count)], "csr")
    prior = problem.priors()
    cost = np.concatenate([prior[1] * (theta - prior[0]), weights[kept], weights[kept] * problem.loss.overestimate])
    bounds = [(max(-radius, a - t), min(radius, b - t)) for a, b, t in zip(low, high, theta, strict=True)] + [
        (0, None)
    ] * (2 * count)
    found = linprog(cost, A_eq=equal, b_eq=residual[kept], bounds=bounds, method="highs")
    return None if found.x is None else np.asarray(found.x[:size], float)
