"""The score of two functions: what coefficients (`pairing.align.shipped`) make of the columns. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pairing.align.background import Background, background_of

CLIP: Final = 5.0
"""Standard deviations from the mean at which a column is cut: no single one decides."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic regression over standardised columns."""

    columns: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    intercept: float

    def logits(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Log odds of every cell."""
        total = np.full(len(columns[self.columns[0]]), self.intercept)
        for name, mean, scale, weight in zip(self.columns, self.mean, self.scale, self.weights, strict=True):
            total += weight * np.clip((columns[name] - mean) / scale, -CLIP, CLIP)
        return total


@dataclass(frozen=True, slots=True)
class Model:
    """Two regressions, the second of which sees what the first says of the neighbours; and weights of words."""

    background: Background
    first: Linear
    second: Linear
    threshold: float
    """Probability from which two functions correspond: where F1 was highest in fitting."""


def model_of(written: Mapping[str, Any]) -> Model:
    """The model as `benchmarks/pairing_functions.py` writes it."""
    return Model(
        background_of(written["background"]),
        _linear(written["first"]),
        _linear(written["second"]),
        float(written["threshold"]),
    )


def _linear(written: Mapping[str, Any]) -> Linear:
    rows: Sequence[Sequence[Any]] = written["columns"]
    numbers = np.array([row[1:] for row in rows], float).reshape(-1, 3)
    return Linear(
        tuple(str(row[0]) for row in rows), numbers[:, 0], numbers[:, 1], numbers[:, 2], float(written["intercept"])
    )


def probability(logits: np.ndarray) -> np.ndarray:
    """Log odds as probabilities."""
    result: np.ndarray = 1.0 / (1.0 + np.exp(-np.clip(logits, -40.0, 40.0)))
    return result
