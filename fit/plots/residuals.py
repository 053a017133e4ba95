"""By how much points lie above or below the law, over size, tokens and the share of the target's own component."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fit.plots.canvas import colour
from fit.points import Array, Points
from fit.predictor import Predictor


@dataclass(frozen=True, slots=True)
class Residuals:
    """Of all targets."""

    targets: tuple[str, ...]
    percent: Array
    """(R, T) 100 log(measured / predicted); NaN where nothing was measured."""
    n: Array
    """(R,)."""
    d: Array
    """(R,)."""
    share: Array | None
    """(R, T) share of the target's own component; of the largest one where the target is none. None: no mixture."""


def residuals(predictor: Predictor, points: Points) -> Residuals:
    """Residuals of points.

    Args:
        predictor: a fit, or an average of fits.
        points: with the targets that it predicts.
    """
    predicted = predictor.predict(points.inputs)
    names = tuple(name for name in predictor.names if name in points.targets)
    columns = [predictor.names.index(name) for name in names]
    measured = np.stack([points.loss(name) for name in names], axis=1)
    shares = points.inputs.shares
    own = None
    if shares.shape[1]:
        own = np.stack(
            [shares[:, points.components.index(n)] if n in points.components else shares.max(axis=1) for n in names],
            axis=1,
        )
    return Residuals(names, 100 * np.log(measured / predicted[:, columns]), points.inputs.n, points.inputs.d, own)


def draw(figure: Any, data: Residuals) -> None:
    """A panel for each of size, tokens and share."""
    panels = figure.subplots(1, 2 if data.share is None else 3, sharey=True)
    over = [("parameters N", data.n[:, None]), ("tokens D", data.d[:, None])]
    over += [] if data.share is None else [("share of its own component", data.share)]
    for axes, (title, values) in zip(panels, over, strict=True):
        for column, name in enumerate(data.targets):
            where = values[:, min(column, values.shape[1] - 1)]
            axes.plot(where, data.percent[:, column], ".", color=colour(column), markersize=3, alpha=0.7, label=name)
        axes.axhline(0, color="black", linewidth=0.6)
        axes.set(xlabel=title, xscale="linear" if values is data.share else "log")
    panels[0].set_ylabel("measured above predicted, %")
    figure.legend(
        *panels[-1].get_legend_handles_labels(), fontsize=6, markerscale=2, loc="outside upper center", ncols=8
    )
