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


def first_names(labels: np.ndarray, ids: Sequence[str]) -> list[str]:
    """The smallest id of each component, by component number."""
    names: list[str | None] = [None] * (int(labels.max(initial=-1)) + 1)
    for label, identity in zip(labels.tolist(), ids, strict=True):
        if names[label] is None or identity < (names[label] or ""):
            names[label] = identity
    return [name or "" for name in names]


def choose(
    ids: Sequence[str],
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
        ids: document ids.
        language: int64 (documents,), language numbers from 0.
        size: int64 (documents,), bytes.
        repository: int64 (documents,), repository numbers.
        links: int64 (links, 2), near-duplicates and translations.
        share: of each language's bytes.
        seed: of the random order.
        repositories: try whole repositories first.

    Returns:
        bool (documents,), held out; and int64 (documents,), the linked component of each document.
    """
    count = len(ids)
    component = linked(count, links)
    names = first_names(component, ids)
    target = share * np.bincount(language, weights=size)
    held = np.zeros(count, bool)
    filled = np.zeros(len(target))
    if repositories and count:
        by_repository = linked(count, np.concatenate([links, _chains(repository)]))
        _take(by_repository, first_names(by_repository, ids), language, size, target, filled, held, seed)
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
    labels: np.ndarray,
    names: Sequence[str],
    language: np.ndarray,
    size: np.ndarray,
    target: np.ndarray,
    filled: np.ndarray,
    held: np.ndarray,
    seed: int,
) -> None:
    """Hold out whole groups in random order while no language exceeds its target; changes `filled` and `held`."""
    for members in sorted(_groups(labels), key=lambda m: (draw(seed, names[labels[m[0]]]), names[labels[m[0]]])):
        added = np.bincount(language[members], weights=size[members], minlength=len(target))
        if (filled + added <= target).all():
            filled += added
            held[members] = True


def _groups(labels: np.ndarray) -> Iterator[np.ndarray]:
    """The members of each group; documents with label -1 are in none."""
    order = np.argsort(labels, kind="stable")
    order = order[labels[order] >= 0]
    if len(order):
        cuts = np.flatnonzero(np.diff(labels[order])) + 1
        yield from np.split(order, cuts)


def repository_scope(held: np.ndarray, repository: np.ndarray) -> np.ndarray:
    """For each document whether its whole repository stands on its side: bool (documents,)."""
    total = np.bincount(repository)
    out = np.bincount(repository, weights=held)
    whole: np.ndarray = ((out == 0) | (out == total))[repository]
    return whole
