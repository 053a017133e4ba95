"""What every law has to beat: predictions that need no law, or one that knows nothing of mixtures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fit.estimate.estimate import fit
from fit.estimate.loss import Loss
from fit.laws.law import VARIES
from fit.points import Array, Inputs, Points, points
from fit.predictor import Predictor
from fit.select.splits import levels, mixtures

FLOOR = 1e-3
"""Share that is added before logarithms are taken in the ridge regression."""
RIDGES = np.exp(np.linspace(np.log(1e-6), np.log(10.0), 25))
"""Strengths of which the ridge regression takes the one that predicts left-out mixtures best."""
FOLDS = 5
"""Groups of mixtures for that."""
CELLS = 2**21
"""Distances between places that are held at once: 16 MB of them."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Any function of places as a predictor."""

    names: tuple[str, ...]
    components: tuple[str, ...]
    function: Callable[[Inputs], Array]

    def predict(self, inputs: Inputs) -> Array:
        """(R, T) losses."""
        return self.function(inputs)


def mean(points: Points) -> Predictor:
    """The mean of the losses, wherever."""
    means = np.nanmean(points.losses, axis=0)
    return _baseline(points, lambda inputs: np.tile(means, (len(inputs), 1)))


def nearest(points: Points) -> Predictor:
    """The loss of the point with the nearest mixture; of several, the one nearest in N and D."""
    known = _known(points)

    def predict(inputs: Inputs) -> Array:
        return _each(known, lambda part: part.losses[_closest(inputs, part.inputs), 0])

    return _baseline(points, predict)


def linear(points: Points) -> Predictor:
    """Least squares in the shares, log N and log D."""
    columns = [np.linalg.lstsq(_linear(p.inputs, points), p.losses[:, 0], rcond=None)[0] for p in _known(points)]
    return _baseline(points, lambda inputs: np.stack([_linear(inputs, points) @ c for c in columns], axis=1))


def ridge(points: Points) -> Predictor:
    """Ridge regression of log loss on shares, their logarithms, log N and log D; strength by leaving mixtures out."""
    made = [_ridge(_logarithmic(p.inputs, points), np.log(p.losses[:, 0]), mixtures(p)) for p in _known(points)]

    def predict(inputs: Inputs) -> Array:
        return np.exp(np.stack([model(_logarithmic(inputs, points)) for model in made], axis=1))

    return _baseline(points, predict)


def mixture_blind(points: Points) -> Predictor:
    """The Chinchilla law in N and D, whatever the mixture."""
    return fit(_blind(points), "chinchilla", Loss(), starts=8)


def carry_over(points: Points) -> Predictor:
    """The nearest mixture's loss at the largest size, times what a mixture-blind law says of the change of N and D."""
    blind = mixture_blind(points)
    known = [part.take(_largest(part)) for part in _known(points)]

    def predict(inputs: Inputs) -> Array:
        there = blind.predict(inputs)
        found = np.empty_like(there)
        for target, part in enumerate(known):
            chosen = _closest(inputs, part.inputs)
            here = blind.predict(part.inputs.take(chosen))[:, target]
            found[:, target] = part.losses[chosen, 0] * there[:, target] / here
        return found

    return _baseline(points, predict)


BASELINES: dict[str, Callable[[Points], Predictor]] = {
    "mean": mean,
    "nearest": nearest,
    "linear": linear,
    "ridge-log": ridge,
    "mixture-blind": mixture_blind,
    "carry-over": carry_over,
}
"""Baselines by name."""


def _baseline(points: Points, function: Callable[[Inputs], Array]) -> Baseline:
    return Baseline(points.targets, points.components, function)


def _known(given: Points) -> list[Points]:
    """For each target the points that have a loss on it, with that loss only."""
    found = []
    for index, target in enumerate(given.targets):
        kept = given.take(np.isfinite(given.losses[:, index]))
        found.append(points(kept.inputs, kept.losses[:, index], (target,), kept.runs, kept.weights))
    return found


def _each(known: list[Points], function: Callable[[Points], Array]) -> Array:
    return np.stack([function(part) for part in known], axis=1)


def _largest(part: Points) -> NDArray[np.bool_]:
    level = levels(part.inputs.n)
    return np.asarray(level == level.max())


def _closest(inputs: Inputs, measured: Inputs) -> NDArray[np.int64]:
    """(R,) which measured place is nearest to each: in shares first, then in N and D."""
    found = np.empty(len(inputs), np.int64)
    step = max(1, CELLS // max(1, len(measured)))
    for first in range(0, len(inputs), step):
        some = inputs.take(np.arange(first, min(first + step, len(inputs))))
        # mixtures that are the same but for rounding are told apart by N and D
        apart = np.round(_apart(some.shares, measured.shares) / 0.02)
        found[first : first + step] = np.argmin(apart + 1e-3 * _between(some, measured), axis=1)
    return found


def _apart(shares: Array, measured: Array) -> Array:
    """(S, R) sums of the differences of shares."""
    if not shares.shape[1]:
        return np.zeros((len(shares), len(measured)))
    from scipy.spatial.distance import cdist

    return np.asarray(cdist(shares, measured, "cityblock"))


def _between(inputs: Inputs, measured: Inputs) -> Array:
    """(S, R) how far apart places are in log N and log D."""
    pairs = ((inputs.n, measured.n), (inputs.d, measured.d))
    return np.asarray(sum(np.abs(np.log(here)[:, None] - np.log(there)[None]) for here, there in pairs))


def _scales(inputs: Inputs, points: Points) -> Array:
    """Columns log N and log D, each where it varies between the points of the fit."""
    columns = [
        np.log(there / np.exp(np.log(here).mean()))
        for there, here in ((inputs.n, points.inputs.n), (inputs.d, points.inputs.d))
        if here.max() / here.min() > VARIES
    ]
    return np.stack(columns, axis=1) if columns else np.zeros((len(inputs), 0))


def _linear(inputs: Inputs, points: Points) -> Array:
    return np.concatenate([np.ones((len(inputs), 1)), inputs.shares, _scales(inputs, points)], axis=1)


def _logarithmic(inputs: Inputs, points: Points) -> Array:
    return np.concatenate([np.log(inputs.shares + FLOOR), inputs.shares, _scales(inputs, points)], axis=1)


def _ridge(columns: Array, values: Array, groups: NDArray[np.int64]) -> Callable[[Array], Array]:
    """Ridge regression on standardised columns with the strength that predicts left-out groups best.

    Args:
        columns: (R, C).
        values: (R,).
        groups: (R,) rows of one group are left out together.
    """
    middle, spread = columns.mean(axis=0), columns.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    rows, fold = (columns - middle) / spread, groups % FOLDS
    missed = np.zeros(len(RIDGES))
    for number in np.unique(fold):
        out = fold == number
        if out.all():
            continue
        slopes, level = _slopes(rows[~out], values[~out])
        missed += ((level + rows[out] @ slopes - values[out, None]) ** 2).sum(axis=0)
    slopes, level = _slopes(rows, values)
    best = int(np.argmin(missed))
    return lambda wanted: np.asarray(level[best] + ((wanted - middle) / spread) @ slopes[:, best])


def _slopes(rows: Array, values: Array) -> tuple[Array, Array]:
    """Ridge regressions for every strength, (C, len(RIDGES)), and what to add to each."""
    centre, level = rows.mean(axis=0), values.mean()
    left, sizes, right = np.linalg.svd(rows - centre, full_matrices=False)
    shrunk = sizes[:, None] / (sizes[:, None] ** 2 + RIDGES * len(values))
    slopes = right.T @ (shrunk * (left.T @ (values - level))[:, None])
    return slopes, level - centre @ slopes


def _blind(given: Points) -> Points:
    inputs = given.inputs
    blank = Inputs(inputs.n, inputs.d, inputs.shares[:, :0], inputs.unique[:, :0], ())
    return points(blank, given.losses, given.targets, given.runs, given.weights)
