"""From how many tokens on a law holds: the start of training lies above any power law, and is cut off by roll-out.

Rows with few tokens can lie 5 to 40 % above the law that the others follow, and bend its exponents. A cut is judged by
what it is for: fitted without the largest size, the law has to foretell that size. Nothing beyond the points decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from contracts.errors import StageError
from fit.estimate.estimate import fit_target
from fit.estimate.loss import Loss
from fit.laws.law import VARIES
from fit.points import Array, Points

CANDIDATES = 12
"""Cuts that are tried at most."""
KEPT = 0.5
"""Least share of the rows below the largest size that a cut has to leave."""
GAIN = 0.8
"""A cut has to bring the error of the roll-out below this share of what it is without one: less may be luck."""
WORTH = 0.0025
"""Least gain that is worth rows: a run repeated with another seed differs by as much."""
MEDIAN = float(np.sqrt(np.pi / 2))
"""Standard error of a median over that of a mean."""
STARTS = 8
"""Starts of each fit: what is compared are predictions, which differ less than parameters."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One cut, and how well the law foretold the largest size with it."""

    d_min: float
    power: float
    rows: int
    """Rows that it was fitted to."""
    error: float
    """Median absolute relative error on the longer half of the largest size's rows."""
    luck: float = 0.0
    """Standard error of that: what it may differ by because of the noise of these rows."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The least tokens of rows that a target's law is fitted to."""

    target: str
    d_min: float
    """Tokens; 0: all rows."""
    power: float
    """Rows weigh as compute to this power."""
    reason: str
    """Why this cut, in a sentence."""
    trials: tuple[Trial, ...] = ()


def cutoff(
    points: Points,
    target: str,
    law: str = "chinchilla",
    loss: Loss | None = None,
    powers: Sequence[float] = (0.0,),
    seed: int = 0,
) -> Cutoff:
    """Choose the least tokens of a target, and how rows weigh, by roll-out.

    Args:
        points: what a law will be fitted to; nothing else is looked at.
        target: name of the target.
        law: that will be fitted.
        loss: of the fit.
        powers: of compute that rows may weigh as; the first is taken unless another gains.
        seed: of the starts.
    """
    known = points.take(np.isfinite(points.loss(target)))
    plain = float(powers[0])
    if len(known) == 0 or not known.inputs.n.max() > VARIES * known.inputs.n.min():
        return Cutoff(target, 0.0, plain, "all rows: with one size there is none to foretell")
    largest = known.inputs.n * VARIES >= known.inputs.n.max()
    below, judged = known.take(~largest), _longer(known.take(largest))
    trials = [
        trial
        for d_min in _candidates(below.inputs.d)
        for power in powers
        if (trial := _trial(below, judged, target, law, loss, d_min, float(power), seed))
    ]
    first = next((t for t in trials if t.d_min == 0 and t.power == plain), None)
    if first is None:
        return Cutoff(target, 0.0, plain, f"all rows: too few below the largest size for the law {law}")
    best = min(trials, key=lambda t: (round(t.error, 9), t.d_min))
    if best.error > min(GAIN * first.error, first.error - max(best.luck, WORTH)):
        why = f"all rows: no cut brings the error at the largest size, {first.error:.2%}, down by more than luck may"
        return Cutoff(target, 0.0, plain, why, tuple(trials))
    why = f"the error at the largest size falls from {first.error:.2%} to {best.error:.2%}"
    return Cutoff(target, best.d_min, best.power, why, tuple(trials))


def cut(points: Points, least: Mapping[str, float]) -> Points:
    """Points without the losses of each target below its least tokens.

    Args:
        points: all.
        least: tokens by target; a target that is not named keeps all.
    """
    losses = np.array(points.losses)
    for index, target in enumerate(points.targets):
        losses[points.inputs.d < least.get(target, 0.0), index] = np.nan
    removed = int((np.isfinite(points.losses) & np.isnan(losses)).sum())
    excluded = {**points.excluded, "losses below the least tokens of their target": removed} if removed else None
    found = replace(points, losses=losses, excluded=excluded or points.excluded)
    return found.take(np.flatnonzero(np.isfinite(losses).any(axis=1))) if removed else points


def by_compute(points: Points, power: float) -> Points:
    """Points whose weights are multiplied by compute to a power, with a mean of 1."""
    if power == 0:
        return points
    relative = (points.flops / points.flops.max()) ** power
    return points.weighted(points.weights * relative / relative.mean())


def _candidates(d: Array) -> list[float]:
    """0, and numbers of tokens of some rows, each of which leaves enough rows."""
    ordered = np.sort(d)
    most = ordered[int(np.floor((1 - KEPT) * (len(d) - 1)))]
    values = np.unique(ordered[(ordered > ordered[0] * VARIES) & (ordered <= most)])
    if len(values) > CANDIDATES - 1:
        values = values[np.linspace(0, len(values) - 1, CANDIDATES - 1).round().astype(int)]
    return [0.0, *values.tolist()]


def _longer(rows: Points) -> Points:
    """The half with the most tokens, which is farthest from the start of training."""
    return rows.take(np.flatnonzero(rows.inputs.d >= float(np.median(rows.inputs.d))))


def _trial(
    below: Points, judged: Points, target: str, law: str, loss: Loss | None, d_min: float, power: float, seed: int
) -> Trial | None:
    kept = below.take(below.inputs.d >= d_min)
    try:
        found = fit_target(by_compute(kept, power), target, law, loss, STARTS, seed)
    except StageError:  # too few rows for the law
        return None
    error = np.abs(found.predict(judged.inputs) / judged.loss(target) - 1)
    luck = MEDIAN * found.residual / float(np.sqrt(len(judged)))
    return Trial(d_min, power, len(kept), float(np.median(error)), luck)
