"""MinHash against a slow reference and against the true similarity."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from parsers import minhash as module
from parsers.tokens import coefficients, jaccard, minhash, shingles

MASK = (1 << 64) - 1
DOCUMENTS = st.lists(st.lists(st.integers(0, MASK), max_size=12), max_size=8)


def batch(documents):
    values = np.array([value for document in documents for value in document], dtype=np.uint64)
    return values, np.cumsum([0, *map(len, documents)], dtype=np.int64)


@given(DOCUMENTS, st.integers(1, 7))
def test_equals_the_reference_for_any_block(documents, block):
    hashes = coefficients(5, seed=3)
    expected = [
        [min((((int(a) * x + int(b)) & MASK) >> 32 for x in document), default=0xFFFFFFFF) for a, b in hashes]
        for document in documents
    ]
    saved, module.BLOCK = module.BLOCK, block
    try:
        signatures = minhash(*batch(documents), hashes)
    finally:
        module.BLOCK = saved
    assert signatures.dtype == np.uint32
    assert signatures.shape == (len(documents), 5)
    assert signatures.tolist() == expected


def test_coefficients_are_fixed_by_the_seed():
    pairs = coefficients(112, 1)
    assert pairs.shape == (112, 2)
    assert pairs.dtype == np.uint64
    assert (pairs[:, 0] % np.uint64(2) == 1).all()
    assert np.array_equal(pairs, coefficients(112, 1))
    assert not np.array_equal(pairs, coefficients(112, 2))
    assert np.array_equal(pairs[:8], coefficients(8, 1))
    assert pairs[0].tolist() == [9441442522235856127, 17532960557476522086]


def test_the_estimate_is_near_the_truth():
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(40):
        words = [b"w%d" % i for i in rng.integers(0, 5000, 400)]
        other = [b"v%d" % i if rng.random() < 0.05 else word for i, word in enumerate(words)]
        values, offsets = shingles([b" ".join(words), b" ".join(other)])
        first, second = minhash(values, offsets, coefficients(256))
        truth = jaccard(np.unique(values[: offsets[1]]), np.unique(values[offsets[1] :]))
        errors.append(float((first == second).mean()) - truth)
    # 256 hashes: standard error about 0.03 for one pair, 0.005 for the mean of forty.
    assert abs(np.mean(errors)) < 0.02
    assert np.std(errors) < 0.06


def test_one_huge_document():
    values = np.arange(3 * module.BLOCK + 5, dtype=np.uint64)
    hashes = coefficients(3)
    whole = minhash(values, np.array([0, len(values)]), hashes)
    halves = minhash(values, np.array([0, 1000, len(values)]), hashes)
    assert np.array_equal(whole[0], halves.min(axis=0))
