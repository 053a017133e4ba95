import pytest

from pairing.parallel.fit import Match, Side, drops, fitted
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
    found = drops(a, b, MATCHES)
    assert [(d.a, d.b) for d in found] == [((), (3,)), ((2,), ()), ((1,), (1,)), ((3,), (2,))]


@pytest.mark.parametrize("budget", range(40, 140, 7))
def test_what_is_fitted_keeps_within_its_budget_and_is_whole(budget):
    a, b = side(PYTHON, "python"), side(JAVA, "java")

    def count(text: str) -> int:
        return len(text) // 4

    made = fitted(a, b, MATCHES, count, budget)
    if made is None:
        assert budget < 90
        return
    text_a, text_b, dropped = made
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
    assert fitted(a, b, [], len, 100) is None
    assert fitted(a, b, [], len, 10_000) == (PYTHON, JAVA, 0)


def test_twenty_thousand_functions_are_fitted_in_bounded_time():
    python = "\n\n".join(f"def f{n}():\n    return {n}" for n in range(20_000)) + "\n"
    a, b = side(python, "python"), side("func main() {}\n", "go")
    made = fitted(a, b, [Match(7, 0, 0.5)], len, 1000)
    assert made is not None and "def f7()" in made[0] and len(made[0]) <= 1000


def test_a_program_of_one_function_with_another_inside_is_not_emptied():
    inside = "        x = 1\n" * 30
    one = side(f"def outer():\n    def inner():\n{inside}        return x\n\n    return inner\n", "python")
    lines = "    let x = 1;\n" * 30
    other = side(
        f"function outer() {{\n  function inner() {{\n{lines}    return x;\n  }}\n  return inner;\n}}\n", "javascript"
    )
    matches = [Match(0, 0, 0.9), Match(1, 1, 0.8)]
    for budget in (40, 100, 200, 400, 700):
        made = fitted(one, other, matches, len, budget)
        assert made is None or (made[0].strip() and made[1].strip())
