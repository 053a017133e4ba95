import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pairing.candidates.sparse import as_matrix, by_weight, cosines, ranges, top_of_rows, within_budget

COLUMNS = 12


@st.composite
def matrices(draw):
    """Sparse rows with values in quarters, so that sums are exact and ties are common."""
    rows = draw(st.integers(0, 14))
    values = draw(st.lists(st.integers(0, 4), min_size=rows * COLUMNS, max_size=rows * COLUMNS))
    return csr_array((np.array(values, np.float32) / 4).reshape(rows, COLUMNS))


def best(scores: np.ndarray, top: int) -> list[int]:
    """Numbers of the positive scores, largest first, the smaller number among equals."""
    return [i for i in sorted(range(len(scores)), key=lambda i: (-scores[i], i)) if scores[i] > 0][:top]


@settings(max_examples=40, deadline=None)
@given(matrices(), st.integers(1, 4))
def test_top_of_rows_is_what_sorting_each_row_gives(matrix, top):
    columns, scores = top_of_rows(matrix, top)
    for row, dense in enumerate(matrix.toarray()):
        expected = best(dense, top)
        assert columns[row].tolist() == expected + [-1] * (top - len(expected))
        assert scores[row].tolist() == [*dense[expected].tolist(), *[0.0] * (top - len(expected))]


@settings(max_examples=50, deadline=None)
@given(matrices())
def test_lists_of_all_entries_hold_the_matrix(matrix):
    assert as_matrix(*top_of_rows(matrix, COLUMNS), COLUMNS).toarray().tolist() == matrix.toarray().tolist()


@settings(max_examples=40, deadline=None)
@given(matrices(), st.lists(st.integers(0, 5), min_size=COLUMNS, max_size=COLUMNS), st.integers(0, 12))
def test_a_budget_pays_for_the_heaviest_entries_of_each_row_and_no_more(matrix, price, budget):
    cost = np.array(price)
    found = within_budget(matrix, by_weight(matrix), cost[matrix.indices], budget)
    assert found.has_sorted_indices
    for row, dense in enumerate(matrix.toarray()):
        spent, expected = 0, np.zeros(COLUMNS, np.float32)
        for column in best(dense, COLUMNS):
            spent += price[column]
            if price[column] and spent <= budget:
                expected[column] = dense[column]
        assert found.toarray()[row].tolist() == expected.tolist()


@settings(max_examples=40, deadline=None)
@given(matrices(), matrices(), st.data())
def test_cosines_are_the_products_of_the_rows_of_each_pair(a, b, data):
    if not a.shape[0] or not b.shape[0]:
        return
    pair = st.tuples(st.integers(0, a.shape[0] - 1), st.integers(0, b.shape[0] - 1))
    pairs = np.array(data.draw(st.lists(pair, max_size=20)), np.int64).reshape(-1, 2)
    x, y = a.toarray()[pairs[:, 0]], b.toarray()[pairs[:, 1]]
    assert cosines(a, b, pairs).tolist() == np.minimum((x * y).sum(axis=1), 1).tolist()


@pytest.mark.parametrize(
    ("starts", "lengths", "expected"),
    [([5, 0, 9], [2, 0, 3], [5, 6, 9, 10, 11]), ([], [], []), ([3], [0], [])],
)
def test_ranges_follow_one_another(starts, lengths, expected):
    assert ranges(np.array(starts, np.int64), np.array(lengths, np.int64)).tolist() == expected
