"""Similarity of two documents as a whole and in some respects. Pure functions over weighed vectors."""

from typing import Final

import numpy as np
from scipy.sparse import csr_array

from pairing.features import classes as c
from pairing.features.hashing import CLASS_MASK

ASPECTS: Final = {
    "code": (c.WORDS, c.EXPRESSIONS, c.NAME_PAIRS, c.DECLARED, c.DECLARED_WORDS, c.CALLS, c.API, c.CHARS),
    "shape": (c.SHAPE, c.EXPRESSIONS),
    "calls": (c.CALLS, c.API),
}
"""Classes of features behind each aspect. Comments are none: how much of them there is tells one kind of corpus from
another, not pairs from other edges."""

SIMILARITIES: Final = ("similarity", *ASPECTS)
"""Columns of what is compared: all classes together, then each aspect."""

_WITHIN: Final = np.zeros((len(SIMILARITIES), CLASS_MASK + 1))
_WITHIN[0] = 1
for _row, _classes in enumerate(ASPECTS.values(), start=1):
    _WITHIN[_row, [c.NUMBER[_name] for _name in _classes]] = 1

_CHUNK: Final = 2048
"""Rows that are read at once: 2,000 entries a row and 30 bytes an entry make 120 MB."""


def sums(rows: csr_array) -> np.ndarray:
    """Sum of each row over all keys, and over those of each aspect: float64 (rows, len(SIMILARITIES)).

    Args:
        rows: columns are keys, place and class (``pairing.score.weights.keys``).
    """
    found = np.zeros((rows.shape[0], len(SIMILARITIES)))
    for start in range(0, rows.shape[0], _CHUNK):
        bounds = rows.indptr[start : start + _CHUNK + 1]
        part = slice(bounds[0], bounds[-1])
        kinds, data = rows.indices[part] & CLASS_MASK, rows.data[part].astype(np.float64)
        owner = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        for column, within in enumerate(_WITHIN):
            made = np.bincount(owner, weights=data * within[kinds], minlength=len(bounds) - 1)
            found[start : start + _CHUNK, column] = made
    return found
