"""Predicted losses of each target over tokens, with the interval of a new measurement, and what was measured."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fit.bands import bands
from fit.plots.canvas import colour
from fit.points import Array, Inputs, Points, places
from fit.points import points as made
from fit.predictor import Predictor
from fit.uncertainty.bootstrap import Bootstrap

STEPS = 50
BEYOND = 4.0
"""How far beyond the measured tokens curves reach."""
COLUMNS = 3
SAME = 1.02
"""Ratio of sizes within which points belong to a curve."""
SIZES = 3
"""Sizes at most that get a curve: least, middle and largest."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One target at one size."""

    target: str
    n: float
    d: Array
    loss: Array
    low: Array | None
    """None: the fit has no bootstrap."""
    high: Array | None
    measured: Array
    """(M, 2) tokens and losses of points of this size; of mixtures of all kinds."""


def curves(
    predictor: Predictor,
    ranges: dict[str, tuple[float, float]],
    shares: Array,
    points: Points | None = None,
    drawn: Bootstrap | None = None,
    noise: dict[str, Any] | None = None,
) -> list[Curve]:
    """Curves of all targets.

    Args:
        predictor: a fit, or an average of fits.
        ranges: least and largest n and d that were measured.
        shares: (K,) mixture.
        points: what was measured.
        drawn: bootstrap of the fit.
        noise: of the fit's file: see `fit.bands.Uncertainty`.
    """
    d = np.geomspace(ranges["d"][0], ranges["d"][1] * BEYOND, STEPS)
    found = []
    for n in _sizes(ranges, points):
        inputs = places(np.full(STEPS, n), d, shares, predictor.components)
        loss = predictor.predict(inputs)
        band = None
        if drawn is not None and noise:
            band = bands(drawn, noise, unmeasured(inputs, predictor.names))
        for column, target in enumerate(predictor.names):
            low, high = (band.low[:, column], band.high[:, column]) if band else (None, None)
            found.append(Curve(target, n, d, loss[:, column], low, high, _measured(points, target, n)))
    return found


def unmeasured(inputs: Inputs, targets: tuple[str, ...]) -> Points:
    """Places as points without losses."""
    return made(inputs, np.full((len(inputs), len(targets)), np.nan), targets)


def _sizes(ranges: dict[str, tuple[float, float]], points: Points | None) -> list[float]:
    known = np.unique(points.inputs.n) if points is not None else np.unique(ranges["n"])
    places_ = np.unique(np.linspace(0, len(known) - 1, SIZES).round().astype(int))
    return [float(n) for n in known[places_]]


def _measured(points: Points | None, target: str, n: float) -> Array:
    if points is None or target not in points.targets:
        return np.zeros((0, 2))
    near = np.abs(np.log(points.inputs.n / n)) < np.log(SAME)
    found = np.stack([points.inputs.d, points.loss(target)], axis=1)[near]
    return np.asarray(found[np.isfinite(found).all(axis=1)])


def draw(figure: Any, data: list[Curve]) -> None:
    """A panel for each target, a curve for each size."""
    names = list(dict.fromkeys(curve.target for curve in data))
    columns = min(COLUMNS, len(names))
    panels = figure.subplots(-(-len(names) // columns), columns, squeeze=False).ravel()
    for axes, name in zip(panels, names, strict=False):
        for index, curve in enumerate(c for c in data if c.target == name):
            axes.plot(curve.d, curve.loss, color=colour(index), linewidth=1.2, label=f"N = {curve.n:.3g}")
            if curve.low is not None and curve.high is not None:
                axes.fill_between(curve.d, curve.low, curve.high, color=colour(index), alpha=0.2, linewidth=0)
            axes.plot(*curve.measured.T, ".", color=colour(index), markersize=3)
        axes.set(xscale="log", title=name, xlabel="tokens D", ylabel="loss")
    panels[0].legend(fontsize=7)
    for axes in panels[len(names) :]:
        axes.set_visible(False)


def size_of(data: list[Curve]) -> tuple[float, float]:
    """Inches for so many panels."""
    names = len({curve.target for curve in data})
    columns = min(COLUMNS, names)
    return 3.2 * columns + 0.6, 2.6 * -(-names // columns) + 0.3
