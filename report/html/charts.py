"""Charts as SVG that stands inside the page: the same bytes for the same numbers, in the page's own colours."""

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from report.html.markup import Markup, element, escaped
from report.table import plain

INK = "#010203"
"""Colour of text and axes while drawing; in the page it is the colour of the text, light or dark."""
COLOURS = ("#3b7dd8", "#d9822b", "#2f9e66", "#c0504d", "#8a63c9", "#7f7f7f", "#c2a000", "#1aa3b0")
"""Of series: readable on white and on dark grey."""
STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "glotmix",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "legend.frameon": False,
    "path.simplify": False,
}


def styled() -> AbstractContextManager[None]:
    """Draw as all charts of the report."""
    return matplotlib.rc_context(STYLE)


def figure(width: float, height: float, panels: int = 1, across: int = 1) -> tuple[Figure, list[Axes]]:
    """An empty chart.

    Args:
        width: inches.
        height: inches.
        panels: how many drawings it has.
        across: how many of them stand side by side.
    """
    made = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(made)
    rows = -(-panels // across)
    axes = [made.add_subplot(rows, across, number + 1) for number in range(panels)]
    return made, axes


def colour(number: int) -> str:
    """Of a series."""
    return COLOURS[number % len(COLOURS)]


def label(text: object) -> str:
    """A name in a chart: one short line."""
    line = plain(str(text)).replace("\n", " ")
    return line if len(line) <= 40 else f"{line[:37]}..."


def ranked(names: Sequence[str]) -> dict[str, int]:
    """Numbers of names, in order."""
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def embedded(made: Figure, name: str, caption: str) -> Markup:
    """A chart with its caption, as part of the page.

    Args:
        made: the chart.
        name: what to begin ids with, so that charts of one page do not share any.
        caption: what it shows.
    """
    buffer = StringIO()
    with styled():
        made.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", text)
    text = text.replace(INK, "currentColor")
    text = re.sub(r'(<svg [^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg [^>]*?) height="[^"]*"', r"\1", text, count=1)
    width = round(made.get_figwidth() * 96)
    opened = f'<svg role="img" aria-label="{escaped(caption)}" style="max-width:{width}px" '
    return element("figure", Markup(text.replace("<svg ", opened, 1)), element("figcaption", caption))
