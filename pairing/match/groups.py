"""Groups of translations across languages that do not contradict each other. Pure functions.

Pairs are assigned for two languages at a time, so a program may be paired with one program in Go and with another in
Rust that are no pair. Groups hold one document a language at most: what crosses groups is cut, and what a group
implies is added.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pairing.score.clusters import clusters
from pairing.score.graph import CandidateGraph

LINKED: Final = 0.05
"""Mean probability over all pairs of two groups, absent ones as 0, from which they are merged. On pairs_dev 0.05 to
0.35 differ by 0.003 of F1; lower keeps more of the chains that weak languages hang on."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Pairs of a corpus, sorted by document numbers.

    Attributes:
        a: int (pairs,), document numbers.
        b: int (pairs,).
        score: float (pairs,), probability.
        implied: bool (pairs,), added because both belong to one group.
        group: int (documents,), smallest number of the documents of the group.
    """

    a: np.ndarray
    b: np.ndarray
    score: np.ndarray
    implied: np.ndarray
    group: np.ndarray

    def without(self, unwanted: np.ndarray) -> "Matched":
        """The same without some of the pairs, bool (pairs,); groups stay."""
        kept = ~unwanted
        return replace(self, a=self.a[kept], b=self.b[kept], score=self.score[kept], implied=self.implied[kept])


def consistent(graph: CandidateGraph, score: np.ndarray) -> Matched:
    """Make assigned pairs consistent.

    Args:
        graph: the assigned pairs only.
        score: float (pairs,), their probabilities.
    """
    group = clusters(graph, score, LINKED)
    a, b = _within(group, graph.language)
    own = dict(zip(zip(graph.a.tolist(), graph.b.tolist(), strict=True), score.tolist(), strict=True))
    known = np.array([own.get(pair, -1.0) for pair in zip(a.tolist(), b.tolist(), strict=True)], float)
    implied = known < 0
    if implied.any():
        known[implied] = _through(own, group, a[implied], b[implied])
    return Matched(a, b, known, implied, group)


def _within(group: np.ndarray, language: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs inside groups, the side whose language comes first as a; sorted."""
    order = np.argsort(group, kind="stable")
    pairs: list[tuple[int, int]] = []
    for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(members) > 1:
            ranked = members[np.argsort(language[members], kind="stable")].tolist()
            pairs += [(x, y) for i, x in enumerate(ranked) for y in ranked[i + 1 :]]
    found = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _through(own: dict[tuple[int, int], float], group: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Score of implied pairs: that of the weaker link of the best way over one third document; 0 without one."""
    links: dict[int, dict[int, float]] = {}
    for (x, y), value in own.items():
        if group[x] == group[y]:
            links.setdefault(x, {})[y] = value
            links.setdefault(y, {})[x] = value
    found = []
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        one, other = links.get(x, {}), links.get(y, {})
        found.append(max((min(value, other[z]) for z, value in one.items() if z in other), default=0.0))
    return np.array(found)
