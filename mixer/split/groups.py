"""Linked documents as groups in a random order, and what of them is held out so far. No input or output."""

from dataclasses import dataclass

import numpy as np
import xxhash
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def draw(seed: int, identity: str) -> int:
    """A place in a random order that depends on the seed and the identity only: 64 bits."""
    return xxhash.xxh3_64_intdigest(identity.encode(), seed=seed)


def linked(count: int, edges: np.ndarray) -> np.ndarray:
    """The component number of each document under the links.

    Args:
        count: number of documents.
        edges: int64 (links, 2).

    Returns:
        int64 (count,), numbered by first appearance.
    """
    graph = coo_array((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels, dtype=np.int64)


def first_members(labels: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """For each component the number of its document with the smallest id.

    Args:
        labels: int64 (documents,), component numbers from 0 without gaps.
        ids: bytes (documents,).
    """
    by_id = np.argsort(ids, kind="stable")
    rank = np.empty(len(ids), np.int64)
    rank[by_id] = np.arange(len(ids))
    smallest = np.full(int(labels.max(initial=-1)) + 1, len(ids), np.int64)
    np.minimum.at(smallest, labels, rank)
    return by_id[smallest]


class Groups:
    """Groups of documents, numbered in an order that the seed and the smallest id of each group alone decide."""

    def __init__(self, first: np.ndarray, ids: np.ndarray, seed: int) -> None:
        """Put the groups in order.

        Args:
            first: int64 (documents,), for each document the number of the first one of its group; -1 if in none.
            ids: bytes (documents,).
            seed: of the order.
        """
        order = np.argsort(first, kind="stable")
        self._order = order[np.searchsorted(first[order], 0) :]
        heads, starts = np.unique(first[self._order], return_index=True)
        ends = np.r_[starts[1:], len(self._order)].astype(np.int64)
        places = np.fromiter((draw(seed, ids[h].decode()) for h in heads.tolist()), np.uint64, len(heads))
        random = np.lexsort((ids[heads], places))
        self._starts, self._ends = starts[random], ends[random]
        self.number = np.full(len(first), -1, np.int64)
        """For each document the number of its group; -1 if in none."""
        self.number[self._order] = np.repeat(np.argsort(random), ends - starts)

    def __len__(self) -> int:
        return len(self._starts)

    def members(self, group: int) -> np.ndarray:
        """The documents of a group."""
        return self._order[self._starts[group] : self._ends[group]]


@dataclass(slots=True)
class HeldOut:
    """What is held out so far; no language ever exceeds its target.

    Attributes:
        language: int64 (documents,), language numbers from 0.
        size: int64 (documents,), bytes.
        target: float (languages,), bytes that may be held out.
        filled: float (languages,), bytes that are.
        held: bool (documents,).
    """

    language: np.ndarray
    size: np.ndarray
    target: np.ndarray
    filled: np.ndarray
    held: np.ndarray

    def take(self, members: np.ndarray, part: float = 1.0) -> bool:
        """Hold out a group as a whole, unless a language would exceed this part of its target; tells whether it did.

        Members that are held out already cost nothing.
        """
        fresh = members[~self.held[members]]
        added = np.bincount(self.language[fresh], weights=self.size[fresh], minlength=len(self.target))
        if (self.filled + added > part * self.target).any():
            return False
        self.filled += added
        self.held[fresh] = True
        return True
