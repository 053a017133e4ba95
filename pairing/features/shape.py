"""The shape of a program: its operators, control flow, literals and library calls in order, without its names.

Runs of 2 to 5 of them are the features. What survives when every name is changed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from pairing.features.classes import NUMBER, SHAPE
from pairing.features.equivalents import EQUIVALENTS
from pairing.features.hashing import U32, U64, digest, keys, runs
from pairing.features.keywords import FLOW, KEYWORDS, SILENT
from pairing.features.names import is_name, split
from pairing.features.words import CACHED

LONGEST: Final = 5
"""Symbols of the longest run."""

_N = NUMBER[SHAPE]
_EMPTY = np.empty(0, np.uint32)


def symbol(token: bytes) -> bytes:
    """What a token is in the shape; empty: nothing."""
    if token in FLOW:
        return FLOW[token]
    if token[:1].isdigit():
        return b"#"
    if is_name(token):
        return b"" if token.lower() in KEYWORDS else EQUIVALENTS.get(split(token)[1], b"")
    return b"" if token in SILENT else token


@lru_cache(maxsize=CACHED)
def _symbol_digest(token: bytes) -> int:
    found = symbol(token)
    return digest(_N, found) if found else 0


def symbols(tokens: Sequence[bytes]) -> U64:
    """The hashes of the symbols of tokens, in order."""
    found: U64 = np.fromiter(map(_symbol_digest, tokens), np.uint64, len(tokens))
    kept: U64 = found[found != 0]
    return kept


def shape_keys(tokens: Sequence[bytes], limit: int) -> U32:
    """The keys of the runs of the first symbols of a program.

    Args:
        tokens: its code.
        limit: how many symbols at most.
    """
    return np.concatenate([_EMPTY, *(keys(_N, found) for found in runs(symbols(tokens)[:limit], LONGEST))])
