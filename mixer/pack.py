"""How documents fill sequences: code is concatenated and cut, translation pairs are packed whole. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xxhash


def shuffled(ids: Sequence[str], seed: int, epoch: int) -> np.ndarray:
    """A random order of documents that depends on seed, epoch and ids only: int64 permutation."""
    key = seed * 1_000_003 + epoch
    draws = np.fromiter((xxhash.xxh3_64_intdigest(i.encode(), seed=key) for i in ids), np.uint64, len(ids))
    return np.argsort(draws, kind="stable").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of documents in consecutive sequences; all arrays have one entry a span.

    Attributes:
        sequence: number of the sequence, from the first one asked for.
        start: first token of the span in its sequence.
        end: token after it.
        document: number of the document; -1 for padding.
        token_start: first token of the span in the document; -1 for padding.
        epoch: how often the document was seen before.
        ends_document: the span holds the document's last token.
    """

    sequence: np.ndarray
    start: np.ndarray
    end: np.ndarray
    document: np.ndarray
    token_start: np.ndarray
    epoch: np.ndarray
    ends_document: np.ndarray


@dataclass(frozen=True, slots=True)
class Concatenated:
    """All documents of a component in one stream, epoch after epoch in a new order, cut every `length` tokens.

    Sequence k is a pure function of k. A document is never shortened: what does not fit goes on in the next sequence.

    Attributes:
        documents: document numbers in the order of the stream.
        epochs: epoch of each.
        ends: tokens of the stream up to the end of each.
        length: tokens in a sequence.
    """

    documents: np.ndarray
    epochs: np.ndarray
    ends: np.ndarray
    length: int

    @classmethod
    def build(cls, ids: Sequence[str], tokens: np.ndarray, length: int, seed: int, epochs: int) -> "Concatenated":
        """The stream of so many epochs over documents with the given ids and token counts."""
        documents = np.concatenate([shuffled(ids, seed, e) for e in range(epochs)])
        of_epoch = np.repeat(np.arange(epochs, dtype=np.int32), len(ids))
        return cls(documents, of_epoch, np.cumsum(tokens[documents].astype(np.int64)), length)

    def spans(self, first: int, last: int) -> Spans:
        """The spans of sequences first to last - 1."""
        low, high = first * self.length, last * self.length
        cuts = np.arange(low, high + 1, self.length)
        # `ends` may be mapped from disk and long: only what these sequences hold of it is read
        from_item = int(np.searchsorted(self.ends, low, side="right"))
        to_item = int(np.searchsorted(self.ends, high, side="left"))
        edges = np.union1d(cuts, self.ends[from_item:to_item])
        begin, end = edges[:-1], edges[1:]
        item = from_item + np.searchsorted(self.ends[from_item : to_item + 1], begin, side="right")
        item_start = np.where(item > 0, self.ends[item - 1], 0)
        sequence = begin // self.length
        return Spans(
            sequence=sequence - first,
            start=begin - sequence * self.length,
            end=end - sequence * self.length,
            document=self.documents[item],
            token_start=begin - item_start,
            epoch=self.epochs[item],
            ends_document=self.ends[item] == end,
        )


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
    for item in np.argsort(-sizes, kind="stable").tolist():
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


@dataclass(frozen=True, slots=True)
class Packed:
    """Documents packed whole into sequences of `length` tokens, the rest of a sequence padded.

    Attributes:
        documents: document numbers, by sequence and place.
        starts: first token of each in its sequence.
        ends: token after it.
        owner: sequence of each, ascending.
        epochs: epoch of each.
        length: tokens in a sequence.
    """

    documents: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    owner: np.ndarray
    epochs: np.ndarray
    length: int

    @classmethod
    def build(cls, ids: Sequence[str], tokens: np.ndarray, length: int, seed: int, epochs: int) -> "Packed":
        """Pack and order each epoch anew. The caller leaves out documents longer than a sequence."""
        documents, starts, ends, owner, of_epoch = [], [], [], [], []
        count = 0
        for epoch in range(epochs):
            order = shuffled(ids, seed, epoch)
            bins = best_fit(tokens[order], length)
            number = int(bins.max(initial=-1)) + 1
            place = shuffled([f"{epoch}:{b}" for b in range(number)], seed, epoch)
            rank = np.empty(number, np.int64)
            rank[place] = np.arange(number)
            sequence = rank[bins]
            by_sequence = np.argsort(sequence, kind="stable")
            item, sequence = order[by_sequence], sequence[by_sequence]
            end = np.cumsum(tokens[item].astype(np.int64))
            start = end - tokens[item]
            offset = start[np.searchsorted(sequence, sequence)]
            documents.append(item)
            starts.append(start - offset)
            ends.append(end - offset)
            owner.append(sequence + count)
            of_epoch.append(np.full(len(item), epoch, np.int32))
            count += number
        parts = [np.concatenate(part) for part in (documents, starts, ends, owner, of_epoch)]
        return cls(parts[0], parts[1], parts[2], parts[3], parts[4], length)

    def spans(self, first: int, last: int) -> Spans:
        """The spans of sequences first to last - 1, padding included as document -1."""
        low, high = np.searchsorted(self.owner, [first, last])
        owner, start, end = self.owner[low:high] - first, self.starts[low:high], self.ends[low:high]
        filled = np.zeros(last - first, np.int64)
        np.maximum.at(filled, owner, end)
        padded = np.flatnonzero(filled < self.length)
        none = np.full(len(padded), -1, np.int64)
        sequence = np.concatenate([owner, padded])
        starts = np.concatenate([start, filled[padded]])
        order = np.lexsort((starts, sequence))
        return Spans(
            sequence=sequence[order],
            start=starts[order],
            end=np.concatenate([end, np.full(len(padded), self.length, np.int64)])[order],
            document=np.concatenate([self.documents[low:high], none])[order],
            token_start=np.concatenate([np.zeros(high - low, np.int64), none])[order],
            epoch=np.concatenate([self.epochs[low:high], np.zeros(len(padded), np.int32)])[order],
            ends_document=np.concatenate([np.ones(high - low, bool), np.zeros(len(padded), bool)])[order],
        )
