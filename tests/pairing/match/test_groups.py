from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.match.groups import LINKED, consistent

from ..score.conftest import graph_of, graphs, renumbered


def naive_through(edges, group, x, y):
    """The weakest link of the best chain from x to y inside their group, by all chains over each document in turn."""
    members = np.flatnonzero(group == group[x]).tolist()
    best = {(i, j): edges.get((min(i, j), max(i, j)), 0.0) for i in members for j in members}
    for over in members:
        for i in members:
            for j in members:
                best[i, j] = max(best[i, j], min(best[i, over], best[over, j]))
    return best[x, y]


@given(graphs())
def test_groups_hold_one_document_a_language_and_all_their_pairs(graph):
    found = consistent(graph, graph.similarity)
    pairs = list(zip(found.a.tolist(), found.b.tolist(), strict=True))
    expected = []
    for group in np.unique(found.group).tolist():
        members = np.flatnonzero(found.group == group).tolist()
        assert len(np.unique(graph.language[members])) == len(members)
        expected += combinations(members, 2)
    assert pairs == sorted(expected)
    assert (graph.language[found.a] < graph.language[found.b]).all()


@given(graphs())
def test_assigned_pairs_inside_a_group_keep_their_score_and_others_get_that_of_their_best_way(graph):
    found = consistent(graph, graph.similarity)
    edges = {(a, b): v for a, b, v in zip(graph.a.tolist(), graph.b.tolist(), graph.similarity.tolist(), strict=True)}
    for a, b, score, implied in zip(found.a.tolist(), found.b.tolist(), found.score, found.implied, strict=True):
        assert implied == ((a, b) not in edges)
        assert score == (naive_through(edges, found.group, a, b) if implied else edges[a, b])


@given(graphs(values=None), st.integers(0, 99))
def test_other_numbers_of_documents_make_the_same_pairs(graph, seed):
    other, number, _ = renumbered(graph, seed)
    here, there = consistent(graph, graph.similarity), consistent(other, other.similarity)
    moved = {(number[a], number[b]): s for a, b, s in zip(here.a, here.b, here.score, strict=True)}
    assert {(a, b): s for a, b, s in zip(there.a, there.b, there.score, strict=True)} == moved


@given(graphs(languages=2))
def test_two_languages_have_nothing_to_contradict_when_pairs_are_one_to_one(graph):
    once = {}
    for a, b, v in sorted(zip(graph.a.tolist(), graph.b.tolist(), graph.similarity.tolist(), strict=True)):
        if a not in {x for x, _ in once} and b not in {y for _, y in once}:
            once[a, b] = v
    single = graph_of(np.bincount(graph.language, minlength=2), [(a, b, v) for (a, b), v in once.items()])
    found = consistent(single, single.similarity)
    assert dict(zip(zip(found.a.tolist(), found.b.tolist(), strict=True), found.score, strict=True)) == once
    assert not found.implied.any()


@pytest.mark.parametrize(
    ("sizes", "edges", "expected"),
    [
        ((), [], []),
        ((1, 1), [(0, 1, LINKED)], []),
        ((1, 1, 1), [(0, 1, 0.9), (1, 2, 0.4)], [(0, 1, 0.9), (0, 2, 0.4), (1, 2, 0.4)]),
        # a chain back into the first language: the weakest link is cut
        ((2, 1, 1), [(0, 2, 0.9), (2, 3, 0.8), (1, 3, 0.3)], [(0, 2, 0.9), (0, 3, 0.8), (2, 3, 0.8)]),
    ],
)
def test_small_cases(sizes, edges, expected):
    graph = graph_of(sizes, edges)
    found = consistent(graph, graph.similarity)
    assert list(zip(found.a.tolist(), found.b.tolist(), found.score.tolist(), strict=True)) == expected


def test_pairs_can_be_left_out_and_groups_stay():
    graph = graph_of((1, 1, 1), [(0, 1, 0.9), (1, 2, 0.4)])
    found = consistent(graph, graph.similarity)
    less = found.without(found.implied)
    assert (less.a.tolist(), less.b.tolist(), less.score.tolist()) == ([0, 1], [1, 2], [0.9, 0.4])
    assert not less.implied.any()
    assert (less.group == found.group).all()
