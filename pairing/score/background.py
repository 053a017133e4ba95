"""How common features are in ordinary code of each language."""

from dataclasses import dataclass

import numpy as np


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
