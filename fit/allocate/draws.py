"""Predictors that are as likely as the fit: draws of its bootstrap, or the laws of an average. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from fit.allocate.program import Program
from fit.allocate.solve import Optimum, again
from fit.allocate.sound import seeing
from fit.points import Array
from fit.predictor import Predictor
from fit.uncertainty.bootstrap import Bootstrap

LEVEL = 0.95
"""Part of the draws that intervals hold."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """B optima, and what each draw predicts for given mixtures."""

    kind: Literal["bootstrap", "laws"]
    programs: list[Program]
    optima: list[Optimum]

    def shares(self) -> Array:
        """(B, K) optimal shares."""
        return np.stack([one.shares for one in self.optima])

    def logs(self, shares: Array, n: float, d: float) -> Array:
        """(B, T) log losses of a mixture."""
        return np.stack([program.surface.logs(shares[None], n, d)[0] for program in self.programs])

    def scores(self, shares: Array, n: float, d: float) -> Array:
        """(B,) objectives of a mixture, without the prior."""
        return np.array([float(p.score(p.surface.logs(shares[None], n, d))[0]) for p in self.programs])


def predictors(
    draws: Bootstrap | Sequence[Predictor] | None, predictor: Predictor, count: int | None = None
) -> list[Predictor]:
    """One predictor a draw.

    Args:
        draws: what there is; None: the laws of an average if the predictor is one.
        predictor: that the draws are of.
        count: how many of a bootstrap's are taken at most.
    """
    if draws is None:
        return seeing(predictor)
    if isinstance(draws, Bootstrap):
        targets = draws.fit.targets
        return [
            replace(draws.fit, targets={t: replace(fit, theta=draws.thetas[t][b]) for t, fit in targets.items()})
            for b in range(draws.count if count is None else min(count, draws.count))
        ]
    return list(draws)


def reoptimise(
    program: Program, best: Optimum, found: Sequence[Predictor], kind: Literal["bootstrap", "laws"]
) -> Drawn | None:
    """The optimum under each draw; None without draws."""
    if not found:
        return None
    programs = [under(program, predictor) for predictor in found]
    return Drawn(kind, programs, [again(one, best, seed=index) for index, one in enumerate(programs)])


def under(program: Program, predictor: Predictor) -> Program:
    """The same program if another predictor is right; the uniform mixture's losses are those that it predicts."""
    surface = replace(program.surface, predictor=predictor)
    shares, n, d = program.reference_at
    return replace(program, surface=surface, reference=surface.logs(shares[None], n, d)[0])


def interval(values: Array, level: float = LEVEL) -> tuple[float, float]:
    """The middle part of draws."""
    low, high = np.percentile(values, [50 - 50 * level, 50 + 50 * level])
    return float(low), float(high)


def gain(units: str, ours: Array | float, theirs: Array | float) -> Array:
    """By how much of its value one objective is below another, as a fraction.

    Of log losses the value is the loss, so differences of logarithms are ratios of losses.
    """
    found = -np.expm1(np.minimum(np.subtract(ours, theirs), 300.0)) if units == "log" else 1 - np.divide(ours, theirs)
    return np.asarray(found, float) + 0.0  # no -0
