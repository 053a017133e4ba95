"""Titled rows, drawn as tables in a terminal or a log, or given as plain data for JSON."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = dict[str, Any]

PIPED_WIDTH = 140
"""Columns where output is no terminal: enough for every summary with one line a row, and for most logs' viewers."""

LONG = 40
"""Columns with text wider than this may wrap; all others stay whole."""

GAP = 2
"""Blank columns between two columns of a table."""

MANY_COLUMNS = 12
"""From so many columns on, a table that does not fit is drawn downwards: one line a value."""

TEXT = 160
"""Characters of a text that are shown; JSON has all of them."""

ITEMS = 16
"""Items of a list that are shown."""

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def console(stderr: bool = False) -> Console:
    """A console of the terminal's width, or a wide one where the output is a pipe or a file."""
    made = Console(stderr=stderr)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = PIPED_WIDTH
    return made


def plain(text: str) -> str:
    """Text that cannot steer a terminal: control characters, text direction and lone surrogates are escaped.

    Paths and program texts come from strangers.
    """
    return _CONTROL.sub(lambda found: "    " if found[0] == "\t" else ascii(found[0])[1:-1], text)


@dataclass(frozen=True, slots=True)
class Summary:
    """A titled list of rows with the same keys."""

    title: str
    rows: list[Row]

    @property
    def name(self) -> str:
        """The title up to its first number or remark: a key that does not change with the data."""
        return re.split("[:;]", self.title)[0].lower()

    def print(self, console: Console) -> None:
        """Draw the table; one that is too wide is drawn in blocks of columns, or downwards if it has many."""
        console.print(Text(plain(self.title), style="bold"), soft_wrap=True)
        if not self.rows:
            console.print("  nothing\n", highlight=False)
            return
        cells = {column: [_shown(row.get(column)) for row in self.rows] for column in self.rows[0]}
        widths = {column: _width([column, *values]) for column, values in cells.items()}
        if not _fits(widths, console.width):
            widths = {column: width for column, width in widths.items() if any(cells[column])}  # none empty
        if _fits(widths, console.width):
            blocks = [list(widths)]
        elif len(cells) >= MANY_COLUMNS or max(widths.values()) > LONG:
            _downwards(cells, len(self.rows), console)
            return
        else:
            blocks = _blocks(widths, console.width)
        for block in blocks:
            self._draw(block, cells, widths, console)

    def _draw(self, columns: list[str], cells: dict[str, list[str]], widths: dict[str, int], console: Console) -> None:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
        for column in columns:
            numeric = all(isinstance(row.get(column), (int, float)) or row.get(column) is None for row in self.rows)
            long = widths[column] > LONG
            table.add_column(
                Text(column), justify="right" if numeric else "left", no_wrap=not long, overflow="fold", min_width=1
            )
        for row in zip(*(cells[c] for c in columns), strict=True):
            table.add_row(*map(Text, row))
        console.print(table)
        console.print()


def _width(texts: list[str]) -> int:
    return max(cell_len(line) for text in texts for line in text.split("\n"))


def _fits(widths: dict[str, int], width: int) -> bool:
    """Whether all columns stand side by side, each at its width, or at LONG where it may wrap."""
    return sum(min(w, LONG) + GAP for w in widths.values()) <= width


def _blocks(widths: dict[str, int], width: int) -> list[list[str]]:
    """The columns in groups that fit, the first column in each."""
    first, *rest = widths
    blocks = [[first]]
    for column in rest:
        if len(blocks[-1]) > 1 and not _fits({c: widths[c] for c in [*blocks[-1], column]}, width):
            blocks.append([first])
        blocks[-1].append(column)
    return blocks


def _downwards(cells: dict[str, list[str]], rows: int, console: Console) -> None:
    names = max(map(cell_len, cells))
    for number in range(rows):
        grid = Table(box=None, show_header=False, pad_edge=False)
        grid.add_column(no_wrap=True, min_width=names, style="dim")
        grid.add_column(overflow="fold")
        for column, values in cells.items():
            grid.add_row(Text(column), Text(values[number]))
        console.print(grid)
        console.print()


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list) and len(value) > ITEMS:
        return f"{value[:ITEMS]} ... ({len(value):,} items)"
    text = str(value)
    return plain(text) if len(text) <= TEXT else plain(text[:TEXT]) + f"... ({len(text):,} characters)"


def as_data(tables: Sequence[Summary]) -> dict[str, Any]:
    """Plain data for JSON: by name, with title and rows."""
    return {table.name: {"title": table.title, "rows": table.rows} for table in tables}
