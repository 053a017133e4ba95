"""What is minimised: a weighted mean of losses, or the worst one. Pure.

Losses are compared as logarithms of their ratio to those of the uniform mixture, unless told otherwise: a language
with a high loss, or one measured in bits instead of nats, then counts no more than its weight says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from contracts.errors import ConfigError
from contracts.languages import is_parallel
from fit.points import Array

Kind = Literal["mean", "worst"]
Units = Literal["log", "absolute"]

UNSEEN = "unseen"
"""The target of directions that never enter training; like all translation it counts only where weights name it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """The objective of an allocation."""

    kind: Kind = "mean"
    """mean: the weighted mean over targets. worst: the largest one; weights then only say which targets count."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Weight of each target; they are made to sum to 1. Empty: all targets alike, translation left out."""
    units: Units = "log"
    """log: logarithm of a loss relative to the uniform mixture's. absolute: the losses as they were measured."""
    guard: float | None = None
    """No counted target may be worse than under the uniform mixture by more than this fraction; None: no limit."""

    def of(self, names: Sequence[str]) -> Array:
        """(T,) weights of targets, summing to 1.

        Raises:
            ConfigError: a weight is no weight, of no target, or all are 0.
        """
        unknown = [name for name in self.weights if name not in names]
        if unknown:
            raise ConfigError(
                f"--weights {unknown[0]}: no such target. The fit has {', '.join(names)}; write --weights {names[0]}=1"
            )
        wrong = [name for name, weight in self.weights.items() if not (np.isfinite(weight) and weight >= 0)]
        if wrong:
            raise ConfigError(f"--weights {wrong[0]}={self.weights[wrong[0]]}: a weight is a number from 0 on")
        if self.guard is not None and not (np.isfinite(self.guard) and self.guard >= 0):
            raise ConfigError(f"--guard {self.guard}: give a fraction from 0 on, such as 0.01 for 1 %")
        found = np.array([self.weights.get(name, 0.0) for name in names], float)
        if not self.weights:
            found = np.array([not (is_parallel(name) or name == UNSEEN) for name in names], float)
            found = found if found.any() else np.ones(len(names))
        if not found.any():
            raise ConfigError("--weights: all are 0; give one target a weight above 0")
        shares: Array = found / found.sum()
        return shares
