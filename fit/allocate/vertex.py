"""Optima at the edge of the simplex, which a law that knows no diminishing returns invents. Pure."""

import numpy as np

from fit.allocate.program import Program
from fit.points import Array

ALONE = 1e-3
"""What is left to all others at a vertex."""
NEAR_ZERO = 0.01
"""Share below which a component is nearly left out; of more than ten components, a tenth of an equal share."""


def room(program: Program, tokens: float) -> tuple[Array, Array]:
    """(K,) the least and the largest share that each component can have beside the bounds of all others."""
    low, high = program.bounds.at(tokens)
    return np.maximum(low, 1 - (high.sum() - high)), np.minimum(high, 1 - (low.sum() - low))


def _small(shares: Array) -> float:
    return min(NEAR_ZERO, 0.1 / len(shares))


def near_zero(program: Program, shares: Array, tokens: float) -> list[str]:
    """Components that are nearly left out though no bound, of theirs or of others, forces that."""
    least = _small(shares)
    low, high = room(program, tokens)
    free = (shares < least) & (high >= least) & (low < least)
    return [name for name, zero in zip(program.bounds.names, free, strict=True) if zero]


def refused(program: Program, shares: Array, tokens: float) -> list[str]:
    """Why an optimum is a vertex; empty if it is none."""
    low, _ = room(program, tokens)
    found = []
    for index, name in enumerate(program.bounds.names):
        if shares[index] >= 1 - ALONE and low[index] < 1 - _small(shares):
            found.append(f"all tokens go to {name}")
    names = program.surface.predictor.names
    counted = {names[i] for i in program.counted}
    zero = [name for name in near_zero(program, shares, tokens) if name in counted]
    if zero:
        listed = ", ".join(f"{name} ({100 * shares[program.bounds.names.index(name)]:.2g} %)" for name in zero)
        found.append(f"languages that count are nearly left out: {listed}")
    return found
