"""Schoolbook arithmetic on non-negative integers stored as lists of decimal digits."""

from __future__ import annotations

from functools import reduce, total_ordering
from itertools import zip_longest


@total_ordering
class BigInteger:
    """Digits are kept least significant first, so carries travel to the right."""

    __slots__ = ("_digits",)

    def __init__(self, text: str | int) -> None:
        text = str(text).replace("_", "")
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"not a non-negative integer: {text!r}")
        self._digits = [int(ch) for ch in reversed(text.lstrip("0"))]

    @classmethod
    def _from_digits(cls, digits: list[int]) -> BigInteger:
        while digits and digits[-1] == 0:
            digits.pop()
        number = cls.__new__(cls)
        number._digits = digits
        return number

    def __add__(self, other: BigInteger) -> BigInteger:
        total, carry = [], 0
        for a, b in zip_longest(self._digits, other._digits, fillvalue=0):
            carry, digit = divmod(a + b + carry, 10)
            total.append(digit)
        return self._from_digits(total + [carry])

    def __mul__(self, other: BigInteger) -> BigInteger:
        product = [0] * (len(self._digits) + len(other._digits))
        for shift, a in enumerate(self._digits):
            carry = 0
            for place, b in enumerate(other._digits, start=shift):
                carry, product[place] = divmod(product[place] + a * b + carry, 10)
            product[shift + len(other._digits)] += carry
        return self._from_digits(product)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BigInteger) and self._digits == other._digits

    def __lt__(self, other: BigInteger) -> bool:
        mine, theirs = self._digits, other._digits
        return (len(mine), mine[::-1]) < (len(theirs), theirs[::-1])

    def __hash__(self) -> int:
        return hash(tuple(self._digits))

    def __str__(self) -> str:
        return "".join(map(str, reversed(self._digits))) or "0"

    def __repr__(self) -> str:
        return f"BigInteger('{self}')"

    def digit_sum(self) -> int:
        return sum(self._digits)


def factorial(n: int) -> BigInteger:
    return reduce(BigInteger.__mul__, map(BigInteger, range(2, n + 1)), BigInteger(1))


def main() -> None:
    nines = BigInteger("99999999999999999999")
    print(f"{nines} + 1 = {nines + BigInteger(1)}")

    up, down = BigInteger("123456789123456789"), BigInteger("987654321987654321")
    print(f"{up} * {down} = {up * down}")
    print("larger factor:", max(up, down))

    result = factorial(30)
    print("30! =", result)
    print("digit sum of 30! =", result.digit_sum())


if __name__ == "__main__":
    main()
