"""What a number of sequences of a component holds: documents, bytes, tokens seen. Pure functions over its arrays."""

from dataclasses import dataclass

import numpy as np

from mixer.streams.sequences import Concatenated, Packed


@dataclass(frozen=True, slots=True)
class Realised:
    """The first sequences of a component.

    Attributes:
        documents: different documents that stand in them.
        bytes: their text, repeats counted again; of a document that is cut, in proportion to its tokens.
        unused_documents: documents that do not stand in them.
        unused_tokens: tokens of the component that do not stand in them.
    """

    documents: int
    bytes: int
    unused_documents: int
    unused_tokens: int


def realised(stream: Concatenated | Packed, sequences: int, tokens: np.ndarray, size: np.ndarray) -> Realised:
    """What the first sequences of a stream hold.

    Args:
        stream: the component's stream.
        sequences: how many of its sequences are used.
        tokens: tokens of each document.
        size: bytes of each document.
    """
    if isinstance(stream, Packed):
        epochs, rest = divmod(sequences, stream.sequences) if stream.sequences else (0, 0)
        whole, part = _packed(stream, epochs, rest)
    else:
        epochs, rest = divmod(sequences * stream.length, stream.tokens) if stream.tokens else (0, 0)
        whole, part = _concatenated(stream, epochs, rest)
    last, cut = size[whole].sum(), 0.0
    used, documents = int(tokens[whole].sum()), len(whole)
    if part is not None:
        number, taken = part
        cut, used, documents = size[number] * taken / tokens[number], used + taken, documents + 1
    seen = (len(tokens), int(tokens.sum())) if epochs else (documents, used)
    return Realised(
        documents=seen[0],
        bytes=int(epochs * size.sum() + last + round(float(cut))),
        unused_documents=len(tokens) - seen[0],
        unused_tokens=int(tokens.sum()) - seen[1],
    )


def _packed(stream: Packed, epoch: int, sequences: int) -> tuple[np.ndarray, tuple[int, int] | None]:
    """The documents in so many sequences of an epoch."""
    if not sequences:
        return np.empty(0, np.int64), None
    documents, _, firsts = stream.epoch(epoch)
    return np.asarray(documents[: firsts[sequences]]), None


def _concatenated(stream: Concatenated, epoch: int, tokens: int) -> tuple[np.ndarray, tuple[int, int] | None]:
    """The whole documents in so many tokens of an epoch, and the one that is cut with how many of its tokens."""
    if not tokens:
        return np.empty(0, np.int64), None
    documents, ends = stream.epoch(epoch)
    whole = int(np.searchsorted(ends, tokens, side="right"))
    before = int(ends[whole - 1]) if whole else 0
    part = (int(documents[whole]), tokens - before) if tokens > before else None
    return np.asarray(documents[:whole]), part
