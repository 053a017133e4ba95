"""Two programs side by side: which line stands beside which, and to which function it belongs. Pure functions."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size

from report.table import plain

OUTSIDE, UNPAIRED = 0, -1
"""Labels of lines in no function, and in a function without a counterpart; those of pairs count from 1."""

MAX_ESCAPE = 8
"""Cells that one character may take when it is escaped, at most: a line is cut before it is escaped."""

_SEPARATORS = str.maketrans({c: f"\\u{ord(c):04x}" for c in "\u2028\u2029\u200b\u200e\u200f\u061c\ufeff"})
"""Line separators and invisible marks that terminals treat each in its own way."""


@dataclass(frozen=True, slots=True)
class Span:
    """A function: first and last line, from 1, and its label."""

    start: int
    end: int
    label: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of one side: its number, its label, whether a function begins here, its text."""

    number: int
    label: int
    first: bool
    text: str


Row = tuple[Cell | None, Cell | None]


def neutral(text: str, width: int) -> str:
    """A line that cannot steer a terminal, in exactly `width` cells; a longer one ends in an ellipsis.

    Args:
        text: a line of somebody's program.
        width: cells, at least 2.
    """
    shown = plain(text[: width * MAX_ESCAPE]).replace("\n", "\\n").translate(_SEPARATORS)
    if cell_len(shown) > width or len(text) > width * MAX_ESCAPE:
        return set_cell_size(shown, width - 1) + "…"
    return set_cell_size(shown, width)


def cells(lines: Sequence[str], spans: Sequence[Span]) -> list[Cell]:
    """The lines of a program; where functions stand inside one another, the inner one counts.

    Args:
        lines: without their ends.
        spans: functions.
    """
    labels, firsts = [OUTSIDE] * len(lines), set()
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.label)):
        end = min(span.end, len(lines))
        labels[span.start - 1 : end] = [span.label] * max(0, end - span.start + 1)
        firsts.add(span.start)
    return [Cell(n, labels[n - 1], n in firsts, line) for n, line in enumerate(lines, 1)]


def anchors(a: Sequence[Span], b: Sequence[Span]) -> list[tuple[int, int]]:
    """First lines of paired functions that can stand beside one another: the longest run in the order of both.

    Args:
        a: functions of one side.
        b: functions of the other, paired ones with the same labels.
    """
    starts = {span.label: span.start for span in b if span.label > 0}
    met = {(span.start, starts[span.label]) for span in a if span.label in starts}
    # by a up and b down, so that of those that begin on one line one is taken
    points = sorted(met, key=lambda p: (p[0], -p[1]))
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, y) in enumerate(points):
        place = bisect_left(tails, y)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [y]
        ends[place : place + 1] = [number]
    chain = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(points[number])
        number = before[number]
    return chain[::-1]


def side_by_side(a: Sequence[Cell], b: Sequence[Cell], beside: Sequence[tuple[int, int]]) -> Iterator[Row]:
    """Rows of both programs, in which the lines of `beside` stand on one row; the shorter side is filled with None.

    Args:
        a: lines of one program.
        b: lines of the other.
        beside: pairs of line numbers, ascending on both sides.
    """
    i = j = 0
    for x, y in [*beside, (len(a) + 1, len(b) + 1)]:
        yield from zip_longest(a[i : x - 1], b[j : y - 1])
        i, j = x - 1, y - 1
