"""Mixtures that are as good as the best one: how far they lie apart, and which of them is chosen. Pure.

A flat objective, such as one at so many tokens that every language has learnt all it can, is reached by every start
where it stands. The first of them would be a mixture near a corner that nothing speaks for; so the one is taken that
lies nearest to what would be taken without a law.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fit.points import Array

PULLS = (1e-4, 1e-5, 1e-6)
"""Strengths, in units of the objective, with which the optimum is drawn towards that mixture to find others as good
on the way; what is worse than the tolerance is not taken."""
APART = 0.05
"""Part of the tokens by which equally good mixtures differ from which the optimum is called flat."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Mixtures within the tolerance of the best one."""

    shares: Array
    """(S, K), the best one among them."""

    def distance(self, shares: Array) -> float:
        """The largest part of the tokens in which they differ from a mixture."""
        return float(0.5 * np.abs(self.shares - shares).sum(axis=1).max())

    @property
    def span(self) -> tuple[Array, Array]:
        """(K,) the least and the largest share of each component among them."""
        return self.shares.min(axis=0), self.shares.max(axis=0)

    def nearest(self, centre: Array, others: Sequence[Array], allowed: Callable[[Array], bool]) -> Array | None:
        """The one nearest to a mixture, and that mixture itself if it is as good.

        Args:
            centre: (K,).
            others: (K,) each: what else may be as good.
            allowed: whether a mixture is.
        """
        tried = np.stack([centre, *others, *self.shares])
        for index in np.argsort(np.abs(tried - centre).sum(axis=1), kind="stable"):
            if allowed(tried[index]):
                found: Array = tried[index]
                return found
        return None
