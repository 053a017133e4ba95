"""Which documents of two languages may be translations: those that share rare, heavy features.

An inverted index over the heaviest features of each document; features in many documents propose nothing. All pure
functions over sparse matrices; the work grows with documents x index_features x max_postings, not with pairs.
"""

import numpy as np
from scipy.sparse import csr_array

CHUNK = 512
"""Rows whose products are held at once."""


def heaviest(vectors: csr_array, allowed: np.ndarray, limit: int) -> csr_array:
    """Each row's `limit` heaviest entries among the allowed columns.

    Args:
        vectors: CSR (documents, features).
        allowed: bool (features,).
        limit: entries a row keeps.
    """
    keep = allowed[vectors.indices]
    rows = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))[keep]
    columns, data = vectors.indices[keep], vectors.data[keep]
    order = np.lexsort((columns, -data, rows))
    rows, columns, data = rows[order], columns[order], data[order]
    starts = np.searchsorted(rows, np.arange(vectors.shape[0]))
    chosen = np.arange(len(rows)) - starts[rows] < limit
    rows, columns, data = rows[chosen], columns[chosen], data[chosen]
    indptr = np.r_[0, np.cumsum(np.bincount(rows, minlength=vectors.shape[0]))]
    result = csr_array((data, columns, indptr), shape=vectors.shape)
    result.sort_indices()
    return result


def compact(a: csr_array, b: csr_array) -> tuple[csr_array, csr_array]:
    """The same matrices over the columns that both use: products need no array of all features."""
    columns = np.intersect1d(a.indices, b.indices)
    result = []
    for m in (a, b):
        keep = np.isin(m.indices, columns)
        rows = np.repeat(np.arange(m.shape[0]), np.diff(m.indptr))[keep]
        indptr = np.r_[0, np.cumsum(np.bincount(rows, minlength=m.shape[0]))]
        renamed = np.searchsorted(columns, m.indices[keep])
        result.append(csr_array((m.data[keep], renamed, indptr), shape=(m.shape[0], max(1, len(columns)))))
    return result[0], result[1]


def nearest(queries: csr_array, index: csr_array, top: int) -> np.ndarray:
    """For each query its `top` rows of the index by inner product.

    Args:
        queries: CSR (queries, features).
        index: CSR (documents, features).
        top: how many.

    Returns:
        int64 (pairs, 2) of query and document, by query and in no order within one; ties go to the smaller number.
    """
    queries, index = compact(queries, index)
    transposed = index.T.tocsr()
    pairs = [np.empty((0, 2), np.int64)]
    for start in range(0, queries.shape[0], CHUNK):
        product = (queries[start : start + CHUNK] @ transposed).tocsr()
        for row in range(product.shape[0]):
            part = slice(product.indptr[row], product.indptr[row + 1])
            chosen = _top(product.data[part], product.indices[part], top)
            pairs.append(np.stack([np.full(len(chosen), row + start, np.int64), chosen], axis=1))
    return np.concatenate(pairs)


def _top(values: np.ndarray, columns: np.ndarray, top: int) -> np.ndarray:
    """The columns of the `top` largest values, as int64 in no order; among equal values the smaller columns.

    A partition a row takes a hundredth of the time of sorting a chunk, which would dwarf the product itself.
    """
    if len(values) <= top:
        return columns.astype(np.int64)
    smallest = np.partition(values, len(values) - top)[len(values) - top]
    above = columns[values > smallest]
    level = np.sort(columns[values == smallest])[: top - len(above)]
    return np.concatenate([above, level]).astype(np.int64)


def candidates(
    a: csr_array, b: csr_array, common_a: np.ndarray, common_b: np.ndarray, limit: int, top: int
) -> np.ndarray:
    """Pairs in which one side is among the other's nearest, in either direction.

    Args:
        a: vectors of the first language's block.
        b: vectors of the second language's block.
        common_a: bool (features,): too frequent in the first language to propose.
        common_b: the same for the second.
        limit: heaviest features that count.
        top: candidates a document keeps.

    Returns:
        int64 (pairs, 2), unique and sorted.
    """
    forward = nearest(heaviest(a, ~common_b, limit), heaviest(b, ~common_b, limit), top)
    backward = nearest(heaviest(b, ~common_a, limit), heaviest(a, ~common_a, limit), top)
    return np.unique(np.concatenate([forward, backward[:, ::-1]]), axis=0)


def compare(a: csr_array, b: csr_array, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosine over all features, and the number of shared ones, for each pair of rows.

    Args:
        a: normalised CSR.
        b: normalised CSR over the same features.
        pairs: int64 (pairs, 2).

    Returns:
        float32 (pairs,) and int32 (pairs,).
    """
    cosine = np.zeros(len(pairs), np.float32)
    shared = np.zeros(len(pairs), np.int32)
    for start in range(0, len(pairs), 4096):
        part = pairs[start : start + 4096]
        product = (a[part[:, 0]] * b[part[:, 1]]).tocsr()
        cosine[start : start + len(part)] = product.sum(axis=1)
        shared[start : start + len(part)] = np.diff(product.indptr)
    return np.minimum(cosine, 1.0), shared
