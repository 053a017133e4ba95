"""How documents fill sequences: code is concatenated and cut, translation pairs are packed whole. Pure functions."""

import numpy as np

from mixer.streams.shuffle import draws, shuffled

# what a draw is for: documents of an epoch, sequences of an epoch, the choice of unique tokens
DOCUMENTS, SEQUENCES, CHOICE = 1, 2, 3

WINDOW = 64
"""Sequences' worth of documents that are packed together where a column orders them: fewer keep closer to the order,
more pad less (8: 8 to 10 % padding, 32: 2 to 4 %, 128: 1 %; packed all at once, little of the order is left)."""


def order_of(keys: np.ndarray, purpose: int, seed: int, epoch: int, rank: np.ndarray | None = None) -> np.ndarray:
    """The order of documents (or of packed sequences) in an epoch: int64 permutation.

    Args:
        keys: a number for each, uint64.
        purpose: DOCUMENTS or SEQUENCES.
        seed: of the mixture.
        epoch: from 0.
        rank: their places in a curriculum, equal for ties, which stand at random; None: all at random.
    """
    if rank is None:
        return shuffled(keys, seed, purpose, epoch)
    return np.lexsort((draws(keys, seed, purpose, epoch), rank)).astype(np.int64)


def choose_unique(
    groups: np.ndarray, keys: np.ndarray, programs: np.ndarray, tokens: np.ndarray, limit: int, seed: int
) -> np.ndarray:
    """The documents that hold at most `limit` tokens, each program counted once: whole groups in random order.

    The choice for a smaller limit is part of the choice for a larger one.

    Args:
        groups: uint64 (documents,), equal for documents that are chosen together.
        keys: uint64 (programs,), equal for equal programs.
        programs: int64 (programs,), the document that each program stands in.
        tokens: int64 (programs,), tokens of each.
        limit: tokens, above 0.
        seed: of the random order.

    Returns:
        bool (documents,).
    """
    draw = draws(groups, seed, CHOICE)
    order = np.lexsort((keys, groups[programs], draw[programs]))
    fresh = np.zeros(len(order), bool)
    fresh[np.unique(keys[order], return_index=True)[1]] = True
    used = np.cumsum(np.where(fresh, tokens[order], 0))
    group = groups[programs][order]
    ends = np.r_[np.flatnonzero(group[1:] != group[:-1]), len(group) - 1] if len(group) else np.empty(0, np.int64)
    fitting = ends[used[ends] <= limit]
    return np.isin(groups, group[fitting])


def best_fit(sizes: np.ndarray, length: int) -> np.ndarray:
    """The bin of each item by best-fit decreasing: the fullest bin that still takes it, largest items first.

    Args:
        sizes: int (items,), each at most `length`.
        length: what a bin holds.

    Returns:
        int64 (items,), bins numbered from 0.
    """
    bins = np.empty(len(sizes), np.int64)
    open_bins: list[list[int]] = [[] for _ in range(length + 1)]
    rooms = 0  # bit r: there is a bin with r tokens of room
    count = 0
    for item in np.argsort(-sizes.astype(np.int64), kind="stable").tolist():
        size = int(sizes[item])
        fitting = rooms >> size
        if fitting:
            room = size + ((fitting & -fitting).bit_length() - 1)
            chosen = open_bins[room].pop()
            if not open_bins[room]:
                rooms &= ~(1 << room)
        else:
            room, chosen, count = length, count, count + 1
        bins[item] = chosen
        left = room - size
        open_bins[left].append(chosen)
        if left:
            rooms |= 1 << left
    return bins


def best_fit_in_order(sizes: np.ndarray, length: int, rank: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Like `best_fit`, for items that are to stand in an order: `WINDOW` bins' worth of them at a time.

    Args:
        sizes: int (items,), each at most `length`.
        length: what a bin holds.
        rank: places in the order, equal for ties.
        keys: uint64 (items,), by which ties stand.

    Returns:
        int64 (items,), bins numbered from 0 without gaps.
    """
    order = np.lexsort((keys, rank))
    window = np.cumsum(sizes[order], dtype=np.int64) // (WINDOW * length)
    bins, count = np.empty(len(sizes), np.int64), 0
    for part in np.split(order, np.flatnonzero(np.diff(window)) + 1):
        bins[part] = best_fit(sizes[part], length) + count
        count = int(bins[part].max(initial=count - 1)) + 1
    return bins


def lay_out(order: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """For documents in this order, one after the other: the tokens up to the end of each, int64."""
    return np.cumsum(tokens[order].astype(np.int64))


def lay_out_packed(
    order: np.ndarray, tokens: np.ndarray, bins: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One epoch of packed sequences, as `mixer.streams.sequences.Packed` reads it.

    Args:
        order: the order of documents, by which they stand inside their sequence.
        tokens: tokens of each document.
        bins: the packed sequence of each document, numbered from 0 without gaps.
        places: the order of packed sequences.

    Returns:
        documents, the tokens in their sequence up to the end of each, and the index of each sequence's first.
    """
    rank = np.empty(len(places), np.int64)
    rank[places] = np.arange(len(places))
    sequence = rank[bins[order]]
    by_sequence = np.argsort(sequence, kind="stable")
    documents = order[by_sequence]
    end = np.cumsum(tokens[documents].astype(np.int64))
    firsts = np.r_[0, np.cumsum(np.bincount(sequence, minlength=len(places)))].astype(np.int64)
    before = np.r_[0, end][firsts[:-1]]
    return documents, end - np.repeat(before, np.diff(firsts)), firsts
