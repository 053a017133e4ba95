"""Runs that could be done: sizes x budgets x mixtures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fit.allocate import simplex
from fit.points import FLOPS_PER_PARAMETER_AND_TOKEN, Array, Inputs

AROUND = (0.3, 0.6)
"""How far mixtures around the optimum go from it towards random ones."""
SAME = 0.01
"""Difference of two mixtures, half the sum of absolute differences, below which they count as one."""
LEAST = 0.005
"""Shares below this are left out of a proposed mixture: they would be a few documents of a small run."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One run."""

    rung: str
    n: float
    tokens: tuple[int, ...]
    """Where it is measured, ascending; it costs the last one."""
    shares: tuple[float, ...]
    """By component."""
    label: str = ""
    """Where the mixture comes from."""

    @property
    def flops(self) -> float:
        """Operations: 6 N D of its longest point. Decayed branches of the others are left out."""
        return FLOPS_PER_PARAMETER_AND_TOKEN * self.n * self.tokens[-1]


def candidates(
    sizes: dict[str, float], budgets: Sequence[int], mixtures: Sequence[tuple[str, Array]], nested: bool = True
) -> list[Candidate]:
    """Every size with every budget and mixture.

    Args:
        sizes: names of sizes to parameters N.
        budgets: tokens, ascending.
        mixtures: labels and shares.
        nested: a run is measured at all smaller budgets too, which is nearly free; otherwise only at its end.
    """
    return [
        Candidate(rung, n, tuple(budgets[: last + 1]) if nested else (budgets[last],), _rounded(shares), label)
        for rung, n in sizes.items()
        for last in range(len(budgets))
        for label, shares in mixtures
    ]


def _rounded(shares: Array) -> tuple[float, ...]:
    if not len(shares):
        return ()
    kept = np.where(shares < LEAST, 0.0, shares)
    kept = kept / kept.sum()
    return tuple(simplex.rounded(kept, np.zeros(len(kept)), np.ones(len(kept)), 4))


def mixtures_around(optimum: Array | None, components: int, count: int, seed: int = 0) -> list[tuple[str, Array]]:
    """The optimum, mixtures around it, corners, equal shares and random ones; near ones count once.

    Args:
        optimum: (K,) shares; None: it is not known.
        components: K.
        count: random mixtures, and as many around the optimum.
        seed: of both.
    """
    if components == 0:
        return [("", np.zeros(0))]
    rng = np.random.default_rng(seed)
    even = np.full(components, 1 / components)
    found: list[tuple[str, Array]] = [] if optimum is None else [("optimum", optimum)]
    found.append(("uniform", even))
    found += [("corner", corner) for corner in np.eye(components)] if components > 1 else []
    drawn = rng.dirichlet(np.ones(components), count)
    if optimum is not None:
        found += [("around", (1 - a) * optimum + a * one) for one in drawn for a in AROUND]
    found += [("random", one) for one in rng.dirichlet(np.ones(components), count)]
    return distinct(found)


def distinct(mixtures: list[tuple[str, Array]]) -> list[tuple[str, Array]]:
    """Without those that are nearly equal to an earlier one."""
    kept: list[tuple[str, Array]] = []
    for label, shares in mixtures:
        if all(0.5 * np.abs(shares - other).sum() >= SAME for _, other in kept):
            kept.append((label, shares))
    return kept


def points_of(
    runs: Sequence[Candidate], components: tuple[str, ...], unique: Array
) -> tuple[Inputs, NDArray[np.int64]]:
    """All points of the runs as places, and which run each is of.

    Args:
        runs: any.
        components: K names.
        unique: (K,) unique tokens that there are.
    """
    which = np.repeat(np.arange(len(runs)), [len(run.tokens) for run in runs])
    shares = np.array([run.shares for run in runs], float).reshape(len(runs), len(components))[which]
    inputs = Inputs(
        n=np.array([run.n for run in runs], float)[which],
        d=np.concatenate([np.array(run.tokens, float) for run in runs]) if runs else np.zeros(0),
        shares=shares,
        unique=np.broadcast_to(unique, shares.shape),
        components=components,
    )
    return inputs, which
