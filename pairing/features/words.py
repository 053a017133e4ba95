"""Keys of the features that stand in one name, by the role it has. Cached: most names occur again and again.

A cache holds at most CACHED names of 64 bytes with about twenty keys of four bytes: some 20 MB when full.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

import numpy as np

from pairing.features.classes import API, CALLS, CHARS, COMMENTS, DECLARED, DECLARED_WORDS, IMPORTS, WORDS
from pairing.features.classes import NUMBER as N
from pairing.features.equivalents import EQUIVALENTS
from pairing.features.hashing import U32, key, packed, unpacked
from pairing.features.keywords import FLOW, KEYWORDS
from pairing.features.names import split

CACHED: Final = 1 << 16
"""Names that each cache holds."""

LETTERS: Final = 4
"""Neighbouring letters of the class chars."""

UNNAMED: Final = frozenset([b"main", b"init", b"new", b"constructor"])
"""Declared names that the language gives, not the program."""


def counted(words: Iterable[bytes], features: Callable[[bytes], bytes]) -> U32:
    """The keys of all words, each as often as its word occurs."""
    counts = Counter(words)
    found = [features(word) for word in counts]
    sizes = np.fromiter((len(data) // 4 for data in found), np.int64, len(found))
    times = np.fromiter(counts.values(), np.int64, len(found))
    return np.repeat(unpacked(b"".join(found)), np.repeat(times, sizes))


@lru_cache(maxsize=CACHED)
def in_code(name: bytes) -> bytes:
    """A name in the code: words, and unless it is a keyword api and chars."""
    parts, whole = split(name)
    found = [key(N[WORDS], part) for part in parts]
    if parts and name.lower() not in KEYWORDS:
        if whole in EQUIVALENTS:
            found.append(key(N[API], EQUIVALENTS[whole]))
        found += [key(N[CHARS], whole[i : i + LETTERS]) for i in range(len(whole) - LETTERS + 1)]
    return packed(found)


@lru_cache(maxsize=CACHED)
def in_comment(word: bytes) -> bytes:
    """A word of a comment."""
    return packed(key(N[COMMENTS], part) for part in split(word)[0])


@lru_cache(maxsize=CACHED)
def in_import(name: bytes) -> bytes:
    """A name in an import."""
    return packed(key(N[IMPORTS], part) for part in split(name)[0])


@lru_cache(maxsize=CACHED)
def called(name: bytes) -> bytes:
    """A name before an opening bracket."""
    parts, whole = split(name)
    if not parts or name in FLOW:
        return b""
    return packed([key(N[CALLS], EQUIVALENTS.get(whole, whole))])


@lru_cache(maxsize=CACHED)
def declared(name: bytes) -> bytes:
    """A name that the program gives to a function, method or type."""
    parts, whole = split(name)
    if len(whole) < 3 or whole in UNNAMED:
        return b""
    return packed([key(N[DECLARED], whole), *(key(N[DECLARED_WORDS], part) for part in parts)])
