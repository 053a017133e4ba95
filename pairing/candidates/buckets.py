"""Documents of different languages that share a bucket (an equal band). Pure functions."""

import numpy as np

from pairing.candidates.sparse import ranges


def partners(key: np.ndarray, language: np.ndarray, number: np.ndarray, limit: int) -> tuple[np.ndarray, int]:
    """Pairs across languages inside each bucket, in both directions, at most `limit` a document and language.

    A bucket with more documents than that is generated code or boilerplate. Its documents take their partners from
    different places of it, so that each is somebody's partner.

    Args:
        key: uint64 (n,), the bucket of each document.
        language: int (n,).
        number: int (n,).
        limit: partners of a document in each other language.

    Returns:
        int64 (pairs, 4) of language, number, language of the partner and its number, sorted; and how many pairs were
        left out by the limit.
    """
    order = np.lexsort((number, language, key))
    key, language, number = key[order], language[order], number[order]
    new = np.ones(len(key), bool)
    new[1:] = (key[1:] != key[:-1]) | (language[1:] != language[:-1])
    start = np.flatnonzero(new)  # cells: documents of one language in one bucket
    size = np.diff(np.r_[start, len(key)])
    a, b = _neighbours(key[start])
    across = language[start[a]] != language[start[b]]
    a, b = a[across], b[across]
    taken = np.minimum(size[b], limit)
    # one entry for each document of cell a
    member = ranges(np.zeros(len(a), np.int64), size[a])
    cell = np.repeat(np.arange(len(a)), size[a])
    first = member * size[b][cell] // size[a][cell]
    # and one for each partner it takes
    step = ranges(np.zeros(len(cell), np.int64), taken[cell])
    entry = np.repeat(np.arange(len(cell)), taken[cell])
    left = start[a][cell[entry]] + member[entry]
    right = start[b][cell[entry]] + (first[entry] + step) % size[b][cell[entry]]
    pairs = np.stack([language[left], number[left], language[right], number[right]], axis=1).astype(np.int64)
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    return pairs, int((size[a] * (size[b] - taken)).sum())


def _neighbours(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All ordered pairs of different positions with the same group; groups stand together."""
    first = np.searchsorted(group, group, side="left")
    last = np.searchsorted(group, group, side="right")
    a = np.repeat(np.arange(len(group)), last - first)
    b = ranges(first, last - first)
    return a[a != b], b[a != b]
