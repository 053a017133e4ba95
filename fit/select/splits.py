"""Ways to hold points out: the largest sizes, the largest budgets, mixtures, and one size after the other. Pure.

Points of one run are not independent, so they stand on one side of a split; only a split by tokens divides runs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.errors import ConfigError, StageError
from fit.laws.law import VARIES
from fit.points import Array, Points

FOLDS = 5
"""Folds of mixtures by default."""
SAME = 0.01
"""Largest difference of a share between mixtures that count as one: the realised shares of runs on one mixture differ
by less, unless they have fewer than some hundred sequences."""
DOUBLING = 0.5
"""Points with more than this share of the most tokens are left out together: the last doubling."""
ROUNDING = 1.001
"""Room for realised tokens, which are not quite a power of two times each other."""

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Split:
    """Points to fit and points to score."""

    name: str
    """Unique, such as rollout:2."""
    kind: str
    """Name of the way to split."""
    train: Index
    test: Index
    apart: bool
    """No run has points on both sides."""
    about: str = ""
    """What is held out."""


def levels(values: Array) -> Index:
    """(R,) number of the scale that each value belongs to, from 0 for the smallest; equal to 2 % is one scale."""
    order = np.argsort(values, kind="stable")
    ordered = np.asarray(values, float)[order]
    steps = np.concatenate([[0], np.cumsum(ordered[1:] / ordered[:-1] > VARIES)]) if len(values) else np.zeros(0)
    found = np.empty(len(values), np.int64)
    found[order] = steps
    return found


def mixtures(points: Points) -> Index:
    """(R,) number of the mixture that each point's run was trained on.

    Shares are those of the run, the mean over its points; runs whose shares are the same to one point in a hundred
    have one mixture.
    """
    names, inverse = np.unique(points.runs, return_inverse=True)
    counts = np.bincount(inverse)
    shares = np.zeros((len(names), points.inputs.shares.shape[1]))
    np.add.at(shares, inverse, points.inputs.shares)
    shares /= counts[:, None]
    label = _grouped(shares)
    return label[inverse]


def _grouped(shares: Array) -> Index:
    """(R,) numbers of groups: a row that is in none yet leads one, of all that lie within `SAME` and are in none.

    Chains are not groups: of mixtures in steps of one in a hundred the first and the last are two.
    """
    if not shares.size:
        return np.zeros(len(shares), np.int64)
    from scipy.spatial import KDTree  # thousands of mixtures: comparing each with each would take minutes

    tree = KDTree(shares)
    label = np.full(len(shares), -1, np.int64)
    count = 0
    for row in range(len(shares)):
        if label[row] < 0:
            near = np.array(tree.query_ball_point(shares[row], SAME, p=np.inf), np.int64)
            label[near[label[near] < 0]] = count
            label[row] = count
            count += 1
    return label


def largest_n(points: Points, folds: int = FOLDS, seed: int = 0) -> list[Split]:
    """One split: the largest size is held out."""
    return [_last(rollout(points)[-1], "largest-n")]


def rollout(points: Points, folds: int = FOLDS, seed: int = 0) -> list[Split]:
    """As many splits as there are sizes beyond the second: all up to a size are fitted, the next is held out.

    Raises:
        StageError: fewer than three sizes.
    """
    level = levels(points.inputs.n)
    count = int(level.max(initial=-1)) + 1
    if count < 3:
        raise StageError(
            f"{count} model size(s): holding one out takes at least 3, since a law needs two to tell how N counts"
        )
    found = []
    for held in range(2, count):
        size = np.exp(np.log(points.inputs.n[level == held]).mean())
        found.append(_split(points, f"rollout:{held - 1}", "rollout", level < held, level == held, f"N = {size:.3g}"))
    return found


def largest_d(points: Points, folds: int = FOLDS, seed: int = 0) -> list[Split]:
    """One split: the last doubling of the tokens is held out. Runs with points on both sides are divided.

    Raises:
        StageError: there is one budget only.
    """
    d = points.inputs.d
    held = d > DOUBLING * d.max() * ROUNDING
    if held.all():
        raise StageError("the numbers of tokens differ by less than a factor of 2: none can be held out as larger")
    index = np.arange(len(points))
    both = np.intersect1d(points.runs[held], points.runs[~held])
    about = f"D > {DOUBLING * d.max():.3g}" + (f"; {len(both)} runs have points on both sides" if len(both) else "")
    return [Split("largest-d", "largest-d", index[~held], index[held], not len(both), about)]


def by_mixture(points: Points, folds: int = FOLDS, seed: int = 0) -> list[Split]:
    """Folds of mixtures, in an order drawn by the seed.

    Raises:
        StageError: there is one mixture only.
    """
    label = mixtures(points)
    count = int(label.max(initial=-1)) + 1
    if count < 2:
        raise StageError(f"{count} mixture(s): none can be held out")
    folds = min(folds, count)
    fold = np.empty(count, np.int64)
    fold[np.random.default_rng(seed).permutation(count)] = np.arange(count) % folds
    return [
        _split(points, f"mixtures:{number + 1}", "mixtures", fold[label] != number, fold[label] == number,
               f"{int((fold == number).sum())} of {count} mixtures")
        for number in range(folds)
    ]  # fmt: skip


SPLITS: dict[str, Callable[[Points, int, int], list[Split]]] = {
    "largest-n": largest_n,
    "largest-d": largest_d,
    "mixtures": by_mixture,
    "rollout": rollout,
}
"""Ways to split by name."""


def splits_of(
    points: Points, names: Sequence[str], folds: int = FOLDS, seed: int = 0
) -> tuple[list[Split], dict[str, str]]:
    """All splits of several kinds, and for kinds that the points do not allow, why.

    Raises:
        ConfigError: there is no such way to split.
        StageError: the points allow none of them.
    """
    found: list[Split] = []
    refused: dict[str, str] = {}
    for name in names:
        if name not in SPLITS:
            raise ConfigError(f"--splits {name}: there is no such split. Allowed are {', '.join(SPLITS)}")
        try:
            found += SPLITS[name](points, folds, seed)
        except StageError as error:
            refused[name] = str(error)
    if not found:
        raise StageError("nothing can be held out. " + "; ".join(f"{name}: {why}" for name, why in refused.items()))
    return found, refused


def _split(points: Points, name: str, kind: str, train: NDArray, test: NDArray, about: str) -> Split:
    """A split in which runs that have a point to score have none to fit."""
    index = np.arange(len(points))
    kept = train & ~np.isin(points.runs, points.runs[test])
    return Split(name, kind, index[kept], index[test], True, about)


def _last(split: Split, name: str) -> Split:
    return Split(name, name, split.train, split.test, split.apart, split.about)
