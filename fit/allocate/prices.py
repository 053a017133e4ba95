"""Shadow prices: what each constraint that binds costs, from multipliers, verified by solving again. Pure."""

from dataclasses import replace

import numpy as np

from contracts.allocation import Price
from fit.allocate.constraints import Bounds
from fit.allocate.program import Program
from fit.allocate.solve import Optimum, again

STEP = 5e-4
"""By how much a bound is loosened to verify its price, as a share or a fraction."""
FINE = 1e-5
"""The same for guards: near the uniform mixture the objective falls with the root of what they allow."""
LEAST = 1e-9
"""Smallest multiplier that is told."""
BILLION = 1e9


def prices(program: Program, best: Optimum) -> list[Price]:
    """The price of every constraint that binds, the dearest first."""
    values = dict(best.multipliers.values)
    for label in [label for label in values if label.startswith("unfix ")]:
        values[label.removeprefix("un")] = values.get(label.removeprefix("un"), 0.0) - values.pop(label)
    found = []
    for label, value in values.items():
        step = FINE if label.startswith("guard") else STEP
        looser = loosened(program, label, step, best.d)
        if looser is None or abs(value) < LEAST:
            continue
        resolved = (again(looser, best).value - best.value) / step
        found.append(
            Price(
                constraint=label,
                per_percent=-0.01 * value,
                resolved=0.01 * resolved,
                per_billion_unique=_per_billion(program, best, label),
            )
        )
    return sorted(found, key=lambda price: price.per_percent)


def loosened(program: Program, label: str, step: float, tokens: float) -> Program | None:
    """The program with one constraint a little looser; None for what is no constraint of the user's.

    Args:
        program: to change.
        label: of the constraint.
        step: a share, or a fraction of a loss or of the operations.
        tokens: that the share is of.
    """
    kind, _, name = label.partition(" ")
    bounds = program.bounds
    if kind == "flops" and program.place.flops is not None:
        return replace(program, place=replace(program.place, flops=program.place.flops * np.exp(step)))
    if kind == "guard" and program.goal.guard is not None:
        return _guard(program, step, name)
    if name not in bounds.names:
        return None
    if kind == "fix" and bounds.low.sum() + step > 1:
        return None  # there is no room to raise it
    unit = np.eye(program.size)[bounds.names.index(name)]
    changed: dict[str, Bounds] = {
        "max": replace(bounds, high=bounds.high + step * unit),
        "min": replace(bounds, low=np.maximum(bounds.low - step * unit, 0)),
        "fix": replace(bounds, low=bounds.low + step * unit, high=bounds.high + step * unit),
        "epochs": replace(bounds, cap=bounds.cap + step * unit * tokens),
    }
    return replace(program, bounds=changed[kind]) if kind in changed else None


def _guard(program: Program, step: float, name: str) -> Program:
    """The guard of one target looser."""
    unit = np.array([target == name for target in program.surface.predictor.names], float)
    return replace(program, allowance=program.allowance + step * unit)


def _per_billion(program: Program, best: Optimum, label: str) -> float | None:
    """Change of the objective for more unique tokens of a component: a higher cap and fresher text."""
    kind, _, name = label.partition(" ")
    if kind != "epochs":
        return None
    bounds, index = program.bounds, program.bounds.names.index(name)
    if not bounds.unique[index]:
        return None
    more = 1 + STEP * np.eye(program.size)[index]
    fresh = replace(
        program,
        bounds=replace(bounds, cap=bounds.cap * more, unique=bounds.unique * more),
        surface=replace(program.surface, unique=program.surface.unique * more),
    )
    change = again(fresh, best).value - best.value
    return float(change / (STEP * bounds.unique[index]) * BILLION)
