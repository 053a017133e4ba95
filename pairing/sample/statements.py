"""Statements of close functions that correspond, as lines of their programs. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pairing.align.statements import Statement, align_statements, statements_of
from pairing.sample.layout import Beside

CLOSE = "close"
"""Kind of functions of which at least half of the statements have a counterpart: of others the rest means little."""

Lines = tuple[int, int]
"""First and last line, from 1."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Two functions that correspond: their lines in a and b, and whether they are close or loose."""

    lines: tuple[Lines, Lines]
    kind: str


def aligned_statements(documents: Sequence[Mapping[str, Any]], functions: Sequence[Matched]) -> list[Beside]:
    """Aligned statements of the close ones among corresponding functions.

    Args:
        documents: language and content of both sides.
        functions: in the order of their labels, which count from 1.
    """
    texts = [document["content"].encode().split(b"\n") for document in documents]
    found = []
    for label, function in enumerate(functions, 1):
        if function.kind != CLOSE:
            continue
        a, b = (
            statements_of(b"\n".join(text[first - 1 : last]), document["language"])
            for text, document, (first, last) in zip(texts, documents, function.lines, strict=True)
        )
        (first_a, _), (first_b, _) = function.lines
        for link in align_statements(a, b):
            lines_a = _lines([a[number] for number in link.a], first_a)
            found.append(Beside(lines_a, _lines([b[number] for number in link.b], first_b), label))
    return found


def _lines(statements: Sequence[Statement], first: int) -> Lines:
    """The lines of neighbouring statements of a function that begins at a line."""
    return statements[0].first + first, statements[-1].last + first
