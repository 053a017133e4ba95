"""How sure a fit is, as its file holds it: bootstrap, intervals of parameters, and the noise of its points. Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from contracts.errors import ConfigError
from fit.estimate.fitted import Fit
from fit.estimate.stored import StoredNoise, check
from fit.points import Array, Points
from fit.uncertainty.bootstrap import Bootstrap, bootstrap
from fit.uncertainty.intervals import Interval, parameter_intervals
from fit.uncertainty.prediction import Around, beyond_compute, spreads, stretch, target_noise

LEVEL = 0.95
"""How often an interval is to hold what is measured."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Of a fit's parameters and predictions."""

    drawn: Bootstrap
    intervals: dict[str, dict[str, Interval]]
    """Target to symbol to the 95 % interval by profiles of the objective."""
    noise: dict[str, dict[str, float]]
    """For each target what intervals of its predictions need beside the bootstrap."""

    def record(self) -> dict[str, Any]:
        """As JSON takes it."""
        ends = {
            target: {
                symbol: {"low": _finite(i.low), "high": _finite(i.high), "unidentified": i.unidentified}
                for symbol, i in found.items()
            }
            for target, found in self.intervals.items()
        }
        return {"bootstrap": self.drawn.record(), "intervals": ends, "noise": self.noise}


def uncertainty(fit: Fit, points: Points, count: int, seed: int = 0) -> Uncertainty:
    """Resample the runs of a fit, and profile its parameters.

    Args:
        fit: of the points.
        points: what it was fitted to.
        count: resamplings.
        seed: of the resampling.
    """
    drawn = bootstrap(fit, points, count, seed)
    noise = {}
    for name, target in fit.targets.items():
        found = target_noise(target, points)
        factor = stretch(target, points, found)
        noise[name] = {
            "sigma": found.sigma,
            "quantile": found.quantile(LEVEL),
            "stretch": factor,
            "centre": found.centre,
        }
    return Uncertainty(drawn, parameter_intervals(fit, points, LEVEL), noise)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class Bands:
    """Intervals of predictions at R places, (R, T) each."""

    low: Array
    high: Array


def bands(drawn: Bootstrap, record: dict[str, Any], places: Points) -> Bands:
    """Intervals that hold a measurement as often as LEVEL says.

    Args:
        drawn: the bootstrap of a fit.
        record: the noise of the fit.
        places: R places; their losses are not looked at.

    Raises:
        ConfigError: the noise is damaged.
    """
    fit, inputs = drawn.fit, places.inputs
    if "flops" not in fit.ranges:
        raise ConfigError("the fit does not say which compute was measured (ranges.flops); fit again with --bootstrap")
    beyond = beyond_compute(inputs, fit.ranges["flops"][1])
    return Bands(*_around(fit, record).ends(fit.predict(inputs), spreads(drawn, inputs), beyond))


def _around(fit: Fit, record: dict[str, Any]) -> Around:
    """The noise of every target out of the fit's file."""
    where = "the fit's noise"
    if not isinstance(record, dict) or any(name not in record for name in fit.names):
        raise ConfigError(f"{where}: a damaged fit; it must have an entry for each of {', '.join(fit.names)}")
    found = [check(StoredNoise, record[name], f"{where}, {name}") for name in fit.names]
    return Around(*(np.array([getattr(one, key) for one in found]) for key in Around.__slots__))
