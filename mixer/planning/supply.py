"""What the pool holds of one component, in documents, tokens and sequences. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np


def exact(value: float) -> Fraction:
    """The number as it is written: 0.3 is three tenths, not the binary fraction below it."""
    return Fraction(str(float(value)))


@dataclass(frozen=True, slots=True)
class Supply:
    """One component at a given sequence length.

    Attributes:
        documents: documents that can be used.
        tokens: their tokens, which is one epoch.
        unique_tokens: the same with each program of translation pairs counted once.
        length: tokens in a sequence.
        packed: for documents that are never cut: sequences that one epoch fills; None: documents are cut, and a
            sequence begins where the last one ended.
        filled: for the same: the tokens in the first 1, 2, ... sequences of an epoch, int64 (packed,).
        lost_documents: documents that are longer than a sequence and must not be cut.
        lost_tokens: their tokens.
    """

    documents: int
    tokens: int
    unique_tokens: int
    length: int
    packed: int | None = None
    filled: Callable[[int], np.ndarray] | None = None
    lost_documents: int = 0
    lost_tokens: int = 0

    @property
    def sequences(self) -> Fraction:
        """Sequences of one epoch."""
        return Fraction(self.tokens, self.length) if self.packed is None else Fraction(self.packed)

    def limit(self, epochs: float) -> int:
        """Whole sequences in so many epochs."""
        return int(self.sequences * exact(epochs))

    def tokens_in(self, sequences: int) -> int:
        """Tokens, padding left out, in the first so many sequences."""
        if self.packed is None or self.filled is None:
            return sequences * self.length
        epoch, rest = divmod(sequences, self.packed) if self.packed else (0, 0)
        return epoch * self.tokens + (int(self.filled(epoch)[rest - 1]) if rest else 0)

    def sequences_for(self, tokens: Fraction) -> Fraction:
        """How many sequences it takes for so many tokens, padding left out; a fraction of the last one."""
        if self.packed is None or self.filled is None:
            return tokens / self.length
        epoch = int(tokens // self.tokens)
        rest = tokens - epoch * self.tokens
        if not rest:
            return Fraction(epoch * self.packed)
        ends = self.filled(epoch)
        last = int(np.searchsorted(ends, float(rest)))
        while last and ends[last - 1] >= rest:  # the search was in floats
            last -= 1
        before = int(ends[last - 1]) if last else 0
        return epoch * self.packed + last + (rest - before) / (int(ends[last]) - before)

    def epochs_for(self, sequences: int) -> int:
        """Passes over the documents that so many sequences begin."""
        return -(-sequences // self.sequences) if sequences else 0
