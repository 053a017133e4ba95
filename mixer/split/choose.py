"""Train or validation: decided once for each document, links never cut. Pure functions."""

from collections.abc import Sequence

import numpy as np

from mixer.split.groups import Groups, HeldOut, draw, first_members, linked
from mixer.split.pairs import hold_pairs

__all__ = ["FILL", "NO_LINKS", "choose", "draw", "linked", "repository_scope"]

FILL = 0.5
"""Whole repositories are enough for a language when they fill this much of what pairs leave of its share; else
documents are added."""

NO_LINKS = np.empty((0, 2), np.int64)


def choose(
    ids: Sequence[str] | np.ndarray,
    language: np.ndarray,
    size: np.ndarray,
    repository: np.ndarray,
    links: np.ndarray,
    share: float,
    seed: int,
    repositories: bool = True,
    pairs: np.ndarray = NO_LINKS,
    validation_pairs: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Hold out about `share` of each language's bytes, never more, never part of a linked group.

    First translation pairs of each language pair, then whole repositories, then documents of languages that these
    leave short.

    Args:
        ids: document ids, as strings or as bytes.
        language: int64 (documents,), language numbers from 0.
        size: int64 (documents,), bytes.
        repository: int64 (documents,), repository numbers.
        links: int64 (links, 2), near-duplicates and translations.
        share: of each language's bytes.
        seed: of the random order.
        repositories: try whole repositories before single documents.
        pairs: int64 (pairs, 2), translation pairs; links as well, whether named there or not.
        validation_pairs: pairs of each language pair to hold out first.

    Returns:
        bool (documents,), held out; and int64 (documents,), the number of the document with the smallest id among
        those that each document is linked to.
    """
    count, names = len(ids), np.asarray(ids, dtype=np.bytes_)
    links = np.concatenate([links, pairs])
    labels = linked(count, links)
    component = first_members(labels, names)[labels]
    target = share * np.bincount(language, weights=size)
    out = HeldOut(language, size, target, np.zeros(len(target)), np.zeros(count, bool))
    if validation_pairs and len(pairs):
        hold_pairs(out, _some(component, component[pairs[:, 0]], names, seed), pairs, validation_pairs)
    paired = out.filled.copy()
    if repositories and count:
        labels = linked(count, np.concatenate([links, _chains(repository)]))
        _take_all(out, Groups(first_members(labels, names)[labels], names, seed))
    short = out.filled - paired < FILL * (target - paired)
    _take_all(out, _some(component, component[short[language] & ~out.held], names, seed))
    return out.held, component


def _chains(groups: np.ndarray) -> np.ndarray:
    """Links from each document to the next of its group."""
    order = np.argsort(groups, kind="stable")
    same = groups[order][1:] == groups[order][:-1]
    return np.stack([order[:-1][same], order[1:][same]], axis=1)


def _some(component: np.ndarray, wanted: np.ndarray, ids: np.ndarray, seed: int) -> Groups:
    """The linked groups whose first members are among the wanted ones."""
    return Groups(np.where(np.isin(component, wanted), component, -1), ids, seed)


def _take_all(out: HeldOut, groups: Groups) -> None:
    """Hold out one group after the other, those that fit."""
    for number in range(len(groups)):
        out.take(groups.members(number))


def repository_scope(held: np.ndarray, repository: np.ndarray) -> np.ndarray:
    """For each document whether its whole repository stands on its side: bool (documents,)."""
    total = np.bincount(repository)
    out = np.bincount(repository, weights=held)
    whole: np.ndarray = ((out == 0) | (out == total))[repository]
    return whole
