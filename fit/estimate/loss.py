"""The loss of a fit: a sum over residuals of logarithms, robust to outliers."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from contracts.errors import ConfigError
from fit.points import Array

DELTA = 1e-3
"""Huber's threshold in units of log loss (arXiv 2203.15556, appendix D.3)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What is minimised: sum_r w_r c_r rho(log L_r - log predicted_r). Summed: a mean makes optimisers stop early."""

    kind: Literal["huber", "l1"] = "huber"
    """huber: r^2/2 up to delta, delta (|r| - delta/2) beyond; l1: |r|."""
    delta: float = DELTA
    """Huber's threshold; for l1 it is not used."""
    overestimate: float = 1.0
    """Factor c of residuals where the law lies above the measurement. Above 1: badly tuned runs, whose losses are too
    high, pull less than the others. 1: both sides alike."""

    def __str__(self) -> str:
        name = "l1" if self.kind == "l1" else f"huber:{self.delta:g}"
        return name if self.overestimate == 1 else f"{name}, overestimates x {self.overestimate:g}"

    def sides(self, residual: Array) -> Array:
        """The factor c of each residual."""
        if self.overestimate == 1:
            return np.ones_like(residual)
        return np.where(residual < 0, self.overestimate, 1.0)

    def sum(self, residual: Array, weights: Array) -> Array:
        """The objective.

        Args:
            residual: (S, R) measured minus predicted log loss.
            weights: (S, R) or (R,).

        Returns:
            (S,).
        """
        size = np.abs(residual)
        if self.kind == "huber":
            size = np.where(size <= self.delta, 0.5 * size * size, self.delta * (size - 0.5 * self.delta))
        total: Array = (weights * self.sides(residual) * size).sum(axis=-1)
        return total

    def slope(self, residual: Array) -> Array:
        """Derivative of c rho in the residual."""
        bounded = np.sign(residual) if self.kind == "l1" else np.clip(residual, -self.delta, self.delta)
        return self.sides(residual) * bounded


def parse_loss(text: str, overestimate: float = 1.0) -> Loss:
    """A loss as the command line writes it: huber, huber:1e-3 or l1.

    Raises:
        ConfigError: it is none of these.
    """
    kind, _, number = text.partition(":")
    wrong = ConfigError(f"--loss {text}: allowed are huber:DELTA with DELTA > 0, such as huber:1e-3, and l1")
    if not (np.isfinite(overestimate) and overestimate > 0):
        raise ConfigError(f"--overestimate {overestimate}: give a factor > 0, such as 10; 1 treats both sides alike")
    if kind == "l1" and not number:
        return Loss("l1", overestimate=overestimate)
    if kind != "huber":
        raise wrong
    try:
        delta = float(number or DELTA)
    except ValueError as error:
        raise wrong from error
    if not (np.isfinite(delta) and delta > 0):
        raise wrong
    return Loss("huber", delta, overestimate)
