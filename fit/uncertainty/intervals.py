"""Intervals of parameters that hold the truth as often as they say, and which parameters the points do not tell.

An interval ends where the profile of the objective has risen by the square of a t quantile: unlike percentiles of a
bootstrap it allows for the degrees of freedom that the law takes, and follows the curved valleys in which E, B and
beta trade for each other.
"""

from dataclasses import dataclass

import numpy as np

from contracts.errors import ConfigError
from fit.estimate.estimate import problem_of, usable
from fit.estimate.fitted import Fit, TargetFit
from fit.estimate.problem import Problem
from fit.points import Array, Points
from fit.uncertainty.noise import Noise, noise_of
from fit.uncertainty.profile import Profiled, Walk, along, ends, gradients, profiled
from fit.uncertainty.sandwich import Linear, linearise

PRIOR = 0.1
"""Share of what is known of a parameter that a prior may have told before the parameter counts as unidentified."""
WIDE = 3.0
"""Standard error, on the scale on which 1 is a factor of e, from which a parameter counts as unidentified."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Of one parameter, in natural units."""

    estimate: float
    low: float
    """-inf: the points set no lower limit."""
    high: float
    """inf: the points set no upper limit."""
    unidentified: str = ""
    """Why the points do not tell the parameter; empty: they do."""

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def parameter_intervals(fit: Fit, points: Points, level: float = 0.95) -> dict[str, dict[str, Interval]]:
    """Intervals of all natural parameters: target to symbol to interval.

    Args:
        fit: of these points.
        points: what it was fitted to.
        level: how often the intervals are to hold the truth.
    """
    return {name: target_intervals(target, points, level) for name, target in fit.targets.items()}


def target_intervals(target: TargetFit, points: Points, level: float = 0.95) -> dict[str, Interval]:
    """Intervals of the natural parameters of one target's law."""
    walk, scaled, linear = _prepared(target, points)
    return _intervals(walk, scaled, linear, level)


def _prepared(target: TargetFit, points: Points) -> tuple[Walk, Array, Linear]:
    """What profiles need, the derivatives (G, P) of the scaled parameters, and the linearisation."""
    kept, law, _ = usable(points, target.target, target.law.name)
    problem = problem_of(kept, target.target, law, target.loss)
    noise = noise_of(problem, target.theta, kept.weights, kept.runs)
    linear = linearise(problem, target.theta, kept.weights, kept.runs, noise)
    slopes = gradients(law, target.theta)
    parameters = profiled(law, target.theta, _errors(slopes, linear))
    scaled = slopes / np.sqrt(parameters.estimate**2 + parameters.scale**2)[:, None]
    return _walk(problem, kept.weights, target.theta, noise, parameters, scaled, linear), scaled, linear


def _errors(slopes: Array, linear: Linear) -> Array:
    return np.asarray(np.sqrt(np.maximum(np.einsum("gp,pq,gq->g", slopes, linear.covariance, slopes), 0.0)))


def _walk(
    problem: Problem, weights: Array, theta: Array, noise: Noise, parameters: Profiled, scaled: Array, linear: Linear
) -> Walk:
    """Steps are by the curvature; flat directions have a large one."""
    errors = np.sqrt(noise.unit * np.maximum(np.einsum("gp,pq,gq->g", scaled, linear.inverse, scaled), 1e-16))
    return Walk(problem, weights, theta, noise, parameters, np.clip(errors, 1e-8, WIDE))


def _intervals(walk: Walk, scaled: Array, linear: Linear, level: float) -> dict[str, Interval]:
    count = len(walk.parameters.symbols)
    which, side = np.tile(np.arange(count), 2), np.repeat([-1.0, 1.0], count)
    wanted = walk.noise.quantile(level) * np.sqrt(_effect(scaled, linear, walk.noise))
    found = ends(walk, which, side, np.tile(wanted, 2)).reshape(2, count)
    index = np.arange(count)
    low, high = (walk.parameters.to_value(row, index) for row in found)
    reasons = unidentified(walk, scaled, linear, found)
    return {
        symbol: Interval(float(walk.parameters.estimate[i]), float(low[i]), float(high[i]), reasons[i])
        for i, symbol in enumerate(walk.parameters.symbols)
    }


def _effect(scaled: Array, linear: Linear, noise: Noise) -> Array:
    """(G,) by how much points of one run, and weights that are not equal, inflate a variance."""
    robust = np.einsum("gp,pq,gq->g", scaled, linear.covariance, scaled)
    plain = noise.unit * np.einsum("gp,pq,gq->g", scaled, linear.inverse, scaled)
    return np.asarray(np.where(plain > 0, np.maximum(robust, 1e-300) / np.maximum(plain, 1e-300), 1.0))


def unidentified(walk: Walk, scaled: Array, linear: Linear, found: Array) -> list[str]:
    """For each natural parameter why the points do not tell it, or an empty text."""
    low, high = walk.problem.law.bounds
    bound = (walk.theta <= low + 1e-9) | (walk.theta >= high - 1e-9)
    told = _told_by_priors(scaled, linear)
    reasons = []
    for index in range(len(scaled)):
        size = np.abs(scaled[index])
        if (bound & (size > 1e-3 * size.max())).any():
            reasons.append("at a bound")
        elif linear.flat.size and np.abs(scaled[index] @ linear.flat).max() > 1e-6 * size.max():
            reasons.append("undetermined")
        elif told[index] > PRIOR:
            reasons.append("told by its prior")
        elif not np.isfinite(found[:, index]).all():
            reasons.append("no limit on one side")
        else:
            reasons.append("")
    return reasons


def _told_by_priors(scaled: Array, linear: Linear) -> Array:
    """(G,) share of what is known of each parameter that comes from priors."""
    direction = scaled @ linear.inverse
    whole = np.einsum("gp,pq,gq->g", direction, linear.hessian, direction)
    prior = (direction * direction) @ linear.prior
    return np.asarray(np.where(whole > 0, prior / np.maximum(whole, 1e-300), 0.0))


def curve(target: TargetFit, points: Points, symbol: str, values: Array) -> tuple[Array, Array]:
    """Profile of the objective over values of one natural parameter.

    Args:
        target: the fit.
        points: what it was fitted to.
        symbol: of the parameter.
        values: (S,) where it is held.

    Returns:
        Where it came to stand (S,), which is within a hundredth of a standard error, and by how many standard errors
        the objective has risen there (S,).

    Raises:
        ConfigError: the law has no such parameter.
    """
    walk, _, _ = _prepared(target, points)
    symbols = walk.parameters.symbols
    if symbol not in symbols:
        raise ConfigError(f"{symbol}: {target.law.name} has no such parameter; it has {', '.join(symbols)}")
    which = np.full(len(values), symbols.index(symbol))
    start = np.repeat(target.theta[None], len(values), axis=0)
    where, height, _ = along(walk, which, walk.parameters.to_scale(np.asarray(values, float), which), start)
    return walk.parameters.to_value(where, which), height
