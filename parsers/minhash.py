"""MinHash signatures of shingle sets by multiply-shift hashing, for whole batches of documents at once."""

import numpy as np
import numpy.typing as npt

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

BLOCK = 1 << 15
"""Shingles hashed at once: block and result (256 kB each) stay in the second-level cache, and memory is bounded for a
document of any length."""
EMPTY = 0xFFFFFFFF
"""Every entry of the signature of a document without shingles."""


def coefficients(k: int, seed: int = 1) -> U64:
    """Return ``k`` pairs (a, b) of a multiply-shift family, uint64 of shape (k, 2), the same for a seed everywhere.

    ``a`` is odd. Multiply-shift (a * x + b) >> 32 modulo 2**64 is 2-independent up to a factor of two (Dietzfelbinger
    et al. 1997); the shingles come mixed already. The draw is the raw stream of PCG64, which numpy guarantees not to
    change.
    """
    pairs = np.asarray(np.random.PCG64(seed).random_raw(2 * k), dtype=np.uint64).reshape(k, 2)
    pairs[:, 0] |= np.uint64(1)
    return pairs


def minhash(values: U64, offsets: I64, hashes: U64) -> U32:
    """Return the signatures, uint32 of shape (documents, k): least ``((a * x + b) mod 2**64) >> 32`` per document.

    Args:
        values: shingle hashes of all documents (``parsers.tokens.shingles``).
        offsets: int64, documents + 1 bounds into ``values``.
        hashes: (k, 2) coefficient pairs.
    """
    lengths = np.diff(offsets)
    full = np.flatnonzero(lengths)
    least = np.full((len(hashes), len(lengths)), np.iinfo(np.uint64).max, dtype=np.uint64)
    scratch = np.empty(BLOCK, dtype=np.uint64)
    for start in range(0, len(values), BLOCK):
        block = values[start : start + BLOCK]
        stop = start + len(block)
        # Documents with a shingle in this block, and where each begins in it.
        first = int(np.searchsorted(offsets[1:][full], start, side="right"))
        last = int(np.searchsorted(offsets[:-1][full], stop, side="left"))
        rows = full[first:last]
        begins = np.maximum(offsets[:-1][rows] - start, 0)
        hashed = scratch[: len(block)]
        found = np.empty((len(hashes), len(rows)), dtype=np.uint64)
        for row, (a, b) in zip(found, hashes, strict=True):
            np.multiply(block, a, out=hashed)
            np.add(hashed, b, out=hashed)
            # The shift keeps order, so it can wait until one value a document is left.
            np.minimum.reduceat(hashed, begins, out=row)
        least[:, rows] = np.minimum(least[:, rows], found)
    return (least.T >> np.uint64(32)).astype(np.uint32)
