"""The first runs, when nothing has been measured: a swarm of mixtures at several sizes. Pure."""

from collections.abc import Sequence

import numpy as np

from contracts.errors import ConfigError
from fit.designs.candidates import Candidate, candidates
from fit.points import Array

SWARM = 3
"""Mixtures for each component and one more: 3 (m + 1) suffice for a log-linear law (Olmix, arXiv 2602.12237)."""
POOL = 40
"""Random mixtures for each that is kept: those are taken that lie far from one another."""


def swarm(components: int, count: int | None = None, seed: int = 0) -> list[tuple[str, Array]]:
    """Mixtures that are spread over the simplex, equal shares and corners first.

    Args:
        components: m.
        count: mixtures; None: 3 (m + 1).
        seed: of the random ones.
    """
    if components < 2:
        return [("", np.ones(components))]
    wanted = SWARM * (components + 1) if count is None else count
    rng = np.random.default_rng(seed)
    pool = np.concatenate(
        [rng.dirichlet(np.ones(components), POOL * wanted), 0.75 * np.eye(components) + 0.25 / components]
    )
    kept = [np.full(components, 1 / components)]
    distance = np.full(len(pool), np.inf)
    while len(kept) < wanted:
        distance = np.minimum(distance, np.abs(pool - kept[-1]).sum(axis=1))
        kept.append(pool[distance.argmax()])
    return [("uniform" if index == 0 else "swarm", shares) for index, shares in enumerate(kept)]


def first_runs(
    components: Sequence[str],
    sizes: dict[str, float],
    budgets: Sequence[int],
    count: int | None = None,
    budget: float | None = None,
    seed: int = 0,
) -> list[Candidate]:
    """Runs to begin with.

    Every mixture at every size, as far as `count` and `budget` reach. Where they do not, sizes lose mixtures in turn,
    large ones first.

    Args:
        components: names.
        sizes: names of sizes to parameters N.
        budgets: tokens at which each run is measured.
        count: runs at most.
        budget: operations at most.
        seed: of the mixtures.

    Raises:
        ConfigError: not even one mixture at the smallest size is allowed.
    """
    mixtures = swarm(len(components), seed=seed)
    ladder = dict(sorted(sizes.items(), key=lambda item: item[1]))
    every = [run for run in candidates(ladder, budgets, mixtures) if len(run.tokens) == len(budgets)]
    number = len(mixtures)
    for kept in _halvings(len(ladder), number):
        runs = [run for place, run in enumerate(every) if place % number < kept[place // number]]
        if (count is None or len(runs) <= count) and (budget is None or sum(run.flops for run in runs) <= budget):
            return runs
    raise ConfigError(
        f"--budget or --k allows no design: the smallest run takes {every[0].flops:.4g} operations; give more"
    )


def _halvings(sizes: int, mixtures: int) -> list[list[int]]:
    """How many mixtures each size gets, ever fewer: first the largest sizes lose mixtures, then the small ones."""
    now, found = [mixtures] * sizes, [[mixtures] * sizes]
    while sum(now):
        index = max(range(sizes), key=lambda at: (now[at] > 2 or sum(now) <= 2 * sizes, now[at] > 0, now[at], at))
        now = [*now]
        now[index] -= 1
        found.append(now)
    return [kept for kept in found if sum(kept)]
