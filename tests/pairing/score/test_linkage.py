import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.score.clusters import clusters
from pairing.score.linkage import LINKAGE, linkage

from .conftest import dense, graph_of, graphs, renumbered


def naive(graph, value, cluster):
    """Columns LINKAGE by loops over the members of groups."""
    matrix = dense(graph, value)

    def to_group(document, group, leaving_out):
        others = [
            m
            for m in np.flatnonzero(cluster == group)
            if m not in (document, leaving_out) and graph.language[m] != graph.language[document]
        ]
        return (sum(matrix[document, others]) / len(others) if others else 0.0), len(others)

    def to_own(document):
        others = [m for m in np.flatnonzero(cluster == cluster[document]) if m != document]
        return sum(matrix[document, others]) / len(others) if others else 0.0

    rows = []
    for a, b in zip(graph.a.tolist(), graph.b.tolist(), strict=True):
        same = cluster[a] == cluster[b]
        (to_a, many_a), (to_b, many_b) = to_group(a, cluster[b], b), to_group(b, cluster[a], a)
        own_a, own_b = to_own(a), to_own(b)
        apart = 0.0 if same else 1.0
        rows.append(
            {
                "same": float(same), "a_to_group": to_a, "b_to_group": to_b, "weaker": min(to_a, to_b),
                "a_to_own": own_a * apart, "b_to_own": own_b * apart, "group_of_b": np.log(1 + many_a),
                "group_of_a": np.log(1 + many_b), "stronger_own": max(own_a, own_b) * apart,
                "a_prefers": (to_a - own_a) * apart, "b_prefers": (to_b - own_b) * apart,
            }
        )  # fmt: skip
    return np.array([[row[name] for name in LINKAGE] for row in rows]).reshape(-1, len(LINKAGE))


@given(graphs(), st.sampled_from([0.1, 0.3, 0.6]))
def test_columns_are_what_loops_over_the_members_of_groups_find(graph, threshold):
    cluster = clusters(graph, graph.similarity, threshold)
    found = linkage(graph, graph.similarity, cluster)
    assert found == pytest.approx(naive(graph, graph.similarity, cluster), abs=1e-12)


@given(graphs(values=None), st.integers(0, 99))
def test_other_numbers_of_documents_and_names_of_groups_change_nothing(graph, seed):
    other, number, order = renumbered(graph, seed)
    cluster = clusters(graph, graph.similarity, 0.3)
    names = np.random.default_rng(seed).permutation(graph.documents)
    moved = np.empty_like(cluster)
    moved[number] = names[cluster] if len(cluster) else cluster
    here, there = linkage(graph, graph.similarity, cluster), linkage(other, other.similarity, moved)
    assert there == pytest.approx(here[order], abs=1e-12)


def test_one_edge_and_no_edges():
    graph = graph_of((1, 1), [(0, 1, 0.5)])
    assert linkage(graph, graph.similarity, np.array([0, 0])).tolist() == [[1.0] + [0.0] * 10]
    empty = graph_of((), [])
    assert linkage(empty, empty.similarity, np.empty(0, np.int64)).shape == (0, len(LINKAGE))
