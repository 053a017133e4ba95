"""SPDX licence expressions as alternatives: each a set of licences that all hold. Pure functions.

Grammar: SPDX specification 2.3, annex D (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/), which has
identifiers, `+`, WITH, AND, OR (binding in that order) and parentheses. The deprecated identifiers without `-only` or
`-or-later` are read as the licence list defines them.
"""

import re

Alternatives = frozenset[frozenset[str]]

MAX_ALTERNATIVES = 64
"""Alternatives of one expression; real ones have two or three. `(A OR B) AND (C OR D) AND ...` doubles with a term."""

MAX_TOKENS = 200
"""Words and parentheses of one expression."""

_TOKEN = re.compile(r"\(|\)|[A-Za-z0-9][A-Za-z0-9.:+-]*")
_COPYLEFT = re.compile(r"(A?GPL|LGPL|GFDL)-(\d\.\d)(\+?)", re.IGNORECASE)


class NotSpdx(ValueError):
    """A licence that is no SPDX expression."""


def alternatives(expression: str) -> Alternatives:
    """The sets of licences of which one may be chosen.

    Raises:
        NotSpdx: it is no expression, or has more than `MAX_ALTERNATIVES`.
    """
    expression = expression.replace("/", " OR ")  # as Cargo wrote it before it read SPDX
    if _TOKEN.sub("", expression).strip() or not expression.strip():
        raise NotSpdx(expression)
    tokens = _TOKEN.findall(expression)
    if len(tokens) > MAX_TOKENS:
        raise NotSpdx(f"{len(tokens)} words")
    parser = _Parser(tokens)
    found = parser.alternatives()
    if parser.tokens:
        raise NotSpdx(expression)
    return found


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens[::-1]

    def take(self) -> str:
        if not self.tokens:
            raise NotSpdx("the expression ends too early")
        return self.tokens.pop()

    def next_is(self, *words: str) -> bool:
        return bool(self.tokens) and self.tokens[-1].upper() in words

    def alternatives(self) -> Alternatives:
        found = self.together()
        while self.next_is("OR"):
            self.take()
            found |= self.together()
        return _bounded(found)

    def together(self) -> Alternatives:
        found = self.one()
        while self.next_is("AND"):
            self.take()
            other = self.one()
            found = _bounded(frozenset(a | b for a in found for b in other))
        return found

    def one(self) -> Alternatives:
        token = self.take()
        if token == "(":
            found = self.alternatives()
            if self.take() != ")":
                raise NotSpdx("a parenthesis is not closed")
            return found
        name = normal(_word(token))
        if self.next_is("WITH"):
            self.take()
            name = f"{name} WITH {_word(self.take())}"
        return frozenset({frozenset({name})})


def _word(token: str) -> str:
    if token in ("(", ")") or token.upper() in ("AND", "OR", "WITH"):
        raise NotSpdx(token)
    return token


def _bounded(found: Alternatives) -> Alternatives:
    if len(found) > MAX_ALTERNATIVES:
        raise NotSpdx(f"{len(found)} alternatives")
    return found


def normal(identifier: str) -> str:
    """An identifier as the licence list writes it now: GPL-2.0 is GPL-2.0-only, GPL-2.0+ is GPL-2.0-or-later."""
    if match := _COPYLEFT.fullmatch(identifier):
        family, version, later = match.groups()
        return f"{family.upper()}-{version}-{'or-later' if later else 'only'}"
    return identifier.removesuffix("+")
