"""Sums of positive terms by their logarithms, which every law of this package is made of."""

import numpy as np

from fit.points import Array


def log_sum(terms: list[Array]) -> tuple[Array, list[Array]]:
    """Logarithm of the sum of exponentials.

    Args:
        terms: logarithms, arrays that broadcast to (S, R).

    Returns:
        (S, R), and for each term its share of the sum, which is the derivative of the result in that term.
    """
    top = terms[0]
    for term in terms[1:]:
        top = np.maximum(top, term)
    parts = [np.exp(term - top) for term in terms]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return top + np.log(total), [part / total for part in parts]
