"""Train or validation: decided once for each document, links never cut. Pure functions."""

from collections.abc import Iterator, Sequence

import numpy as np
import xxhash
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

FILL = 0.5
"""Whole repositories are enough for a language when they fill this much of its share; else documents are added."""


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


def draw(seed: int, identity: str) -> int:
    """A place in a random order that depends on the seed and the identity only: 64 bits."""
    return xxhash.xxh3_64_intdigest(identity.encode(), seed=seed)


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


def choose(
    ids: Sequence[str] | np.ndarray,
    language: np.ndarray,
    size: np.ndarray,
    repository: np.ndarray,
    links: np.ndarray,
    share: float,
    seed: int,
    repositories: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Hold out about `share` of each language's bytes, never more, never part of a linked group.

    Args:
        ids: document ids, as strings or as bytes.
        language: int64 (documents,), language numbers from 0.
        size: int64 (documents,), bytes.
        repository: int64 (documents,), repository numbers.
        links: int64 (links, 2), near-duplicates and translations.
        share: of each language's bytes.
        seed: of the random order.
        repositories: try whole repositories first.

    Returns:
        bool (documents,), held out; and int64 (documents,), the number of the document with the smallest id among
        those that each document is linked to.
    """
    count, names = len(ids), np.asarray(ids, dtype=np.bytes_)
    labels = linked(count, links)
    component = first_members(labels, names)[labels]
    target = share * np.bincount(language, weights=size)
    held = np.zeros(count, bool)
    filled = np.zeros(len(target))
    if repositories and count:
        labels = linked(count, np.concatenate([links, _chains(repository)]))
        _take(first_members(labels, names)[labels], names, language, size, target, filled, held, seed)
    short = filled < FILL * target
    candidates = np.where(short[language] & ~held, component, -1)
    chosen = np.isin(component, candidates[candidates >= 0]) & ~np.isin(component, component[held])
    if chosen.any():
        _take(np.where(chosen, component, -1), names, language, size, target, filled, held, seed)
    return held, component


def _chains(groups: np.ndarray) -> np.ndarray:
    """Links from each document to the next of its group."""
    order = np.argsort(groups, kind="stable")
    same = groups[order][1:] == groups[order][:-1]
    return np.stack([order[:-1][same], order[1:][same]], axis=1)


def _take(
    first: np.ndarray,
    ids: np.ndarray,
    language: np.ndarray,
    size: np.ndarray,
    target: np.ndarray,
    filled: np.ndarray,
    held: np.ndarray,
    seed: int,
) -> None:
    """Hold out whole groups in random order while no language exceeds its target; changes `filled` and `held`.

    A group's members have the number of its first document in `first`; documents with -1 are in no group.
    """
    for members in _groups(first, ids, seed):
        added = np.bincount(language[members], weights=size[members], minlength=len(target))
        if (filled + added <= target).all():
            filled += added
            held[members] = True


def _groups(first: np.ndarray, ids: np.ndarray, seed: int) -> Iterator[np.ndarray]:
    """The members of each group, groups in an order that seed and smallest ids alone decide."""
    order = np.argsort(first, kind="stable")
    order = order[np.searchsorted(first[order], 0) :]
    heads, starts = np.unique(first[order], return_index=True)
    ends = np.r_[starts[1:], len(order)].astype(np.int64)
    places = np.fromiter((draw(seed, ids[h].decode()) for h in heads.tolist()), np.uint64, len(heads))
    for group in np.lexsort((ids[heads], places)).tolist():
        yield order[starts[group] : ends[group]]


def repository_scope(held: np.ndarray, repository: np.ndarray) -> np.ndarray:
    """For each document whether its whole repository stands on its side: bool (documents,)."""
    total = np.bincount(repository)
    out = np.bincount(repository, weights=held)
    whole: np.ndarray = ((out == 0) | (out == total))[repository]
    return whole
