"""How a fitted model does on points that it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import rankdata

from fit.points import Array, Points
from fit.predictor import Predictor
from fit.select.deviation import interval

FEWEST = 4
"""Held-out points from which a rank correlation says something."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one model did on one split."""

    model: str
    kind: str
    split: str
    """Name of the split; its kind for the mean over the splits of a kind."""
    error: float | None = None
    """Mean relative error |predicted / measured - 1| over held-out points and targets."""
    absolute: float | None = None
    """Mean absolute error in units of the loss."""
    rank: float | None = None
    """Spearman's correlation over the held-out points, mean over targets."""
    bias: float | None = None
    """Mean of predicted / measured - 1."""
    coverage: float | None = None
    """Share of held-out losses inside the 95 % prediction interval."""
    seconds: float | None = None
    """Time of the fit."""
    by_target: dict[str, float] = field(default_factory=dict)
    """Mean relative error by target."""
    failed: str = ""
    """Why the model could not be fitted."""

    def row(self) -> dict[str, Any]:
        """For a table."""
        return {
            "model": self.model,
            "kind": self.kind,
            "split": self.split,
            "MRE %": None if self.error is None else 100 * self.error,
            "MAE": self.absolute,
            "Spearman": self.rank,
            "bias %": None if self.bias is None else 100 * self.bias,
            "95 % holds %": None if self.coverage is None else 100 * self.coverage,
            "seconds": self.seconds,
            "note": self.failed,
        }


def score_of(model: str, kind: str, split: str, predictor: Predictor, held: Points, seconds: float = 0.0) -> Score:
    """A fitted model on points that it has not seen.

    Args:
        model: what to call it.
        kind: of the model.
        split: what to call the held-out points.
        predictor: the fitted model.
        held: the held-out points.
        seconds: that the fit took.
    """
    predicted, measured = predictor.predict(held.inputs), held.losses
    relative = predicted / measured - 1
    bounds = interval(predictor, held.inputs)
    known = np.isfinite(measured)
    return Score(
        model=model,
        kind=kind,
        split=split,
        error=float(np.nanmean(np.abs(relative))),
        absolute=float(np.nanmean(np.abs(predicted - measured))),
        rank=_rank(predicted, measured),
        bias=float(np.nanmean(relative)),
        coverage=(
            None if bounds is None else float(((bounds[0] <= measured) & (measured <= bounds[1]))[known].mean())
        ),
        seconds=seconds,
        by_target={
            name: float(np.nanmean(np.abs(column)))
            for name, column in zip(held.targets, relative.T, strict=True)
            if np.isfinite(column).any()
        },
    )


def _rank(predicted: Array, measured: Array) -> float | None:
    """Mean over targets of the correlation of ranks; None where no target has enough different values."""
    found = []
    for ours, theirs in zip(predicted.T, measured.T, strict=True):
        known = np.isfinite(theirs)
        if known.sum() >= FEWEST and np.ptp(ours[known]) > 0 and np.ptp(theirs[known]) > 0:
            found.append(np.corrcoef(rankdata(ours[known]), rankdata(theirs[known]))[0, 1])
    return float(np.mean(found)) if found else None


def mean_score(kind: str, group: Sequence[Score]) -> Score:
    """The mean over the splits of a kind; one that failed makes the whole fail."""
    failed = next((score.failed for score in group if score.failed), "")
    if failed:
        return Score(group[0].model, group[0].kind, kind, failed=failed)
    targets = dict.fromkeys(name for score in group for name in score.by_target)
    return Score(
        model=group[0].model,
        kind=group[0].kind,
        split=kind,
        error=_known([score.error for score in group]),
        absolute=_known([score.absolute for score in group]),
        rank=_known([score.rank for score in group]),
        bias=_known([score.bias for score in group]),
        coverage=_known([score.coverage for score in group]),
        seconds=float(sum(score.seconds or 0.0 for score in group)),
        by_target={
            name: float(np.mean([s.by_target[name] for s in group if name in s.by_target])) for name in targets
        },
    )


def _known(values: Sequence[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return float(np.mean(numbers)) if numbers else None
