"""How common features are in ordinary code of each language."""

from dataclasses import dataclass

import numpy as np

from contracts.languages import LANGUAGE_NAMES


@dataclass(frozen=True, slots=True)
class Background:
    """Shares of documents.

    Attributes:
        keys: uint32 (n,), ascending: places and classes of features (``pairing.score.weights.keys``).
        shares: float32 (languages, n): share of the documents of each language that have the feature; 0: fewer than
            were listed.
    """

    keys: np.ndarray
    shares: np.ndarray

    @classmethod
    def empty(cls) -> "Background":
        """Nothing is common."""
        return cls(np.empty(0, np.uint32), np.empty((len(LANGUAGE_NAMES), 0), np.float32))
