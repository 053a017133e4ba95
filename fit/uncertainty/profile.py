"""Profiles of the objective: how far it rises when a parameter is held somewhere and the others are fitted anew."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fit.estimate.problem import Problem
from fit.laws.law import Law
from fit.points import Array
from fit.uncertainty.held import Held, minimise_held
from fit.uncertainty.noise import Noise

STIFF = 100.0
"""Strength of the spring relative to the profile's own curvature: it holds a value to 1 % of a standard error."""
WIDTH = 1e-5
"""Half of the differences by which natural parameters are derived in internal ones."""
TRIES = 9
"""Places at which an end of an interval is looked for."""
CLOSE = 0.02
"""Error of an end, in standard errors."""
FAR = 60.0
"""Standard errors at most that an end is looked for from the estimate."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """Natural parameters as functions to be held, on a scale on which their errors are about symmetric.

    The scale is asinh(value / s): the value itself near 0, its logarithm far from it.
    """

    law: Law
    symbols: tuple[str, ...]
    estimate: Array
    """(G,) values at the optimum."""
    scale: Array
    """(G,) s of each."""

    def to_scale(self, values: Array, which: NDArray) -> Array:
        """Values of the parameters `which`, (S,) both, on the scale."""
        return np.asarray(np.arcsinh(values / self.scale[which]))

    def to_value(self, scaled: Array, which: NDArray) -> Array:
        """The way back."""
        return np.asarray(np.sinh(scaled) * self.scale[which])

    def held(self, which: NDArray) -> Held:
        """The scaled parameters `which` of each row, with gradients."""
        rows = np.arange(len(which))

        def function(theta: Array) -> tuple[Array, Array]:
            count, size = theta.shape
            moved = theta[:, None, None, :] + WIDTH * np.array([1.0, -1.0])[None, :, None, None] * np.eye(size)
            spread = np.concatenate([theta[:, None, :], moved.reshape(count, -1, size)], axis=1)
            natural = table(self.law, spread.reshape(-1, size)).reshape(count, 2 * size + 1, -1)[rows, :, which]
            value = self.to_scale(natural, which[:, None])
            pair = value[:, 1:].reshape(count, 2, size)
            return value[:, 0], (pair[:, 0] - pair[:, 1]) / (2 * WIDTH)

        return function


def table(law: Law, theta: Array) -> Array:
    """(S, G) natural parameters of (S, P) internal ones."""
    return np.stack(list(law.natural(theta).values()), axis=1)


def gradients(law: Law, theta: Array) -> Array:
    """(G, P) derivatives of the natural parameters in the internal ones."""
    steps = WIDTH * np.eye(len(theta))
    found: Array = (table(law, theta + steps) - table(law, theta - steps)).T / (2 * WIDTH)
    return found


def profiled(law: Law, theta: Array, errors: Array) -> Profiled:
    """Natural parameters at an optimum, with their standard errors (G,)."""
    estimate = table(law, theta[None])[0]
    size = np.abs(estimate)
    scale = np.where(np.isfinite(errors), np.minimum(np.maximum(0.05 * size, 0.2 * errors), size + 1e-300), size)
    scale = np.where(scale > 0, scale, 1.0)
    return Profiled(law, tuple(law.natural(theta[None])), estimate, scale)


@dataclass(frozen=True, slots=True)
class Walk:
    """The search for ends of intervals: rows are (parameter, side)."""

    problem: Problem
    weights: Array
    theta: Array
    """(P,) the optimum."""
    noise: Noise
    parameters: Profiled
    errors: Array
    """(G,) standard errors on the scale of `parameters`."""


def rise(walk: Walk, theta: Array) -> Array:
    """(S,) how many standard errors away each theta is by its objective."""
    least = walk.problem.objective(walk.theta[None], walk.weights[None])[0]
    above = walk.problem.objective(theta, walk.weights[None]) - least
    return np.asarray(np.sqrt(np.maximum(above, 0.0) * 2 / walk.noise.unit))


def along(walk: Walk, which: NDArray, values: Array, start: Array) -> tuple[Array, Array, Array]:
    """Profile at values of parameters.

    Args:
        walk: what is profiled.
        which: (S,) numbers of parameters.
        values: (S,) where they are held, on their scale.
        start: (S, P).

    Returns:
        Where they came to stand (S,), standard errors there (S,), and the other parameters (S, P).
    """
    held = walk.parameters.held(which)
    stiff = STIFF * walk.noise.unit / walk.errors[which] ** 2
    theta = minimise_held(walk.problem, walk.weights, start, held, values, stiff, walk.noise.unit)
    return held(theta)[0], rise(walk, theta), theta


def ends(walk: Walk, which: NDArray, side: Array, wanted: Array) -> Array:
    """Where the profile reaches a height, on the scale of the parameters; infinite where it never does.

    Args:
        walk: what is profiled.
        which: (S,) numbers of parameters.
        side: (S,) 1 upwards, -1 downwards.
        wanted: (S,) heights in standard errors.
    """
    centre = walk.parameters.to_scale(walk.parameters.estimate[which], which)
    near, low = centre.copy(), np.zeros(len(which))
    far, high = np.full(len(which), np.nan), np.full(len(which), np.nan)
    theta = np.repeat(walk.theta[None], len(which), axis=0)
    step = wanted * walk.errors[which]
    for _ in range(TRIES):
        known = np.isfinite(far)
        part = np.where(known, np.clip((wanted - low) / np.maximum(high - low, 1e-12), 0.05, 0.95), 0.0)
        aim = np.where(known, near + part * (far - near), near + side * step)
        value, height, moved = along(walk, which, aim, theta)
        over = height >= wanted
        far, high = np.where(over, value, far), np.where(over, height, high)
        ahead = ~over & ((value - near) * side > 0)
        gained = np.maximum(height - low, 1e-9)
        step = np.where(
            ahead, np.clip((wanted - height) / gained * np.abs(value - near) * 1.2, step * 0.5, step * 4), step
        )
        step = np.where(over | ahead, step, step * 2)
        near, low = np.where(ahead, value, near), np.where(ahead, height, low)
        theta = np.where((ahead | over)[:, None], moved, theta)
        if (np.isfinite(far) & (high - low < CLOSE)).all():
            break
    part = np.clip((wanted - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    found = near + part * (far - near)
    return np.where(np.isfinite(far), found, side * np.inf)
