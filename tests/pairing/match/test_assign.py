import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from pairing.match.assign import LARGEST, assign

GAINS = st.sampled_from([-2.0, 0.0, 0.25, 0.5, 1.0, 3.0])
EDGES = st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), GAINS, max_size=30)


def arrays(edges):
    a, b = (np.array([pair[i] for pair in edges], np.int64) for i in (0, 1))
    return a, b, np.array(list(edges.values()), float)


def taken(edges):
    a, b, gain = arrays(edges)
    found = assign(a, b, gain)
    assert (np.diff(found) > 0).all()
    return {(int(a[i]), int(b[i])) for i in found}


def most(edges):
    """The largest gain of any one-to-one choice, by a dense assignment in which staying alone gains nothing."""
    table = np.zeros((8, 16))
    for (a, b), gain in edges.items():
        table[a, b] = gain
    rows, columns = linear_sum_assignment(table, maximize=True)
    return table[rows, columns].sum()


@given(EDGES)
def test_what_is_taken_is_one_to_one_and_gains_as_much_as_a_dense_assignment(edges):
    found = taken(edges)
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)
    assert all(edges[pair] > 0 for pair in found)
    assert sum(edges[pair] for pair in found) == pytest.approx(most(edges))


@given(EDGES, st.randoms())
def test_the_order_of_edges_changes_nothing(edges, random):
    listed = list(edges.items())
    random.shuffle(listed)
    assert taken(dict(listed)) == taken(edges)


@given(EDGES, st.permutations(range(8)), st.permutations(range(8)))
def test_other_numbers_of_documents_gain_the_same(edges, rows, columns):
    moved = {(rows[a] * 100, columns[b] + 7): gain for (a, b), gain in edges.items()}
    assert sum(moved[p] for p in taken(moved)) == pytest.approx(sum(edges[p] for p in taken(edges)))


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({}, set()),
        ({(3, 5): 1.0}, {(3, 5)}),
        ({(3, 5): 0.0, (4, 5): -1.0}, set()),
        ({(0, 0): 3.0, (0, 1): 2.0, (1, 0): 2.0}, {(0, 1), (1, 0)}),  # the best edge gives way to two good ones
        ({(0, 0): 3.0, (0, 1): 1.0, (1, 0): 1.0}, {(0, 0)}),  # rather one good than two doubtful ones
        ({(0, 0): 3.0, (1, 0): 2.0, (2, 0): 1.0}, {(0, 0)}),  # rows that stay alone
    ],
)
def test_small_cases(edges, expected):
    assert taken(edges) == expected


def hubs(count, gain):
    """Everything is like the first ten documents of the other side."""
    rows = np.repeat(np.arange(count), 10)
    a, b = np.r_[rows, np.tile(np.arange(10), count)], np.r_[np.tile(np.arange(10), count), rows]
    pairs = np.unique(np.column_stack([a, b]), axis=0)
    return pairs[:, 0], pairs[:, 1], gain(len(pairs))


@pytest.mark.parametrize("count", [LARGEST - 1, LARGEST, 5 * LARGEST])
@pytest.mark.parametrize("gain", [np.ones, np.random.default_rng(0).random])
def test_parts_of_thousands_of_documents_take_no_time(count, gain):
    a, b, gains = hubs(count, gain)
    started = time.process_time()
    found = assign(a, b, gains)
    assert time.process_time() - started < 5
    assert len(np.unique(a[found])) == len(np.unique(b[found])) == len(found)
    # nothing can be added: each edge that gains has a document that is taken
    assert (np.isin(a, a[found]) | np.isin(b, b[found])).all()
