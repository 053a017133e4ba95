"""What a fit predicts beside what was measured, as numbers for the report. Pure."""

from typing import Any

import numpy as np

from contracts.curves import Curve, FitCurves, Fitted, TargetCurves
from fit.bands import LEVEL, Bands, Uncertainty, bands
from fit.estimate.fitted import Fit
from fit.laws.registry import LAWS
from fit.points import Array, Inputs, Points, points
from fit.predictor import Predictor

STEPS = 24
"""Tokens at which a curve is given: smooth for power laws, small in a file."""
BEYOND = 4.0
"""How far beyond the most tokens curves go: further on a bootstrap's intervals mean little."""
SIZES = 4
"""Sizes of models that have a curve, the largest among them."""
DIGITS = 7
"""Significant digits, more than any drawing shows."""


def curves_of(fitted: Predictor, measured: Points, known: Uncertainty | None, bpb: bool = False) -> FitCurves:
    """Curves over tokens at the sizes that were measured and equal shares, and every point beside its prediction.

    Args:
        fitted: a fit, or an average of fits.
        measured: what it was fitted to.
        known: how sure the fit is, for intervals.
        bpb: losses are bits per byte.
    """
    law = fitted.law if isinstance(fitted, Fit) else f"average of {', '.join(getattr(fitted, 'labels', ()))}"
    places = [(n, _place(measured, n)) for n in _sizes(measured)]
    predicted = [fitted.predict(inputs) for _, inputs in places]
    found = [None if known is None else _band(known, inputs) for _, inputs in places]
    own = fitted.predict(measured.inputs)
    targets = []
    for index, name in enumerate(fitted.names):
        curves = tuple(
            Curve(
                n=n,
                tokens=_short(inputs.d),
                loss=_short(losses[:, index]),
                low=None if band is None else _short(band.low[:, index]),
                high=None if band is None else _short(band.high[:, index]),
            )
            for (n, inputs), losses, band in zip(places, predicted, found, strict=True)
        )
        targets.append(_target(fitted, name, curves, _fitted(measured, name, own[:, index]), known))
    equal = 1 / len(measured.components) if measured.components else 0.0
    return FitCurves(
        law=law,
        formula=LAWS[fitted.law].title if isinstance(fitted, Fit) else "",
        loss=str(fitted.loss) if isinstance(fitted, Fit) else "",
        unit="bits per byte" if bpb else "nats per token",
        runs=len(np.unique(measured.runs)),
        points=len(measured),
        excluded=measured.excluded,
        mixture=dict.fromkeys(measured.components, equal),
        level=LEVEL,
        draws=0 if known is None else known.drawn.count,
        targets=tuple(targets),
    )


def _sizes(points: Points) -> list[float]:
    """Some of the measured sizes, the smallest and the largest among them."""
    known = np.unique(points.inputs.n)
    chosen = np.unique(np.linspace(0, len(known) - 1, min(SIZES, len(known))).round().astype(int))
    return [float(n) for n in known[chosen]]


def _place(points: Points, n: float) -> Inputs:
    """Equal shares, over tokens; unique tokens as in the runs, the most that any of them had."""
    d = np.geomspace(points.inputs.d.min(), points.inputs.d.max() * BEYOND, STEPS)
    size = len(points.components)
    shares = np.full((STEPS, size), 1 / size) if size else np.zeros((STEPS, 0))
    return Inputs(
        n=np.full(STEPS, n),
        d=d,
        shares=shares,
        unique=np.broadcast_to(most_unique(points), (STEPS, size)),
        components=points.components,
    )


def most_unique(points: Points) -> Array:
    """(K,) unique tokens of each component: the most of any run that had it; inf where no run says."""
    inputs = points.inputs
    used = np.where(inputs.shares > 0, inputs.unique, -np.inf)
    found = used.max(axis=0, initial=-np.inf)
    return np.asarray(np.where(np.isfinite(found), found, np.inf))


def _band(known: Uncertainty, inputs: Inputs) -> Bands:
    unknown = np.full((len(inputs), len(known.drawn.fit.names)), np.nan)
    return bands(known.drawn, known.noise, points(inputs, unknown, known.drawn.fit.names))


def _fitted(points: Points, target: str, predicted: Array) -> tuple[Fitted, ...]:
    losses = points.loss(target)
    rows = zip(points.inputs.n, points.inputs.d, losses, predicted, strict=True)
    return tuple(
        Fitted(n=float(n), tokens=float(d), measured=float(loss), predicted=_digits(guess))
        for n, d, loss, guess in rows
        if np.isfinite(loss) and np.isfinite(guess)
    )


def _target(
    fitted: Predictor,
    name: str,
    curves: tuple[Curve, ...],
    measured: tuple[Fitted, ...],
    known: Uncertainty | None,
) -> TargetCurves:
    told: dict[str, Any] = {}
    if isinstance(fitted, Fit):
        one = fitted.targets[name]
        told = {"parameters": one.parameters, "residual": one.residual, "flags": one.flags}
        told["parameters"] = {k: v for k, v in told["parameters"].items() if np.isfinite(v)}
    if known is not None:
        intervals = {symbol: (one.low, one.high) for symbol, one in known.intervals[name].items()}
        told["intervals"] = {symbol: ends for symbol, ends in intervals.items() if np.isfinite(ends).all()}
    return TargetCurves(target=name, curves=curves, points=measured, **({"parameters": {}} | told))


def _short(values: Array) -> list[float]:
    return [_digits(value) for value in values.tolist()]


def _digits(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
