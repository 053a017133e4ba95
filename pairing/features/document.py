"""All features of one document in one reading. Pure functions.

Time and memory are linear in the length of the document: about ten keys of four bytes a byte of text while it is read.
What is read in order (shape, number pairs) ends after MAX_STREAM items.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from pairing.features.classes import LITERALS, NUMBER_PAIRS, NUMBERS
from pairing.features.classes import NUMBER as N
from pairing.features.expressions import expression_keys
from pairing.features.hashing import CLASS_BITS, CLASS_MASK, U32, digest, key, keys, packed, runs
from pairing.features.literals import literal_keys
from pairing.features.names import WORD, cleaned, is_name
from pairing.features.notice import without_notice
from pairing.features.numbers import values
from pairing.features.profile import PROFILE, profile
from pairing.features.shape import shape_keys
from pairing.features.text import bag_keys
from pairing.features.words import called, counted, declared, in_code, in_comment, in_import
from parsers.lexer import Lexed, lex

MAX_STREAM: Final = 20_000
"""Symbols and numbers of a document that are read in order: a program of 3,000 lines. Generated tables are longer."""

MAX_COMMENT: Final = 20_000
"""Bytes of a comment that are read: longer ones are code that was switched off, or an embedded text."""

MAX_COUNT: Final = (1 << 16) - 1
"""Counts stop here; their logarithm is what weighs."""

FEW: Final = (b"0", b"1", b"2")
"""Numbers that are in every program."""

_TOKEN = re.compile(
    rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*+|\d\w*+(?:\.\d\w*+)?|==?=?|!==?|<=|>=|&&|\|\||<<|>>>?|\+\+|--|[-+*/%&|^]=?|=>|->"
    rb"|[<>!?~]|[\[\](){}.:,;]|\"\""
)
_CALL = re.compile(rb"(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*+)!?(?:::<[^>()]{0,200}+>)?\(")
_IMPORT = re.compile(rb"^[ \t]*+(?:import|from|using|use|package|#include|extern crate)\b([^\n;]*+)", re.MULTILINE)
_NAME = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*+")


class Declarations(NamedTuple):
    """The units that a document declares, in order: names, and numbers of parameters (negative for types)."""

    names: Sequence[bytes] = ()
    parameters: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class DocumentFeatures:
    """The features of a document, sorted by place, then by class."""

    indices: np.ndarray
    """uint32: places below SPACE; one may stand twice, for two classes."""
    counts: np.ndarray
    """uint16: how often each occurs, at most MAX_COUNT."""
    classes: np.ndarray
    """uint8: number of the class of each."""
    profile: np.ndarray
    """float32 (len(PROFILE),)."""


NOTHING: Final = DocumentFeatures(
    np.empty(0, np.uint32), np.empty(0, np.uint16), np.empty(0, np.uint8), np.zeros(len(PROFILE), np.float32)
)
"""Of a document that is not read."""


def extract(content: bytes, language: str, declarations: Declarations | None = None) -> DocumentFeatures:
    """The features of a document.

    Args:
        content: its text, of any bytes.
        language: one of the seven.
        declarations: what it declares; None: nothing is known.

    Raises:
        KeyError: the language is none of the seven.
    """
    units = declarations or Declarations()
    content = without_notice(content, language)
    lexed = lex(content, language)
    tokens = _TOKEN.findall(lexed.code)
    occurring = Counter(tokens)
    numbers = values(lexed.code, MAX_STREAM)
    found = np.concatenate(
        [
            bag_keys(content),
            shape_keys(tokens, MAX_STREAM),
            expression_keys(tokens, MAX_STREAM),
            literal_keys(lexed.strings),
            *_number_keys(numbers),
            *_word_keys(lexed, occurring, units.names),
        ]
    )
    about = profile(content, lexed, occurring, len(numbers), units.parameters)
    return DocumentFeatures(*grouped(found), about)


def grouped(found: U32) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keys in any order with repeats as sorted (indices, counts, classes), see DocumentFeatures."""
    found = np.sort(found)
    starts = np.flatnonzero(np.r_[True, found[1:] != found[:-1]]) if len(found) else np.empty(0, np.int64)
    counts = np.minimum(np.diff(np.r_[starts, len(found)]), MAX_COUNT)
    distinct = found[starts]
    return distinct >> np.uint32(CLASS_BITS), counts.astype(np.uint16), (distinct & CLASS_MASK).astype(np.uint8)


def _word_keys(lexed: Lexed, tokens: Counter[bytes], names: Sequence[bytes]) -> Iterator[U32]:
    yield counted(Counter({token: n for token, n in tokens.items() if is_name(token)}), in_code)
    yield counted(_CALL.findall(lexed.code), called)
    yield counted((name for line in _IMPORT.findall(lexed.code) for name in _NAME.findall(line)), in_import)
    comments = cleaned(b"\n".join(text[:MAX_COMMENT] for text in lexed.comments))
    yield counted(WORD.findall(comments), in_comment)
    yield counted(names, declared)


def _number_keys(numbers: Sequence[bytes]) -> Iterator[U32]:
    yield counted(numbers, _number)
    digests = np.fromiter((digest(N[NUMBER_PAIRS], number) for number in numbers), np.uint64, len(numbers))
    for pairs in runs(digests, 2):
        yield keys(N[NUMBER_PAIRS], pairs)


def _number(number: bytes) -> bytes:
    found = [key(N[NUMBERS], number), key(N[LITERALS], b"#" + number)]
    if number not in FEW:
        found.append(key(N[NUMBER_PAIRS], number))
    return packed(found)
