"""The threshold curve as a figure and as CSV."""

from pathlib import Path
from typing import Any

import polars as pl

from contracts.files import atomic_path

STYLE = {
    "svg.hashsalt": "glotmix",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}
"""`hashsalt` fixes the ids in an SVG; the font comes with matplotlib."""

LINES = {"precision": ("#4477AA", "-"), "recall": ("#EE6677", "--"), "f1": ("#228833", ":")}
"""Colours that colour-blind readers can tell apart (Paul Tol's bright scheme), and strokes for print."""


def write_curve(path: Path, curve: pl.DataFrame) -> None:
    """Write a curve as CSV."""
    with atomic_path(path) as temporary:
        curve.write_csv(temporary)


def plot_curve(path: Path, curve: pl.DataFrame, chosen: float | None, title: str) -> None:
    """Draw precision, recall and F1 over the threshold, and against one another; the same bytes for the same data.

    Args:
        path: ends in .svg or .png.
        curve: as `measure.curve` gives it.
        chosen: a threshold to mark.
        title: of the figure.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    kind = path.suffix[1:]
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **STYLE}):
        figure = Figure(figsize=(9, 4))
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        _over_threshold(left, curve, chosen)
        _against(right, curve, chosen)
        figure.suptitle(title)
        with atomic_path(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=150, metadata=metadata)


def _over_threshold(axes: Any, curve: pl.DataFrame, chosen: float | None) -> None:
    for name, (colour, stroke) in LINES.items():
        label = "F1" if name == "f1" else name
        axes.plot(curve["threshold"], curve[name], color=colour, linestyle=stroke, label=label)
    if chosen is not None:
        axes.axvline(chosen, color="#BBBBBB", linewidth=1)
    axes.set(xlabel="threshold of the score", ylim=(0, 1.02))
    axes.legend()


def _against(axes: Any, curve: pl.DataFrame, chosen: float | None) -> None:
    axes.plot(curve["recall"], curve["precision"], color=LINES["precision"][0])
    if chosen is not None:
        mark = curve.filter(pl.col("threshold") == chosen)
        axes.plot(mark["recall"], mark["precision"], "o", color="#000000")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02))
