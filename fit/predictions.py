"""Predictions for the rows of a table, and how far they are from what was measured there. Pure."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fit.estimate.fitted import Fit
from fit.points import Array
from fit.reading import Reading

if TYPE_CHECKING:
    from fit.select.average import Average

BEYOND = 1.001
"""How much more than the largest N or D counts as beyond it."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Of R places for T targets."""

    names: tuple[str, ...]
    losses: Array
    """(R, T)."""
    low: Array | None = None
    """(R, T) ends of 95 % intervals for a measurement; None where the fit has no bootstrap."""
    high: Array | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)


def predictions(fitted: "Fit | Average", reading: Reading, record: dict[str, Any]) -> Predictions:
    """Predict at the places of a table.

    Args:
        fitted: out of the record.
        reading: the places.
        record: of the fit.
    """
    inputs = reading.points.inputs
    low = high = None
    if isinstance(fitted, Fit):
        if "bootstrap" in record and "noise" in record:
            from fit.bands import bands
            from fit.uncertainty.bootstrap import restore

            found = bands(restore(record["bootstrap"], fitted), record["noise"], reading.points)
            low, high = found.low, found.high
    else:
        from fit.select.deviation import interval

        ends = interval(fitted, inputs)
        low, high = ends if ends is not None else (None, None)
    return Predictions(fitted.names, fitted.predict(inputs), low, high, _beyond(record, reading))


def _beyond(record: dict[str, Any], reading: Reading) -> tuple[str, ...]:
    """How many places lie beyond the sizes and tokens of the fit."""
    found = []
    for symbol, name, values in (("N", "n", reading.points.inputs.n), ("D", "d", reading.points.inputs.d)):
        if name in record.get("ranges", {}):
            low, high = record["ranges"][name]
            if count := int((values > high * BEYOND).sum()):
                found.append(f"{count} rows lie beyond the largest {symbol} of the fit, {high:.4g}: extrapolated")
            if count := int((values * BEYOND < low).sum()):
                found.append(f"{count} rows lie below the smallest {symbol} of the fit, {low:.4g}: extrapolated")
    return tuple(found)


def rows_of(made: Predictions, reading: Reading) -> list[dict[str, Any]]:
    """A row for each place: where it stands in the table, N, D, and each target's prediction and measurement."""
    points = reading.points
    measured = _measured(made, reading)
    rows = []
    for index, place in enumerate(reading.places):
        unit, _, number = place.partition(" ")
        row: dict[str, Any] = {
            unit: int(number),
            "N": float(points.inputs.n[index]),
            "D": float(points.inputs.d[index]),
        }
        for target, name in enumerate(made.names):
            row[f"predicted_{name}"] = float(made.losses[index, target])
            if made.low is not None and made.high is not None:
                row[f"low_{name}"], row[f"high_{name}"] = (
                    float(made.low[index, target]),
                    float(made.high[index, target]),
                )
            if np.isfinite(measured[:, target]).any():
                loss = float(measured[index, target])
                row[f"measured_{name}"] = loss if np.isfinite(loss) else None
        rows.append(row)
    return rows


def _measured(made: Predictions, reading: Reading) -> Array:
    """(R, T) what was measured, NaN where nothing was."""
    points = reading.points
    found = np.full(made.losses.shape, np.nan)
    for target, name in enumerate(made.names):
        if name in points.targets:
            found[:, target] = points.loss(name)
    return found


def errors_by_target(made: Predictions, reading: Reading) -> list[dict[str, Any]]:
    """Relative errors of each target and over all; empty where nothing was measured."""
    measured = _measured(made, reading)
    relative = made.losses / measured - 1
    inside = None
    if made.low is not None and made.high is not None:
        inside = (measured >= made.low) & (measured <= made.high)
    rows = []
    for target, name in enumerate(made.names):
        known = np.isfinite(relative[:, target])
        if known.any():
            row = {"target": name, **_summary(relative[known, target])}
            row["rank correlation"] = _ranks(made.losses[known, target], measured[known, target])
            rows.append(
                row
                | ({} if inside is None else {"inside 95 % interval": _percent(inside[known, target].astype(float))})
            )
    known = np.isfinite(relative)
    if len(rows) > 1:
        ranks = [row["rank correlation"] for row in rows if row["rank correlation"] is not None]
        row = {
            "target": "all",
            **_summary(relative[known]),
            "rank correlation": float(np.mean(ranks)) if ranks else None,
        }
        rows.append(row | ({} if inside is None else {"inside 95 % interval": _percent(inside[known].astype(float))}))
    return rows


def _summary(relative: Array) -> dict[str, Any]:
    return {
        "losses": len(relative),
        "mean relative error %": _percent(np.abs(relative)),
        "mean signed error %": _percent(relative),
        "largest error %": 100 * float(np.abs(relative).max()),
    }


def _percent(values: Array) -> float:
    return 100 * float(values.mean())


def _ranks(predicted: Array, measured: Array) -> float | None:
    """Spearman's rank correlation; None where one of the two does not vary."""
    from scipy.stats import spearmanr

    if len(measured) < 3 or np.ptp(predicted) == 0 or np.ptp(measured) == 0:
        return None
    return float(spearmanr(predicted, measured).statistic)
