"""How well each document of a pair fits the other's group, and how well its own. Pure functions."""

import numpy as np
from scipy.sparse import csr_array

from pairing.score.graph import LANGUAGES, CandidateGraph, Entries

LINKAGE = (
    "same",
    "a_to_group",
    "b_to_group",
    "weaker",
    "a_to_own",
    "b_to_own",
    "group_of_b",
    "group_of_a",
    "stronger_own",
    "a_prefers",
    "b_prefers",
)
"""Columns of `linkage`. `same`: one group holds both; `x_to_group`: mean value of x to the other group, the other
document left out; `weaker`: the smaller of both; `x_to_own`: mean value to the own group where that is another one;
`group_of_x`: log of one plus the others in that group; `x_prefers`: to_group - to_own."""


def linkage(graph: CandidateGraph, value: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Evidence of groups for each edge, float (edges, len(LINKAGE)).

    Args:
        graph: the candidates.
        value: float (edges,), what the means are of.
        cluster: int (documents,), the group of each document.
    """
    count = graph.documents
    _, label = np.unique(cluster, return_inverse=True)
    groups = int(label.max(initial=-1)) + 1
    member = csr_array((np.ones(count), (np.arange(count), label)), shape=(count, max(1, groups)))
    sums = Entries.of((graph.matrix(value) @ member).tocsr())
    size = np.zeros((max(1, groups), LANGUAGES))
    np.add.at(size, (label, graph.language), 1)
    a, b, every = graph.a, graph.b, np.arange(count)
    same = (label[a] == label[b]).astype(float)
    to_a, many_a = _mean(graph, sums, size, a, label[b], value)
    to_b, many_b = _mean(graph, sums, size, b, label[a], value)
    own = sums.at(every, label) / np.maximum(1, size.sum(axis=1)[label] - 1)
    apart = 1 - same
    columns = [
        same,
        to_a,
        to_b,
        np.minimum(to_a, to_b),
        own[a] * apart,
        own[b] * apart,
        np.log1p(many_a),
        np.log1p(many_b),
        np.maximum(own[a], own[b]) * apart,
        (to_a - own[a]) * apart,
        (to_b - own[b]) * apart,
    ]
    return np.column_stack(columns)


def _mean(
    graph: CandidateGraph,
    sums: Entries,
    size: np.ndarray,
    document: np.ndarray,
    group: np.ndarray,
    value: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean value of documents to groups without the edge itself, and of how many."""
    others = np.maximum(size.sum(axis=1)[group] - size[group, graph.language[document]] - 1, 0)
    total = sums.at(document, group) - value
    return np.where(others > 0, total / np.maximum(1, others), 0.0), others
