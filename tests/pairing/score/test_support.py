import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.score.aspects import ASPECTS
from pairing.score.graph import CandidateGraph
from pairing.score.support import LIKELY, PARTNERS_WEIGH, WITNESSES_WEIGH, support

from .conftest import dense, graph_of, graphs, renumbered


def naive(graph, probability):
    """(partners, witnesses, fewer, more) of each edge by loops over all documents."""
    alike, linked = dense(graph, graph.similarity), dense(graph, np.where(probability > LIKELY, probability, 0.0))
    found = []
    for a, b, own in zip(graph.a, graph.b, graph.similarity, strict=True):
        crossing, witnessed, expected = 0.0, 0.0, []
        for here, there in ((a, b), (b, a)):
            mass = 0.0
            for third in range(graph.documents):
                if graph.language[third] not in (graph.language[a], graph.language[b]):
                    mass += linked[here, third]
                    crossing += linked[here, third] * alike[there, third]
                    witnessed += linked[here, third] * min(alike[here, third], alike[there, third])
            expected.append(mass)
        found.append(
            (
                (own + PARTNERS_WEIGH * crossing) / (1 + PARTNERS_WEIGH * sum(expected)),
                (own + WITNESSES_WEIGH * witnessed) / (1 + WITNESSES_WEIGH * sum(expected)),
                min(expected),
                max(expected),
            )
        )
    return np.array(found).reshape(-1, 4)


def columns(found):
    return np.column_stack([found.partners, found.witnesses, found.fewer, found.more])


def probabilities(graph, seed):
    return np.random.default_rng(seed).choice([0.0, 0.05, 0.2, 0.9, 1.0], len(graph.a))


@given(graphs(), st.integers(0, 99))
def test_support_is_what_loops_over_all_documents_find(graph, seed):
    probability = probabilities(graph, seed)
    assert columns(support(graph, probability)) == pytest.approx(naive(graph, probability))


@given(graphs(), st.integers(0, 99))
def test_other_numbers_of_documents_change_nothing(graph, seed):
    probability = probabilities(graph, seed)
    other, _, order = renumbered(graph, seed)
    here = columns(support(graph, probability))
    assert columns(support(other, probability[order])) == pytest.approx(here[order])


@given(graphs(languages=2), st.integers(0, 99))
def test_two_languages_have_no_third_ones(graph, seed):
    found = support(graph, probabilities(graph, seed))
    assert (found.partners == graph.similarity).all()
    assert (found.witnesses == graph.similarity).all()
    assert not found.more.any()


def test_a_common_partner_helps_and_one_that_the_other_side_does_not_know_harms():
    triangle = graph_of((1, 1, 1), [(0, 1, 0.4), (0, 2, 0.8), (1, 2, 0.8)])
    chain = graph_of((1, 1, 1), [(0, 1, 0.4), (0, 2, 0.8)])
    helped = support(triangle, np.array([0.0, 0.9, 0.9]))
    harmed = support(chain, np.array([0.0, 0.9]))
    assert helped.witnesses[0] > 0.4 > harmed.witnesses[0]
    assert helped.partners[0] > 0.4 > harmed.partners[0]
    assert (helped.fewer[0], harmed.fewer[0], harmed.more[0]) == (0.9, 0.0, 0.9)


def test_documents_that_everything_resembles_cost_no_more_memory_than_others():
    count, hubs = 4_000, 10
    every, few = np.arange(count), np.arange(hubs)
    a = np.r_[np.repeat(every, hubs), np.tile(few, count)]
    b = count + np.r_[np.tile(few, count), np.repeat(every, hubs)]
    edges = np.unique(np.column_stack([a, b]), axis=0)
    alike, aspects = np.full(len(edges), 0.9), np.zeros((len(edges), len(ASPECTS)))
    graph = CandidateGraph(np.repeat([0, 1], count), edges[:, 0], edges[:, 1], alike, aspects)
    best = (edges[:, 1] - count == edges[:, 0]).astype(float)
    tracemalloc.start()
    found = support(graph, best)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.partners == 0.9).all()
    assert peak < 500 * len(edges)
