"""Code tokens and their n-grams as 64-bit hashes, for whole batches of documents at once.

A token is a maximal run of word bytes (``[A-Za-z0-9_]`` and every byte >= 0x80, so that UTF-8 letters stay whole) or
one other byte that is no ASCII white space. Its hash is a polynomial of its bytes modulo 2**64, taken from prefix sums
over the batch and freed of its position by a power of the inverse base; the values of a document therefore do not
depend on what else is in the batch.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from parsers.minhash import coefficients, minhash

__all__ = ["coefficients", "jaccard", "minhash", "mix", "shingles", "token_counts", "token_hashes"]

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

BASE = 0x9E3779B97F4A7C15
"""Odd base of the token polynomial: 2**64 over the golden ratio, as in splitmix64."""
FACTOR = 0xD1342543DE82EF95
"""Odd factor that joins the tokens of a shingle in order (Steele and Vigna, multipliers for LCGs, 2021)."""
BLOCK = 1 << 18
"""Bytes that are tokenised at once: temporaries (about 40 bytes a byte) stay near the second-level cache."""

_MASK = (1 << 64) - 1
_SPACE = b"\t\n\v\f\r "
_WORD = bytes(byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum() or byte == 0x5F)


_KIND = bytes(0 if byte in _SPACE else 1 if byte in _WORD else 2 for byte in range(256))
"""0 white space, 1 word byte, 2 a token by itself."""


def mix(values: U64) -> U64:
    """Return the values stirred by the finaliser of splitmix64 (Steele, Lea and Flood 2014), a bijection."""
    values = values ^ (values >> np.uint64(30))
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


@lru_cache(maxsize=8)
def _powers(base: int, size: int) -> U64:
    """Return base ** 0 .. base ** (size - 1) modulo 2**64, by doubling."""
    powers = np.ones(size, dtype=np.uint64)
    done = 1
    while done < size:
        step = min(done, size - done)
        powers[done : done + step] = powers[:step] * np.uint64(pow(base, done, 1 << 64))
        done += step
    return powers


def token_hashes(texts: Sequence[bytes]) -> tuple[U64, I64]:
    """Return the token hashes of all texts one after the other, and the offsets of each text (``len(texts) + 1``)."""
    hashes: list[U64] = []
    counts = np.zeros(len(texts) + 1, dtype=np.int64)
    for first, last in _batches(texts):
        # A line end between two texts keeps their tokens apart.
        buffer = b"\n".join(texts[first:last])
        sizes = np.fromiter((len(text) + 1 for text in texts[first:last]), np.int64, last - first)
        ends = np.cumsum(sizes)
        for start, stop in _blocks(buffer):
            found, starts = _tokenise(buffer[start:stop])
            hashes.append(found)
            owners = np.searchsorted(ends, starts + start, side="right")
            counts[first + 1 : last + 1] += np.bincount(owners, minlength=last - first)
    return (np.concatenate(hashes) if hashes else np.empty(0, np.uint64)), np.cumsum(counts)


def shingles(texts: Sequence[bytes], n: int = 5) -> tuple[U64, I64]:
    """Return (values, offsets): hashes of the token n-grams of text ``i`` are ``values[offsets[i]:offsets[i + 1]]``.

    Args:
        texts: UTF-8 sources; batches of about 200 kB keep the temporaries in cache.
        n: tokens a shingle, 1 or more.

    Returns:
        ``values`` (uint64) in the order of the text, repeats kept, and ``offsets`` (int64, ``len(texts) + 1``). A text
        of ``k`` tokens has ``k - n + 1`` shingles; with 1 to ``n - 1`` tokens one, of all of them; with none, none.

    Raises:
        ValueError: ``n`` is less than 1.
    """
    if n < 1:
        raise ValueError(f"n must be 1 or more, got {n}")
    tokens, offsets = token_hashes(texts)
    lengths = np.diff(offsets)
    counts = np.where(lengths >= n, lengths - n + 1, np.minimum(lengths, 1))
    bounds = np.concatenate(([0], np.cumsum(counts)))
    values = np.empty(int(bounds[-1]), dtype=np.uint64)
    # Windows of the whole batch; those that begin in the last n - 1 tokens of a text run into the next one.
    windows = _join(tokens, n)
    keep = np.ones(len(windows), dtype=bool)
    for back in range(1, n):
        crossing = offsets[1:] - back
        crossing = crossing[(crossing >= offsets[:-1]) & (crossing < len(windows))]
        keep[crossing] = False
    long_enough = np.repeat(lengths >= n, counts)
    values[long_enough] = windows[keep]
    for length in range(1, n):
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            index = offsets[:-1][rows][:, None] + np.arange(length)
            values[bounds[:-1][rows]] = _join(tokens[index].ravel(), length)[::length]
    return values, bounds


def token_counts(texts: Sequence[bytes]) -> I64:
    """Return the number of tokens of each text."""
    return np.diff(token_hashes(texts)[1])


def jaccard(a: U64, b: U64) -> float:
    """Return the Jaccard similarity of two sorted arrays without repeats (``np.unique``); 1.0 if both are empty."""
    if not len(a) and not len(b):
        return 1.0
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared)


def _join(tokens: U64, n: int) -> U64:
    """Return the mixed polynomial of every window of ``n`` tokens."""
    size = max(0, len(tokens) - n + 1)
    joined = tokens[:size].copy()
    for step in range(1, n):
        joined *= np.uint64(FACTOR)
        joined += tokens[step : step + size]
    return mix(joined)


def _batches(texts: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return ranges of texts that are joined in one buffer, each of about a block, or one longer text."""
    ranges, first, size = [], 0, 0
    for index, text in enumerate(texts):
        if index > first and size + len(text) > BLOCK:
            ranges.append((first, index))
            first, size = index, 0
        size += len(text) + 1
    if len(texts) > first:
        ranges.append((first, len(texts)))
    return ranges


def _blocks(buffer: bytes) -> list[tuple[int, int]]:
    """Return ranges of a buffer of about a block each, cut where no token is cut."""
    ranges, start = [], 0
    while start < len(buffer):
        stop = min(start + BLOCK, len(buffer))
        if stop < len(buffer) and buffer[stop] in _WORD:
            # The end of the word run, found by the length of what stripping word bytes takes away.
            piece = buffer[stop : stop + BLOCK]
            while piece and not piece.lstrip(_WORD):
                stop += len(piece)
                piece = buffer[stop : stop + BLOCK]
            stop += len(piece) - len(piece.lstrip(_WORD))
        ranges.append((start, stop))
        start = stop
    return ranges


def _tokenise(block: bytes) -> tuple[U64, I64]:
    """Return the mixed hashes of the tokens of one block, and their offsets in it."""
    kind = np.frombuffer(block.translate(_KIND), dtype=np.uint8)
    word = kind == 1
    joined = word[1:] & word[:-1]
    edges = kind != 0
    edges[1:] &= ~joined
    starts = np.flatnonzero(edges)
    np.not_equal(kind, 0, out=edges)
    edges[:-1] &= ~joined
    ends = np.flatnonzero(edges) + 1
    # Powers are kept for a few sizes only, of which a long token asks for one beyond the block.
    size = 1 << max(BLOCK, len(block)).bit_length()
    sums = np.empty(len(block) + 1, dtype=np.uint64)
    sums[0] = 0
    terms = np.frombuffer(block, dtype=np.uint8) * _powers(BASE, size)[: len(block)]
    np.cumsum(terms, out=sums[1:])
    inverse = _powers(pow(BASE, -1, 1 << 64), size)
    return mix((sums[ends] - sums[starts]) * inverse[starts]), starts
