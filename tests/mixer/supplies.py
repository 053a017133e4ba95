"""Supplies for plans, out of sizes alone."""

import numpy as np

from mixer.planning.supply import Supply

LENGTH = 64


def text(tokens: int, length: int = LENGTH) -> Supply:
    """Documents that are cut, with so many tokens."""
    return Supply(documents=10, tokens=tokens, unique_tokens=tokens, length=length)


def packed(fill: list[int], length: int = LENGTH) -> Supply:
    """Documents that are never cut, in sequences of so many tokens; another order of these every epoch."""
    whole = sum(fill)

    def filled(epoch: int) -> np.ndarray:
        return np.cumsum(np.random.default_rng(epoch).permutation(np.array(fill, np.int64)))

    return Supply(len(fill), whole, whole, length, packed=len(fill), filled=filled)
