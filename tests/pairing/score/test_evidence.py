import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.score.evidence import DIRECT, GROUPED, SMALL, direct_evidence, grouped_evidence
from pairing.score.graph import FAINT

from .conftest import graph_of, graphs, renumbered


@given(graphs(values=None), st.integers(0, 99))
def test_evidence_is_finite_and_follows_documents_to_other_numbers(graph, seed):
    other, _, order = renumbered(graph, seed)
    direct, best = direct_evidence(graph)
    assert direct.shape == (len(graph.a), len(DIRECT)) and np.isfinite(direct).all()
    moved, moved_best = direct_evidence(other)
    assert (moved == direct[order]).all() and (moved_best == best[order]).all()
    probability = np.linspace(0, 1, len(graph.a))
    grouped, _ = grouped_evidence(graph, probability)
    assert grouped.shape == (len(graph.a), len(GROUPED)) and np.isfinite(grouped).all()
    # numbers decide ties only: of support where it is the same, so not which edges are best by it
    assert grouped_evidence(other, probability[order])[0] == pytest.approx(grouped[order], abs=1e-9)


@pytest.mark.parametrize("sizes", [(), (3,), (2, 2)])
def test_no_edges_make_no_rows(sizes):
    graph = graph_of(sizes, [])
    assert direct_evidence(graph)[0].shape == (0, len(DIRECT))
    assert grouped_evidence(graph, graph.similarity)[0].shape == (0, len(GROUPED))


def test_one_edge_has_its_similarity_in_three_shapes_and_the_lead_over_nothing():
    evidence, best = direct_evidence(graph_of((1, 1), [(0, 1, 0.25)]))
    assert evidence.tolist() == [[0.25, 0.5, np.log(0.25 + SMALL), 0.25 - FAINT, 0.25 - FAINT]]
    assert best.tolist() == [True]


@given(graphs())
def test_links_that_are_not_the_best_of_both_sides_support_nobody(graph):
    _, best = direct_evidence(graph)
    sure, _ = grouped_evidence(graph, np.ones(len(graph.a)))
    only, _ = grouped_evidence(graph, np.where(best, 1.0, 0.0))
    assert (sure == only).all()
