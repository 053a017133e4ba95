import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.score.clusters import NEGLIGIBLE, clusters

from .conftest import dense, graph_of, graphs, renumbered

THRESHOLDS = st.sampled_from([0.1, 0.25, 0.45, 0.7])


def naive(graph, threshold):
    """Average linkage by looking at every two groups each time."""
    value = dense(graph, np.where(graph.similarity > threshold * NEGLIGIBLE, graph.similarity, 0.0))
    groups = [[n] for n in range(graph.documents)]
    while True:
        merges = []
        for one in groups:
            for other in groups:
                if one[0] < other[0] and not {*graph.language[one]} & {*graph.language[other]}:
                    mean = value[np.ix_(one, other)].sum() / (len(one) * len(other))
                    if mean > threshold:
                        merges.append((-mean, one[0], other[0], one, other))
        if not merges:
            label = np.arange(graph.documents)
            for group in groups:
                label[group] = group[0]
            return label
        *_, one, other = min(merges)
        groups = [g for g in groups if g not in (one, other)] + [sorted(one + other)]


@given(graphs(), THRESHOLDS)
def test_groups_are_those_of_a_look_at_every_two_groups_each_time(graph, threshold):
    assert clusters(graph, graph.similarity, threshold).tolist() == naive(graph, threshold).tolist()


@given(graphs(), THRESHOLDS)
def test_a_group_has_one_document_a_language_and_the_smallest_number_of_its_members(graph, threshold):
    label = clusters(graph, graph.similarity, threshold)
    for group in np.unique(label).tolist():
        members = np.flatnonzero(label == group)
        assert members.min() == group
        assert len(np.unique(graph.language[members])) == len(members)


@given(graphs(values=None), THRESHOLDS, st.integers(0, 99))
def test_other_numbers_of_documents_and_another_order_of_edges_make_the_same_groups(graph, threshold, seed):
    other, number, _ = renumbered(graph, seed)
    here = clusters(graph, graph.similarity, threshold)
    there = clusters(other, other.similarity, threshold)[number]
    assert (np.equal.outer(here, here) == np.equal.outer(there, there)).all()


@given(graphs(), THRESHOLDS, st.integers(0, 99))
def test_the_order_of_edges_changes_nothing(graph, threshold, seed):
    order = np.random.default_rng(seed).permutation(len(graph.a))
    other = graph.only(order)
    assert (clusters(graph, graph.similarity, threshold) == clusters(other, other.similarity, threshold)).all()


@pytest.mark.parametrize(
    ("sizes", "edges", "expected"),
    [
        ((), [], []),
        ((1, 1), [(0, 1, 0.5)], [0, 0]),
        ((1, 1), [(0, 1, 0.1)], [0, 1]),  # not above the threshold
        ((2, 1), [(0, 2, 0.5), (1, 2, 0.9)], [0, 1, 1]),  # one document a language: the better one
        ((1, 1, 1), [(0, 1, 0.9), (1, 2, 0.5)], [0, 0, 0]),  # the absent pair counts as 0: mean 0.25
        ((1, 1, 1), [(0, 1, 0.9), (1, 2, 0.19)], [0, 0, 2]),  # mean 0.095
    ],
)
def test_small_cases(sizes, edges, expected):
    graph = graph_of(sizes, edges)
    assert clusters(graph, graph.similarity, 0.1).tolist() == expected
