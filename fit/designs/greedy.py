"""Chooses runs one after the other: each lowers the criterion most for its cost, given those before. Pure.

Measurements are linearised at the fit. One more row of derivatives J with noise V takes C J' (J C J' + V)^-1 J C from
the covariance C, so what a run is worth is exact for the linearised law, and can never be negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contracts.errors import StageError
from fit.designs.candidates import Candidate, points_of
from fit.designs.criterion import Criterion
from fit.estimate.fitted import Fit, TargetFit
from fit.points import Array, Points
from fit.uncertainty.noise import Noise
from fit.uncertainty.sandwich import Linear, linear_fit

VAGUE = 2.0
"""Standard deviation, in internal units where 1 is a factor of e, of what the points do not determine at all."""
HELD = 1e-9
"""How near to its bound, in internal units, a parameter stands at it."""
EXPONENTS = (1.0, 0.75, 0.5, 0.25, 0.0)
"""Powers of the cost that a gain is divided by in turn. With a limit on runs and one on compute, neither the best for
its cost nor the best outright makes the most of both."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One proposed run."""

    run: Candidate
    before: float
    """The criterion without it, given the runs proposed before it."""
    after: float

    @property
    def reduction(self) -> float:
        """By how much the run lowers the criterion, as a fraction."""
        return 1 - self.after / self.before if self.before > 0 else 0.0


@dataclass
class _Target:
    """One target while runs are chosen."""

    covariance: Array
    form: Array
    slopes: Array
    """(M, P) derivatives at all points of all candidates."""
    noise: Noise


@dataclass
class State:
    """What is known after some runs."""

    targets: list[_Target]
    first: NDArray
    """(C,) the first point of each candidate."""
    sizes: NDArray
    """(C,) how many points it has."""

    @property
    def value(self) -> float:
        """The criterion."""
        return float(sum(np.einsum("pq,qp->", target.form, target.covariance) for target in self.targets))

    def gains(self) -> Array:
        """(C,) by how much each candidate lowers the criterion."""
        total = np.zeros(len(self.first))
        for size in np.unique(self.sizes):
            index = np.flatnonzero(self.sizes == size)
            rows = self.first[index, None] + np.arange(size)
            for target in self.targets:
                total[index] += _gain(target, target.slopes[rows])
        return total

    def add(self, index: int) -> None:
        """Count a candidate as done."""
        rows = slice(self.first[index], self.first[index] + self.sizes[index])
        for target in self.targets:
            slopes = target.slopes[rows]
            known = target.covariance @ slopes.T
            target.covariance = target.covariance - known @ np.linalg.solve(
                slopes @ known + _errors(target.noise, len(slopes)), known.T
            )


def _errors(noise: Noise, size: int) -> Array:
    """Covariance of the points of one run."""
    return noise.sigma**2 * (noise.shared + (1 - noise.shared) * np.eye(size))


def _gain(target: _Target, slopes: Array) -> Array:
    """(C,) reductions by candidates with derivatives (C, m, P)."""
    known = slopes @ target.covariance
    inner = known @ slopes.transpose(0, 2, 1) + _errors(target.noise, slopes.shape[1])
    weighed = known @ target.form @ known.transpose(0, 2, 1)
    return np.asarray(np.trace(np.linalg.solve(inner, weighed), axis1=1, axis2=2))


def state(fit: Fit, points: Points, wanted: Criterion, runs: Sequence[Candidate], unique: Array) -> State:
    """What the points tell, and what candidates would.

    Args:
        fit: of the points.
        points: what was measured.
        wanted: what is to become small.
        runs: the candidates.
        unique: (K,) unique tokens that there are.
    """
    inputs, which = points_of(runs, fit.components, unique)
    targets = []
    for name, form in wanted.forms.items():
        target = fit.targets[name]
        noise, linear = linear_fit(target, points)
        slopes = target.law.evaluate(target.theta[None], target.law.features(inputs))[1]
        assert slopes is not None
        targets.append(_Target(_known(target, linear), form, slopes[0], noise))
    sizes = np.bincount(which, minlength=len(runs))
    return State(targets, np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)


def _known(target: TargetFit, linear: Linear) -> Array:
    """(P, P) covariance of the parameters, vague along what the points leave open.

    A parameter at its bound, such as that of a term which the fit found absent, is held there: the points speak for
    the bound, and runs that would only move it cannot make the optimum surer.
    """
    low, high = target.law.bounds
    free = (target.theta > low + HELD) & (target.theta < high - HELD)
    found = linear.covariance + VAGUE**2 * linear.flat @ linear.flat.T
    # flat directions are those of held parameters and, apart from these, others: no row belongs to both
    return np.where(free[:, None] & free[None, :], found, 0.0)


def choose(start: State, runs: Sequence[Candidate], count: int, budget: float | None = None) -> list[Choice]:
    """A batch of runs.

    Args:
        start: what is known; it is left as it is.
        runs: the candidates.
        count: runs at most.
        budget: operations at most for all; None: no limit, each run is the best for its cost.

    Raises:
        StageError: the budget is too small for any run.
    """
    costs = np.array([run.flops for run in runs])
    if budget is not None and not (costs <= budget).any():
        raise StageError(
            f"--budget {budget:.4g}: the cheapest run that could be proposed takes {costs.min():.4g} operations; give "
            "more, or smaller --sizes or --tokens"
        )
    tries = [_greedy(start, runs, costs, count, budget, power) for power in (EXPONENTS if budget else (1.0,))]
    return min(tries, key=lambda chosen: chosen[-1].after if chosen else np.inf)


def _greedy(
    start: State, runs: Sequence[Candidate], costs: Array, count: int, budget: float | None, power: float
) -> list[Choice]:
    now = State([_Target(t.covariance, t.form, t.slopes, t.noise) for t in start.targets], start.first, start.sizes)
    left, done, chosen = np.inf if budget is None else budget, np.zeros(len(runs), bool), []
    for _ in range(count):
        open_ = ~done & (costs <= left)
        if not open_.any():
            break
        before = now.value
        index = int(np.where(open_, now.gains() / costs**power, -np.inf).argmax())
        now.add(index)
        done[index] = True
        left -= costs[index]
        chosen.append(Choice(runs[index], before, now.value))
    return chosen
