"""Similarities of functions in each class of features, for many pairs of documents at once. Pure functions."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from pairing.align.background import Background
from pairing.align.bags import CLASSES
from pairing.align.cells import Cells
from pairing.align.document import Bag, Described

Pair = tuple[Described, Described]

SIMILARITIES = ("cosine", "shared", "jaccard", "contained", "neither", "one")
"""Per class: cosine of weighted counts; log of the weight of shared features; that weight over all, and over the
lighter function; neither, or only one function has any feature."""


def similarities(pairs: Sequence[Pair], cells: Cells, background: Background) -> dict[str, np.ndarray]:
    """Columns `class.similarity`, float64 (cells,)."""
    columns: dict[str, np.ndarray] = {}
    for name in CLASSES:
        for similarity, values in zip(SIMILARITIES, _class(pairs, cells, background, name), strict=True):
            columns[f"{name}.{similarity}"] = values
    return columns


def _class(pairs: Sequence[Pair], cells: Cells, background: Background, name: str) -> tuple[np.ndarray, ...]:
    a = _gather([pair[0].bags[name] for pair in pairs], cells.size_a)
    b = _gather([pair[1].bags[name] for pair in pairs], cells.size_b)
    names, number = np.unique(np.concatenate([a[2], b[2]]), return_inverse=True)
    # pair first, then feature: within a pair the order, and so every sum to its last bit, is that of the pair alone
    keys, inverse = np.unique(np.concatenate([a[1], b[1]]) * len(names) + number, return_inverse=True)
    frequency = np.bincount(inverse, minlength=len(keys))
    functions = np.concatenate([np.repeat(cells.size_a + cells.size_b, lengths) for lengths in (a[4], b[4])])
    inside = np.log((functions + 1) / frequency[inverse]) / np.log(functions + 1)
    common = background.weigh(name, np.concatenate([a[2], b[2]]))
    damped = 1.0 + np.log(np.concatenate([a[3], b[3]]))
    vector, mass = damped * (0.5 * common + 0.5 * inside), common * inside
    cut, shape_a, shape_b = len(a[0]), (cells.rows, len(keys)), (cells.columns, len(keys))
    places = ((a[0], inverse[:cut]), (b[0], inverse[cut:]))
    lengths_a = np.sqrt(np.bincount(a[0], vector[:cut] ** 2, cells.rows))
    lengths_b = np.sqrt(np.bincount(b[0], vector[cut:] ** 2, cells.columns))
    cosine = _products(
        csr_array((vector[:cut] / np.maximum(lengths_a, 1e-9)[a[0]], places[0]), shape=shape_a),
        csr_array((vector[cut:] / np.maximum(lengths_b, 1e-9)[b[0]], places[1]), shape=shape_b),
        cells,
    )
    shared = _products(
        csr_array((mass[:cut], places[0]), shape=shape_a),
        csr_array((np.ones(len(b[0])), places[1]), shape=shape_b),
        cells,
    )
    mass_a = np.bincount(a[0], mass[:cut], cells.rows)[cells.row]
    mass_b = np.bincount(b[0], mass[cut:], cells.columns)[cells.column]
    smaller = np.minimum(mass_a, mass_b)
    return (
        cosine,
        np.log1p(shared),
        shared / np.maximum(mass_a + mass_b - shared, 1e-9),
        np.where(smaller > 0, shared / np.maximum(smaller, 1e-9), 0.0),
        ((mass_a == 0) & (mass_b == 0)).astype(float),
        ((mass_a == 0) != (mass_b == 0)).astype(float),
    )


def _gather(bags: Sequence[Bag], sizes: np.ndarray) -> tuple[np.ndarray, ...]:
    """Function, pair, feature and count, entry by entry; and the number of entries of each pair."""
    lengths = np.array([len(bag.unit) for bag in bags], np.int64)
    pair = np.repeat(np.arange(len(bags)), lengths)
    unit = np.concatenate([np.empty(0, np.int64), *[bag.unit for bag in bags]]) + (np.cumsum(sizes) - sizes)[pair]
    feature = np.concatenate([np.empty(0, np.uint64), *[bag.feature for bag in bags]])
    count = np.concatenate([np.empty(0), *[bag.count for bag in bags]])
    return unit, pair, feature, count, lengths


def _products(a: csr_array, b: csr_array, cells: Cells) -> np.ndarray:
    """Inner products of the functions of each pair; features differ between pairs, so no other product arises."""
    product = (a @ b.T).tocoo()
    row, column = product.coords
    first_a = np.cumsum(cells.size_a) - cells.size_a
    first_b = np.cumsum(cells.size_b) - cells.size_b
    pair = np.searchsorted(np.cumsum(cells.size_a), row, side="right")
    values = np.zeros(len(cells.pair))
    values[cells.start[pair] + (row - first_a[pair]) * cells.size_b[pair] + column - first_b[pair]] = product.data
    return values
