"""The inverted index: which documents of a language have a feature. Files are cut by ranges of features."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from pairing.candidates.arrays import load
from pairing.candidates.sparse import ranges
from pairing.candidates.weights import WIDTH

PARTITION_ENTRIES = 16_000_000
"""Entries of one file of the index (about): 200 MB while it is merged."""


def bounds(partitions: int) -> np.ndarray:
    """First feature of each partition, and the end: features are hashes, so equal ranges hold about the same."""
    return np.linspace(0, WIDTH, partitions + 1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Postings:
    """Posting lists of a range of features: document numbers and weights, list after list."""

    features: np.ndarray
    offsets: np.ndarray
    numbers: np.ndarray
    weights: np.ndarray

    def frequency(self, wanted: np.ndarray) -> np.ndarray:
        """Length of each wanted feature's list; 0 where there is none."""
        slot, found = self._slots(wanted)
        length = np.zeros(len(wanted), np.int64)
        length[found] = self.offsets[slot[found] + 1] - self.offsets[slot[found]]
        return length

    def lists(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Length of each wanted feature's list, and the lists' numbers and weights."""
        slot, found = self._slots(wanted)
        length = self.frequency(wanted)
        chosen = ranges(self.offsets[slot[found]], length[found])
        return length, self.numbers[chosen], self.weights[chosen]

    def _slots(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        slot = np.searchsorted(self.features, wanted)
        inside = slot < len(self.features)
        found = inside.copy()
        found[inside] = self.features[slot[inside]] == wanted[inside]
        return slot, found


def merge_postings(parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], longest: int) -> tuple[Postings, int]:
    """One index out of those of several blocks.

    Args:
        parts: (features, numbers, weights) of each block, sorted by feature and number; numbers grow with the blocks.
        longest: lists with more documents are left out: no search could afford them.

    Returns:
        the posting lists, and how many were left out.
    """
    features = np.concatenate([np.empty(0, np.int32), *(p[0] for p in parts)])
    numbers = np.concatenate([np.empty(0, np.int32), *(p[1] for p in parts)])
    weights = np.concatenate([np.empty(0, np.float32), *(p[2] for p in parts)])
    order = np.argsort(features, kind="stable")
    distinct, length = np.unique(features, return_counts=True)
    short = length <= longest
    order = order[np.repeat(short, length)]
    offsets = np.r_[0, np.cumsum(length[short])].astype(np.int64)
    return Postings(distinct[short], offsets, numbers[order], weights[order]), int((~short).sum())


class Index:
    """The index of one language, all its partitions opened; lists are read when they are asked for."""

    def __init__(self, folder: Path, language: str, partitions: int, documents: int) -> None:
        self.documents = documents
        self.bounds = bounds(partitions)
        self.parts = [
            Postings(*(load(partition_folder(folder, language, p), n) for n in Postings.__slots__))
            for p in range(partitions)
        ]

    def frequency(self, wanted: np.ndarray) -> np.ndarray:
        """Length of each wanted feature's list; `wanted` is sorted."""
        found = [part.frequency(some) for part, some in self._cut(wanted)]
        return np.concatenate([np.empty(0, np.int64), *found])

    def matrix(self, wanted: np.ndarray) -> csr_array:
        """The lists of the wanted features (sorted) as float32 CSR (wanted, documents)."""
        found = [part.lists(some) for part, some in self._cut(wanted)]
        length, numbers, weights = (np.concatenate([f[i] for f in found]) for i in range(3))
        indptr = np.r_[0, np.cumsum(length)]
        return csr_array((weights, numbers, indptr), shape=(len(wanted), self.documents))

    def _cut(self, wanted: np.ndarray) -> list[tuple[Postings, np.ndarray]]:
        cuts = np.searchsorted(wanted, self.bounds)
        return [(part, wanted[i:j]) for part, i, j in zip(self.parts, cuts[:-1], cuts[1:], strict=True)]


def partition_folder(folder: Path, language: str, partition: int) -> Path:
    """Where one partition of a language's index lies."""
    return folder / f"{language}-{partition:05d}"
