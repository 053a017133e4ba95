"""Close or loose: is one program a port of the other, or another solution of the same task? Pure functions."""

from typing import Final

import numpy as np

CLOSE: Final = 0.35
"""Similarity of two documents from which a pair is close. Of pairs whose origin is known, 75 % of ports and of the
same test cases lie above it, and 55 % of solutions and algorithms written apart below: close is about the two texts,
which may be as alike when written apart (72 and 69 % with declared names masked)."""


def kinds(similarity: np.ndarray) -> list[str]:
    """`close` or `loose` for each pair."""
    return ["close" if value >= CLOSE else "loose" for value in similarity.tolist()]
