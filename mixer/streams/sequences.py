"""Which tokens of which document stand in sequence k of a component: found from arrays. numpy only; pure."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


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
    """All documents of a component in one stream, epoch after epoch in another order, cut every `length` tokens.

    A document is never shortened: what does not fit goes on in the next sequence, and a part of a sequence that is
    left at the end of an epoch is filled by the next epoch.

    Attributes:
        length: tokens in a sequence.
        tokens: tokens of one epoch.
        epoch: the arrays of an epoch: document numbers in its order, and its tokens up to the end of each.
    """

    length: int
    tokens: int
    epoch: Callable[[int], tuple[np.ndarray, np.ndarray]]

    def spans(self, first: int, last: int) -> Spans:
        """The spans of sequences first to last - 1."""
        low, high = first * self.length, last * self.length
        documents, starts, ends, epochs = [], [], [], []
        for number in range(low // self.tokens, (high - 1) // self.tokens + 1):
            before = number * self.tokens
            order, finish = self.epoch(number)
            # `finish` may be mapped from disk and long: only what these sequences hold of it is read
            begin = int(np.searchsorted(finish, max(low - before, 0), side="right"))
            stop = int(np.searchsorted(finish, min(high - before, self.tokens), side="left")) + 1
            documents.append(order[begin:stop])
            ends.append(finish[begin:stop] + before)
            starts.append(np.concatenate([finish[begin - 1 : begin] + before if begin else [before], ends[-1][:-1]]))
            epochs.append(np.full(stop - begin, number, np.int32))
        document, start, end, epoch = (np.concatenate(part) for part in (documents, starts, ends, epochs))
        cuts = np.arange(low, high + 1, self.length)
        # two sorted runs: a stable sort merges them, while numpy's unique and union1d hash, 100 times slower
        edges = np.sort(np.concatenate([cuts, end[end < high]]), kind="stable")
        edges = edges[np.concatenate([[True], edges[1:] != edges[:-1]])]
        begin_token, end_token = edges[:-1], edges[1:]
        item = np.searchsorted(end, begin_token, side="right")
        sequence = begin_token // self.length
        return Spans(
            sequence=sequence - first,
            start=begin_token - sequence * self.length,
            end=end_token - sequence * self.length,
            document=document[item],
            token_start=begin_token - start[item],
            epoch=epoch[item],
            ends_document=end[item] == end_token,
        )

    def padding(self, first: int, last: int) -> np.ndarray:
        """Tokens of padding in sequences first to last - 1: none, int64."""
        return np.zeros(last - first, np.int64)


@dataclass(frozen=True, slots=True)
class Packed:
    """Documents that stand whole in sequences of `length` tokens, the rest of a sequence padded.

    Attributes:
        length: tokens in a sequence.
        sequences: sequences of one epoch.
        epoch: the arrays of an epoch: document numbers by sequence and place, the tokens in their sequence up to the
            end of each, and for each sequence the index of its first document (sequences + 1).
    """

    length: int
    sequences: int
    epoch: Callable[[int], tuple[np.ndarray, np.ndarray, np.ndarray]]

    def spans(self, first: int, last: int) -> Spans:
        """The spans of sequences first to last - 1, padding included as document -1."""
        parts = []
        for number in range(first // self.sequences, (last - 1) // self.sequences + 1):
            before = number * self.sequences
            low, high = max(first - before, 0), min(last - before, self.sequences)
            parts.append(self._of_epoch(number, low, high, before - first))
        return Spans(*(np.concatenate([getattr(part, name) for part in parts]) for name in Spans.__slots__))

    def padding(self, first: int, last: int) -> np.ndarray:
        """Tokens of padding in sequences first to last - 1, int64."""
        parts = [np.empty(0, np.int64)]
        for number in range(first // self.sequences, -(-last // self.sequences)):
            before = number * self.sequences
            low, high = max(first - before, 0), min(last - before, self.sequences)
            _, finish, firsts = self.epoch(number)
            parts.append(self.length - finish[np.asarray(firsts[low + 1 : high + 1]) - 1].astype(np.int64))
        return np.concatenate(parts)

    def _of_epoch(self, number: int, low: int, high: int, shift: int) -> Spans:
        order, finish, firsts = self.epoch(number)
        begins = np.asarray(firsts[low : high + 1])
        document, end = order[begins[0] : begins[-1]], finish[begins[0] : begins[-1]]
        owner = np.repeat(np.arange(low, high), np.diff(begins))
        start = np.concatenate([[0], end[:-1]]) if len(end) else np.empty(0, np.int64)
        start[begins[:-1] - begins[0]] = 0
        filled = end[begins[1:] - begins[0] - 1]
        padded = np.flatnonzero(filled < self.length)
        sequence = np.concatenate([owner, padded + low])
        starts = np.concatenate([start, filled[padded]])
        order_of_spans = np.lexsort((starts, sequence))
        none = np.full(len(padded), -1, np.int64)
        columns = (
            sequence + shift,
            starts,
            np.concatenate([end, np.full(len(padded), self.length, np.int64)]),
            np.concatenate([document, none]),
            np.concatenate([np.zeros(len(document), np.int64), none]),
            np.concatenate([np.full(len(document), number, np.int32), np.zeros(len(padded), np.int32)]),
            np.concatenate([np.ones(len(document), bool), np.zeros(len(padded), bool)]),
        )
        return Spans(*(column[order_of_spans] for column in columns))
