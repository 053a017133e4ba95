"""Which functions of two paired documents correspond: mutual best by TF-IDF cosine. Pure functions."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from pairing.candidates import compact
from pairing.features import SPACE, bag, weigh
from pairing.match import mutual_best

MAX_UNITS = 2000
"""Functions of a document that are aligned; a file with more is generated or data, and only its first ones count."""


def unit_vectors(texts: Sequence[bytes], idf: np.ndarray) -> csr_array:
    """Normalised TF-IDF vectors of functions: float32 CSR (units, SPACE)."""
    indices: list[np.ndarray] = [np.empty(0, np.int64)]
    data: list[np.ndarray] = [np.empty(0, np.float32)]
    indptr = [0]
    for text in texts:
        found, counts = bag(text)
        weights = weigh(counts, idf[found])
        norm = float(np.sqrt(np.dot(weights, weights))) or 1.0
        indices.append(found.astype(np.int64))
        data.append(weights / np.float32(norm))
        indptr.append(indptr[-1] + len(found))
    return csr_array((np.concatenate(data), np.concatenate(indices), indptr), shape=(len(texts), SPACE))


def align(
    texts_a: Sequence[bytes], texts_b: Sequence[bytes], idf: np.ndarray, minimum: float
) -> list[tuple[int, int, float]]:
    """Corresponding functions as (number in a, number in b, cosine), in the order of a.

    Args:
        texts_a: function texts of one document.
        texts_b: function texts of the other.
        idf: weight of each feature.
        minimum: lowest cosine that counts.
    """
    if not texts_a or not texts_b:
        return []
    a, b = compact(unit_vectors(texts_a[:MAX_UNITS], idf), unit_vectors(texts_b[:MAX_UNITS], idf))
    product = (a @ b.T).tocoo()
    left, right = product.coords[0].astype(np.int64), product.coords[1].astype(np.int64)
    chosen = mutual_best(left, right, product.data)
    found = sorted((int(left[i]), int(right[i]), float(product.data[i])) for i in chosen)
    return [(i, j, min(1.0, score)) for i, j, score in found if score >= minimum]
