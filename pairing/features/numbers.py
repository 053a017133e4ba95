"""Numbers by their value, however a language writes them. Pure functions."""

import re
from functools import lru_cache
from typing import Final

MAX_DIGITS: Final = 25
"""Bytes of the longest number that is a feature: 2**64 and 17 digits of a double fit, generated tables of hashes do
not."""

NUMBER: Final = re.compile(
    rb"(?=[0-9.])(?:(?:(?<![A-Za-z0-9_.\x80-\xff])|(?<=\.\.))"
    rb"(?:0[xX][0-9a-fA-F_]++|0[bB][01_]++|0[oO][0-7_]++|\d[\d_]*+(?:\.\d[\d_]*+)?(?:[eE][+-]?\d++)?)"
    rb"|(?<![A-Za-z0-9_.)\]\x80-\xff])\.\d[\d_]*+(?:[eE][+-]?\d++)?)"
)
"""A number of any of the seven languages, also behind the dots of a range; suffixes such as L, u8, f and n are left
out, and so is a digit that names a field of a tuple."""

_BASES = (b"0x", b"0b", b"0o")
_MAX_EXACT = 1e15
"""Whole numbers below are exact in a double, so that 1e3 and 1000 are one number."""


@lru_cache(maxsize=1 << 14)
def value(text: bytes) -> bytes | None:
    """A number in the form that all its spellings share: 0xFF, 255, 2_55, 255.0 and 2.55e2 are 255; None: too long."""
    if len(text) > MAX_DIGITS:
        return None
    text = text.replace(b"_", b"")
    try:
        if text[:2].lower() in _BASES:
            return b"%d" % int(text, 0)
        if text.isdigit():
            return b"%d" % int(text)
        number = float(text)
        if number.is_integer() and abs(number) < _MAX_EXACT:
            return b"%d" % int(number)
        return repr(number).encode()
    except ValueError:  # 0x without digits
        return text


def values(code: bytes, limit: int) -> list[bytes]:
    """The values of the first numbers of a code, in order.

    Args:
        code: program text without comments and strings.
        limit: how many at most.
    """
    found = (value(match[0]) for match in NUMBER.finditer(code))
    kept: list[bytes] = []
    for number in found:
        if number is not None:
            kept.append(number)
            if len(kept) == limit:
                break
    return kept
