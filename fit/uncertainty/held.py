"""Minimises the objective while functions of the parameters are held near given values: many of them in one batch.

A stiff spring pulls the function to its value. Where the spring leaves it a little beside, the result is still the
least objective for the value that the function then has, so profiles need no exact constraint.
"""

from collections.abc import Callable

import numpy as np

from fit.estimate.problem import Problem
from fit.points import Array

Held = Callable[[Array], tuple[Array, Array]]
"""Of (S, P) parameters: the held function of each row (S,), and its gradients (S, P)."""

ROUNDS = 40
"""Steps at most."""
ARRIVED = 1e-3
"""Change of the objective, in units of half a squared standard error, below which a row counts as arrived."""


def minimise_held(
    problem: Problem, weights: Array, theta: Array, held: Held, values: Array, stiff: Array, unit: float
) -> Array:
    """Parameters (S, P) that minimise the objective plus stiff / 2 (held - value)^2.

    Args:
        problem: what is fitted.
        weights: (R,) of the points.
        theta: (S, P) starts.
        held: the functions.
        values: (S,) what they are held at.
        stiff: (S,) strength of the springs.
        unit: of the objective, see `Noise.unit`.
    """
    theta, damping = theta.copy(), np.full(len(theta), 1e-3)

    def total(where: Array) -> Array:
        apart = held(where)[0] - values
        made: Array = problem.objective(where, weights[None]) + 0.5 * stiff * apart * apart
        return made

    value, quiet = total(theta), np.zeros(len(theta), int)
    for _ in range(ROUNDS):
        tried = _step(problem, weights, theta, held, values, stiff, damping)
        new = total(tried)
        better = np.isfinite(new) & (new < value)
        gain = np.where(better, value - new, 0.0)
        theta, value = np.where(better[:, None], tried, theta), np.where(better, new, value)
        damping = np.clip(np.where(better, damping * 0.2, damping * 8), 1e-9, 1e8)
        quiet = np.where(gain < ARRIVED * unit, quiet + 1, 0)
        if (quiet >= 3).all():
            break
    return theta


def _step(
    problem: Problem, weights: Array, theta: Array, held: Held, values: Array, stiff: Array, damping: Array
) -> Array:
    """One damped step on a quadratic bound of the objective, inside the bounds."""
    mean, strength = problem.priors()
    residual, slopes = problem.linearised(theta)
    delta = problem.loss.delta if problem.loss.kind == "huber" else 1e-5
    factor = 1.0 if problem.loss.kind == "huber" else 1 / delta
    curve = factor * weights * problem.loss.sides(residual) * (delta / np.maximum(np.abs(residual), delta))
    now, normal = held(theta)
    gradient = strength * (theta - mean) - ((curve * residual)[:, None, :] @ slopes)[:, 0, :]
    gradient += (stiff * (now - values))[:, None] * normal
    hessian = (slopes * curve[..., None]).transpose(0, 2, 1) @ slopes
    hessian += stiff[:, None, None] * normal[:, :, None] * normal[:, None, :]
    low, high = problem.law.bounds
    still = ((theta <= low) & (gradient > 0)) | ((theta >= high) & (gradient < 0))
    free = (~still).astype(float)
    index = np.arange(theta.shape[1])
    scale = np.einsum("spp->sp", hessian) + strength
    scale = np.maximum(scale, 1e-9 * scale.max(axis=1, keepdims=True))
    matrix = hessian * free[:, :, None] * free[:, None, :]
    matrix[:, index, index] += strength * free + damping[:, None] * scale + (1 - free) * scale
    step = np.linalg.solve(matrix, -(gradient * free)[..., None])[..., 0]
    moved: Array = np.clip(theta + np.clip(step, -1.0, 1.0), low, high)
    return moved
