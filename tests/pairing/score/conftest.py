"""Graphs of candidates for property tests, and the same graphs under other numbers."""

from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from pairing.score.aspects import ASPECTS
from pairing.score.graph import CandidateGraph

TIED = tuple(k / 8 for k in range(1, 9))
"""Values whose sums are exact: the order of adding them changes nothing."""

UNTIED = tuple(0.05 + 0.9 * (p**0.5 % 1) for p in range(2, 600) if all(p % q for q in range(2, p)))
"""Roots of primes are linearly independent: neither two of the values nor two means of them are equal."""


def graph_of(sizes, edges) -> CandidateGraph:
    """Languages of so many documents, numbered one after another; edges as (a, b, similarity)."""
    language = np.repeat(np.arange(len(sizes)), sizes)
    a, b, value = ([e[i] for e in edges] for i in range(3))
    similarity = np.array(value, float)
    aspects = np.abs(similarity)[:, None] * np.linspace(0.5, 1, len(ASPECTS))  # any, but the same for equal edges
    return CandidateGraph(language, np.array(a, np.int64), np.array(b, np.int64), similarity, aspects)


@st.composite
def graphs(draw, values=TIED, languages=4, documents=4) -> CandidateGraph:
    """Any graph; without `values` all similarities are different (UNTIED). Edges sorted, as the stage leaves them."""
    sizes = draw(st.lists(st.integers(0, documents), min_size=1, max_size=languages))
    language = np.repeat(np.arange(len(sizes)), sizes).tolist()
    possible = [(a, b) for a, b in combinations(range(len(language)), 2) if language[a] < language[b]]
    chosen = sorted(draw(st.sets(st.sampled_from(possible)))) if possible else []
    if values is None:
        similarity = [UNTIED[i] for i in draw(st.permutations(range(len(chosen))))]
    else:
        similarity = [draw(st.sampled_from(values)) for _ in chosen]
    return graph_of(sizes, [(a, b, v) for (a, b), v in zip(chosen, similarity, strict=True)])


def renumbered(graph: CandidateGraph, seed: int) -> tuple[CandidateGraph, np.ndarray, np.ndarray]:
    """The graph with documents under other numbers and edges in another order.

    Returns:
        the graph; the new number of each document; the old place of each new edge.
    """
    random = np.random.default_rng(seed)
    number, order = random.permutation(graph.documents), random.permutation(len(graph.a))
    language = np.empty_like(graph.language)
    language[number] = graph.language
    moved = graph.only(order)
    made = replace(moved, language=language, a=number[moved.a], b=number[moved.b])
    return made, number, order


def dense(graph: CandidateGraph, values: np.ndarray) -> np.ndarray:
    """Symmetric matrix of one value an edge."""
    found = np.zeros((graph.documents, graph.documents))
    found[graph.a, graph.b] = found[graph.b, graph.a] = values
    return found
