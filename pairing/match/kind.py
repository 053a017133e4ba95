"""Close or loose: is one program a port of the other, or another solution of the same task? Pure functions."""

from typing import Final

import numpy as np

CLOSE: Final = 0.3
"""Similarity of two documents from which a pair is close. On pairs_dev it tells ports and shared test cases (close)
from solutions of the same task and algorithms written apart (loose) as well as any threshold does."""


def kinds(similarity: np.ndarray) -> list[str]:
    """`close` or `loose` for each pair."""
    return ["close" if value >= CLOSE else "loose" for value in similarity.tolist()]
