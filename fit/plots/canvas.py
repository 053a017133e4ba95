"""Figures as files: matplotlib without a display, the same bytes for the same data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from contracts.files import atomic_path

DPI = 150
COLOURS = (
    "#4477AA",
    "#EE6677",
    "#228833",
    "#CCBB44",
    "#66CCEE",
    "#AA3377",
    "#BBBBBB",
    "#000000",
    "#EE7733",
    "#009988",
)
"""Paul Tol's bright scheme, which colour-blind readers can tell apart; used in turn."""
STYLE = {
    "svg.hashsalt": "glotmix",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}
"""`hashsalt` fixes the ids in an SVG; the font comes with matplotlib."""


def colour(index: int) -> str:
    """The colour of a series."""
    return COLOURS[index % len(COLOURS)]


def save(path: Path, draw: Callable[[Any], None], size: tuple[float, float] = (6.4, 4.2)) -> None:
    """Draw a figure and write it, whole or not at all.

    Args:
        path: ends in .svg or .png.
        draw: draws on a figure.
        size: in inches.
    """
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    kind = path.suffix[1:]
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **STYLE}):
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        draw(figure)
        with atomic_path(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=DPI, metadata=metadata)
