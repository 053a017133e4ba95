import numpy as np
from hypothesis import given
from scipy.sparse import csr_array

from pairing.score import graph as module
from pairing.score.graph import Entries

from .conftest import dense, graphs


@given(graphs(values=(0.0, 0.25, 1.0)))
def test_the_matrix_is_symmetric_sorted_and_holds_no_zeros(graph):
    matrix = graph.matrix(graph.similarity)
    assert (matrix.toarray() == dense(graph, graph.similarity)).all()
    assert matrix.nnz == 2 * np.count_nonzero(graph.similarity)
    assert matrix.has_sorted_indices


@given(graphs())
def test_single_entries_are_those_of_the_whole_matrix(graph):
    whole = dense(graph, graph.similarity)
    rows, columns = (index.ravel() for index in np.indices(whole.shape))
    assert (Entries.of(graph.matrix(graph.similarity)).at(rows, columns) == whole[rows, columns]).all()


def test_entries_of_a_matrix_that_is_not_square_nor_sorted():
    matrix = csr_array((np.array([1.0, 2.0, 3.0]), np.array([4, 0, 2]), np.array([0, 2, 3])), shape=(2, 5))
    found = Entries.of(matrix)
    assert found.at(np.array([0, 0, 1, 1]), np.array([0, 4, 2, 4])).tolist() == [2.0, 1.0, 3.0, 0.0]
    assert Entries.of(csr_array((2, 5))).at(np.array([1]), np.array([1])).tolist() == [0.0]


@given(graphs())
def test_chunks_cover_every_edge_once(graph):
    numbers = np.arange(len(graph.a))
    parts = [numbers[part] for part in graph.chunks()]
    assert np.concatenate([np.empty(0, int), *parts]).tolist() == numbers.tolist()
    assert all(len(part) <= module.CHUNK for part in parts)
