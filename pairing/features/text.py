"""The plain bag of a text: sub-tokens of names, whole names, numbers, in code, comments and strings alike.

Keywords and other words that every program has are left to the inverse document frequency, which gives them no weight.
"""

import re
from functools import lru_cache

from pairing.features.classes import BAG, NUMBER
from pairing.features.hashing import U32, key, packed
from pairing.features.names import MAX_NAME, MIN_LETTERS, says_nothing, without_blobs
from pairing.features.numbers import MAX_DIGITS
from pairing.features.words import CACHED, counted

_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*+|\d++(?:\.\d++)?")
_PARTS = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DIGITS = b"0123456789"
_N = NUMBER[BAG]


@lru_cache(maxsize=CACHED)
def word_features(word: bytes) -> bytes:
    """Packed keys of one name or number: its sub-tokens, and itself when it has more than one."""
    if word[0] < 58:  # a digit
        return packed([key(_N, word)] if len(word) <= MAX_DIGITS else [])
    if len(word) > MAX_NAME:
        return b""
    parts = [part.lower() for part in _PARTS.findall(word)]
    whole = b"".join(parts)
    if says_nothing(len(whole.translate(None, _DIGITS)), word):
        return b""
    found = [key(_N, part) for part in parts if len(part) > 1]
    if len(parts) > 1 and len(whole.rstrip(_DIGITS)) >= MIN_LETTERS:
        found.append(key(_N, b"_" + whole))
    return packed(found)


def bag_keys(content: bytes) -> U32:
    """The keys of a text, each as often as it occurs."""
    return counted(_WORD.findall(without_blobs(content)), word_features)
