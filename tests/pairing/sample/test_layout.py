"""Side by side: nothing is lost, what corresponds stands on one row, and no text steers the terminal."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pairing.sample.layout import (
    OUTSIDE,
    UNPAIRED,
    Beside,
    Span,
    anchors,
    cells,
    neutral,
    placed,
    side_by_side,
)


@given(st.text(max_size=60), st.integers(2, 40))
def test_any_text_takes_exactly_its_cells_and_holds_no_control_character(text, width):
    shown = neutral(text, width)
    assert cell_len(shown) == width
    assert all(c.isprintable() for c in shown if ord(c) < 0xA0)


@pytest.mark.parametrize("bad", ["\x1b[31mred\x1b[0m", "\x07", "a\rb", "\u202eevil", "\u2028", "\x9b2J", "\x00"])
def test_what_steers_a_terminal_is_escaped(bad):
    shown = neutral(bad, 40)
    assert "\\" in shown
    assert not set(bad) & set("\x1b\x07\r\u202e\u2028\x9b\x00") & set(shown)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "\x1b" * 1_000_000, "世" * 1000])
def test_a_long_line_ends_in_an_ellipsis(text):
    shown = neutral(text, 20)
    assert cell_len(shown.rstrip()) <= 20
    assert "…" in shown


def test_a_tab_is_blanks():
    assert neutral("\tx", 6) == "    x "


def test_the_inner_of_two_functions_has_its_lines():
    found = cells(["1", "2", "3", "4", "5"], [Span(1, 4, 1), Span(2, 3, UNPAIRED)])
    assert [c.label for c in found] == [1, UNPAIRED, UNPAIRED, 1, OUTSIDE]
    assert [c.first for c in found] == [True, True, False, False, False]


def test_lines_beyond_the_text_are_no_error():
    assert [c.label for c in cells(["1"], [Span(1, 9, 1), Span(7, 9, 2)])] == [1]


def test_aligned_functions_stand_on_one_row_and_crossing_ones_do_not_break_the_order():
    a, b = [Span(1, 2, 1), Span(3, 4, 2), Span(5, 6, 3)], [Span(9, 9, 1), Span(2, 3, 2), Span(6, 7, 3)]
    beside = anchors(a, b)
    assert beside == [(3, 2), (5, 6)]
    rows = list(side_by_side(cells(["a"] * 6, a), cells(["b"] * 9, b), beside))
    together = {(x.number, y.number) for x, y in rows if x and y}
    assert {(3, 2), (5, 6)} <= together


spans = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=8)


@given(spans)
def test_the_anchors_are_a_longest_run_that_rises_on_both_sides(points):
    a = [Span(x, x, n) for n, (x, _) in enumerate(points, 1)]
    b = [Span(y, y, n) for n, (_, y) in enumerate(points, 1)]
    found = anchors(a, b)
    assert _rising(found)
    assert set(found) <= set(points)
    met = sorted(set(points))
    longest = max((k for k in range(len(met) + 1) for c in combinations(met, k) if _rising(c)), default=0)
    assert len(found) == longest


def _rising(chain) -> bool:
    return all(p[0] < q[0] and p[1] < q[1] for p, q in pairwise(chain))


@given(st.integers(0, 12), st.integers(0, 12), spans)
def test_every_line_of_both_sides_is_shown_once_and_in_order(n, m, points):
    inside = [(x, y) for x, y in points if x <= n and y <= m]
    a = [Span(x, x, k) for k, (x, _) in enumerate(inside, 1)]
    b = [Span(y, y, k) for k, (_, y) in enumerate(inside, 1)]
    rows = list(side_by_side(cells(["a"] * n, a), cells(["b"] * m, b), anchors(a, b)))
    assert [x.number for x, _ in rows if x] == list(range(1, n + 1))
    assert [y.number for _, y in rows if y] == list(range(1, m + 1))


def rows_of(lengths: tuple[int, int], spans: tuple[list[Span], list[Span]], statements: list[Beside]):
    """Numbers of the lines that stand on each row, and the statements that have a place."""
    a, b = (cells(["x"] * n, s) for n, s in zip(lengths, spans, strict=True))
    beside, found = placed(anchors(*spans), statements, a, b)
    rows = [(x and x.number, y and y.number) for x, y in side_by_side(a, b, beside)]
    return rows, found


def test_aligned_statements_begin_on_one_row_and_what_follows_begins_below_the_longer_one():
    statements = [Beside((2, 2), (2, 4), 1), Beside((4, 5), (5, 5), 1)]
    rows, found = rows_of((6, 6), ([Span(1, 6, 1)], [Span(1, 6, 1)]), statements)
    assert found == statements
    assert rows == [(1, 1), (2, 2), (None, 3), (None, 4), (3, None), (4, 5), (5, None), (6, 6)]


def test_first_lines_of_functions_stand_side_by_side_whatever_they_are_aligned_with():
    spans = ([Span(1, 3, 1)], [Span(2, 4, 1)])
    rows, found = rows_of((3, 4), spans, [Beside((2, 2), (2, 3), 1)])
    assert found == [Beside((2, 2), (3, 3), 1)]
    assert (1, 2) in rows
    assert (2, 3) in rows
    assert rows_of((3, 4), spans, [Beside((3, 3), (2, 2), 1)])[1] == []


def test_statements_of_crossing_or_inner_functions_have_no_place():
    crossing = ([Span(1, 2, 1), Span(3, 4, 2), Span(5, 6, 3)], [Span(5, 6, 1), Span(1, 2, 2), Span(3, 4, 3)])
    assert rows_of((6, 6), crossing, [Beside((2, 2), (6, 6), 1), Beside((4, 4), (2, 2), 2)])[1] == [
        Beside((4, 4), (2, 2), 2)
    ]
    inner = ([Span(1, 5, 1), Span(2, 3, UNPAIRED)], [Span(1, 5, 1)])
    assert rows_of((5, 5), inner, [Beside((2, 3), (2, 2), 1), Beside((4, 9), (4, 4), 1)])[1] == []


lines = st.tuples(st.integers(1, 12), st.integers(0, 2)).map(lambda pair: (pair[0], sum(pair)))
statements = st.lists(st.builds(Beside, lines, lines, st.integers(1, 3)), max_size=8)
functions = st.lists(lines.map(lambda pair: (pair[0], pair[1] + 3)), min_size=1, max_size=3)


@given(functions, functions, statements)
def test_every_line_stands_on_one_row_in_order_whatever_is_aligned(a, b, given_statements):
    spans = tuple([Span(start, end, n) for n, (start, end) in enumerate(side, 1)] for side in (a, b))
    rows, found = rows_of((14, 11), spans, given_statements)
    assert [x for x, _ in rows if x] == list(range(1, 15))
    assert [y for _, y in rows if y] == list(range(1, 12))
    assert {(s.a[0], s.b[0]) for s in found} <= set(rows)
    assert set(anchors(*spans)) <= {(x, y) for x, y in rows} | {p for p in anchors(*spans) if p[0] > 14 or p[1] > 11}
