"""Intervals of predicted losses: the spread of the bootstrap, and the noise that a new measurement has itself.

Beyond the largest compute that was measured, laws are wrong in ways that no resampling of the points shows. There the
interval is scaled by how far roll-outs within the points missed (`stretch`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from contracts.errors import StageError
from fit.estimate.estimate import fit_target, usable
from fit.estimate.fitted import Fit, TargetFit
from fit.points import FLOPS_PER_PARAMETER_AND_TOKEN, Array, Inputs, Points
from fit.uncertainty.bootstrap import Bootstrap
from fit.uncertainty.noise import Noise
from fit.uncertainty.sandwich import linear_fit

QUANTILE = 0.9
"""Of the roll-outs' errors, relative to what was expected, that the interval is scaled by. More would be the largest
of a few."""
FEWEST = 5
"""Points beyond a cut from which a roll-out says something."""
LEAST = 2
"""Points for each parameter from which a roll-out is fitted."""
CUTS = (0.5, 0.7)
"""Parts of the range of log compute up to which roll-outs are fitted."""
MARGIN = 1.001
"""How much more than the largest compute counts as beyond it."""
ROLLOUT_STARTS = 12
"""Starts of a roll-out's fit."""


@dataclass(frozen=True, slots=True)
class Band:
    """Predictions at R places for T targets with intervals, (R, T) each."""

    estimate: Array
    low: Array
    high: Array
    noise: Array
    """(T,) standard deviation of log losses around the law."""
    stretch: Array
    """(T,) factor of intervals beyond the measured compute; 1: roll-outs missed no more than expected."""
    beyond: Array
    """(R,) 1 where the compute is larger than any measured, otherwise 0."""


def predicted(
    fit: Fit,
    points: Points,
    drawn: Bootstrap,
    inputs: Inputs,
    level: float = 0.95,
    measurement: bool = True,
    rollouts: bool = True,
) -> Band:
    """Predict losses with intervals.

    Args:
        fit: of the points.
        points: what it was fitted to.
        drawn: its bootstrap.
        inputs: R places.
        level: how often intervals are to hold what is measured.
        measurement: intervals for a measurement, with its noise; otherwise for the mean of many.
        rollouts: scale intervals beyond the measured compute by what roll-outs missed.
    """
    noises = {name: target_noise(target, points) for name, target in fit.targets.items()}
    spread = spreads(drawn, inputs)
    sigma, centre = (np.array([getattr(noise, key) for noise in noises.values()]) for key in ("sigma", "centre"))
    beyond = beyond_compute(inputs, float(points.flops.max()))
    factor = np.ones(len(noises))
    if rollouts and beyond.any():
        factor = np.array([stretch(target, points, noises[name]) for name, target in fit.targets.items()])
    quantile = np.array([noise.quantile(level) for noise in noises.values()])
    around = Around(sigma if measurement else 0 * sigma, quantile, factor, centre)
    estimate = fit.predict(inputs)
    low, high = around.ends(estimate, spread, beyond)
    return Band(estimate, low, high, sigma, factor, beyond.astype(float))


@dataclass(frozen=True, slots=True)
class Around:
    """How far measurements lie from predictions, (T,) each."""

    sigma: Array
    """Standard deviation of log losses."""
    quantile: Array
    """Standard deviations that an interval reaches to either side."""
    stretch: Array
    """Factor of intervals beyond the measured compute."""
    centre: Array
    """Mean of log losses above the law."""

    def ends(self, estimate: Array, spread: Array, beyond: NDArray[np.bool_]) -> tuple[Array, Array]:
        """Low and high ends of intervals, (R, T) each.

        Args:
            estimate: (R, T) predicted losses.
            spread: (R, T) standard deviations of their logarithms.
            beyond: (R,) which lie beyond the measured compute.
        """
        factor = np.where(beyond[:, None], self.stretch, 1.0)
        half = self.quantile * np.sqrt(spread**2 + self.sigma**2) * factor
        return estimate * np.exp(self.centre - half), estimate * np.exp(self.centre + half)


def beyond_compute(inputs: Inputs, flops: float) -> NDArray[np.bool_]:
    """(R,) which places need more operations than were measured."""
    return np.asarray(FLOPS_PER_PARAMETER_AND_TOKEN * inputs.n * inputs.d > flops * MARGIN)


def target_noise(target: TargetFit, points: Points) -> Noise:
    """The noise of one target's residuals."""
    return linear_fit(target, points)[0]


def spreads(drawn: Bootstrap, inputs: Inputs) -> Array:
    """(R, T) standard deviations of log predictions.

    The larger of two: the draws', robust and for the degrees of freedom that are left, and the linearised one. Draws
    of few runs are too much alike; a linearisation misses what is curved.

    Args:
        drawn: bootstrap of a fit.
        inputs: R places.
    """
    logs = np.log(drawn.predict(inputs))
    low, high = np.percentile(logs, [15.87, 84.13], axis=0)
    rows = np.array([target.rows for target in drawn.fit.targets.values()])
    free = np.array([max(1, target.rows - target.law.size) for target in drawn.fit.targets.values()])
    found: Array = (high - low) / 2 * np.sqrt(rows / free)
    return np.maximum(found, linear_spreads(drawn, inputs))


def linear_spreads(drawn: Bootstrap, inputs: Inputs) -> Array:
    """(R, T) standard deviations of log predictions by linearisation; 0 where the bootstrap has none."""
    found = np.zeros((len(inputs), len(drawn.fit.targets)))
    for column, (name, target) in enumerate(drawn.fit.targets.items()):
        if name in drawn.covariance:
            found[:, column] = np.sqrt(_variance(target, inputs, drawn.covariance[name]))
    return found


def _variance(target: TargetFit, inputs: Inputs, covariance: Array) -> Array:
    _, slopes = target.law.evaluate(target.theta[None], target.law.features(inputs))
    assert slopes is not None
    return np.asarray(np.maximum(np.einsum("rp,pq,rq->r", slopes[0], covariance, slopes[0]), 0.0))


def stretch(target: TargetFit, points: Points, noise: Noise) -> float:
    """How many times farther roll-outs missed than expected: laws are fitted to little compute and predict more.

    Args:
        target: the fit.
        points: what it was fitted to.
        noise: of its residuals; the noise of the roll-outs' own ones is not believed where it is smaller.

    Returns:
        At least 1.
    """
    errors = np.array([error for cut in CUTS for error in _missed(target, points, cut, noise)])
    if len(errors) < FEWEST:
        return 1.0
    return max(1.0, float(np.quantile(np.abs(errors), QUANTILE)) / float(t.ppf(0.5 + QUANTILE / 2, noise.free)))


def _missed(target: TargetFit, points: Points, cut: float, noise: Noise) -> list[float]:
    """Errors of a roll-out at the points beyond a cut, in units of what was expected."""
    kept, _, _ = usable(points, target.target, target.law.name)
    log_flops = np.log(kept.flops)
    edge = log_flops.min() + cut * (log_flops.max() - log_flops.min())
    below, above = kept.take(log_flops <= edge), kept.take(log_flops > edge)
    if len(above) < FEWEST or len(below) < LEAST * target.law.size:
        return []
    try:
        tried = fit_target(below, target.target, target.law.name, target.loss, ROLLOUT_STARTS)
    except StageError:
        return []
    if tried.law.size != target.law.size:
        return []  # the smaller part lacks what some of the parameters are for
    own, linear = linear_fit(tried, below)
    expected = np.sqrt(_variance(tried, above.inputs, linear.covariance) + max(own.sigma, noise.sigma) ** 2)
    away = np.log(above.loss(target.target)) - np.log(tried.predict(above.inputs)) - own.centre
    return list(away / expected)
