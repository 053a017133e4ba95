"""Expression calculator: arithmetic statements over named variables."""

from __future__ import annotations

import operator
import re
from typing import Iterator, NamedTuple

LEXEME = re.compile(
    r"(?P<number>\d+(?:\.\d*)?)|(?P<name>[A-Za-z_]\w*)|(?P<symbol>[-+*/%^()=])|(?P<space>\s+)"
)
ADDITIVE = {"+": operator.add, "-": operator.sub}
MULTIPLICATIVE = {"*": operator.mul, "/": operator.truediv, "%": operator.mod}


class CalculatorError(ValueError):
    """The text is not a valid expression, or it cannot be evaluated."""


class Token(NamedTuple):
    kind: str
    text: str
    column: int


def tokenize(source: str) -> Iterator[Token]:
    position = 0
    while position < len(source):
        match = LEXEME.match(source, position)
        if match is None:
            raise CalculatorError(f"unexpected character {source[position]!r} at column {position + 1}")
        if match.lastgroup != "space":
            yield Token(match.lastgroup, match.group(), position + 1)
        position = match.end()
    yield Token("end", "end of input", len(source) + 1)


class Calculator:
    """Evaluates statements one at a time and remembers assigned variables."""

    def __init__(self, **variables: float) -> None:
        self.variables = dict(variables)
        self._tokens: list[Token] = []

    def run(self, source: str) -> float:
        self._tokens = list(tokenize(source))[::-1]  # popped from the end
        if len(self._tokens) > 2 and self._tokens[-1].kind == "name" and self._tokens[-2].text == "=":
            target = self._tokens.pop().text
            self._tokens.pop()
            self.variables[target] = result = self._sum()
        else:
            result = self._sum()
        self._expect("end of input")
        return result

    def _accept(self, *symbols: str) -> str | None:
        return self._tokens.pop().text if self._tokens[-1].text in symbols else None

    def _expect(self, text: str) -> None:
        found = self._tokens[-1]
        if found.text != text:
            raise CalculatorError(f"expected {text}, found {found.text} at column {found.column}")
        self._tokens.pop()

    def _sum(self) -> float:
        value = self._product()
        while symbol := self._accept(*ADDITIVE):
            value = ADDITIVE[symbol](value, self._product())
        return value

    def _product(self) -> float:
        value = self._signed()
        while symbol := self._accept(*MULTIPLICATIVE):
            divisor = self._signed()
            if divisor == 0 and symbol != "*":
                raise CalculatorError("division by zero")
            value = MULTIPLICATIVE[symbol](value, divisor)
        return value

    def _signed(self) -> float:
        return -self._signed() if self._accept("-") else self._power()

    def _power(self) -> float:
        base = self._atom()
        return base ** self._signed() if self._accept("^") else base

    def _atom(self) -> float:
        token = self._tokens.pop()
        if token.kind == "number":
            return float(token.text)
        if token.kind == "name":
            if token.text not in self.variables:
                raise CalculatorError(f"unknown variable {token.text}")
            return self.variables[token.text]
        if token.text == "(":
            inner = self._sum()
            self._expect(")")
            return inner
        raise CalculatorError(f"expected an operand, found {token.text} at column {token.column}")


if __name__ == "__main__":
    calculator = Calculator(pi=3.141592653589793)
    session = "width = 3.5 * 4; height = (width - 2) / 3; -width + height * 10; 2 ^ 3 ^ 2; 7 / (height - 4)"
    for line in session.split("; "):
        try:
            print(f"{line:28} -> {calculator.run(line):g}")
        except CalculatorError as error:
            print(f"{line:28} !! {error}")
