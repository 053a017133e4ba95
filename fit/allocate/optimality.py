"""First-order conditions at an optimum: which constraints bind, their multipliers, and what is left over. Pure."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import lsq_linear

from fit.allocate.program import FLOOR, Program
from fit.points import Array

ACTIVE = 1e-5
"""How near to its bound, in shares or log losses, a constraint binds."""


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Of the constraints that bind: how much the objective falls for each unit by which one is loosened."""

    values: dict[str, float] = field(default_factory=dict)
    """Label, such as `max python`, to multiplier, from 0 on; of shares in units of the objective per share."""
    residual: float = 0.0
    """The largest part of the objective's gradient that multipliers cannot explain: 0 at an optimum."""


def multipliers(program: Program, shares: Array, n: float, d: float) -> Multipliers:
    """Multipliers by least squares, and the gradient that they leave."""
    x = program.pack(shares, n, d)
    found = program.slopes(x)
    _, slope = program.gradient(x, found)
    labels, rows = [], []
    names, values, slopes = program.rows(x, found)
    for name, value, row in zip(names, values, slopes, strict=True):
        if value <= ACTIVE:
            labels.append(name)
            rows.append(row)
    for label, row in _bounds(program, x):
        labels.append(label)
        rows.append(row)
    sums = np.concatenate([np.ones(program.size), np.zeros(program.variables - program.size)])
    matrix = np.stack([*rows, sums], axis=1)
    lowest = np.concatenate([np.zeros(len(rows)), [-np.inf]])
    solved = lsq_linear(matrix, slope, bounds=(lowest, np.inf), tol=1e-14)
    left = np.abs(slope - matrix @ solved.x).max()
    return Multipliers({label: float(v) for label, v in zip(labels, solved.x, strict=False)}, float(left))


def _bounds(program: Program, x: Array) -> list[tuple[str, Array]]:
    """Bounds of variables that bind, as constraints that are at least 0."""
    low, high = program.limits()
    unit = np.eye(program.variables)
    found = []
    for index in range(program.size + 2 * program.place.free):
        if x[index] <= low[index] + ACTIVE * 0.1:
            found.append((_label(program, index, upper=False), unit[index]))
        if x[index] >= high[index] - ACTIVE * 0.1:
            found.append((_label(program, index, upper=True), -unit[index]))
    return found


def _label(program: Program, index: int, upper: bool) -> str:
    bounds = program.bounds
    if index >= program.size:
        # kinds of their own: a component may be called N or D
        return f"{'upper' if upper else 'lower'} {'ND'[index - program.size]}"
    name = bounds.names[index]
    if bounds.fixed[index]:
        return f"fix {name}" if upper else f"unfix {name}"
    if not upper:
        return f"min {name}" if bounds.low[index] > FLOOR else f"zero {name}"
    if not bounds.cap[index]:
        return f"none {name}"  # there is nothing of it, so no bound of the user's costs anything
    by_cap = not program.place.free and bounds.cap[index] / program.place.d < bounds.high[index]
    return f"epochs {name}" if by_cap else f"max {name}"
