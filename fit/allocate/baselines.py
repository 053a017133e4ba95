"""Mixtures that need no law, to compare with: uniform, natural, by temperature, UniMax. Pure.

Equal shares are also what stratified sampling gives.
"""

import numpy as np
from numpy.typing import NDArray

from fit.allocate.constraints import Bounds, Constraints
from fit.points import Array

TEMPERATURE = 2.0
"""Tokens to the power 1 / temperature; 2 is the mixer's default."""


def uniform(bounds: Bounds) -> Array:
    """Equal shares of what may have any; fixed shares stay."""
    return _filled(bounds, np.ones(len(bounds.names)))


def natural(bounds: Bounds, constraints: Constraints, temperature: float = 1.0) -> Array | None:
    """Shares by the tokens at hand; None where these are not known."""
    given = constraints.held if constraints.held is not None else constraints.unique
    if given is None:
        return None
    held = np.array([given.get(name, 0.0) for name in bounds.names], float)
    return _filled(bounds, held ** (1 / temperature)) if np.isfinite(held).all() else None


def unimax(bounds: Bounds, tokens: float) -> Array | None:
    """Equal shares, but none beyond its repetition cap (arXiv 2304.09151); None without caps or with few tokens."""
    most = bounds.cap / tokens
    fixed = np.array(bounds.fixed)
    free = _open(bounds)
    rest = 1 - bounds.low[fixed].sum()
    if not np.isfinite(most[free]).any() or most[free].sum() < rest or not free.any():
        return None
    found = np.where(fixed, bounds.low, 0.0)
    left = int(free.sum())
    for index in np.flatnonzero(free)[np.argsort(most[free], kind="stable")]:
        found[index] = min(most[index], rest / left)
        rest -= found[index]
        left -= 1
    return found


def baselines(bounds: Bounds, constraints: Constraints, tokens: float) -> dict[str, Array]:
    """Every baseline that can be made."""
    found = {
        "uniform": uniform(bounds),
        "natural": natural(bounds, constraints),
        f"temperature {TEMPERATURE:g}": natural(bounds, constraints, TEMPERATURE),
        "unimax": unimax(bounds, tokens),
    }
    return {name: shares for name, shares in found.items() if shares is not None}


def _filled(bounds: Bounds, weights: Array) -> Array:
    """Shares in proportion to weights, beside the fixed ones."""
    fixed = np.array(bounds.fixed)
    weights = np.where(_open(bounds), weights, 0.0)
    rest = 1 - bounds.low[fixed].sum()
    total = weights.sum()
    found: Array = np.where(fixed, bounds.low, rest * weights / total if total else 0.0)
    return found


def _open(bounds: Bounds) -> NDArray[np.bool_]:
    """(K,) which shares are not fixed and may be above zero; what the pool holds nothing of may not."""
    found: NDArray[np.bool_] = ~np.array(bounds.fixed) & (bounds.high > 0) & (bounds.cap > 0)
    return found
