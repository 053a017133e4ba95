"""Minimises the objective from many starts at once: Levenberg and Marquardt's method, then Newton's.

Huber's loss with a small delta is nearly an absolute value: from afar it is taken with a large delta, which shrinks.
"""

from dataclasses import replace

import numpy as np

from fit.estimate.loss import Loss
from fit.estimate.problem import Problem
from fit.points import Array

WIDE = 0.1
"""First delta: 10 % of the loss, which no start that fits the mean is far beyond."""
SHRINK = 0.3
"""Factor from one delta to the next."""
FIRST = 60
"""Steps at the first delta at most, so that all starts in one valley leave from one place."""
ROUNDS = 10
"""Steps at each delta between the first and the last."""
LAST = 60
"""Steps at the last delta at most."""
STEPS = 40
"""Newton steps at most."""
SMALL = 1e-12
"""Relative gain of the objective below which a start counts as arrived."""
BLOCK = 600_000
"""Numbers in an array of derivatives (starts x rows x parameters) at most: 4.8 MB, which caches hold."""


def minimise(problem: Problem, starts: Array, weights: Array, polish: bool = True) -> tuple[Array, Array]:
    """Local minima from many starts.

    Args:
        problem: what to fit.
        starts: (S, P) inside the bounds.
        weights: (S, R) or (R,).
        polish: end with Newton's method, to the accuracy of the arithmetic.

    Returns:
        Minima (S, P) and their objectives (S,).
    """
    weights = np.broadcast_to(weights, (len(starts), len(problem.log_loss)))
    found, value = np.array(starts), np.empty(len(starts))
    block = max(1, BLOCK // max(1, weights.shape[1] * starts.shape[1]))
    for first in range(0, len(starts), block):
        part = slice(first, first + block)
        found[part], value[part] = _minimise(problem, starts[part], weights[part], polish)
    return found, value


def polished(problem: Problem, theta: Array, weights: Array) -> tuple[Array, Array]:
    """Minima (S, P) to the accuracy of the arithmetic, and objectives (S,), from thetas near them.

    Args:
        problem: with Huber's loss.
        theta: (S, P).
        weights: (R,).
    """
    return _newton(problem, theta, np.broadcast_to(weights, (len(theta), len(weights))))


def _minimise(problem: Problem, theta: Array, weights: Array, polish: bool) -> tuple[Array, Array]:
    for loss, rounds in _deltas(problem.loss):
        theta, value = _descend(replace(problem, loss=loss), theta, weights, rounds)
    if polish:
        theta, value = _newton(replace(problem, loss=loss), theta, weights)
    return theta, value


def _deltas(loss: Loss) -> list[tuple[Loss, int]]:
    """Losses in turn; an absolute value is approached by Huber's loss, scaled so that its slope stays 1."""
    last = 1e-5 if loss.kind == "l1" else loss.delta
    deltas, delta = [], WIDE
    while delta > last * 1.0001:
        deltas.append(delta)
        delta *= SHRINK
    deltas.append(last)
    rounds = [FIRST, *[ROUNDS] * len(deltas)][: len(deltas) - 1]
    return [(Loss("huber", d, loss.overestimate), r) for d, r in zip(deltas, [*rounds, LAST], strict=True)]


def _descend(problem: Problem, theta: Array, weights: Array, rounds: int) -> tuple[Array, Array]:
    """Damped steps on a quadratic bound of the objective, each start with its own damping."""
    mean, strength = problem.priors()
    damping = np.full(len(theta), 1e-2)
    value = problem.objective(theta, weights)
    alive = np.arange(len(theta))
    theta = theta.copy()
    quiet = np.zeros(len(theta), int)
    for _ in range(rounds):
        now, w = theta[alive], weights[alive]
        residual, slopes = problem.linearised(now)
        size = np.maximum(np.abs(residual), problem.loss.delta)
        curve = w * problem.loss.sides(residual) * (problem.loss.delta / size)
        gradient = strength * (now - mean) - ((curve * residual)[:, None, :] @ slopes)[:, 0, :]
        hessian = (slopes * curve[..., None]).transpose(0, 2, 1) @ slopes
        hessian[:, range(theta.shape[1]), range(theta.shape[1])] += strength
        tried = _step(problem, now, gradient, hessian, damping[alive])
        new = problem.objective(tried, w)
        better = new < value[alive]
        gain = (value[alive] - new) / np.maximum(value[alive], 1e-300)
        theta[alive[better]], value[alive[better]] = tried[better], new[better]
        damping[alive] = np.clip(np.where(better, damping[alive] * 0.2, damping[alive] * 8), 1e-10, 1e8)
        # arrived: twice in turn hardly better, or no step however small is
        quiet[alive] = np.where(
            (better & (gain < SMALL * 1e3)) | (~better & (damping[alive] >= 1e6)), quiet[alive] + 1, 0
        )
        alive = alive[quiet[alive] < 2]
        if not len(alive):
            break
    return theta, value


def _step(problem: Problem, theta: Array, gradient: Array, hessian: Array, damping: Array) -> Array:
    """The next thetas, inside the bounds; what stands at a bound and is pushed outward stays there."""
    low, high = problem.law.bounds
    held = ((theta <= low) & (gradient > 0)) | ((theta >= high) & (gradient < 0))
    free = (~held).astype(float)
    scale = np.einsum("spp->sp", hessian)
    scale = np.where(scale > 0, scale, 1.0)
    scale = np.maximum(scale, 1e-12 * scale.max(axis=1, keepdims=True))
    matrix = hessian * free[:, :, None] * free[:, None, :]
    index = np.arange(theta.shape[1])
    matrix[:, index, index] += damping[:, None] * scale + (1 - free)
    step = np.linalg.solve(matrix, -(gradient * free)[..., None])[..., 0]
    moved: Array = np.clip(theta + np.clip(step, -2.0, 2.0), low, high)
    return moved


def _newton(problem: Problem, theta: Array, weights: Array) -> tuple[Array, Array]:
    """Newton's method with second derivatives by differences of the gradient, damped until each step gains."""
    theta, value = theta.copy(), problem.objective(theta, weights)
    damping, alive = np.full(len(theta), 1e-6), np.arange(len(theta))
    quiet = np.zeros(len(theta), int)
    for _ in range(STEPS):
        now, w = theta[alive], weights[alive]
        gradient, hessian = second_order(problem, now, w)
        tried = _step(problem, now, gradient, _convex(hessian), damping[alive])
        new = problem.objective(tried, w)
        better = new < value[alive]
        gain = (value[alive] - new) / np.maximum(value[alive], 1e-300)
        theta[alive[better]], value[alive[better]] = tried[better], new[better]
        damping[alive] = np.clip(np.where(better, damping[alive] * 0.1, damping[alive] * 10), 1e-12, 1e8)
        quiet[alive] = np.where((better & (gain < SMALL)) | (~better & (damping[alive] >= 1e3)), quiet[alive] + 1, 0)
        alive = alive[quiet[alive] < 2]
        if not len(alive):
            break
    return theta, value


def second_order(problem: Problem, theta: Array, weights: Array, width: float = 1e-5) -> tuple[Array, Array]:
    """Gradient (S, P) and matrix of second derivatives (S, P, P) of the objective, by central differences.

    Args:
        problem: what is fitted.
        theta: (S, P).
        weights: (S, R).
        width: half of the difference; small beside delta, so that few residuals change sides.
    """
    count, size = theta.shape
    moved = theta[:, None, None, :] + width * np.array([1.0, -1.0])[None, :, None, None] * np.eye(size)[None, None]
    spread = np.repeat(weights, 2 * size, axis=0)
    slopes = problem.gradient(moved.reshape(-1, size), spread).reshape(count, 2, size, size)
    hessian = (slopes[:, 0] - slopes[:, 1]) / (2 * width)
    return problem.gradient(theta, weights), 0.5 * (hessian + hessian.transpose(0, 2, 1))


def _convex(hessian: Array) -> Array:
    """The same with positive eigenvalues, so that every step goes down."""
    values, vectors = np.linalg.eigh(hessian)
    least = 1e-10 * np.abs(values).max(axis=1, keepdims=True) + 1e-300
    made: Array = (vectors * np.maximum(np.abs(values), least)[:, None, :]) @ vectors.transpose(0, 2, 1)
    return made
