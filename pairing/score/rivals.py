"""How a candidate stands against its rivals: those of either document in the language of the other. Pure functions."""

from dataclasses import dataclass

import numpy as np

from pairing.score.graph import FAINT, LANGUAGES, CandidateGraph


@dataclass(frozen=True, slots=True)
class Standing:
    """Of each edge: how it compares with the best other edge of its two documents, between the same languages.

    Attributes:
        smaller: float (edges,), the smaller of the two gaps to the best rival; negative where a rival is better.
        larger: float (edges,), the larger of them.
        mutual: bool (edges,), best for both documents; ties go to the partner with the smaller number.
    """

    smaller: np.ndarray
    larger: np.ndarray
    mutual: np.ndarray


def standing(graph: CandidateGraph, value: np.ndarray) -> Standing:
    """Gaps to rivals by `value`, float (edges,).

    A document's rivals are counted whichever side of an edge it stands on. Without a rival the gap is the value less
    the lowest one of all, or less FAINT where that is lower: in a corpus of few documents the lowest may be high.
    """
    count = len(value)
    if not count:
        return Standing(value, value, value.astype(bool))
    here, there = np.r_[graph.a, graph.b].astype(np.int64), np.r_[graph.b, graph.a].astype(np.int64)
    values = np.r_[value, value]
    group = here * LANGUAGES + graph.language[there]
    order = np.lexsort((there, -values, group))
    ordered, sorted_values = group[order], values[order]
    new = np.r_[True, ordered[1:] != ordered[:-1]]
    starts = np.flatnonzero(new)
    number = np.cumsum(new) - 1
    sizes = np.diff(np.r_[starts, len(order)])
    best, lowest = sorted_values[starts], min(FAINT, float(sorted_values.min()))
    second = np.where(sizes > 1, sorted_values[np.minimum(starts + 1, len(order) - 1)], lowest)
    gap = np.empty(2 * count)
    gap[order] = sorted_values - np.where(new, second[number], best[number])
    first = np.empty(2 * count, bool)
    first[order] = new
    one, other = gap[:count], gap[count:]
    return Standing(np.minimum(one, other), np.maximum(one, other), first[:count] & first[count:])
