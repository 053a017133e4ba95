"""What the two stages of the score read, one row an edge. Pure functions over a graph of candidates."""

from typing import Final

import numpy as np

from pairing.score.aspects import ASPECTS
from pairing.score.clusters import clusters
from pairing.score.graph import CandidateGraph
from pairing.score.linkage import LINKAGE, linkage
from pairing.score.rivals import Standing, standing
from pairing.score.support import support

SMALL: Final = 0.01
"""Added before a logarithm: similarities below it are noise."""
SIMILAR: Final = 0.1
"""Mean similarity that holds a group together (first clustering). Chosen on pairs_dev; 0.09 to 0.11, and as
much less or more for WITNESSED, differ by 0.004 of F1 out of fold."""
WITNESSED: Final = 0.085
"""Mean witnessed similarity that holds a group together (second clustering)."""

DIRECT: Final = ("similarity", "root", "log", "smaller_gap", "larger_gap")
"""Columns of the first stage: the similarity in three shapes, and its gaps to the best rivals of both sides."""

_SHAPES = ("", "_root", "_log")
GROUPED: Final = (
    *(f"partners{x}" for x in _SHAPES),
    "partners_smaller_gap",
    "partners_larger_gap",
    "fewer_partners",
    "more_partners",
    *(f"witnesses{x}" for x in _SHAPES),
    "witnesses_smaller_gap",
    "witnesses_larger_gap",
    *(f"similar_{x}" for x in LINKAGE),
    *(f"witnessed_{x}" for x in LINKAGE),
    "code_root",
    "code_log",
    "shape_root",
    "calls_root",
)
"""Columns of the second stage: support through third languages, groups by similarity and by witnessed similarity, and
in what the two documents are alike. Those last raise F1 with declared names masked by 0.007 to 0.015 on pairs_dev and
leave plain F1 as it is; in the first stage they would cost 0.004 to 0.007 of F1 in corpora of two languages."""


def direct_evidence(graph: CandidateGraph) -> tuple[np.ndarray, np.ndarray]:
    """Columns DIRECT, float (edges, 5), and which edges are the best of both sides, bool (edges,)."""
    found = standing(graph, graph.similarity)
    return np.column_stack([_shapes(graph.similarity), _gaps(found)]), found.mutual


def grouped_evidence(graph: CandidateGraph, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns GROUPED, float (edges, len(GROUPED)), and which edges are the best of both sides by either support.

    Args:
        graph: the candidates.
        probability: float (edges,) of the first stage.
    """
    best = standing(graph, graph.similarity).mutual
    found = support(graph, np.where(best, probability, 0.0))
    by_partners, by_witnesses = standing(graph, found.partners), standing(graph, found.witnesses)
    columns = [
        _shapes(found.partners),
        _gaps(by_partners),
        found.fewer,
        found.more,
        _shapes(found.witnesses),
        _gaps(by_witnesses),
        linkage(graph, graph.similarity, clusters(graph, graph.similarity, SIMILAR)),
        linkage(graph, found.witnesses, clusters(graph, found.witnesses, WITNESSED)),
        _aspects(graph),
    ]
    return np.column_stack(columns), by_partners.mutual | by_witnesses.mutual


def _aspects(graph: CandidateGraph) -> np.ndarray:
    code, shape, calls = (np.maximum(graph.aspects[:, i], 0.0) for i in range(len(ASPECTS)))
    return np.column_stack([np.sqrt(code), np.log(code + SMALL), np.sqrt(shape), np.sqrt(calls)])


def _shapes(value: np.ndarray) -> np.ndarray:
    positive = np.maximum(value, 0.0)
    return np.column_stack([value, np.sqrt(positive), np.log(positive + SMALL)])


def _gaps(found: Standing) -> np.ndarray:
    return np.column_stack([found.smaller, found.larger])
