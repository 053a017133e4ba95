"""A function as tokens, each with the part it plays. Pure functions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pairing.align.vocabulary import FLOW, KEYWORDS, MAX_WORD, OPERATORS, SILENT, TOKEN, WORD, number
from parsers.lexer import lex

MAX_HEAD = 300
"""Tokens of a function among which its head ends; behind, a head is a data structure."""
SHORT_HEAD = 60
"""Tokens of a head whose end was not found."""

_NAMELESS_WORD = re.compile(rb"\b_*[A-Za-z]{1,2}\d+\b")

QUOTES = b"\"'`@$rfbuRFBU#"


class Token(NamedTuple):
    """One token of code: its kind (name, number, text, flow, operator, bracket, other) and its normal form."""

    kind: str
    value: bytes
    in_head: bool
    before: bytes
    """The token in front, as written."""
    behind: bytes
    """The token behind, as written."""
    raw: bytes
    """The token as written."""


@dataclass(frozen=True, slots=True)
class Text:
    """A function read: tokens, words of comments, and its number of raw tokens."""

    tokens: list[Token]
    comments: list[bytes]
    size: int


def head_end(tokens: Sequence[bytes], language: str) -> int:
    """Where the body begins: the first brace, arrow or (Python) colon behind the parameters."""
    depth, seen = 0, False
    for place, token in enumerate(tokens[:MAX_HEAD]):
        if token in (b"(", b"["):
            depth += 1
        elif token in (b")", b"]"):
            depth -= 1
            seen = seen or depth == 0
        elif depth <= 0 and seen and (token in (b"{", b"=>") or (token == b":" and language == "python")):
            return place
    return min(len(tokens), SHORT_HEAD)


def read_text(text: bytes, language: str, above: bytes = b"") -> Text:
    """Read a function.

    Args:
        text: from its first to its last byte.
        language: name of the language.
        above: comments and decorators in front of it.
    """
    lexed = lex(text, language)
    raw = TOKEN.findall(lexed.code)
    end = head_end(raw, language)
    strings = iter(lexed.strings)
    tokens: list[Token] = []
    for place, token in enumerate(raw):
        kind, value = _kind(token, strings)
        if kind:
            before = raw[place - 1] if place else b""
            behind = raw[place + 1] if place + 1 < len(raw) else b""
            tokens.append(Token(kind, value, place < end, before, behind, token))
    return Text(tokens, [*_words([*lexed.comments, above])], len(raw))


def _kind(token: bytes, strings: Iterator[bytes]) -> tuple[str, bytes]:
    first = token[0]
    if token == b'""':
        return "text", next(strings, b"").strip(QUOTES)
    if 48 <= first < 58:
        return "number", number(token)
    if first in b"_$" or chr(first).isalpha():
        if token in FLOW:
            return "flow", FLOW[token]
        return ("type" if token in KEYWORDS else "name"), token
    if token == b"[":
        return "bracket", token
    value = OPERATORS.get(token, token)
    return ("operator", value) if first in b"-+*/%&|^<>=!~" and value not in SILENT else ("", b"")


def _words(comments: Sequence[bytes]) -> Iterator[bytes]:
    for comment in comments:
        yield from (word for word in words_of(comment) if len(word) > 1)


def words_of(text: bytes) -> list[bytes]:
    """The words of a comment or a string, but for names that say nothing and what is too long to be a word."""
    return [word for word in WORD.findall(_NAMELESS_WORD.sub(b" ", text)) if len(word) <= MAX_WORD]


def speaks(text: bytes) -> bool:
    """Whether a string holds no name that says nothing: else it is told by its words only."""
    return 0 < len(text) <= MAX_WORD and _NAMELESS_WORD.search(text) is None
