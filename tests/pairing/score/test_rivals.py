import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pairing.score.graph import FAINT
from pairing.score.rivals import standing

from .conftest import graph_of, graphs, renumbered


def naive(graph, value):
    """(smaller gap, larger gap, mutual) of each edge, looking at every other edge from both of its sides."""
    edges = list(zip(graph.a.tolist(), graph.b.tolist(), value.tolist(), strict=True))
    found = []
    for a, b, v in edges:
        gaps, best = [], True
        for here, there in ((a, b), (b, a)):
            rivals = []
            for x, y, w in edges:
                for near, far in ((x, y), (y, x)):
                    if near == here and far != there and graph.language[far] == graph.language[there]:
                        rivals.append((w, far))
            gaps.append(v - max((w for w, _ in rivals), default=min(FAINT, *value)))
            best &= all((-v, there) < (-w, far) for w, far in rivals)
        found.append((min(gaps), max(gaps), best))
    return found


@given(graphs())
def test_gaps_and_mutual_best_are_those_of_a_look_at_every_other_edge(graph):
    found = standing(graph, graph.similarity)
    assert list(zip(found.smaller, found.larger, found.mutual, strict=True)) == naive(graph, graph.similarity)


@given(graphs())
def test_no_document_has_two_best_partners_in_a_language(graph):
    mutual = standing(graph, graph.similarity).mutual
    ends = [
        (x, int(graph.language[y]))
        for a, b in zip(graph.a[mutual].tolist(), graph.b[mutual].tolist(), strict=True)
        for x, y in ((a, b), (b, a))
    ]
    assert len(ends) == len(set(ends))


@given(graphs(values=None), st.integers(0, 99))
def test_other_numbers_of_documents_and_another_order_of_edges_change_nothing(graph, seed):
    other, _, order = renumbered(graph, seed)
    here, there = standing(graph, graph.similarity), standing(other, other.similarity)
    for name in ("smaller", "larger", "mutual"):
        assert (getattr(here, name)[order] == getattr(there, name)).all()


def test_a_rival_counts_whichever_side_of_its_edge_the_document_stands_on():
    # document 1 is the second side of its edge with 0 and the first side of the one with 2: other languages, no rivals
    value = np.array([0.9, 0.4])
    apart = standing(graph_of((1, 1, 1), [(0, 1, 0.9), (1, 2, 0.4)]), value)
    assert apart.larger.tolist() == [0.9 - FAINT, 0.4 - FAINT]
    rivals = standing(graph_of((2, 1), [(0, 2, 0.9), (1, 2, 0.4)]), value)
    assert rivals.smaller.tolist() == [0.5, -0.5]
    assert rivals.mutual.tolist() == [True, False]


def test_ties_go_to_the_partner_with_the_smaller_number():
    graph = graph_of((2, 2), [(0, 2, 0.5), (0, 3, 0.5), (1, 2, 0.5), (1, 3, 0.5)])
    assert standing(graph, graph.similarity).mutual.tolist() == [True, False, False, False]


def test_without_a_rival_the_gap_is_that_to_the_lowest_value_of_all_or_to_what_is_faint():
    graph = graph_of((2, 2), [(0, 2, 0.9), (1, 3, 0.5)])
    assert standing(graph, np.array([0.9, 0.5])).smaller.tolist() == [0.9 - FAINT, 0.5 - FAINT]
    assert standing(graph, np.array([0.9, 0.01])).smaller.tolist() == [0.9 - 0.01, 0.0]


def test_no_edges_and_one_edge():
    assert len(standing(graph_of((), []), np.empty(0)).mutual) == 0
    found = standing(graph_of((1, 1), [(0, 1, 0.3)]), np.array([0.3]))
    assert (found.smaller.tolist(), found.larger.tolist(), found.mutual.tolist()) == (
        [0.3 - FAINT],
        [0.3 - FAINT],
        [True],
    )
