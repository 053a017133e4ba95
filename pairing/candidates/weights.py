"""What features weigh in the search: their presence, by rarity. Pure functions.

Tests and other documents use places of their own for the same features where they are kept apart, so that the two
never meet in an index, a band or a product.
"""

from typing import Final

import numpy as np
from scipy.sparse import csr_array

from pairing.features import SPACE

WIDTH: Final = 2 * SPACE
"""Places of features: even ones for programs, odd ones for tests."""

RARITY_POWER: Final = 0.5
"""Power of the inverse document frequency. Candidate recall, names masked, ten candidates: 0.946 with 0.5,
0.937 with 1 (0.927 with counts as well: how often a word occurs is a habit of its author)."""


def places(features: np.ndarray, apart: np.ndarray | bool) -> np.ndarray:
    """Where features stand, int32: apart for tests that are kept apart.

    Args:
        features: hashed features.
        apart: for each of them, or all, whether its document is such a test.
    """
    return features.astype(np.int32) * 2 + np.asarray(apart, np.int32)


def rarity(frequency: np.ndarray, programs: int, tests: int) -> np.ndarray:
    """Weight of each place: a power of log((documents + 1) / frequency), 0 for what fewer than two documents have.

    One more document than there are: where two programs are all, what both have is all there is to find them by.

    Args:
        frequency: int (WIDTH,), documents that have a feature.
        programs: documents that use the even places.
        tests: documents that use the odd ones.

    Returns:
        float32 (WIDTH,).
    """
    weight = np.zeros(len(frequency), np.float32)
    shared = np.flatnonzero(frequency > 1)
    documents = np.where(shared % 2, tests, programs)
    weight[shared] = np.log((documents + 1) / frequency[shared]) ** RARITY_POWER
    return weight


def normalised(indices: np.ndarray, lengths: np.ndarray, weight: np.ndarray) -> csr_array:
    """Rows of length 1 (or 0) over the features that weigh anything: float32 CSR (documents, WIDTH), sorted.

    Args:
        indices: places of the features of all documents, one after another.
        lengths: features of each document.
        weight: weight of each place.
    """
    rows = np.repeat(np.arange(len(lengths)), lengths)
    data = weight[indices]
    kept = data > 0
    rows, indices, data = rows[kept], indices[kept], data[kept]
    norm = np.sqrt(np.bincount(rows, weights=data.astype(np.float64) ** 2, minlength=len(lengths)))
    norm[norm == 0] = 1
    data = (data / norm[rows]).astype(np.float32)
    indptr = np.r_[0, np.cumsum(np.bincount(rows, minlength=len(lengths)))]
    result = csr_array((data, indices, indptr), shape=(len(lengths), WIDTH))
    result.sort_indices()
    return result
