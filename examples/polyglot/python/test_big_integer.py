import pytest

from big_integer import BigInteger, factorial


def test_addition_carries_through_every_digit():
    assert str(BigInteger("99999999999999999999") + BigInteger(1)) == "1" + "0" * 20


def test_multiplication():
    product = BigInteger("123456789123456789") * BigInteger("987654321987654321")
    assert str(product) == "121932631356500531347203169112635269"


def test_multiplying_by_zero():
    assert str(BigInteger("31415926535") * BigInteger(0)) == "0"


def test_leading_zeros_do_not_matter():
    assert BigInteger("000042") == BigInteger(42)
    assert BigInteger("000") < BigInteger("1")


@pytest.mark.parametrize(
    "n, expected",
    [(0, "1"), (5, "120"), (30, "265252859812191058636308480000000")],
)
def test_factorial(n, expected):
    assert str(factorial(n)) == expected


@pytest.mark.parametrize("text", ["", "-5", "12a", "1.5"])
def test_malformed_text(text):
    with pytest.raises(ValueError):
        BigInteger(text)
