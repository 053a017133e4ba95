"""Table 1: which languages its columns belong to, by trying every order. Pure."""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from fit.paper.equations import gains
from fit.paper.numbers import LANGUAGES, TABLE_1_GAINS, TABLE_1_LOSSES


def orders() -> list[tuple[float, tuple[str, ...]]]:
    """Every order of the columns, with how far the percentages that it gives lie from those printed, in points.

    The best comes first.
    """
    places = np.array(list(permutations(range(len(LANGUAGES)))))
    found = []
    for place in places:
        recomputed = gains(TABLE_1_LOSSES[:, place])
        found.append((float(np.abs(recomputed - TABLE_1_GAINS).max()), place))
    found.sort(key=lambda pair: pair[0])
    return [(error, _order(place)) for error, place in found]


def _order(place: NDArray[np.int64]) -> tuple[str, ...]:
    """The languages of the printed columns: column place[k] holds LANGUAGES[k]."""
    names = [""] * len(LANGUAGES)
    for language, column in enumerate(place.tolist()):
        names[column] = LANGUAGES[language]
    return tuple(names)
