"""Optima at the edge of the simplex, which a law that knows no diminishing returns invents. Pure."""

import numpy as np

from fit.allocate.program import Program
from fit.points import Array

ALONE = 1e-3
"""What is left to all others at a vertex."""
NEAR_ZERO = 0.01
"""Share below which a component is nearly left out; of more than ten components, a tenth of an equal share."""


def near_zero(program: Program, shares: Array) -> list[str]:
    """Components that are nearly left out though nothing forces that."""
    least = min(NEAR_ZERO, 0.1 / len(shares))
    _, high = program.bounds.at(program.place.d if not program.place.free else 1.0)
    free = (shares < least) & (high >= least) & (program.bounds.low < least)
    return [name for name, zero in zip(program.bounds.names, free, strict=True) if zero]


def refused(program: Program, shares: Array, tokens: float) -> list[str]:
    """Why an optimum is a vertex; empty if it is none."""
    low, high = program.bounds.at(tokens)
    found = []
    for index, name in enumerate(program.bounds.names):
        others = float(np.delete(high, index).sum())
        if shares[index] >= 1 - ALONE and low[index] < 1 - ALONE and others > ALONE:
            found.append(f"all tokens go to {name}")
    names = program.surface.predictor.names
    counted = {names[i] for i in program.counted}
    zero = [name for name in near_zero(program, shares) if name in counted]
    if zero:
        listed = ", ".join(f"{name} ({100 * shares[program.bounds.names.index(name)]:.2g} %)" for name in zero)
        found.append(f"languages that count are nearly left out: {listed}")
    return found
