from itertools import combinations, permutations

import pytest

from pairing.config import ParallelConfig
from pairing.parallel.fit import Match
from pairing.parallel.group_text import GroupText, group_text
from pairing.parallel.refusals import Refusal
from parsers.syntax import parse
from parsers.units import extract_units

BODY = {
    "python": "def {0}(x):\n    return x + {1}\n\n\n",
    "go": "func {0}(x int) int {{\n\treturn x + {1}\n}}\n\n",
    "rust": "fn {0}(x: i64) -> i64 {{\n    x + {1}\n}}\n\n",
    "javascript": "function {0}(x) {{\n  return x + {1};\n}}\n\n",
}
NAMES = ("first", "second", "third", "fourth")


def document(language: str, content: str | None = None) -> dict:
    content = content or "".join(BODY[language].format(name, n) for n, name in enumerate(NAMES))
    units = extract_units(parse(content.encode(), language))
    columns = ("start_byte", "end_byte", "outer_start_byte", "outer_start_line", "end_line")
    facts = {"repo": "r", "path": "", "commit": None, "licence": "MIT", "contaminated": None}
    functions = [{name: getattr(unit, name) for name in columns} for unit in units]
    return {"id": language, "language": language, "content": content, "lines": 9, "functions": functions, **facts}


def script(lines: int, language: str = "python") -> dict:
    """A program without a function."""
    return document(language, "total = 0\n" * lines)


def matches(*documents: dict) -> dict:
    found = combinations([d["id"] for d in documents if d["functions"]], 2)
    return {pair: [Match(n, n, 1 - n / 10) for n in range(len(NAMES))] for pair in found}


def made(documents: list[dict], limit: int, **options) -> GroupText | Refusal:
    return group_text(documents, matches(*documents), ParallelConfig(max_tokens=limit, **options), len)


THREE = [document("go"), document("rust"), document("javascript")]
WHOLE = sum(len(d["content"]) for d in THREE) + 3  # empty lines between, and the end token


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("limit", [WHOLE, WHOLE - 1, WHOLE - 150])
def test_a_program_without_corresponding_functions_is_left_out_where_the_others_fit(place, limit):
    documents = [*THREE[:place], script(9), *THREE[place:]]
    found = made(documents, limit)
    assert isinstance(found, GroupText)
    assert [program.id for program in found.text.programs] == ["go", "rust", "javascript"]
    assert len(found.text.content) < limit and (found.units_dropped > 0) == (limit < WHOLE)
    (number,) = found.left_out
    assert number == place
    assert found.left_out[number] == (
        "left_out_to_fit", WHOLE + 91, limit, "no function of it corresponds to another program's",
    )  # fmt: skip


def test_no_more_such_programs_are_left_out_than_need_be():
    documents = [document("csharp", "var a = 1;\n"), *THREE, script(30)]
    found = made(documents, WHOLE + 5)
    assert isinstance(found, GroupText)
    assert list(found.left_out) == [0, 4] and not found.units_dropped
    found = made(documents, WHOLE + 301)
    assert isinstance(found, GroupText)
    assert list(found.left_out) == [4] and not found.units_dropped
    documents = [documents[0], *THREE[:2], script(30)]
    limit = sum(len(d["content"]) for d in documents[:3]) + 3
    found = made(documents, limit)
    assert isinstance(found, GroupText)
    assert list(found.left_out) == [3] and not found.units_dropped
    found = made(documents, limit - 1)
    assert isinstance(found, GroupText)
    assert list(found.left_out) == [0, 3] and not found.units_dropped


def test_where_the_others_do_not_fit_either_the_largest_go_and_are_told():
    documents = [*THREE, script(40)]
    pair = sum(len(d["content"]) for d in THREE[1:]) + 2
    found = made(documents, pair, min_kept_share=1.0)
    assert isinstance(found, GroupText)
    assert [program.id for program in found.text.programs] == ["rust", "javascript"]
    assert {n: why.detail for n, why in found.left_out.items()} == {
        0: "", 3: "no function of it corresponds to another program's",
    }  # fmt: skip
    refusal = made(documents, pair - 1, min_kept_share=1.0)
    assert isinstance(refusal, Refusal) and refusal.reason == "too_few_programs"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_group_without_corresponding_functions_loses_the_largest_programs_first_whatever_the_order(order):
    small = [document("python", "total = 0\nrest = 1\n"), document("go", "package p\nvar a=1\n")]
    documents = [[*small, script(180, "java")][n] for n in order]
    found = group_text(documents, {}, ParallelConfig(max_tokens=200), len)
    assert isinstance(found, GroupText)
    assert {program.id for program in found.text.programs} == {"python", "go"}
    assert list(found.left_out) == [order.index(2)]
    least = sum(len(d["content"]) for d in small) + 2
    assert isinstance(group_text(documents, {}, ParallelConfig(max_tokens=least), len), GroupText)
    refusal = group_text(documents, {}, ParallelConfig(max_tokens=least - 1), len)
    assert isinstance(refusal, Refusal) and refusal.reason == "too_few_programs"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_program_whose_only_function_is_too_long_is_left_out_whatever_the_order(order):
    short = [document(x, BODY[x].format("first", 0)) for x in ("python", "go")]
    long = document("rust", BODY["rust"].format("first", " + ".join("1" * 400)))
    documents = [[*short, long][n] for n in order]
    alike = {pair: [Match(0, 0, 1.0)] for pair in combinations([d["id"] for d in documents], 2)}
    found = group_text(documents, alike, ParallelConfig(max_tokens=200), len)
    assert isinstance(found, GroupText)
    assert {program.id for program in found.text.programs} == {"python", "go"}
    assert {n: why.detail for n, why in found.left_out.items()} == {order.index(2): ""}


def test_of_equally_large_programs_that_nothing_can_be_taken_out_of_the_first_goes():
    documents = [script(9, x) for x in ("python", "go", "rust", "java")]
    found = made(documents, 2 * 90 + 2)
    assert isinstance(found, GroupText)
    assert list(found.left_out) == [0, 1]


@pytest.mark.parametrize("limit", [None, WHOLE + 100])
def test_a_program_that_is_nothing_but_comments_is_left_out_and_the_others_are_written(limit):
    documents = [*THREE[:2], document("python", "# nothing\n" * 40), THREE[2]]
    found = made(documents, limit, comments="strip")
    assert isinstance(found, GroupText)
    assert [program.id for program in found.text.programs] == ["go", "rust", "javascript"]
    assert {n: why.reason for n, why in found.left_out.items()} == {2: "empty"}
    refusal = made(documents[2:], limit, comments="strip")
    assert isinstance(refusal, Refusal) and refusal.reason == "empty"
