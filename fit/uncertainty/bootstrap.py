"""Bootstrap by run: points of one run share its trunk, so runs are drawn, never rows; every draw is fitted anew."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from contracts.errors import ConfigError
from fit.estimate.estimate import problem_of, usable
from fit.estimate.fitted import Fit, TargetFit
from fit.estimate.solver import minimise
from fit.estimate.stored import LARGEST, check
from fit.points import Array, Inputs, Points
from fit.uncertainty.sandwich import linear_fit

STARTS = 2
"""Starts of its own that each draw has, beside the optimum of all points. From the best two of a grid of starts every
draw of 1,000 reached what six starts reached."""
ENOUGH = 4
"""Runs for each parameter from which runs are drawn with replacement. With fewer, draws could lack what tells
parameters apart; runs then get exponential weights, with the same mean and variance as counts of draws."""
MOST = 100_000
"""Resamplings at most: ends of a 95 % interval are then known to a hundredth of a standard error."""
MOST_WEIGHTS = 30_000_000
"""Resamplings times points at most: their weights are held about six times, which is 1.5 GB."""
DIGITS = 9
"""Significant digits of recorded parameters."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Refits to B resamplings of the runs; draw b of every target is of the same resampling."""

    fit: Fit
    thetas: dict[str, Array]
    """For each target (B, P) parameters in internal units."""
    seed: int
    replace: bool
    """Runs were drawn with replacement; otherwise they have exponential weights."""
    covariance: dict[str, Array] = field(default_factory=dict)
    """For each target (P, P) by linearisation, with which few runs, of which draws are too much alike, are told."""

    @property
    def count(self) -> int:
        """Number of draws B."""
        return len(next(iter(self.thetas.values())))

    def predict(self, inputs: Inputs) -> Array:
        """(B, R, T) losses at R places."""
        found = [target.predict(inputs, self.thetas[name]) for name, target in self.fit.targets.items()]
        return np.stack(found, axis=2)

    def natural(self, target: str) -> dict[str, Array]:
        """The law's own symbols to (B,) values in natural units."""
        return self.fit.targets[target].law.natural(self.thetas[target])

    def interval(self, target: str, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Percentile intervals of the natural parameters of a target.

        They are what papers report. With few points they are too narrow: see `fit.uncertainty.intervals`.
        """
        return {symbol: percentile(values, level) for symbol, values in self.natural(target).items()}

    def record(self) -> dict[str, Any]:
        """As JSON takes it; `restore` is the way back."""
        return {
            "count": self.count,
            "seed": self.seed,
            "replace": self.replace,
            "thetas": {name: _digits(draws) for name, draws in self.thetas.items()},
            "covariance": {name: _digits(found) for name, found in self.covariance.items()},
        }


def _digits(rows: Array) -> list[list[float]]:
    return [[float(f"{value:.{DIGITS}g}") for value in row] for row in rows.tolist()]


def restore(record: dict[str, Any], fit: Fit, where: str = "fit") -> Bootstrap:
    """A bootstrap out of its JSON.

    Args:
        record: what `Bootstrap.record` gave.
        fit: the fit that it is of.
        where: what to call it in messages.

    Raises:
        ConfigError: it is not of this fit.
    """
    head = check(_Head, record, f"{where}, bootstrap", "bootstrap")
    thetas, covariance = {}, {}
    for name, target in fit.targets.items():
        size = target.law.size
        thetas[name] = _matrix(head.thetas, name, (head.count, size), f"{where}: bootstrap.thetas.{name}")
        if np.abs(thetas[name]).max() > LARGEST:
            raise ConfigError(f"{where}: damaged bootstrap.thetas.{name}: beyond {LARGEST:g}; fit again")
        if name in head.covariance:
            covariance[name] = _matrix(head.covariance, name, (size, size), f"{where}: bootstrap.covariance.{name}")
    return Bootstrap(fit, thetas, head.seed, head.replace, covariance)


def _matrix(found: dict[str, Any], name: str, shape: tuple[int, int], key: str) -> Array:
    """Rows of numbers, finite and of a shape."""
    cure = "fit again with --bootstrap"
    try:
        made = np.array(found.get(name))
    except ValueError as error:  # rows of different lengths
        raise ConfigError(f"{key}: damaged bootstrap ({error}); {cure}") from error
    if made.dtype.kind not in "fiu" or not np.isfinite(made).all():
        raise ConfigError(f"{key}: damaged bootstrap: not finite numbers; {cure}")
    if made.shape != shape:
        raise ConfigError(f"{key}: not of this law: its shape is {made.shape}, expected {shape}; {cure}")
    return made.astype(float)


class _Head(BaseModel):
    """Entries of a recorded bootstrap; matrices are checked by themselves, which is faster."""

    model_config = ConfigDict(extra="ignore", strict=True)

    count: int = Field(ge=1, le=MOST)
    seed: int = Field(ge=0)
    replace: bool
    thetas: dict[str, Any]
    covariance: dict[str, Any]


def percentile(values: Array, level: float) -> tuple[float, float]:
    """The middle part of draws."""
    low, high = np.percentile(values, [50 - 50 * level, 50 + 50 * level])
    return float(low), float(high)


def bootstrap(fit: Fit, points: Points, count: int = 200, seed: int = 0) -> Bootstrap:
    """Refit every target to resamplings of the runs.

    Deterministic: the same seed gives the same draws. With loss l1 a draw is fitted by Huber's loss with delta 1e-5,
    whose objective lies within a part in 10^4 of the exact one.

    Args:
        fit: of these points.
        points: what it was fitted to.
        count: number of resamplings.
        seed: of the resampling.

    Raises:
        ConfigError: count is no positive number, or larger than memory holds.
        StageError: the points are too few for the law.
    """
    check_count(count, len(points))
    names, index = np.unique(points.runs, return_inverse=True)
    # a target that few of the runs measured could lose all of these
    replace = all(_runs_of(points, target) >= ENOUGH * target.law.size for target in fit.targets.values())
    drawn = resample(len(names), count, replace, np.random.default_rng(seed))[:, index]
    thetas = {name: _refit(target, points, drawn, seed) for name, target in fit.targets.items()}
    covariance = {name: linear_fit(target, points)[1].covariance for name, target in fit.targets.items()}
    return Bootstrap(fit, thetas, seed, replace, covariance)


def check_count(count: int, rows: int = 1) -> None:
    """Refuse numbers of resamplings that cannot be.

    Args:
        count: of resamplings.
        rows: points of the table.

    Raises:
        ConfigError: it is not in 1..MOST, or too large for so many points.
    """
    most = min(MOST, MOST_WEIGHTS // max(1, rows))
    if not 1 <= count <= most:
        for_points = f" for {rows:,} points" if most < MOST else ""
        raise ConfigError(f"--bootstrap {count}: allowed are 1 to {most:,} resamplings{for_points}, such as 200")


def _runs_of(points: Points, target: TargetFit) -> int:
    """How many runs a target was fitted to."""
    return len(np.unique(points.runs[_rows_of(points, target)]))


def resample(runs: int, count: int, replace: bool, rng: np.random.Generator) -> Array:
    """(B, runs) weights of runs, each row of mean 1."""
    if replace:
        return rng.multinomial(runs, np.full(runs, 1 / runs), size=count).astype(float)
    weights = rng.standard_exponential((count, runs))
    made: Array = weights / weights.mean(axis=1, keepdims=True)
    return made


def _refit(target: TargetFit, points: Points, drawn: Array, seed: int) -> Array:
    """(B, P) optima for the rows' weights (B, R) of each draw."""
    kept, law, _ = usable(points, target.target, target.law.name)
    rows = _rows_of(points, target)
    weights = drawn[:, rows] * kept.weights
    problem = problem_of(kept, target.target, law, target.loss)
    rng = np.random.default_rng([seed, *target.target.encode()])
    own = law.starts(problem.features, problem.log_loss, weights, STARTS, rng)
    optimum = np.broadcast_to(target.theta, (len(weights), 1, law.size))
    starts = np.concatenate([optimum, own], axis=1)
    each = starts.shape[1]
    found, value = minimise(problem, starts.reshape(-1, law.size), np.repeat(weights, each, axis=0), polish=False)
    best = value.reshape(-1, each).argmin(axis=1)
    return np.asarray(found.reshape(-1, each, law.size)[np.arange(len(weights)), best])


def _rows_of(points: Points, target: TargetFit) -> Array:
    """Numbers of the rows that `usable` keeps."""
    rows = np.flatnonzero(np.isfinite(points.loss(target.target)))
    covered = target.law.covers(points.inputs.take(rows))
    return np.asarray(rows[covered])
