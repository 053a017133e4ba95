"""Laws, places and parameters that tests of all laws draw from."""

import numpy as np

from fit.laws.law import Law, Space
from fit.laws.registry import LAWS
from fit.points import Inputs, places

NAMES = ("python", "rust", "go", "parallel")


def space(components: int = 3, own: int | None = 0, **flags) -> Space:
    own = own if own is not None and own < components else None
    return Space(1e8, 1e9, NAMES[:components], own, **flags)


def law(name: str, components: int = 3, own: int | None = 0, **flags) -> Law:
    if name == "bimix":  # describes a component's own loss only
        components, own = max(1, components), own or 0
    return LAWS[name](space(components, own, **flags))


def thetas(made: Law, count: int, rng: np.random.Generator) -> np.ndarray:
    """Within the ranges of starts."""
    ranges = np.array([parameter.start for parameter in made.parameters])
    return ranges[:, 0] + (ranges[:, 1] - ranges[:, 0]) * rng.random((count, made.size))


def runs(rows: int, components: int, rng: np.random.Generator, unique: float = np.inf) -> Inputs:
    """Places over two decades of sizes and tokens; some lack one of the components that are not the first."""
    shares = rng.dirichlet(np.full(components, 0.8), rows) if components else np.zeros((rows, 0))
    if components > 1:
        shares[: rows // 4, components - 1] = 0.0
        shares /= shares.sum(axis=1, keepdims=True)
    return places(
        10 ** rng.uniform(7, 9, rows),
        10 ** rng.uniform(8, 10, rows),
        shares,
        NAMES[:components],
        np.full((rows, components), unique),
    )
