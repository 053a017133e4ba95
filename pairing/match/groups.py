"""Groups of translations across languages that do not contradict each other. Pure functions.

Pairs are assigned for two languages at a time, so a program may be paired with one program in Go and with another in
Rust that are no pair. Groups hold one document a language at most: what crosses groups is cut, and what a group
implies is added.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pairing.match.connect import connect
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
        known[implied] = through(own, group, a[implied], b[implied])
    return Matched(a, b, known, implied, group)


def closed(pairs: np.ndarray, language: np.ndarray) -> np.ndarray:
    """All pairs of the groups that some pairs form: int64 (pairs, 2), sorted, those among them.

    Args:
        pairs: int64 (pairs, 2), document numbers; their groups hold one document of a language at most.
        language: int (documents,).
    """
    group = connect(pairs[:, 0], pairs[:, 1], language, np.ones(len(pairs)))
    return np.stack(_within(group, language), axis=1)


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


def through(own: dict[tuple[int, int], float], group: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Score of implied pairs: the weakest link of the best chain of own pairs inside the group.

    Every link was assigned, so implied pairs keep to the threshold of the others.
    """
    links: dict[int, list[tuple[float, int, int]]] = {}
    for (x, y), value in own.items():
        if group[x] == group[y]:
            links.setdefault(int(group[x]), []).append((value, x, y))
    wanted: dict[int, list[int]] = {}
    for position, x in enumerate(a.tolist()):
        wanted.setdefault(int(group[x]), []).append(position)
    found = np.zeros(len(a))
    for number, positions in wanted.items():
        widest = _widest(links[number])
        for position in positions:
            found[position] = widest[int(a[position])].get(int(b[position]), 0.0)
    return found


def _widest(links: list[tuple[float, int, int]]) -> dict[int, dict[int, float]]:
    """Weakest link of the best chain between any two documents: the strongest links first, whatever they join."""
    joined: dict[int, list[int]] = {x: [x] for _, one, other in links for x in (one, other)}
    found: dict[int, dict[int, float]] = {x: {} for x in joined}
    for value, one, other in sorted(links, reverse=True):
        if joined[one] is joined[other]:
            continue
        for x in joined[one]:
            for y in joined[other]:
                found[x][y] = found[y][x] = value
        merged = joined[one] + joined[other]
        for x in merged:
            joined[x] = merged
    return found
