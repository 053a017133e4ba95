import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pairing.candidates import candidates, compact, compare, heaviest, nearest

COLUMNS = 12


@st.composite
def matrices(draw):
    """Sparse rows with values in quarters, so that sums are exact and ties are common."""
    rows = draw(st.integers(0, 14))
    values = draw(st.lists(st.integers(0, 4), min_size=rows * COLUMNS, max_size=rows * COLUMNS))
    keep = draw(st.lists(st.booleans(), min_size=rows * COLUMNS, max_size=rows * COLUMNS))
    dense = np.where(keep, np.array(values, np.float32) / 4, 0).reshape(rows, COLUMNS)
    return csr_array(dense.astype(np.float32))


def best(scores: np.ndarray, top: int) -> list[int]:
    """Numbers of the positive scores, largest first, the smaller number among equals."""
    return [i for i in sorted(range(len(scores)), key=lambda i: (-scores[i], i)) if scores[i] > 0][:top]


@settings(max_examples=150, deadline=None)
@given(matrices(), matrices(), st.integers(1, 4))
def test_nearest_is_what_comparing_everything_finds(a, b, top):
    dense = a.toarray() @ b.toarray().T if b.shape[0] else np.zeros((a.shape[0], 0))
    expected = [(i, j) for i in range(a.shape[0]) for j in sorted(best(dense[i], top))]
    found = nearest(a, b, top).tolist()
    assert [tuple(p) for p in sorted(found)] == expected
    assert [i for i, _ in found] == sorted(i for i, _ in found)


@settings(max_examples=150, deadline=None)
@given(matrices(), st.lists(st.booleans(), min_size=COLUMNS, max_size=COLUMNS), st.integers(1, 5))
def test_heaviest_keeps_the_largest_allowed_entries_of_each_row(vectors, allowed, limit):
    found = heaviest(vectors, np.array(allowed), limit)
    assert found.shape == vectors.shape
    assert found.has_sorted_indices
    dense = vectors.toarray() * np.array(allowed)
    for row in range(vectors.shape[0]):
        chosen = best(dense[row], limit)
        expected = np.zeros(COLUMNS, np.float32)
        expected[chosen] = dense[row, chosen]
        assert found.toarray()[row].tolist() == expected.tolist()


@settings(max_examples=100, deadline=None)
@given(matrices(), matrices())
def test_compact_keeps_every_product(a, b):
    x, y = compact(a, b)
    assert x.shape[1] == y.shape[1] <= COLUMNS
    assert (x @ y.T).toarray().tolist() == (a @ b.T).toarray().tolist()


@settings(max_examples=100, deadline=None)
@given(matrices(), matrices(), st.data())
def test_compare_counts_shared_features_and_sums_their_products(a, b, data):
    if not a.shape[0] or not b.shape[0]:
        return
    pair = st.tuples(st.integers(0, a.shape[0] - 1), st.integers(0, b.shape[0] - 1))
    pairs = np.array(data.draw(st.lists(pair, max_size=20)), np.int64).reshape(-1, 2)
    cosine, shared = compare(a, b, pairs)
    x, y = a.toarray()[pairs[:, 0]], b.toarray()[pairs[:, 1]]
    assert cosine.tolist() == np.minimum((x * y).sum(axis=1), 1).tolist()
    assert shared.tolist() == ((x * y) != 0).sum(axis=1).tolist()


@settings(max_examples=100, deadline=None)
@given(matrices(), matrices(), st.integers(1, 5), st.integers(1, 3))
def test_candidates_are_the_nearest_of_either_side(a, b, limit, top):
    none = np.zeros(COLUMNS, bool)
    found = {tuple(p) for p in candidates(a, b, none, none, limit, top).tolist()}
    light_a, light_b = (heaviest(m, ~none, limit).toarray() for m in (a, b))
    dense = light_a @ light_b.T
    forward = {(i, j) for i in range(a.shape[0]) for j in best(dense[i], top)}
    backward = {(i, j) for j in range(b.shape[0]) for i in best(dense[:, j], top)}
    assert found == forward | backward


def test_a_feature_that_is_too_common_proposes_nothing():
    a = csr_array(np.array([[1.0, 0.0]], np.float32))
    b = csr_array(np.array([[1.0, 1.0]], np.float32))
    common = np.array([True, False])
    assert not len(candidates(a, b, common, common, 5, 5))
    assert len(candidates(a, b, common, ~common, 5, 5)) == 1  # it still proposes towards the side where it is rare
