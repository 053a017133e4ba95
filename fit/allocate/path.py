"""The optimum along sizes and budgets, and what changes its rank on the way. Pure."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from fit.allocate.baselines import uniform
from fit.allocate.place import Place, Ranges, place_of
from fit.allocate.program import Program
from fit.allocate.solve import Optimum, again
from fit.points import Array

POINTS = 6
"""Places on a path."""
SHARE = 0.01
"""Difference of shares from which one language has more than another."""
RELATIVE = 1e-3
"""Difference of objectives, relative, from which one mixture is better than another."""
MOST = 6
"""Reversals that are told, the largest first."""


@dataclass(frozen=True, slots=True)
class Path:
    """Optima from small to large."""

    programs: list[Program]
    optima: list[Optimum]


def places(place: Place, ranges: Ranges, reach: float) -> list[Place]:
    """Places from the smallest that was measured to the one that is asked for."""
    if place.free and place.flops is not None:
        least = max(ranges["flops"][0], place.factor * place.low[0] * place.low[1] * 1.01)
        budgets = np.geomspace(min(least, 0.5 * place.flops), place.flops, POINTS)
        return [
            place_of(ranges, n=None, d=None, flops=float(c), factor=place.factor, reach=reach)
            for c in budgets
            if c > place.factor * place.low[0] * place.low[1]
        ]
    first = [ranges[name][0] if name in ranges else value / 100 for name, value in (("n", place.n), ("d", place.d))]
    n = np.geomspace(first[0], place.n, POINTS)
    d = np.geomspace(first[1], place.d, POINTS)
    return [replace(place, n=float(a), d=float(b)) for a, b in zip(n, d, strict=True)]


def walk(programs: list[Program], best: Optimum) -> Path:
    """Optima at places, each from the one before."""
    optima = []
    for number, program in enumerate(reversed(programs)):
        best = again(program, best, seed=number)
        optima.append(best)
    return Path(programs, optima[::-1])


def at(program: Program, place: Place) -> Program:
    """The program at another place, with the uniform mixture there as the reference."""
    moved = replace(program, place=place)
    return referenced(moved)


def referenced(program: Program) -> Program:
    """The program with the losses of the uniform mixture at its best size as the reference."""
    shares = uniform(program.bounds)
    n, d = best_size(program, shares)
    return replace(program, reference=program.surface.logs(shares[None], n, d)[0], reference_at=(shares, n, d))


def best_size(program: Program, shares: Array) -> tuple[float, float]:
    """The size and tokens at which a mixture has the lowest objective within the budget.

    Repetition caps are left aside: they are the allocation's, not the baseline's.
    """
    if not program.place.free:
        return program.place.n, program.place.d
    low, high = program.place.grid()[[0, -1], 0]
    for _ in range(4):
        n = np.geomspace(low, high, 33)
        d = program.place.product / n
        logs = program.surface.logs(np.tile(shares, (len(n), 1)), n, d)
        index = int(program.score(logs).argmin())
        low, high = n[max(0, index - 1)], n[min(len(n) - 1, index + 1)]
    return float(n[index]), float(d[index])


def reversals(path: Path, mixtures: dict[str, Array]) -> list[str]:
    """Languages whose order changes along a path, and mixtures that win at one end and lose at another."""
    return [*_languages(path), *_mixtures(path, mixtures)]


def _where(optimum: Optimum) -> str:
    return f"N = {optimum.n:.3g}, D = {optimum.d:.3g}"


def _languages(path: Path) -> list[str]:
    names = path.programs[0].bounds.names
    shares = np.stack([one.shares for one in path.optima])
    found: list[tuple[float, str]] = []
    for i, j in combinations(range(len(names)), 2):
        more = shares[:, i] - shares[:, j]
        most, least = int(more.argmax()), int(more.argmin())
        if more[most] > SHARE and more[least] < -SHARE:
            text = (
                f"rank reversal: {names[i]} gets more tokens than {names[j]} at {_where(path.optima[most])}, fewer at "
                f"{_where(path.optima[least])}"
            )
            found.append((float(more[most] - more[least]), text))
    return [text for _, text in sorted(found, reverse=True)[:MOST]]


def _mixtures(path: Path, mixtures: dict[str, Array]) -> list[str]:
    candidates = {
        f"best at {_where(path.optima[0])}": path.optima[0].shares,
        f"best at {_where(path.optima[-1])}": path.optima[-1].shares,
    } | mixtures
    table = np.stack([_scores(program, list(candidates.values())) for program in path.programs])
    found: list[tuple[float, str]] = []
    for (i, a), (j, b) in combinations(enumerate(candidates), 2):
        better = table[:, j] - table[:, i]  # above 0: a is better
        most, least = int(better.argmax()), int(better.argmin())
        if better[most] > RELATIVE and better[least] < -RELATIVE:
            text = (
                f"rank reversal: the mixture ({a}) beats ({b}) at {_where(path.optima[most])} and loses to it at "
                f"{_where(path.optima[least])}"
            )
            found.append((float(better[most] - better[least]), text))
    return [text for _, text in sorted(found, reverse=True)[:MOST]]


def _scores(program: Program, mixtures: list[Array]) -> Array:
    """Objectives of mixtures, each at its best size, as relative losses."""
    found = []
    for shares in mixtures:
        n, d = best_size(program, shares)
        found.append(float(program.score(program.surface.logs(shares[None], n, d))[0]))
    values = np.array(found)
    return values if program.goal.units == "log" else np.log(values)
