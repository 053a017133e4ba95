"""How common translations are in a corpus, and what that does to the log odds. Pure functions.

The score is learnt where a third of the files have a translation. In an ordinary crawl hardly any has one, so the same
evidence means less there. The prior probability is estimated from the scores alone, without labels (Saerens, Latinne
and Decaestecker 2002, doi:10.1162/089976602753284446). Their likelihood is concave in the prior, so its maximum, which
they climb by expectation maximisation, is found by halving.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import logit

PLAUSIBLE: Final = 0.01
"""Probability from which an assigned edge counts among those that might be pairs."""
PRESENT: Final = 0.01
"""Share of the ends of such edges from which a language counts: a few stray files add no language to a corpus."""
EDGES: Final = 20
"""Edges that the prevalence of the learning corpora counts as, so that a handful of edges says little; the smallest of
those corpora has 334."""
LEAST: Final = 1e-4
"""Lowest prevalence: a corpus with nothing alike would shift without bound."""
HALVINGS: Final = 40
"""Of the interval that holds the estimate: it is exact to the last of the digits that are kept."""
DIGITS: Final = 6
"""Digits of the estimate, the same on every machine."""
_STEEPEST: Final = 50.0
"""Log odds beyond which the odds are cut off: surer than any score is."""


def prevalence(log_odds: np.ndarray, calibrated: float) -> float:
    """Share of pairs among edges, by their log odds under a model of the prevalence `calibrated`.

    Args:
        log_odds: float (edges,), of the edges that assignment leaves from PLAUSIBLE on; none: `calibrated`.
        calibrated: prevalence among such edges that the log odds hold for.
    """
    gain = np.expm1(np.clip(log_odds - logit(calibrated), -_STEEPEST, _STEEPEST))  # likelihood ratio less one
    low, high = LEAST, 1 - LEAST
    for _ in range(HALVINGS):
        share = (low + high) / 2
        slope = np.sum(gain / (1 + share * gain)) + EDGES * (calibrated / share - (1 - calibrated) / (1 - share))
        low, high = (share, high) if slope > 0 else (low, share)
    return round((low + high) / 2, DIGITS)


def present(language: np.ndarray) -> int:
    """Number of languages that edges are between, those of a few stray files left out.

    Args:
        language: int (ends,), language of the document at each end of each edge.
    """
    _, ends = np.unique(language, return_counts=True)
    return int((ends >= PRESENT * len(language)).sum())


def reference(languages: int, lowest: Sequence[tuple[int, float]]) -> float:
    """The lowest prevalence of a corpus of so many languages that was learnt from.

    Corpora of few languages have a lower one: there are fewer edges in which a document could be right. Out of fold on
    pairs_dev, plain: the estimate 0.465, and 0.480 of the edges are right; names masked: 0.384 and 0.413.

    Args:
        languages: that are present; numbers in between take that of the next smaller number.
        lowest: (number of languages, prevalence), ascending.
    """
    smaller = [share for number, share in lowest if number <= languages]
    return smaller[-1] if smaller else lowest[0][1]


def below(share: float, lowest: float) -> float:
    """How far a prevalence is below the lowest one that was learnt from, in log odds: 0 or less."""
    return min(0.0, float(logit(share) - logit(lowest)))
