"""Stable ids of pairs and groups, and the simplest matching: each side is the other's best."""

import hashlib
from collections.abc import Iterable

import numpy as np


def mutual_best(a: np.ndarray, b: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Indices of the candidates that are best for both of their sides.

    Ties go to the smaller number, so each document stands in one pair at most.

    Args:
        a: int64 (n,), numbers of the first side.
        b: int64 (n,), numbers of the second side.
        score: float (n,).
    """
    best_for_a = _best(a, b, score)
    best_for_b = _best(b, a, score)
    return np.intersect1d(best_for_a, best_for_b)


def _best(group: np.ndarray, other: np.ndarray, score: np.ndarray) -> np.ndarray:
    """For each group the index of its highest score."""
    order = np.lexsort((other, -score, group))
    ordered = group[order]
    first = np.ones(len(order), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return order[first]


def pair_id(id_a: str, id_b: str) -> str:
    """Stable id of a pair, whichever side comes first: 32 hexadecimal digits."""
    first, second = sorted((id_a, id_b))
    return hashlib.blake2b(f"{first}\0{second}".encode(), digest_size=16).hexdigest()


def group_id(ids: Iterable[str]) -> str:
    """Stable id of a group, in whatever order its documents are named: 32 hexadecimal digits."""
    return hashlib.blake2b("\0".join(sorted(ids)).encode(), digest_size=16).hexdigest()
