"""One-to-one assignment of functions by their scores, order as a tie-breaker. Pure functions."""

from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

TIE: Final = 1e-6
"""What standing in place is worth, in log odds: it decides between equal scores and nothing else."""


def assigned(logits: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """The assignment with the largest sum of log odds above a threshold.

    Args:
        logits: float64 (functions of a, functions of b).
        threshold: log odds from which two functions correspond.

    Returns:
        (number in a, number in b), in the order of a.
    """
    if not logits.size:
        return []
    rows, columns = np.indices(logits.shape)
    apart = np.abs((rows + 0.5) / logits.shape[0] - (columns + 0.5) / logits.shape[1])
    gain = np.where(logits >= threshold, logits - threshold + TIE * (2.0 - apart), 0.0)
    chosen = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
    return [(int(i), int(j)) for i, j in chosen if gain[i, j] > 0]
