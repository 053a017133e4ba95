import pytest

from pairing.parallel.fit import Family, Match, Side, among, drops, families, fitted, pair_families
from pairing.parallel.units import Unit, exposed, removable, removal, text_of
from parsers.syntax import parse
from parsers.units import extract_units


def side(source: str, language: str) -> Side:
    syntax = parse(source.encode(), language)
    units = [
        Unit(u.start_byte, u.end_byte, u.outer_start_byte, u.outer_start_line, u.end_line)
        for u in extract_units(syntax)
        if u.has_body and u.parameters >= 0
    ]
    return Side(syntax, units)


PYTHON = '''import os


class A:
    """Doc."""

    @property
    def first(self):
        text = """
  keep
        """
        return text

    # about second
    def second(self):
        return 2


class B:
    def only(self):
        return 3


def last():
    return 4
'''
JAVA = """class A {
    /** First. */
    int first() {
        return 1;
    }

    int second() {
        return 2;
    }

    static int last() {
        return 4;
    }

    int extra() {
        return 5;
    }
}
"""


def names(of: Side) -> list[str]:
    return [text_of(of.syntax, unit).decode() for unit in of.units]


def test_a_function_stands_at_the_margin_with_decorators_and_comments_and_untouched_strings():
    found = names(side(PYTHON, "python"))
    assert found[0] == '@property\ndef first(self):\n    text = """\n  keep\n        """\n    return text'
    assert found[1] == "# about second\ndef second(self):\n    return 2"
    assert names(side(JAVA, "java"))[0] == "/** First. */\nint first() {\n    return 1;\n}"


@pytest.mark.parametrize(
    ("language", "source", "texts"),
    [
        ("javascript", "export const f = (a) => {\n  return a;\n};\n", ["export const f = (a) => {\n  return a;\n};"]),
        ("javascript", "x; function g() {\n  return 1;\n}\n", ["function g() {\n  return 1;\n}"]),
        ("rust", "impl A {\n    /// doc\n    fn f() {}\n}\n", ["/// doc\nfn f() {}"]),
        ("go", "// F is\nfunc F() {\n\tx()\n}\n", ["// F is\nfunc F() {\n\tx()\n}"]),
    ],
)
def test_functions_of_other_languages(language, source, texts):
    assert names(side(source, language)) == texts


def test_an_outer_function_with_a_partner_hides_what_it_holds_and_one_without_shows_it():
    units = [Unit(0, 100, 0, 1, 9), Unit(10, 50, 10, 2, 4), Unit(20, 30, 20, 3, 3), Unit(60, 90, 60, 5, 6)]
    assert exposed(units, {}) == [0]
    assert exposed(units, {0: 1, 2: 5}) == [0]
    assert exposed(units, {1: 1}) == [1, 3]
    assert exposed(units, {2: 1}) == [2, 3]


@pytest.mark.parametrize(
    ("source", "may"),
    [
        ("const o = {\n  a() {},\n  b() {}\n};\n", [False, False]),
        ("class A {\n  a() {}\n  b() {}\n}\n", [True, True]),
        ("const f = () => 1;\n", [True]),
        ("x; function f() {}\n", [False]),
    ],
)
def test_only_what_stands_alone_on_its_lines_and_in_no_list_is_taken_out(source, may):
    of = side(source, "javascript")
    assert [removable(of.syntax.source, unit) is not None for unit in of.units] == may


def test_a_python_body_that_loses_everything_holds_pass():
    of = side(PYTHON, "python")
    rest = removal(of.syntax, of.units[:3]).apply(of.syntax.source)
    assert rest.decode() == (
        'import os\n\n\nclass A:\n    """Doc."""\n\nclass B:\n    pass\n\n\ndef last():\n    return 4\n'
    )
    assert parse(rest, "python").error_nodes == 0


MATCHES = [Match(0, 0, 0.9), Match(1, 1, 0.4), Match(3, 2, 0.7)]


def test_functions_without_a_counterpart_go_first_then_the_least_similar_and_one_pair_stays():
    a, b = side(PYTHON, "python"), side(JAVA, "java")
    found = drops((a, b), pair_families(MATCHES))
    assert found == [((1, 3),), ((0, 2),), ((0, 1), (1, 1)), ((0, 3), (1, 2))]


@pytest.mark.parametrize("budget", range(40, 140, 7))
def test_what_is_fitted_keeps_within_its_budget_and_is_whole(budget):
    a, b = side(PYTHON, "python"), side(JAVA, "java")

    def count(text: str) -> int:
        return len(text) // 4

    made = fitted((a, b), pair_families(MATCHES), count, budget)
    if made is None:
        assert budget < 90
        return
    (text_a, text_b), dropped, kept = made
    lengths = [len(text_a) / len(PYTHON), len(text_b) / len(JAVA)]
    assert kept == min(lengths)
    assert count(text_a) + count(text_b) <= budget
    assert (dropped == 0) == (text_a == PYTHON and text_b == JAVA)
    for text, language in ((text_a, "python"), (text_b, "java")):
        assert parse(text.encode(), language).error_nodes == 0
    for i, j, *_ in MATCHES:  # both of a pair, or none
        of = [names(side(PYTHON, "python"))[i].splitlines()[-1].strip(), names(side(JAVA, "java"))[j].splitlines()[-2]]
        assert (of[0] in text_a) == (of[1].strip() in text_b)
    assert "first" in text_a and "first" in text_b


def test_without_corresponding_functions_nothing_is_fitted():
    a, b = side(PYTHON, "python"), side(JAVA, "java")
    assert fitted((a, b), [], len, 100) is None
    assert fitted((a, b), [], len, 10_000) == ((PYTHON, JAVA), 0, 1.0)


def test_twenty_thousand_functions_are_fitted_in_bounded_time():
    python = "\n\n".join(f"def f{n}():\n    return {n}" for n in range(20_000)) + "\n"
    a, b = side(python, "python"), side("func main() {}\n", "go")
    made = fitted((a, b), pair_families([Match(7, 0, 0.5)]), len, 1000)
    assert made is not None and "def f7()" in made.texts[0] and len(made.texts[0]) <= 1000
    assert made.kept < 0.01 and made.dropped > 19_900


def test_a_program_of_one_function_with_another_inside_is_not_emptied():
    inside = "        x = 1\n" * 30
    one = side(f"def outer():\n    def inner():\n{inside}        return x\n\n    return inner\n", "python")
    lines = "    let x = 1;\n" * 30
    other = side(
        f"function outer() {{\n  function inner() {{\n{lines}    return x;\n  }}\n  return inner;\n}}\n", "javascript"
    )
    matches = [Match(0, 0, 0.9), Match(1, 1, 0.8)]
    for budget in (40, 100, 200, 400, 700):
        made = fitted((one, other), pair_families(matches), len, budget)
        assert made is None or all(text.strip() for text in made.texts)


def test_functions_inside_one_that_is_left_out_count_as_left_out():
    inner = "    def one():\n        return 1\n\n    def two():\n        return 2\n\n    return one, two\n"
    a = side(f"def kept():\n    return 0\n\n\ndef outer():\n{inner}", "python")
    b = side("func Kept() int {\n\treturn 0\n}\n", "go")
    made = fitted((a, b), pair_families([Match(0, 0, 0.9)]), len, 70)
    assert made is not None and "outer" not in made.texts[0]
    assert made.dropped == 3


GO = "".join(f"func {name}() int {{\n\treturn {n}\n}}\n\n" for n, name in enumerate(("A", "B", "C")))
RUST = "".join(f"fn {name}() -> i64 {{\n    {n}\n}}\n\n" for n, name in enumerate(("a", "b", "c", "alone")))
SNAKE = "".join(f"def {name}():\n    return {n}\n\n\n" for n, name in enumerate(("a", "b", "c")))
THREE = {
    (0, 1): [Match(0, 0, 0.9), Match(1, 1, 0.8), Match(2, 2, 0.7)],
    (1, 2): [Match(0, 0, 0.9), Match(1, 1, 0.6)],
    (0, 2): [Match(0, 0, 0.9), Match(1, 2, 0.3)],
}
"""Function b of the third program is surer as a counterpart of both others than c is."""


def test_families_are_connected_matches_with_one_function_of_a_program_the_surest_first():
    assert families([3, 3, 4], THREE) == [
        Family(((0, 0), (1, 0), (2, 0)), 0.9),
        Family(((0, 1), (1, 1), (2, 1)), 0.6),
        Family(((0, 2), (1, 2)), 0.7),
    ]
    assert families([3, 3], {}) == []
    assert among(families([3, 3, 4], THREE), [0, 1, 2]) == families([3, 3, 4], THREE)
    assert among(families([3, 3, 4], THREE), [0]) == []
    assert among(families([3, 3, 4], THREE), [1, 2]) == [
        Family(((0, 0), (1, 0)), 0.9),
        Family(((0, 1), (1, 1)), 0.6),
    ]


@pytest.mark.parametrize(
    ("budget", "left"),
    [(260, "abc"), (220, "abc"), (200, "ab"), (120, "a"), (70, None)],
)
def test_of_several_programs_the_same_functions_are_left_out_the_rarest_first(budget, left):
    three = [side(SNAKE, "python"), side(GO, "go"), side(RUST, "rust")]
    made = fitted(three, families([3, 3, 4], THREE), len, budget)
    if left is None:
        assert made is None
        return
    assert sum(map(len, made.texts)) <= budget
    for name in "ab":
        starts = (f"def {name}(", f"func {name.upper()}(", f"fn {name}(")
        there = [start in text for start, text in zip(starts, made.texts, strict=True)]
        assert there == [name in left] * 3
    assert ("def c(" in made.texts[0], "func C(" in made.texts[1]) == ("c" in left,) * 2
    assert (made.dropped > 0) == (made.texts != (SNAKE, GO, RUST))


def test_a_program_that_would_hold_no_counterpart_is_not_fitted():
    three = [side(SNAKE, "python"), side(GO, "go"), side(RUST, "rust")]
    assert fitted(three, families([3, 3, 4], {(0, 1): THREE[0, 1]}), len, 250) is None
