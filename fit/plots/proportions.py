"""Proportions of an allocation with their intervals, beside equal shares."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from contracts.allocation import Allocation
from fit.plots.canvas import colour
from fit.points import Array


@dataclass(frozen=True, slots=True)
class Proportions:
    """Shares by component, the largest first."""

    names: tuple[str, ...]
    share: Array
    low: Array
    """NaN: there is no interval."""
    high: Array
    of: str = ""
    """What the intervals are of."""


def proportions(allocation: Allocation) -> Proportions:
    """The shares of an allocation."""
    names = sorted(allocation.weights, key=lambda name: (-allocation.weights[name], name))
    nothing = (float("nan"), float("nan"))
    pairs = [
        (allocation.intervals[name].low, allocation.intervals[name].high) if name in allocation.intervals else nothing
        for name in names
    ]
    share = np.array([allocation.weights[name] for name in names])
    low, high = np.array(pairs, float).T
    of = {"bootstrap": "95 % intervals", "laws": "the range over laws"}.get(allocation.draws_of, "")
    return Proportions(tuple(names), share, low, high, of)


def draw(figure: Any, data: Proportions) -> None:
    """Bars with intervals."""
    axes = figure.add_subplot()
    where = np.arange(len(data.names))
    axes.barh(where, 100 * data.share, color=colour(0), alpha=0.8)
    told = np.isfinite(data.low)
    axes.hlines(where[told], 100 * data.low[told], 100 * data.high[told], color="black", linewidth=1.5)
    for edge in (data.low, data.high):
        axes.plot(100 * edge[told], where[told], "|", color="black", markersize=8)
    even = 100 / len(data.names)
    axes.axvline(even, color=colour(6), linestyle="--", linewidth=1, label=f"equal shares, {even:.1f} %")
    axes.set_yticks(where, data.names)
    axes.invert_yaxis()
    title = f"Proportions with {data.of}" if told.any() and data.of else "Proportions"
    axes.set(xlabel="share of the training tokens, %", title=title)
    axes.legend(loc="lower right")
