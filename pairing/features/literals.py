"""What string literals say, whatever marks, escapes and place holders a language writes them with. Pure functions."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from pairing.features.classes import LITERALS, NUMBERS, STRINGS
from pairing.features.classes import NUMBER as N
from pairing.features.hashing import U32, key, packed, unpacked
from pairing.features.names import WORD, cleaned
from pairing.features.numbers import MAX_DIGITS
from pairing.features.stem import stem

MAX_WHOLE: Final = 200
"""Bytes of the longest literal that counts as a whole."""

MAX_READ: Final = 2000
"""Bytes of a literal whose words are read; longer ones are embedded files, and give no literals."""

_CACHED_BYTES: Final = 80
"""Longer literals hardly occur twice."""

_PLACES = re.compile(rb"\$\{(?:[^{}]++|\{[^{}]*+\})*+\}|\$?\{[^{}]*+\}|%[-+ #0-9.]*+[a-zA-Z]|\\[a-zA-Z0-9]++")
"""What is filled in (``{}``, ``${name}``, ``%5.2f``) and escapes."""

_DIGITS = re.compile(rb"\d++")


def body(literal: bytes) -> bytes:
    """The text of a literal without prefix, marks, place holders and escapes."""
    return cleaned(_PLACES.sub(b" ", literal.strip(b"rbfuRBFU@$#").strip(b"\"'`/")))


def literal_keys(literals: list[bytes]) -> U32:
    """The keys of string literals of classes strings, literals and numbers, as often as they occur."""
    found = [_cached(text) if len(text) <= _CACHED_BYTES else _keys(text) for text in literals]
    return unpacked(b"".join(found)) if found else np.empty(0, np.uint32)


def _keys(literal: bytes) -> bytes:
    text = body(literal)
    found: list[int] = []
    if 1 <= len(text) <= MAX_WHOLE:
        whole = b" ".join(WORD.findall(text.lower())) or text
        if len(whole) > 1 or whole.strip():
            found += [key(N[STRINGS], whole), key(N[LITERALS], whole)]
    words = WORD.findall(text[:MAX_READ])
    numbers = (n for n in _DIGITS.findall(text[:MAX_READ]) if len(n) <= MAX_DIGITS)
    found += [key(N[NUMBERS], b"s" + number) for number in numbers]
    if len(text) < MAX_READ:
        lower = [word.lower() for word in words]
        found += [key(N[LITERALS], stem(word)) for word in lower]
        found += [key(N[LITERALS], pair) for pair in map(b" ".join, pairwise(lower))]
    return packed(found)


_cached = lru_cache(maxsize=1 << 15)(_keys)
