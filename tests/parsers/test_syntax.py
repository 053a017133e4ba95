"""Parsing, error measures and the budget."""

import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import budget
from parsers.budget import COUNTED_BYTES, ParseBudgetExceeded, step_limit
from parsers.languages import LANGUAGES
from parsers.syntax import grammar_of, parse
from parsers.units import extract_units


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", b"def f(x):\n    return x\n"),
        ("java", b"class A { int f() { return 1; } }"),
        ("javascript", b"const f = (x) => x;"),
        ("typescript", b"const f = (x: number): number => x;"),
        ("csharp", b"class A { int F() => 1; }"),
        ("go", b"package a\n\nfunc f() int { return 1 }\n"),
        ("rust", b"fn f() -> i32 { 1 }"),
    ],
)
def test_good_code_has_no_error(language, source):
    syntax = parse(source, language)
    assert (syntax.error_bytes, syntax.error_nodes, syntax.missing_nodes, syntax.error_share) == (0, 0, 0, 0.0)


def test_the_empty_source():
    assert parse(b"", "python").error_share == 0.0


def test_jsx_needs_the_dialect():
    source = b"const a = <B c={1}>text</B>;"
    assert parse(source, "typescript", "a.tsx").error_nodes == 0
    assert parse(source, "typescript", "a.ts").error_nodes > 0
    assert grammar_of("typescript", "x/A.TSX")[1] == "language_tsx"


def test_a_missing_token_is_counted():
    syntax = parse(b"class A { void f() { int x = 1 } }", "java")
    assert (syntax.missing_nodes, syntax.error_nodes) == (1, 0)


def test_an_error_root_over_good_code_counts_only_the_wreck():
    good = b"".join(b"function f%d(a) {\n  return a + %d;\n}\n\n" % (i, i) for i in range(50))
    syntax = parse(good + b"foo( { [", "typescript")
    assert syntax.error_nodes >= 1
    assert 0 < syntax.error_share < 0.02
    syntax = parse(b"package a\n\nfunc f() {\n" + good.replace(b"function", b"func"), "go")
    assert syntax.error_nodes >= 1
    assert syntax.error_share < 0.1


def test_prose_is_mostly_error():
    prose = b"It was the best of times, it was the worst of times; it was the age of wisdom's end.\n" * 20
    assert parse(prose, "go").error_share > 0.3
    assert parse(b")]}" * 100, "java").error_share > 0.9


@given(st.binary(max_size=400), st.sampled_from(list(LANGUAGES)))
@settings(max_examples=80, deadline=None)
def test_measures_of_any_bytes(source, language):
    syntax = parse(source, language)
    assert 0 <= syntax.error_bytes <= len(source)
    assert 0.0 <= syntax.error_share <= 1.0
    # only one way: Go's end of statement may be missing without a node that says so, as in "0\nA"
    assert syntax.error_nodes + syntax.missing_nodes == 0 or syntax.tree.root_node.has_error
    for unit in extract_units(syntax):
        assert 0 <= unit.outer_start_byte <= unit.start_byte < unit.end_byte <= len(source)
        assert 1 <= unit.outer_start_line <= unit.start_line <= unit.end_line


def test_counted_and_uncounted_parse_agree(monkeypatch):
    source = b"def f(a):\n    return [a, (1, 2)]\n\n" * 300
    counted = parse(source, "python")
    monkeypatch.setattr(budget, "COUNTED_BYTES", 1 << 30)
    monkeypatch.setattr(budget, "CHUNK", 7)
    assert len(source) > COUNTED_BYTES
    assert str(parse(source, "python").tree.root_node) == str(counted.tree.root_node)


def test_small_chunks_change_nothing(monkeypatch):
    source = 'x = "größe" # ü\n'.encode() * 400
    whole = str(parse(source, "python").tree.root_node)
    monkeypatch.setattr(budget, "CHUNK", 3)
    monkeypatch.setattr(budget, "RESCANS", 100)
    assert str(parse(source, "python").tree.root_node) == whole


@pytest.mark.parametrize(
    ("language", "source", "what"),
    [
        ("go", b"[" + b"[1]," * 5000 + b"]", "parser steps"),
        ("rust", b'r#"' * 10000, "bytes read"),
        ("java", b"a<" * 50000, "open angle brackets"),
        ("csharp", b"<a" * 50000, "open angle brackets"),
        ("typescript", b"a<b, " * 20000, "open angle brackets"),
    ],
)
def test_runaway_sources_are_cut_and_the_parser_lives_on(language, source, what):
    messages = set()
    for _ in range(2):
        with pytest.raises(ParseBudgetExceeded) as caught:
            parse(source, language)
        assert caught.value.what == what
        assert caught.value.steps > caught.value.limit
        messages.add(str(caught.value))
    assert len(messages) == 1, "the budget must not depend on time"
    assert parse(b"", language).error_nodes == 0


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", b"x = [" + b"1234, " * 30000 + b"]\n"),
        ("javascript", b"x=[" + b'{"a":1,"b":[1,2]},' * 8000 + b"]"),
        ("java", b"class A { int[] a = {" + b"1 << 3, a < b ? c : d, " * 3000 + b"}; }"),
        ("csharp", b'class A { string a = @"' + b"<b>x</b>" * 9000 + b'"; }'),
        ("typescript", b"const a = 1; /* " + b"x" * 2_000_000 + b" */\n"),
        ("python", b"x = '" + b"a" * 2_000_000 + b"'\n"),
        ("csharp", b"a;" * 3000),
        ("java", b"class A { boolean f() { return " + b"a.b < 1 && c[2] < d || " * 3000 + b"true; } }"),
    ],
)
def test_dense_but_plausible_sources_stay_within_the_budget(language, source):
    syntax = parse(source, language)
    assert syntax.tree.root_node.end_byte == len(source)


@pytest.mark.parametrize("language", ["python", "javascript", "go", "java"])
def test_deep_nesting_neither_recurses_nor_exceeds(language):
    depth = 200_000
    syntax = parse(b"x=" + b"(" * depth + b"1" + b")" * depth, language)
    assert syntax.error_share <= 1.0
    assert extract_units(syntax) == []


def test_a_function_at_the_bottom_of_deep_nesting_is_found():
    depth = 50_000
    syntax = parse(b"x=" + b"(" * depth + b"function(){ function inner(){} }" + b")" * depth, "javascript")
    assert [unit.name for unit in extract_units(syntax)] == ["x", "inner"]


def test_step_limit_grows_with_the_size():
    assert step_limit(0) == budget.BASE_STEPS < step_limit(1_000_000)


def test_a_syntax_stays_in_its_process():
    with pytest.raises(TypeError):
        pickle.dumps(parse(b"x", "python"))


def test_random_bytes_terminate():
    syntax = parse(random.Random(1).randbytes(20_000), "typescript")
    assert syntax.error_share > 0.25  # nothing that a gate would let through
