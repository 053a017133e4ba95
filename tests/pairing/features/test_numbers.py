import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features.numbers import MAX_DIGITS, value, values


@pytest.mark.parametrize(
    "text",
    [
        "255",
        "0xFF",
        "0XfF",
        "0b1111_1111",
        "0o377",
        "2_55",
        "255L",
        "255u8",
        "255n",
        "255.0",
        "2.55e2",
        "255f",
        "255UL",
    ],
)
def test_one_value_has_one_form_in_every_language(text):
    assert values(f"x = {text};".encode(), 9) == [b"255"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a1 + b2c + _3", []),
        ("3.14 + 1e-3 + .5", ["3.14", "0.001", "0.5"]),
        ("for i in 0..10 { a[1..n] }", ["0", "10", "1"]),
        ("0..=n", ["0"]),
        ("pair.0 + f().1 + a[2].3", ["2"]),
        ("1.max(2)", ["1", "2"]),
        ("0x", ["0"]),
        ("1e400", ["inf"]),
        ("-7", ["7"]),
        ("9" * MAX_DIGITS + " " + "9" * (MAX_DIGITS + 1), ["9" * MAX_DIGITS]),
        ("0x" + "f" * 16, [str(2**64 - 1)]),
    ],
)
def test_numbers_of_a_code_in_order(code, expected):
    assert [v.decode() for v in values(code.encode(), 100)] == expected


def test_only_so_many_are_read():
    assert values(b"1,2,3,4,5", 3) == [b"1", b"2", b"3"]


@given(st.integers(0, 2**64))
def test_whole_numbers_are_exact_in_every_base(number):
    for text in (f"{number}", f"{number:#x}", f"{number:_}"):
        assert value(text.encode()) == (b"%d" % number if len(text) <= MAX_DIGITS else None)


@given(st.text("0123456789xXbBoOeE._+-abcdef", max_size=40).map(str.encode))
def test_no_text_is_too_odd(text):
    assert all(isinstance(v, bytes) for v in values(text, 50))
