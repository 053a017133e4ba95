"""The charts of the report: training curves, laws with points, proportions with intervals, trials."""

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from contracts.allocation import Allocation
from contracts.confirmation import Confirmation
from contracts.curves import FitCurves, TargetCurves
from report.html.charts import INK, colour, embedded, figure, label, ranked, styled
from report.html.markup import Markup
from report.html.sources import TrainingCurve

ACROSS = 3
"""Drawings side by side."""
MOST_TARGETS = 12
"""Targets that are drawn."""


def training(curves: Sequence[TrainingCurve], batch: str, caption: str) -> Markup:
    """Training loss over steps, a colour for each size."""
    sizes = ranked([curve.size for curve in sorted(curves, key=lambda curve: curve.parameters)])
    with styled():
        made, (axes,) = figure(7.0, 3.2)
        seen: set[str] = set()
        for curve in curves:
            name = None if curve.size in seen else label(curve.size)
            seen.add(curve.size)
            axes.plot(curve.steps, curve.losses, color=colour(sizes[curve.size]), lw=0.8, alpha=0.75, label=name)
        axes.set_xlabel(batch)
        axes.set_ylabel("training loss, nats per token")
        axes.legend(title="size")
        return embedded(made, "training", caption)


def laws(found: FitCurves, caption: str) -> Markup:
    """Predicted loss over tokens at equal shares, a line for each size, with bands; and all points of all mixtures."""
    targets = found.targets[:MOST_TARGETS]
    across = min(ACROSS, len(targets))
    with styled():
        made, panels = figure(3.0 * across, 2.4 * math.ceil(len(targets) / across), len(targets), across)
        for axes, target in zip(panels, targets, strict=True):
            _law(axes, target)
        panels[0].set_ylabel(found.unit)
        panels[0].legend(title="parameters", fontsize=7)
        return embedded(made, "laws", caption)


def _law(axes: Axes, target: TargetCurves) -> None:
    sizes = ranked([f"{n:,.0f}" for n in sorted({c.n for c in target.curves} | {p.n for p in target.points})])
    for point in target.points:
        place = colour(sizes[f"{point.n:,.0f}"])
        axes.plot([point.tokens], [point.measured], ".", color=place, ms=3, alpha=0.5, label="_")
    for curve in target.curves:
        name = f"{curve.n:,.0f}"
        axes.plot(curve.tokens, curve.loss, color=colour(sizes[name]), lw=1.2, label=name)
        if curve.low is not None and curve.high is not None:
            axes.fill_between(curve.tokens, curve.low, curve.high, color=colour(sizes[name]), alpha=0.15, lw=0)
    measured = [p.measured for p in target.points]
    if measured:
        room = 0.15 * (max(measured) - min(measured)) or 0.1
        axes.set_ylim(min(measured) - 2 * room, max(measured) + room)
    axes.set_xscale("log")
    axes.set_title(label(target.target), fontsize=9)
    axes.set_xlabel("training tokens")


def residuals(found: FitCurves, caption: str) -> Markup:
    """Predicted beside measured losses, a colour for each target."""
    with styled():
        made, (axes,) = figure(4.2, 3.6)
        every: list[float] = []
        for number, target in enumerate(found.targets[:MOST_TARGETS]):
            measured = [p.measured for p in target.points]
            every += measured
            guessed = [p.predicted for p in target.points]
            axes.plot(measured, guessed, ".", ms=4, alpha=0.6, color=colour(number), label=label(target.target))
        if every:
            axes.plot([min(every), max(every)], [min(every), max(every)], color=INK, lw=0.6)
        axes.set_xlabel(f"measured, {found.unit}")
        axes.set_ylabel("by the law")
        axes.legend(fontsize=7)
        return embedded(made, "residuals", caption)


def proportions(found: Allocation, uniform: Mapping[str, float], caption: str) -> Markup:
    """Shares with their intervals, and equal shares beside them."""
    names = list(found.weights)
    with styled():
        made, (axes,) = figure(6.0, 0.8 + 0.3 * len(names))
        places = range(len(names))
        axes.barh(places, [found.weights[name] for name in names], color=colour(0), height=0.6, label="proposed")
        for place, name in zip(places, names, strict=True):
            interval = found.intervals.get(name)
            if interval is not None:
                axes.plot([interval.low, interval.high], [place, place], color=INK, lw=1.2)
        if uniform:
            given = [uniform.get(name, 0.0) for name in names]
            axes.plot(given, places, "|", color=colour(1), ms=10, mew=2, label="uniform")
        axes.set_yticks(list(places), [label(name) for name in names])
        axes.invert_yaxis()
        axes.set_xlabel("share of the training tokens")
        axes.set_xlim(left=0)
        axes.legend(fontsize=7)
        return embedded(made, "proportions", caption)


def trials(found: Confirmation, caption: str) -> Markup:
    """Weighted loss of every seed, by mixture."""
    tried = [found.proposed, *found.baselines]
    with styled():
        made, (axes,) = figure(5.5, 0.8 + 0.4 * len(tried))
        for place, one in enumerate(tried):
            axes.plot(one.losses, [place] * len(one.losses), "o", color=colour(place), ms=5, alpha=0.7)
            mean = sum(one.losses) / len(one.losses)
            axes.plot([mean, mean], [place - 0.25, place + 0.25], color=INK, lw=1.2)
        axes.set_yticks(range(len(tried)), [label(one.name) for one in tried])
        axes.set_ylim(len(tried) - 0.5, -0.5)
        axes.set_xlabel(f"weighted loss, {found.unit}")
        return embedded(made, "trials", caption)
