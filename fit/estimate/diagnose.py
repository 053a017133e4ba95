"""What the data could not tell: bounds that were hit, ranges too short, parameters that trade for each other."""

from dataclasses import replace

import numpy as np

from fit.estimate.problem import Problem
from fit.points import Array, Points

RANGE = 8.0
"""Ratio of the largest to the smallest N or D below which an exponent rests on too short a range: a term with
exponent .3 changes by less than a factor of two."""
CORRELATED = 0.995
"""Correlation of two parameters' errors from which they trade for each other."""
LOOSE = 1.0
"""Standard error of an exponent's logarithm from which it is not identified: a factor of e either way."""
STEEP = 1.0
"""A data exponent above this is more than twice any that sound fits report (.28 to .49 for code): budgets were too
small to tell it from the floor."""
BEYOND = 10.0
"""How far beyond each point the law is looked at, in N and in D."""
RISE = 1e-3
"""Rise of log loss that counts as worse."""
FLAT = 1e-14
"""Ratio of eigenvalues at which a direction counts as flat."""


def diagnose(problem: Problem, theta: Array, points: Points, spread: float) -> tuple[float, Array, tuple[str, ...]]:
    """Condition number, correlations of errors, and flags.

    Args:
        problem: what was fitted.
        theta: (P,) the optimum.
        points: what it was fitted to.
        spread: standard deviation of the residuals.
    """
    curvature = _curvature(problem, theta, points.weights)
    scale = np.sqrt(np.maximum(np.diag(curvature), 1e-300))
    scaled = curvature / scale[:, None] / scale[None, :]
    values = np.linalg.eigvalsh(scaled)
    size = len(theta)
    if values[0] <= FLAT * values[-1]:
        return np.inf, np.full((size, size), np.nan), _flags(problem, theta, points, None)
    covariance = np.linalg.inv(scaled) / scale[:, None] / scale[None, :]
    errors = np.sqrt(np.diag(covariance))
    correlations = covariance / errors[:, None] / errors[None, :]
    flags = _flags(problem, theta, points, (errors * spread, correlations))
    return float(values[-1] / values[0]), correlations, flags


def _curvature(problem: Problem, theta: Array, weights: Array) -> Array:
    """Second derivatives of half the sum of squared residuals, which say what the places can tell, priors included."""
    _, slopes = problem.linearised(theta[None])
    found = np.asarray((slopes[0] * weights[:, None]).T @ slopes[0])
    return found + np.diag([(problem.noise / p.prior[1]) ** 2 if p.prior else 0.0 for p in problem.law.parameters])


def _flags(problem: Problem, theta: Array, points: Points, known: tuple[Array, Array] | None) -> tuple[str, ...]:
    found = [*_rising(problem, theta, points), *_at_bounds(problem, theta), *_ranges(points)]
    found += _exponents(problem, theta, known)
    if known is None:
        found.append("the points leave a direction of the parameters undetermined; predictions may still be sound")
    else:
        found += _trading(problem, known[1])
    return tuple(found)


def _at_bounds(problem: Problem, theta: Array) -> list[str]:
    low, high = problem.law.bounds
    return [
        f"{parameter.symbol} stands at its {'lower' if value <= least else 'upper'} bound"
        for parameter, value, least, most in zip(problem.law.parameters, theta, low, high, strict=True)
        if value <= least + 1e-9 or value >= most - 1e-9
    ]


def _rising(problem: Problem, theta: Array, points: Points) -> list[str]:
    """Whether more parameters or more tokens make the predicted loss worse, which no sound law says."""
    inputs, found = points.inputs, []
    here = problem.law.log_loss(theta, inputs)[0]
    for what, n, d in (("larger models", BEYOND, 1.0), ("more tokens", 1.0, BEYOND)):
        there = problem.law.log_loss(theta, replace(inputs, n=inputs.n * n, d=inputs.d * d))[0]
        if (there > here + RISE).any():
            found.append(f"predicts that {what} ({BEYOND:g} times) are worse: do not extrapolate with it")
    return found


def _ranges(points: Points) -> list[str]:
    found = []
    for symbol, values in (("N", points.inputs.n), ("D", points.inputs.d)):
        ratio = values.max() / values.min()
        if ratio < RANGE:
            found.append(
                f"range of {symbol} too short: the largest is {ratio:.3g} times the smallest, exponents need {RANGE:g}"
            )
    return found


def _exponents(problem: Problem, theta: Array, known: tuple[Array, Array] | None) -> list[str]:
    found = []
    for index, parameter in enumerate(problem.law.parameters):
        if parameter.symbol not in ("alpha", "beta"):
            continue
        scale = "N" if parameter.symbol == "alpha" else "D"
        if known is not None and known[0][index] > LOOSE:
            found.append(
                f"exponent of {scale} unidentified: the standard error of log {parameter.symbol} is "
                f"{known[0][index]:.2g}"
            )
        if parameter.symbol == "beta" and np.exp(theta[index]) > STEEP:
            found.append(
                f"exponent of D is {np.exp(theta[index]):.2f}: steeper than sound fits; the smallest budgets "
                "may not have left the start of training (see --d-min)"
            )
    return found


def _trading(problem: Problem, correlations: Array) -> list[str]:
    symbols = [parameter.symbol for parameter in problem.law.parameters]
    return [
        f"{symbols[i]} and {symbols[j]} trade for each other (correlation {correlations[i, j]:+.4f})"
        for i in range(len(symbols))
        for j in range(i)
        if abs(correlations[i, j]) > CORRELATED
    ]
