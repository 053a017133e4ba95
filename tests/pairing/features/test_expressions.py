import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features.document import MAX_STREAM, extract
from pairing.features.expressions import CALL, NAME, NOTHING, NUMERAL, OPERATOR, expression_keys, symbol

LEAP = {
    "python": "def leap(y):\n    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)\n",
    "java": "boolean isLeap(int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); }",
    "javascript": "const leap = (y) => y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);",
    "typescript": "function m1(y: number): boolean { return y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) }",
    "csharp": "static bool M1(int y) => y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);",
    "go": "func IsLeap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }",
    "rust": "fn leap(y: u64) -> bool { y % 4 == 0u64 && (y % 100 != 0 || y % 400 == 0) }",
}


def test_a_rule_about_numbers_is_the_same_in_every_language(found):
    expected = found(LEAP["python"], "python").keys("expressions")
    assert len(expected) > 20
    for language, text in LEAP.items():
        assert found(text, language).keys("expressions") >= expected, language


@pytest.mark.parametrize(("one", "other"), [("y % 400 == 0", "y % 40 == 0"), ("left + right", "left - right")])
def test_another_number_or_operator_is_another_expression(found, one, other):
    a, b = (found(f"x = {text}\n", "python").keys("expressions") for text in (one, other))
    assert a - b and b - a


@pytest.mark.parametrize("name", ["m1", "m12", "i", "x9"])
def test_names_that_say_nothing_stand_as_one(name):
    assert symbol(name.encode()) == (NAME, b"")
    tokens = [b"total", b"+", name.encode(), b"count"]
    assert expression_keys(tokens, 9).tolist() == expression_keys([b"total", b"+", b"k", b"count"], 9).tolist()


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (b"===", (OPERATOR, b"==")),
        (b"and", (OPERATOR, b"&&")),
        (b"0x1F", (NUMERAL, b"31")),
        (b"7u8", (NUMERAL, b"7")),
        (b"2.50", (NUMERAL, b"2.5")),
        (b"length", (CALL, symbol(b"Count")[1])),
        (b"rowTotal", (NAME, b"rowtotal")),
        (b"while", (NOTHING, b"")),
        (b"public", (NOTHING, b"")),
        (b"{", (NOTHING, b"")),
        (b'""', (NOTHING, b"")),
    ],
)
def test_a_token_and_what_stands_for_it(token, expected):
    assert symbol(token) == expected


def test_names_side_by_side_make_a_pair_whatever_stands_between_them(found):
    a = found("rowTotal = fetchAll(largeTable)\n", "python")
    b = found("var row_total = FetchAll(large_table);", "csharp")
    assert a.keys("name_pairs") == b.keys("name_pairs")
    assert len(a.keys("name_pairs")) == 2


def test_what_is_read_ends_after_the_limit():
    tokens = [b"%d" % (n // 2) if n % 2 else b"+" for n in range(400)]
    assert expression_keys(tokens, 100).tolist() == expression_keys(tokens[:100], 100).tolist()
    assert len(expression_keys(tokens, 200)) > len(expression_keys(tokens, 100))
    assert MAX_STREAM > 100


@given(st.binary(max_size=300), st.sampled_from(sorted(LEAP)))
def test_any_bytes_give_keys_of_the_two_classes_only(content, language):
    tokens = content.split()
    kinds = set((expression_keys(tokens, 50) & 15).tolist())
    assert kinds <= {2, 6}
    assert np.isfinite(extract(content, language).profile).all()
