"""Groups of documents that are one program: average linkage, at most one document of a language. Pure functions."""

import heapq

import numpy as np

from pairing.score.graph import CandidateGraph

NEGLIGIBLE = 0.2
"""Edges below this share of the threshold are left out: a merge needs stronger ones beside them."""


def clusters(graph: CandidateGraph, value: np.ndarray, threshold: float) -> np.ndarray:
    """The cluster of each document, int64 (documents,): the smallest number of its members.

    Merges the two clusters of disjoint languages with the highest mean value over all their pairs, as long as it is
    above the threshold; pairs that are no candidates count as 0. Ties go to the smaller numbers.

    Args:
        graph: the candidates.
        value: float (edges,), 0 or more.
        threshold: lowest mean of a merge.
    """
    merging = _Merging(graph, value, threshold)
    merging.run()
    label = np.arange(graph.documents)
    for members in merging.members.values():
        label[members] = min(members)
    return label


class _Merging:
    """State of the merging: clusters by the number of one member, sums of values between them, a heap of merges."""

    def __init__(self, graph: CandidateGraph, value: np.ndarray, threshold: float) -> None:
        self.threshold = threshold
        kept = value > threshold * NEGLIGIBLE
        a, b, values = graph.a[kept].tolist(), graph.b[kept].tolist(), value[kept].tolist()
        self.sums: dict[int, dict[int, float]] = {}
        for x, y, v in zip(a, b, values, strict=True):
            self.sums.setdefault(x, {})[y] = v
            self.sums.setdefault(y, {})[x] = v
        self.members = {x: [x] for x in self.sums}
        self.languages = {x: 1 << int(graph.language[x]) for x in self.sums}
        self.version = dict.fromkeys(self.sums, 0)
        self.heap = [(-v, min(x, y), max(x, y), 0, 0) for x, y, v in zip(a, b, values, strict=True) if v > threshold]
        heapq.heapify(self.heap)

    def run(self) -> None:
        """Merge until nothing is above the threshold."""
        while self.heap:
            _, x, y, version_x, version_y = heapq.heappop(self.heap)
            if self.version.get(x) == version_x and self.version.get(y) == version_y:
                self._merge(min(x, y), max(x, y))

    def _merge(self, x: int, y: int) -> None:
        sums = self.sums[x]
        for z, value in self.sums.pop(y).items():
            del self.sums[z][y]
            if z != x:
                sums[z] = self.sums[z][x] = sums.get(z, 0.0) + value
        self.members[x] += self.members.pop(y)
        self.languages[x] |= self.languages.pop(y)
        del self.version[y]
        self.version[x] += 1
        for z, value in sums.items():
            if self.languages[z] & self.languages[x]:
                continue
            mean = value / (len(self.members[x]) * len(self.members[z]))
            if mean > self.threshold:
                first, second = min(x, z), max(x, z)
                heapq.heappush(self.heap, (-mean, first, second, self.version[first], self.version[second]))
