"""Statements of two corresponding functions, aligned in order: 1-1, 1-2, 2-1 and gaps. Pure functions.

A statement is a line of code, or the lines that one bracket, a dot at the front or an operator at the end joins.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pairing.align.tokens import words_of
from pairing.align.vocabulary import FLOW, KEYWORDS, OPERATORS, SILENT, TOKEN, canonical, nameless, number, sub_tokens
from parsers.lexer import lex

MAX_STATEMENTS: Final = 300
"""Statements of a function that are aligned, the first ones; all others have no counterpart. Bounds time."""
LEAST: Final = 0.3
"""Cosine that two statements must be above."""
MERGE_COST: Final = 0.1
"""What it costs to align two statements with one: it must make up for it."""

_LINE: Final = b"\0"
"""Stands for a line end inside a string or comment."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Lines of a text, both ends included, from 0; and the features of what stands there."""

    first: int
    last: int
    features: Counter[bytes]


@dataclass(frozen=True, slots=True)
class Link:
    """Statements that correspond, by number: one of a with one or two of b, or two with one."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    similarity: float


def statements_of(text: bytes, language: str) -> list[Statement]:
    """The statements of a function; lines of brackets and comments alone are none."""
    lexed = lex(text, language)
    strings = iter(lexed.strings)
    found = []
    for first, last, code in _joined(_flat(text, lexed.comments, lexed.strings)):
        features = _features(code, strings)
        if features:
            found.append(Statement(first, last, features))
    return found


def _flat(text: bytes, comments: Sequence[bytes], strings: Sequence[bytes]) -> bytes:
    """The text with comments as blanks and strings as ``""``; line ends inside them as _LINE.

    What comes next is what begins first: an earlier place with the same bytes would lie inside what came before.
    """
    items = [[*comments], [*strings]]
    at, numbers = 0, [0, 0]
    pieces: list[bytes] = []
    while True:
        places = [
            text.find(items[kind][numbers[kind]], at) if numbers[kind] < len(items[kind]) else -1 for kind in (0, 1)
        ]
        if max(places) < 0:
            return b"".join([*pieces, text[at:]])
        kind = 1 if places[0] < 0 or 0 <= places[1] < places[0] else 0
        item = items[kind][numbers[kind]]
        pieces += [text[at : places[kind]], b'""' if kind else b" ", _LINE * item.count(b"\n")]
        at = places[kind] + len(item)
        numbers[kind] += 1


def _joined(code: bytes) -> Iterator[tuple[int, int, bytes]]:
    """First line, last line and code of each statement."""
    held: list[bytes] = []
    first = line = depth = 0
    lines = code.split(b"\n")
    for place, part in enumerate(lines):
        if not held:
            first = line
        held.append(part)
        line += part.count(_LINE) + 1
        depth += part.count(b"(") + part.count(b"[") - part.count(b")") - part.count(b"]")
        follows = lines[place + 1].lstrip() if place + 1 < len(lines) else b""
        if depth > 0 or follows.startswith((b".", b"?.")) or part.rstrip().endswith(_OPEN):
            continue
        yield first, line - 1, b" ".join(held)
        held, depth = [], 0
    if held:
        yield first, line - 1, b" ".join(held)


_OPEN: Final = (b"+", b"-", b"*", b"/", b"&&", b"||", b"=", b"and", b"or", b"\\")


def _features(code: bytes, strings: Iterator[bytes]) -> Counter[bytes]:
    found: Counter[bytes] = Counter()
    for token in TOKEN.findall(code):
        found.update(_of_token(token, strings))
    return found


def _of_token(token: bytes, strings: Iterator[bytes]) -> tuple[bytes, ...]:
    if token == b'""':
        return (b"S", *(b"s:" + word.lower() for word in words_of(next(strings, b""))))
    if token[:1].isdigit():
        return (number(token),)
    if token[:1].isalpha() or token[:1] in (b"_", b"$"):
        if token in FLOW:
            return (FLOW[token],)
        return () if token in KEYWORDS or nameless(token) else (canonical(token), *sub_tokens(token))
    sign = OPERATORS.get(token, token)
    return (sign,) if token[:1] in _SIGNS and sign not in SILENT else ()


_SIGNS: Final = tuple(bytes([byte]) for byte in b"-+*/%&|^<>=!~")


def align_statements(a: Sequence[Statement], b: Sequence[Statement]) -> list[Link]:
    """The monotone alignment with the largest sum of cosines above LEAST; each statement stands in one link at most.

    Dynamic programming over at most MAX_STATEMENTS of each side.
    """
    a, b = a[:MAX_STATEMENTS], b[:MAX_STATEMENTS]
    if not a or not b:
        return []
    single, two_to_one, one_to_two = _cosines(a, b)
    moves = (
        (1, 1, (single - LEAST).tolist()),
        (2, 1, (1.5 * (two_to_one - LEAST) - MERGE_COST).tolist()),
        (1, 2, (1.5 * (one_to_two - LEAST) - MERGE_COST).tolist()),
    )
    steps = _best_steps(len(a), len(b), moves)
    similarity = {(1, 1): single, (2, 1): two_to_one, (1, 2): one_to_two}
    links = []
    i, j = len(a), len(b)
    while i and j:
        step = steps[i][j]
        if step[0] and step[1]:
            cosine = float(similarity[step][i - step[0], j - step[1]])
            links.append(Link(tuple(range(i - step[0], i)), tuple(range(j - step[1], j)), min(1.0, cosine)))
        i, j = i - step[0], j - step[1]
    return links[::-1]


def _best_steps(
    rows: int, columns: int, moves: Sequence[tuple[int, int, list[list[float]]]]
) -> list[list[tuple[int, int]]]:
    """The last step of the best path to every place."""
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    steps = [[(1, 0) if i else (0, 1)] * (columns + 1) for i in range(rows + 1)]
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            value, step = (best[i - 1][j], (1, 0)) if best[i - 1][j] >= best[i][j - 1] else (best[i][j - 1], (0, 1))
            for down, right, gain in moves:
                if i >= down and j >= right:
                    reached = best[i - down][j - right] + gain[i - down][j - right]
                    if reached > value and gain[i - down][j - right] > 0:
                        value, step = reached, (down, right)
            best[i][j], steps[i][j] = value, step
    return steps


def _cosines(a: Sequence[Statement], b: Sequence[Statement]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each with each; of each and its next in a with each; of each with each and its next in b."""
    numbers: dict[bytes, int] = {}
    for statement in (*a, *b):
        for feature in statement.features:
            numbers.setdefault(feature, len(numbers))
    matrices = []
    for side in (a, b):
        matrix = np.zeros((len(side), len(numbers)))
        for row, statement in enumerate(side):
            matrix[row, [numbers[feature] for feature in statement.features]] = [*statement.features.values()]
        matrices.append(matrix)
    frequency = np.sum([(matrix > 0).sum(axis=0) for matrix in matrices], axis=0)
    weight = np.log((len(a) + len(b) + 1) / frequency)
    one, other = (np.log1p(matrix) * weight for matrix in matrices)
    one_two, other_two = (np.log1p(m + np.vstack([m[1:], np.zeros_like(m[:1])])) * weight for m in matrices)
    return _unit(one) @ _unit(other).T, _unit(one_two) @ _unit(other).T, _unit(one) @ _unit(other_two).T


def _unit(rows: np.ndarray) -> np.ndarray:
    result: np.ndarray = rows / np.maximum(np.sqrt((rows * rows).sum(axis=1, keepdims=True)), 1e-9)
    return result


def aligned_share(a: Sequence[Statement], b: Sequence[Statement], links: Sequence[Link]) -> float:
    """Statements of both functions that have a counterpart, over all statements of both; 0 without any."""
    return sum(len(link.a) + len(link.b) for link in links) / max(1, len(a) + len(b))
