import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.align.statements import (
    MAX_STATEMENTS,
    align_statements,
    aligned_share,
    statements_of,
)

PYTHON = b'''def root(radicand):
    """A text
    of two lines."""
    if radicand == 1:  # done
        return 1
    guess = radicand // 2
    for i in range(10):
        guess = (guess +
            radicand / guess) // 2
    print("low", "high")
    return guess
'''
GO = b"""func root(radicand int) int {
    if radicand == 1 {
        return 1
    }
    guess := radicand / 2
    for i := 0; i < 10; i++ {
        guess = (guess + radicand / guess) / 2
    }
    fmt.Println("low")
    fmt.Println("high")
    return guess
}"""


def test_a_statement_spans_the_lines_that_a_bracket_joins_and_comments_are_none():
    assert [(s.first, s.last) for s in statements_of(PYTHON, "python")] == [
        (0, 0), (3, 3), (4, 4), (5, 5), (6, 6), (7, 8), (9, 9), (10, 10),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"x = a(\n  1,\n  2)\ny = 3", [(0, 2), (3, 3)]),
        (b"x = items\n  .map(f)\n  .sum()\ny = 1", [(0, 2), (3, 3)]),
        (b"ok = a &&\n  b\ny = 1", [(0, 1), (2, 2)]),
        (b'/* one\n two */\nx = "a // b"\n// "c"\ny = "d"', [(2, 2), (4, 4)]),
        (b"x = `a\nb`\ny = 1", [(0, 1), (2, 2)]),
        (b"{\n}\n});\n", []),
        (b"x = (1\ny = 2", [(0, 1)]),
    ],
)
def test_lines_of_statements(text, lines):
    assert [(s.first, s.last) for s in statements_of(text, "javascript")] == lines


def test_translated_statements_are_aligned_in_order_and_one_with_two():
    a, b = statements_of(PYTHON, "python"), statements_of(GO, "go")
    links = align_statements(a, b)
    assert [(link.a, link.b) for link in links] == [
        ((0,), (0,)), ((1,), (1,)), ((2,), (2,)), ((3,), (3,)), ((4,), (4,)), ((5,), (5,)), ((6,), (6, 7)),
        ((7,), (8,)),
    ]  # fmt: skip
    assert aligned_share(a, b, links) == 1


def test_a_statement_that_only_one_side_has_is_a_gap():
    b = statements_of(b"area = width * height\nlog('unrelated words')\nreturn area", "javascript")
    a = statements_of(b"area = width * height\nreturn area", "python")
    assert [(link.a, link.b) for link in align_statements(a, b)] == [((0,), (0,)), ((1,), (2,))]


def test_statements_without_anything_in_common_have_no_counterpart():
    a, b = statements_of(b"alpha(1)", "python"), statements_of(b"beta(2)", "go")
    assert align_statements(a, b) == []
    assert aligned_share(a, b, []) == 0
    assert aligned_share([], [], []) == 0


def test_names_that_say_nothing_are_no_features():
    a, b = statements_of(b"m1 = m2", "python"), statements_of(b"m1 = m2", "go")
    assert {feature for s in (*a, *b) for feature in s.features} == {b"="}


lines = st.lists(st.sampled_from([b"a = b + 1", b"call(c)", b"return d", b"if e == 2", b"f = 'text'"]), max_size=12)


@given(lines, lines)
def test_links_are_monotone_and_use_a_statement_once(a, b):
    links = align_statements(statements_of(b"\n".join(a), "python"), statements_of(b"\n".join(b), "python"))
    for side, count in (([n for x in links for n in x.a], len(a)), ([n for x in links for n in x.b], len(b))):
        assert side == sorted(set(side))
        assert all(0 <= number < count for number in side)
    assert all(len(x.a) + len(x.b) in (2, 3) and 0 < x.similarity <= 1 for x in links)


def test_no_more_than_the_first_statements_are_aligned():
    many = statements_of(b"\n".join(b"x%d = call(%d)" % (n, n) for n in range(MAX_STATEMENTS + 50)), "python")
    links = align_statements(many, many)
    assert max(number for link in links for number in link.a) < MAX_STATEMENTS < len(many)
    assert aligned_share(many, many, links) < 1
