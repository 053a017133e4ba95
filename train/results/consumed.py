"""What the first sequences of a mixture hold: tokens by component, their shares, how often they were seen."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mixer.dataset import MixtureDataset

CHUNK = 1 << 20
"""Sequences counted at a time: some 20 MB of arrays."""


@dataclass(frozen=True, slots=True)
class Consumed:
    """What a model was trained on of one component.

    Attributes:
        sequences: sequences, each of this component alone.
        tokens: tokens in them, padding left out.
        padding: the rest of them.
        unique: tokens of the component that the mixture may use, each program of translation pairs counted once; a
            limit of its unique tokens is kept. As many are there however few of them were seen.
        share: its part of the tokens of all components.
    """

    sequences: int
    tokens: int
    padding: int
    unique: int
    share: float

    @property
    def epochs(self) -> float | None:
        """How often a unique token was seen, on average; None where there is none."""
        return self.tokens / self.unique if self.unique else None


def consumed(mixture: MixtureDataset, sequences: int, skipped: Iterable[range] = ()) -> dict[str, Consumed]:
    """What a model was trained on after so many sequences, by component in the mixture's order.

    Args:
        mixture: the mixture, read from its first sequence on.
        sequences: how many of its sequences were passed, by all ranks together.
        skipped: ranges of them that were not trained on.

    Raises:
        ValueError: there are not so many sequences, nothing is left of them, or skipped ranges overlap or reach
            beyond them.
    """
    if not 0 < sequences <= len(mixture):
        raise ValueError(f"{sequences} sequences of {mixture.folder}, which has {len(mixture)}; at least 1")
    counts, padding = _count(mixture, range(sequences))
    done = 0
    for gap in sorted(skipped, key=lambda part: (part.start, part.stop)):
        if gap.step != 1 or not done <= gap.start <= gap.stop <= sequences:
            raise ValueError(f"skipped {gap}: not a part of the first {sequences} sequences beyond the first {done}")
        counts, padding = (a - b for a, b in zip((counts, padding), _count(mixture, gap), strict=True))
        done = gap.stop
    tokens = counts * mixture.sequence_length - padding
    if not tokens.sum():
        raise ValueError(f"all of the first {sequences} sequences were skipped; nothing was trained on")
    parts = mixture.manifest["counts"]["components"]
    numbers = zip(counts.tolist(), tokens.tolist(), padding.tolist(), (tokens / tokens.sum()).tolist(), strict=True)
    return {
        name: Consumed(count, held, padded, int(parts[name]["unique_tokens"]), share)
        for name, (count, held, padded, share) in zip(mixture.components, numbers, strict=True)
    }


def _count(mixture: MixtureDataset, part: range) -> tuple[np.ndarray, np.ndarray]:
    """Sequences and tokens of padding of each component: int64."""
    names = len(mixture.components)
    counts, padding = np.zeros(names, np.int64), np.zeros(names, np.int64)
    for start in range(part.start, part.stop, CHUNK):
        components, padded = mixture.layout(start, min(start + CHUNK, part.stop))
        counts += np.bincount(components, minlength=names)
        # summed in floats, exact: a chunk pads less than 2**53 tokens
        padding += np.bincount(components, weights=padded, minlength=names).astype(np.int64)
    return counts, padding
