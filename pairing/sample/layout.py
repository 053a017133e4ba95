"""Two programs side by side: which line stands beside which, and to which function it belongs. Pure functions."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

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
class Beside:
    """Aligned statements: first and last lines of both sides, from 1, and the label of their functions."""

    a: tuple[int, int]
    b: tuple[int, int]
    label: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of one side: its number, its label, whether a function begins here, its text, whether it is aligned."""

    number: int
    label: int
    first: bool
    text: str
    aligned: bool = False


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


def cells(lines: Sequence[str], spans: Sequence[Span], aligned: Iterable[tuple[int, int]] = ()) -> list[Cell]:
    """The lines of a program; where functions stand inside one another, the inner one counts.

    Args:
        lines: without their ends.
        spans: functions.
        aligned: first and last lines of statements that are aligned.
    """
    counterpart = {line for first, last in aligned for line in range(first, last + 1)}
    labels, firsts = [OUTSIDE] * len(lines), set()
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.label)):
        end = min(span.end, len(lines))
        labels[span.start - 1 : end] = [span.label] * max(0, end - span.start + 1)
        firsts.add(span.start)
    return [Cell(n, labels[n - 1], n in firsts, line, n in counterpart) for n, line in enumerate(lines, 1)]


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


def placed(
    chain: Sequence[tuple[int, int]], statements: Sequence[Beside], a: Sequence[Cell], b: Sequence[Cell]
) -> tuple[list[tuple[int, int]], list[Beside]]:
    """Where statements stand beside one another too: pairs of lines for `side_by_side`, and the statements shown so.

    A statement has its place between the anchors around it; one of a function that crosses others, or whose lines
    belong to an inner function, has none.

    Args:
        chain: as `anchors` gives it.
        statements: aligned ones.
        a: lines of one program.
        b: lines of the other.
    """
    found: list[tuple[int, int]] = []
    shown: list[Beside] = []
    bounds = [(1, 1), *chain, (len(a) + 1, len(b) + 1)]
    inside = [s for s in statements if _own(s.a, s.label, a) and _own(s.b, s.label, b)]
    inside.sort(key=lambda s: (s.a, s.b))
    for here, there in pairwise(bounds):
        found.append(here)
        i, j = here
        for s in _below(inside, here):
            if i <= s.a[0] <= s.a[1] < there[0] and j <= s.b[0] <= s.b[1] < there[1]:
                i, j = s.a[1] + 1, s.b[1] + 1
                # what follows begins on a row of its own, whichever side was longer
                found += [(s.a[0], s.b[0]), (i, j)]
                shown.append(s)
    return found, shown


def _below(statements: Sequence[Beside], head: tuple[int, int]) -> Iterator[Beside]:
    """The statements without first lines of functions, which stand beside one another whatever they are aligned with.

    A statement that holds the first line of both is left as it is.
    """
    for s in statements:
        a, b = s.a, s.b
        if (a[0] == head[0]) != (b[0] == head[1]):
            a, b = (a[0] + (a[0] == head[0]), a[1]), (b[0] + (b[0] == head[1]), b[1])
        if a[0] <= a[1] and b[0] <= b[1]:
            yield Beside(a, b, s.label)


def _own(lines: tuple[int, int], label: int, side: Sequence[Cell]) -> bool:
    return lines[1] <= len(side) and all(cell.label == label for cell in side[lines[0] - 1 : lines[1]])


def side_by_side(a: Sequence[Cell], b: Sequence[Cell], beside: Sequence[tuple[int, int]]) -> Iterator[Row]:
    """Rows of both programs, in which the lines of `beside` stand on one row; the shorter side is filled with None.

    Args:
        a: lines of one program.
        b: lines of the other.
        beside: pairs of line numbers, none lower than the one before on either side.
    """
    i = j = 0
    for x, y in [*beside, (len(a) + 1, len(b) + 1)]:
        yield from zip_longest(a[i : x - 1], b[j : y - 1])
        i, j = x - 1, y - 1
