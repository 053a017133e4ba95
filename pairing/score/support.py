"""What documents of third languages say about a pair: are its partners alike to both? Pure functions."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from pairing.candidates.sparse import ranges
from pairing.score.graph import LANGUAGES, CandidateGraph, Entries

LIKELY: Final = 0.1
"""Probability of a link from which a document is somebody's partner."""
PARTNERS_WEIGH: Final = 0.4
"""What the likeness of a partner to the other side weighs beside the pair's own similarity."""
WITNESSES_WEIGH: Final = 0.8
"""The same where a partner counts no more than its likeness to either side. Both weights were chosen on pairs_dev:
0.2 to 1.5 differ by less than 0.01 of F1."""


@dataclass(frozen=True, slots=True)
class Support:
    """Of each edge, float (edges,).

    Attributes:
        partners: mean of the own similarity and that of each one's partners to the other.
        witnesses: the same with each partner counting its smaller likeness: one side's strong partner is no evidence
            when it is not like the other side.
        fewer: expected number of partners in third languages, of the side that has fewer.
        more: of the other side.
    """

    partners: np.ndarray
    witnesses: np.ndarray
    fewer: np.ndarray
    more: np.ndarray


def support(graph: CandidateGraph, probability: np.ndarray) -> Support:
    """Support of each edge by third languages.

    Args:
        graph: the candidates.
        probability: float (edges,) that an edge is a pair, 0 where it is not the best of both sides.
    """
    similarity = graph.similarity
    alike = Entries.of(graph.matrix(similarity))
    linked = graph.matrix(np.where(probability > LIKELY, probability, 0.0))
    total, by_language = _expected(graph, linked)
    partners_a = total[graph.a] - by_language[graph.a, graph.language[graph.b]]
    partners_b = total[graph.b] - by_language[graph.b, graph.language[graph.a]]
    crossing, witnessed = np.zeros(len(similarity)), np.zeros(len(similarity))
    for part in graph.chunks():
        a, b = graph.a[part], graph.b[part]
        for found in (_by_partners(alike, linked, a, b), _by_partners(alike, linked, b, a)):
            crossing[part] += found[0]
            witnessed[part] += found[1]
    weight = partners_a + partners_b
    return Support(
        (similarity + PARTNERS_WEIGH * crossing) / (1 + PARTNERS_WEIGH * weight),
        (similarity + WITNESSES_WEIGH * witnessed) / (1 + WITNESSES_WEIGH * weight),
        np.minimum(partners_a, partners_b),
        np.maximum(partners_a, partners_b),
    )


def _expected(graph: CandidateGraph, linked: csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Expected partners of each document: in all, and by language (documents, LANGUAGES)."""
    languages = csr_array(
        (np.ones(graph.documents), (np.arange(graph.documents), graph.language)), shape=(graph.documents, LANGUAGES)
    )
    by_language = (linked @ languages).toarray()
    return by_language.sum(axis=1), by_language


def _by_partners(
    alike: Entries, linked: csr_array, document: np.ndarray, other: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sums over the partners of documents: their likeness to the other document, and the smaller of both likenesses.

    Only partners are looked at, at most one a language: a document that everything resembles has 100,000 neighbours.
    """
    lengths = np.diff(linked.indptr)[document]
    taken = ranges(linked.indptr[document], lengths)
    edge = np.repeat(np.arange(len(document)), lengths)
    partner, probability = linked.indices[taken], linked.data[taken]
    to_other = alike.at(other[edge], partner)
    smaller = np.minimum(to_other, alike.at(document[edge], partner))
    return (
        np.bincount(edge, probability * to_other, len(document)),
        np.bincount(edge, probability * smaller, len(document)),
    )
