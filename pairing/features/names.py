"""Names and words taken apart, and which of them say nothing. Pure functions.

A name with a digit and fewer than three letters (x1, m12, i32) says nothing in any class: it is a temporary, a place
in a list, or stands where somebody hid the real one. So does a name of more than MAX_NAME bytes, and text in base64.
"""

import re
from functools import lru_cache
from typing import Final

from pairing.features.stem import stem

MAX_NAME: Final = 64
"""Bytes of the longest name that is a feature; what is longer was generated or encoded."""

MIN_LETTERS: Final = 3
"""Letters that a name with digits needs."""

PARTS: Final = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z\x80-\xff]+")
"""Sub-tokens: parseHTTPServer is parse, HTTP, Server; bytes of letters beyond ASCII stay together."""

WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
"""A word of text."""

_DIGIT = re.compile(rb"\d")

_RUN: Final = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{65,}+=*+")
"""A run of the alphabet of base64 (RFC 4648, section 4) that is longer than any name."""

_MIXED: Final = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), _DIGIT)
"""What such a run holds if it is base64; a run of one case may be a text or a strand of DNA."""

_SHORT: Final = re.compile(rb"(?<![A-Za-z0-9_\x80-\xff])_*+[A-Za-z]{1,2}\d++(?![A-Za-z0-9_\x80-\xff])")
"""A name that says nothing, inside text."""


def without_blobs(text: bytes) -> bytes:
    """Text without base64: each run becomes a blank."""
    return _RUN.sub(_blank, text)


def _blank(run: re.Match[bytes]) -> bytes:
    return b" " if all(kind.search(run[0]) for kind in _MIXED) else run[0]


def cleaned(text: bytes) -> bytes:
    """Text without base64 and names that say nothing: each becomes a blank."""
    return _SHORT.sub(b" ", without_blobs(text))


def is_name(token: bytes) -> bool:
    """Whether a token of code begins like a name."""
    return token[:1].isalpha() or token[:1] == b"_" or token[0] > 127


def says_nothing(letters: int, name: bytes) -> bool:
    """Whether a name of so many letters is no feature."""
    return len(name) > MAX_NAME or (letters < MIN_LETTERS and _DIGIT.search(name) is not None)


@lru_cache(maxsize=1 << 16)
def split(name: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """The stemmed sub-tokens of a name that have more than one letter, and all its letters in lower case.

    Every way of writing a name gives the same: parseHttp, ParseHTTP, parse_http, PARSE_HTTP. Digits are left out. A
    name that says nothing gives nothing.
    """
    if len(name) > MAX_NAME:
        return (), b""
    parts = [part.lower() for part in PARTS.findall(name)]
    whole = b"".join(parts)
    if len(whole) < 2 or says_nothing(len(whole), name):
        return (), b""
    return tuple(stem(part) for part in parts if len(part) > 1), whole
