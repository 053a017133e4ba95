"""The best mixture from many starts, and what speaks for its being the best everywhere. Pure."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from contracts.errors import StageError
from fit.allocate import simplex
from fit.allocate.goal import Goal
from fit.allocate.optimality import Multipliers, multipliers
from fit.allocate.program import Program
from fit.allocate.surface import Slopes
from fit.allocate.ties import APART, PULLS, Ties
from fit.points import Array

STARTS = 24
"""Starts of the descent at least: the corners, even mixtures, and the best of a random search."""
SEARCH = 1024
"""Random mixtures that are tried before, and as many after, around the result."""
SAME = 1e-6
"""Difference of objectives (of log losses: a part in a million) within which starts have found the same optimum."""
INNER = 0.94
"""Share of one component in a start near a corner."""
ALLOWED = 1e-8
"""How far beyond the guard, in log loss, a result may lie."""
STEPS = 200
"""Iterations of a descent at most."""
RADII = (0.3, 0.1, 0.03, 0.01)
"""Sizes of random moves away from the result."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best mixture that was found."""

    shares: Array
    n: float
    d: float
    value: float
    """The objective, prior included."""
    logs: Array
    """(T,) log losses."""
    starts: int = 0
    reached: float = 0.0
    """Share of the starts that came as low as the best one."""
    distance: float = 0.0
    """The largest part of the tokens in which mixtures that are as good differ from this one."""
    span: tuple[Array, Array] | None = None
    """(K,) least and largest shares among them; None where the optimum is not flat."""
    equal: float = 0.0
    """Share of the mixtures tried anywhere, those nearby apart, that are as good; 1: any mixture is."""
    searched: int = 0
    """Mixtures that were tried at random."""
    gap: float = 0.0
    """By how much the best of these is worse; negative: better."""
    multipliers: Multipliers = field(default_factory=Multipliers)

    @property
    def flat(self) -> bool:
        """Whether starts ended in mixtures that differ much and are as good, so that none is the optimum."""
        return self.span is not None


@dataclass(frozen=True, slots=True)
class Search:
    """Random mixtures at a size and tokens, anywhere first, then near the result."""

    shares: Array
    values: Array
    """Objectives; inf beyond the guard."""


def solve(program: Program, starts: Array | None = None, count: int = STARTS, seed: int = 0) -> Optimum:
    """The global optimum, with what certifies it.

    Args:
        program: what to minimise.
        starts: (S, K) further mixtures to start from.
        count: starts at least.
        seed: of the random search.

    Raises:
        StageError: no mixture keeps the guard.
    """
    rng = np.random.default_rng(seed)
    chosen = _starts(program, starts, count, rng)
    found = [descend(program, *start) for start in chosen]
    best = min(found, key=lambda one: one.value)
    if not np.isfinite(best.value):
        raise _guard_error(program, seed)
    best, search = _search_around(program, best, rng)
    limit = best.value + SAME * (1 if program.goal.units == "log" else abs(best.value))
    low = [one for one in found if one.value <= limit]
    ties = Ties(np.stack([best.shares, *(one.shares for one in low)]))
    gap = float(search.values.min()) - best.value
    if flat := ties.distance(best.shares) > APART:
        ties = Ties(np.concatenate([ties.shares, search.shares[search.values <= limit]]))
        best = _settled(program, best, ties, limit)
    return replace(
        best,
        starts=len(found),
        reached=len(low) / len(found),
        distance=ties.distance(best.shares),
        span=ties.span if flat else None,
        equal=_equal(search, best.shares, limit),
        searched=len(search.values),
        gap=gap if np.isfinite(gap) else 0.0,
        multipliers=multipliers(program, best.shares, best.n, best.d),
    )


def _settled(program: Program, best: Optimum, ties: Ties, limit: float) -> Optimum:
    """Of optima that are as good and far apart the one nearest to the prior or the uniform mixture."""
    centre = simplex.nearest(program.centre[None], *program.box(best.d))[0]

    def allowed(shares: Array) -> bool:
        return _at(program, shares, best.n, best.d).value <= limit

    shares = ties.nearest(centre, _drawn(program, best, centre), allowed)
    return best if shares is None else _at(program, shares, best.n, best.d)


def _equal(search: Search, shares: Array, limit: float) -> float:
    away = 0.5 * np.abs(search.shares[:SEARCH] - shares).sum(axis=1) > APART
    return float((search.values[:SEARCH][away] <= limit).mean()) if away.any() else 0.0


def _drawn(program: Program, best: Optimum, centre: Array) -> list[Array]:
    """Optima that are drawn towards a mixture ever so little: along flat directions they go all the way."""
    unit = 1.0 if program.goal.units == "log" else abs(best.value)
    pulled = (replace(program, prior=centre, strength=program.strength + unit * pull) for pull in PULLS)
    return [descend(one, best.shares, best.n, best.d).shares for one in pulled]


def again(program: Program, near: Optimum, others: int = 2, seed: int = 0) -> Optimum:
    """The optimum of a program that differs little: from the other's, and from the best of some random mixtures."""
    rng = np.random.default_rng(seed)
    starts = [(near.shares, near.n, near.d), *_random_starts(program, others, SEARCH // 8, rng)]
    return min((descend(program, *start) for start in starts), key=lambda one: one.value)


def descend(program: Program, shares: Array, n: float, d: float) -> Optimum:
    """A local optimum, by sequential quadratic programming; its value is inf where it does not keep the guard."""
    shares, n, d = _inside(program, shares, n, d)
    start = program.pack(shares, n, d)
    steps = _Steps(program, start)
    low, high = program.limits()
    sums = np.concatenate([np.ones(program.size), np.zeros(program.variables - program.size)])
    constraints: list[dict[str, Any]] = [
        {"type": "eq", "fun": lambda x: x[: program.size].sum() - 1, "jac": lambda _: sums}
    ]
    if len(steps.rows(start)[0]):
        constraints.append({"type": "ineq", "fun": lambda x: steps.rows(x)[0], "jac": lambda x: steps.rows(x)[1]})
    with np.errstate(all="ignore"):
        found = minimize(
            steps.value,
            start,
            jac=steps.slope,
            method="SLSQP",
            bounds=list(zip(low, high, strict=True)),
            constraints=constraints,
            options={"maxiter": STEPS, "ftol": 1e-14},
        )
    ends = [start, found.x] if np.isfinite(found.x).all() else [start]
    return min((_at(program, *_inside(program, *program.unpack(x))) for x in ends), key=lambda one: one.value)


class _Steps:
    """Values and derivatives at the last vector asked for: a solver asks for each of them in turn.

    The objective is scaled so that it is of order one between a start and its neighbours.
    """

    def __init__(self, program: Program, start: Array) -> None:
        self.program, self.x = program, np.full_like(start, np.nan)
        self.found: Slopes
        _, slope = program.gradient(start, self._at(start))
        shares = slope[: program.size]
        spread = float(np.abs(shares - shares.mean()).max())
        self.scale = 1.0 if program.goal.kind == "worst" else 1 / np.clip(spread, 1e-6, 1e6)

    def _at(self, x: Array) -> Slopes:
        if not np.array_equal(x, self.x):
            self.x, self.found = x.copy(), self.program.slopes(x)
        return self.found

    def value(self, x: Array) -> float:
        """The objective, scaled."""
        return self.scale * self.program.gradient(x, self._at(x))[0]

    def slope(self, x: Array) -> Array:
        """Its derivatives."""
        return self.scale * self.program.gradient(x, self._at(x))[1]

    def rows(self, x: Array) -> tuple[Array, Array]:
        """Constraints and their derivatives."""
        _, values, slopes = self.program.rows(x, self._at(x))
        return values, slopes


def _inside(program: Program, shares: Array, n: float, d: float) -> tuple[Array, float, float]:
    """The nearest place that keeps bounds and budget."""
    if program.place.free:
        n = float(np.clip(n, program.place.low[0], program.place.high[0]))
        d = float(min(np.clip(d, program.place.low[1], program.most_tokens), program.place.product / n))
    low, high = program.box(d)
    return simplex.nearest(shares[None], low, high)[0], n, d


def _at(program: Program, shares: Array, n: float, d: float) -> Optimum:
    logs = program.surface.logs(shares[None], n, d)
    value = float(program.score(logs)[0] + program.pull(shares[None])[0])
    kept = program.excess(logs)[0] <= ALLOWED
    return Optimum(shares, n, d, value if kept else np.inf, logs[0])


def _starts(
    program: Program, given: Array | None, count: int, rng: np.random.Generator
) -> list[tuple[Array, float, float]]:
    size = program.size
    even = np.full((1, size), 1 / size)
    corners = INNER * np.eye(size) + (1 - INNER) * even
    listed = np.concatenate([corners, even, *([] if given is None else [given])])
    chosen = _best_sizes(program, listed)[0]
    return chosen + _random_starts(program, max(6, count - len(chosen)), SEARCH, rng)


def _random_starts(
    program: Program, count: int, tried: int, rng: np.random.Generator
) -> list[tuple[Array, float, float]]:
    """Half of them the best of the random mixtures, half of them as they came."""
    low, high = program.bounds.low, program.bounds.high
    places, value = _best_sizes(program, simplex.random(tried, low, high, rng))
    order = np.argsort(value, kind="stable")
    best = [int(i) for i in order[: count - count // 2]]
    rest = [int(i) for i in np.sort(order[count - count // 2 :])[: count // 2]]
    return [places[i] for i in best + rest]


def _best_sizes(program: Program, shares: Array) -> tuple[list[tuple[Array, float, float]], Array]:
    """For each mixture its best size on a grid, bounds kept, and the objectives; what breaks the guard comes last."""
    places: list[list[tuple[Array, float, float]]] = []
    values = []
    for n, tokens in program.place.grid():
        d = float(min(tokens, program.most_tokens)) if program.place.free else float(tokens)
        inside = simplex.nearest(shares, *program.box(d))
        value, excess = program.objective(inside, n, d)
        values.append(value + 10 * np.maximum(excess, 0))
        places.append([(mixture, float(n), d) for mixture in inside])
    table = np.stack(values)
    which = table.argmin(axis=0)
    return [places[g][i] for i, g in enumerate(which)], table.min(axis=0)


def _search_around(program: Program, best: Optimum, rng: np.random.Generator) -> tuple[Optimum, Search]:
    """Random mixtures, anywhere and near the result, at its size and tokens: is one better?"""
    low, high = program.box(best.d)
    moves = rng.dirichlet(np.ones(program.size), SEARCH) - best.shares
    near = best.shares + np.resize(RADII, SEARCH)[:, None] * moves
    tried = np.concatenate([simplex.random(SEARCH, low, high, rng), simplex.nearest(near, low, high)])
    value, excess = program.objective(tried, best.n, best.d)
    value = np.where(excess <= 0, value, np.inf)
    if value.min() < best.value:
        better = descend(program, tried[value.argmin()], best.n, best.d)
        best = better if better.value < best.value else best
    return best, Search(tried, value)


def _guard_error(program: Program, seed: int) -> StageError:
    """Why no mixture keeps the guard: the least bad one."""
    least = solve(replace(program, goal=replace(program.goal, kind="worst", units="log", guard=None)), seed=seed)
    worse = (least.logs - program.reference)[program.counted]
    name = program.surface.predictor.names[int(program.counted[int(worse.argmax())])]
    goal: Goal = program.goal
    return StageError(
        f"--guard {goal.guard:g}: within the bounds every mixture makes some language worse than the uniform mixture "
        f"by more; the least bad one makes {name} worse by {100 * np.expm1(worse.max()):.3g} %. Give --guard "
        f"{max(0.0, float(np.expm1(worse.max()))) * 1.01 + 1e-6:.2g}, or loosen --min, --max or --max-epochs"
    )
