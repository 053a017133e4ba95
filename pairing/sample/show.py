"""Draws a pair: evidence on top, then both programs, aligned functions in one colour and under one number."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from rich.console import Console
from rich.text import Text

from pairing.sample.layout import OUTSIDE, UNPAIRED, Cell, anchors, cells, neutral, placed, side_by_side
from pairing.sample.read import Shown
from report.table import plain

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
"""Of aligned functions, in turn; the number beside them says the same where there are no colours."""

MARK = 5
"""Cells of the number of a pair of functions: [999]."""

ALIGNED = "="
"""Marks the lines of a statement that stands beside its counterpart."""

LINE_NUMBER = 5
BETWEEN = " | "
MIN_WIDTH = 60
"""Cells below which two programs cannot stand side by side."""

PLAIN_FACTS = {"pair_id", "score", "kind", "origin", "languages"}
"""Columns that have a place of their own; other columns of numbers are shown as components."""


def show_pair(shown: Shown, number: int, count: int, console: Console, width: int, lines: int) -> None:
    """Draw one pair.

    Args:
        shown: the pair.
        number: its number in the sample, from 1.
        count: pairs in the sample.
        console: where it goes.
        width: cells of a row.
        lines: rows of text that are shown; 0: all.
    """
    for text, style in head(shown, number, count):
        console.print(Text(plain(text), style=style), soft_wrap=True, highlight=False)
    column = (width - len(BETWEEN)) // 2
    rows = side_by_side(*_arranged(shown))
    for a, b in islice(rows, lines or None):
        line = _drawn(a, column).append(BETWEEN, style="dim").append_text(_drawn(b, column))
        line.rstrip()
        console.print(line, soft_wrap=True, highlight=False)
    left = sum(1 for _ in rows)
    if left:
        console.print(Text(f"... {left:,} more rows; --lines 0 shows all", style="dim"), soft_wrap=True)
    console.print()


def _arranged(shown: Shown) -> tuple[list[Cell], list[Cell], list[tuple[int, int]]]:
    """The lines of both programs, and which stand beside one another."""
    texts = [_lines(document["content"]) for document in shown.documents]
    a, b = (cells(text, spans) for text, spans in zip(texts, shown.spans, strict=True))
    beside = anchors(*shown.spans)
    if not shown.statements:
        return a, b, beside
    beside, found = placed(beside, shown.statements, a, b)
    a = cells(texts[0], shown.spans[0], [s.a for s in found])
    return a, cells(texts[1], shown.spans[1], [s.b for s in found]), beside


def _lines(content: str) -> list[str]:
    """Lines as positions count them: only a line feed ends one."""
    return [line.removesuffix("\r") for line in content.removesuffix("\n").split("\n")]


def head(shown: Shown, number: int, count: int) -> Iterator[tuple[str, str]]:
    """What is known about a pair, as lines with their style."""
    pair = shown.pair
    score = "no score" if pair["score"] is None else f"score {pair['score']:.4f}"
    kind = pair["kind"] or "kind not judged"
    yield f"{number} of {count}: {pair['languages']}, {score}, {kind}, {pair['origin']}, {pair['pair_id']}", "bold"
    for document in shown.documents:
        where = "/".join(part for part in (document["repo"], document["path"]) if part) or document["id"]
        commit = f" at {document['commit'][:12]}" if document["commit"] else ""
        yield f"  {document['language']}: {where}{commit}, licence {document['licence'] or 'unknown'}", ""
    yield "  " + (", ".join(components(pair)) or "no components"), "dim"
    paired = sum(span.label > 0 for span in shown.spans[0])
    alone = [sum(span.label == UNPAIRED for span in spans) for spans in shown.spans]
    a, b = (document["language"] for document in shown.documents)
    yield f"  functions: {paired} aligned, {alone[0]} only in {a}, {alone[1]} only in {b}", "dim"
    if shown.statements is not None:
        yield (
            f"  statements aligned in close functions: {len(shown.statements)}; those in order are marked {ALIGNED}",
            "dim",
        )


def components(pair: dict[str, Any]) -> list[str]:
    """The numbers of a pair, whatever columns the table has."""
    numbers = {name: v for name, v in pair.items() if isinstance(v, int | float) and not isinstance(v, bool)}
    return [f"{name} {value:.4g}" for name, value in numbers.items() if name not in PLAIN_FACTS]


def _drawn(cell: Cell | None, width: int) -> Text:
    if cell is None:
        return Text(" " * width)
    style = (
        "" if cell.label == OUTSIDE else "dim" if cell.label == UNPAIRED else COLOURS[(cell.label - 1) % len(COLOURS)]
    )
    mark = _mark(cell)
    text = Text(f"{cell.number:>{LINE_NUMBER}} ", style="dim").append(f"{mark:<{MARK}} ", style=style)
    return text.append(neutral(cell.text, width - LINE_NUMBER - MARK - 2), style=style)


def _mark(cell: Cell) -> str:
    if cell.label == OUTSIDE:
        return ""
    name = "-" if cell.label == UNPAIRED else str(cell.label)
    return f"[{name}]" if cell.first else ALIGNED if cell.aligned else "|" if cell.label > 0 else "."
