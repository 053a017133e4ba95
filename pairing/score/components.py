"""In what two documents are alike: one cosine for each family of features. Pure functions."""

from typing import Final

import numpy as np
from scipy.sparse import csr_array

from pairing.features import classes as c
from pairing.features.hashing import CLASS_MASK

FAMILIES: Final = {
    "names": (c.WORDS, c.NAME_PAIRS, c.CHARS),
    "declared": (c.DECLARED, c.DECLARED_WORDS),
    "strings": (c.STRINGS,),
    "numbers": (c.NUMBERS, c.NUMBER_PAIRS),
    "comments": (c.COMMENTS,),
    "calls": (c.CALLS, c.API),
    "imports": (c.IMPORTS,),
    "shape": (c.SHAPE, c.EXPRESSIONS),
}
"""Classes of features behind each component."""

COMPONENTS: Final = tuple(FAMILIES)
"""Columns of `pairs` that say in what the two are alike, in their order."""

_CHUNK = 2048


def component_cosines(a: csr_array, b: csr_array, keys: np.ndarray) -> np.ndarray:
    """Cosines of rows, pair by pair: float32 (rows, len(COMPONENTS)); 0 where a side has no such feature.

    Args:
        a: one row for each pair.
        b: the other side, over the same columns.
        keys: uint32 (columns,), place and class of each column.
    """
    family = np.zeros(CLASS_MASK + 1, np.int64) - 1
    for number, classes in enumerate(FAMILIES.values()):
        family[[c.NUMBER[name] for name in classes]] = number
    group = family[keys & CLASS_MASK]
    used = np.flatnonzero(group >= 0)
    member = csr_array((np.ones(len(used), np.float32), (used, group[used])), shape=(len(keys), len(FAMILIES)))
    cosines = np.zeros((a.shape[0], len(FAMILIES)), np.float32)
    for start in range(0, a.shape[0], _CHUNK):
        part = slice(start, start + _CHUNK)
        one, other = a[part], b[part]
        product = ((one * other) @ member).toarray()
        squares = ((one * one) @ member).toarray() * ((other * other) @ member).toarray()
        cosines[part] = product / np.sqrt(np.maximum(squares, 1e-12))
    return np.minimum(cosines, 1.0)
