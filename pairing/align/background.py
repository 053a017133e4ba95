"""How common each feature is in functions anywhere: what a word of every program weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from pairing.align.bags import CLASSES
from pairing.align.document import hashed

RARE: Final = 0.001
"""A feature in a smaller share of functions has full weight, and is not in the table."""


@dataclass(frozen=True, slots=True)
class Background:
    """For each class, hashed features, sorted, and what each weighs, 0 to 1; all others weigh 1."""

    features: dict[str, np.ndarray]
    weights: dict[str, np.ndarray]

    def weigh(self, name: str, features: np.ndarray) -> np.ndarray:
        """The weights of features of a class: float64."""
        known, weights = self.features[name], self.weights[name]
        if not len(known):
            return np.ones(len(features))
        place = np.minimum(np.searchsorted(known, features), len(known) - 1)
        return np.where(known[place] == features, weights[place], 1.0)


def background_of(shares: Mapping[str, Mapping[str, float]]) -> Background:
    """The background of shares of functions, by class and feature (as text, Latin-1); absent: below RARE."""
    features, weights = {}, {}
    for name in CLASSES:
        known = shares.get(name, {})
        numbers = np.array([hashed(feature.encode("latin-1")) for feature in known], np.uint64)
        weight = np.array([np.log(max(share, RARE)) / np.log(RARE) for share in known.values()], float)
        order = np.argsort(numbers)
        features[name], weights[name] = numbers[order], weight[order]
    return Background(features, weights)
