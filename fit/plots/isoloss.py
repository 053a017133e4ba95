"""Lines of equal predicted loss over size and tokens, with the best size for each compute."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fit.points import FLOPS_PER_PARAMETER_AND_TOKEN, Array, places
from fit.predictor import Predictor

CELLS = 60
"""Values of N and of D at which losses are predicted."""
BEYOND = 4.0
"""How far beyond the measured sizes and tokens the figure reaches."""
LINES = 13
BUDGETS = 25
"""Budgets for which the best size is sought."""


@dataclass(frozen=True, slots=True)
class Isoloss:
    """Predicted losses on a grid."""

    n: Array
    """(G,)."""
    d: Array
    """(H,)."""
    loss: Array
    """(H, G) mean over the targets."""
    best: Array
    """(B, 2) size and tokens of least loss for ascending budgets, as far as they lie on the grid."""


def isoloss(predictor: Predictor, ranges: dict[str, tuple[float, float]], shares: Array) -> Isoloss:
    """Predictions around what was measured.

    Args:
        predictor: a fit, or an average of fits.
        ranges: least and largest n and d that were measured.
        shares: (K,) mixture.
    """
    n, d = (np.geomspace(ranges[key][0] / BEYOND, ranges[key][1] * BEYOND, CELLS) for key in ("n", "d"))
    size, tokens = (grid.ravel() for grid in np.meshgrid(n, d))
    loss = _mean(predictor, size, tokens, shares).reshape(CELLS, CELLS)
    factor = FLOPS_PER_PARAMETER_AND_TOKEN
    budgets = np.geomspace(factor * n[0] * d[0], factor * n[-1] * d[-1], BUDGETS + 2)[1:-1]
    return Isoloss(n, d, loss, np.array([_best(predictor, budget / factor, n, d, shares) for budget in budgets]))


def _best(predictor: Predictor, product: float, n: Array, d: Array, shares: Array) -> tuple[float, float]:
    """The best size on the line of one budget; NaN where it is an end of the line."""
    size = np.geomspace(max(n[0], product / d[-1]), min(n[-1], product / d[0]), 4 * CELLS)
    loss = _mean(predictor, size, product / size, shares)
    least = int(loss.argmin())
    if least in (0, len(size) - 1):
        return float("nan"), float("nan")
    return float(size[least]), float(product / size[least])


def _mean(predictor: Predictor, n: Array, d: Array, shares: Array) -> Array:
    found: Array = predictor.predict(places(n, d, shares, predictor.components)).mean(axis=1)
    return found


def draw(figure: Any, data: Isoloss) -> None:
    """Draw them."""
    from matplotlib.ticker import EngFormatter, LogLocator

    axes = figure.add_subplot()
    # equal parts of the area lie between lines: where one side is steep, evenly spaced losses would all be there
    levels = np.unique(np.quantile(data.loss, np.linspace(0.03, 0.97, LINES)))
    lines = axes.contour(data.n, data.d, data.loss, levels=levels, cmap="viridis", linewidths=1)
    axes.clabel(lines, fontsize=7, fmt="%.4g", inline_spacing=1)
    kept = np.isfinite(data.best).all(axis=1)
    if kept.any():
        axes.plot(*data.best[kept].T, color="black", linestyle="--", linewidth=1, label="best size for its compute")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.06), borderaxespad=0)
    axes.set(
        xscale="log", yscale="log", xlabel="parameters N", ylabel="tokens D", title="Predicted loss, mean of targets"
    )
    for axis in (axes.xaxis, axes.yaxis):  # labels of minor ticks would run into each other
        axis.set_minor_formatter("")
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=8))
        axis.set_major_formatter(EngFormatter())
