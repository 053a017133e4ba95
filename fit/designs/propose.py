"""Proposes the next runs for a fit: aim, candidates, choice. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from contracts.errors import ConfigError, StageError
from fit.allocate.allocate import Effort, allocate
from fit.allocate.constraints import Constraints
from fit.allocate.goal import Goal
from fit.designs.candidates import Candidate, candidates, mixtures_around
from fit.designs.criterion import Aim, Criterion, criterion
from fit.designs.greedy import Choice, choose, state
from fit.estimate.fitted import Fit
from fit.laws.registry import law_of
from fit.points import Array, Points

MIXTURES = 24
"""Random mixtures that are tried, and as many around the optimum."""
BUDGETS = 4
"""Numbers of tokens that are tried, between the least and the largest measured."""
ANYWHERE = 1e30
"""Reach of an aim: a scale far from everything measured is a reason for runs, not against them."""
SAME = 1.05
"""Ratio of sizes or tokens below which a run counts as one that has been done."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do next, and why."""

    aim: Aim
    kind: str
    """What is lowered: regret of the optimum, or variance of the loss."""
    choices: tuple[Choice, ...]
    tried: int
    """How many candidates there were."""
    before: float
    """The criterion with the points at hand."""
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def after(self) -> float:
        """The criterion with all proposed runs."""
        return self.choices[-1].after if self.choices else self.before


def propose(
    fit: Fit,
    points: Points,
    sizes: dict[str, float],
    *,
    count: int,
    n: float,
    d: float,
    goal: Goal | None = None,
    constraints: Constraints | None = None,
    budgets: Sequence[int] = (),
    budget: float | None = None,
    nested: bool = True,
    seed: int = 0,
) -> Proposal:
    """The next runs.

    Args:
        fit: of the points.
        points: what has been measured.
        sizes: names of sizes that can be trained, to parameters N.
        count: runs at most.
        n: size at which the optimum is wanted.
        d: tokens at which it is wanted.
        goal: what the optimum minimises.
        constraints: what the optimum must keep.
        budgets: tokens of runs, ascending; empty: between the least and the largest measured.
        budget: operations at most for all runs.
        nested: runs are measured at all smaller budgets too.
        seed: of random mixtures.

    Raises:
        ConfigError: nothing can be proposed with these options.
        StageError: the budget is too small for any run.
    """
    if count < 1 or not sizes:
        raise ConfigError("--k and --sizes: give at least one run and one size, such as --k 8 --sizes 0.1M=101808")
    aim = aim_of(fit, points, n, d, goal or Goal(), constraints, seed)
    wanted = criterion(fit, aim)
    steps = tuple(budgets) or spread_budgets(points)
    mixtures = mixtures_around(aim.shares if len(aim.shares) else None, len(aim.shares), MIXTURES, seed)
    if not law_of(fit.law).mixture:
        mixtures = mixtures[:1]
    runs = not_done(candidates(sizes, steps, mixtures, nested), points)
    if not runs:
        raise StageError("every run that could be proposed has been done; give more --sizes or --tokens")
    start = state(fit, points, wanted, runs, aim.unique)
    chosen = choose(start, runs, count, budget)
    return Proposal(aim, wanted.kind, tuple(chosen), len(runs), start.value, tuple(_notes(wanted, chosen, count)))


def aim_of(
    fit: Fit, points: Points, n: float, d: float, goal: Goal, constraints: Constraints | None = None, seed: int = 0
) -> Aim:
    """The optimum that the fit predicts at a scale."""
    unique = unique_of(points)
    if not law_of(fit.law).mixture:
        count = len(fit.components)
        return Aim(n, d, np.full(count, 1 / count) if count else np.zeros(0), unique, goal)
    given = constraints or Constraints()
    if given.unique is None and np.isfinite(unique).any():
        given = replace(given, unique=dict(zip(fit.components, unique.tolist(), strict=True)))
    best = allocate(fit, goal, given, n=n, d=d, allow_vertex=True, effort=Effort(seed=seed, reach=ANYWHERE)).best
    return Aim(n, d, best.shares, unique, goal)


def unique_of(points: Points) -> Array:
    """(K,) the most unique tokens of each component that a point had."""
    unique = points.inputs.unique
    found: Array = np.where(np.isfinite(unique), unique, np.inf).max(axis=0) if len(unique) else np.zeros(0)
    return found


def spread_budgets(points: Points) -> tuple[int, ...]:
    """Tokens between the least and the largest measured, equal in ratio."""
    d = points.inputs.d
    found = np.geomspace(d.min(), d.max(), BUDGETS)
    return tuple(dict.fromkeys(round(float(value)) for value in found))


def not_done(runs: Sequence[Candidate], points: Points) -> list[Candidate]:
    """Without runs that the points have already: same size, tokens and mixture."""
    inputs = points.inputs

    def done(run: Candidate) -> bool:
        near = (np.abs(np.log(inputs.n / run.n)) < np.log(SAME)) & (
            np.abs(np.log(inputs.d / run.tokens[-1])) < np.log(SAME)
        )
        apart = 0.5 * np.abs(inputs.shares - np.array(run.shares)).sum(axis=1)
        return bool((near & (apart < 0.01)).any())

    return [run for run in runs if not done(run)]


def _notes(wanted: Criterion, chosen: Sequence[Choice], count: int) -> list[str]:
    found = []
    if wanted.kind == "loss":
        found.append(
            "there is no mixture to choose at the optimum (one component, or a corner): the runs make the predicted "
            "loss surer instead"
        )
    if len(chosen) < count:
        found.append(f"the budget is used up by {len(chosen)} of {count} runs")
    return found
