"""Predicted losses and their derivatives in shares, N and D, by differences in one batched prediction. Pure."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fit.points import Array, Inputs
from fit.predictor import Predictor

WIDTH = 1e-4
"""Differences relative to a share: their error is some 1e-8 of the slope, rounding adds less than 1e-9."""
LEAST = 1e-3
"""Added to a share before that, so that differences at shares near zero are not lost in rounding."""
WORST = 1e3
"""Log loss that stands for a prediction which is no positive number, such as inf where a share is zero."""


def losses(logs: Array) -> Array:
    """Losses of their logarithms; finite also for what stands for no loss at all."""
    found: Array = np.exp(np.minimum(logs, 300.0))
    return found


class Slopes(NamedTuple):
    """At one place: log losses and their derivatives."""

    value: Array
    """(T,) logarithms of the losses."""
    shares: Array
    """(T, K) derivatives along the simplex: from the place towards each component alone."""
    size: Array
    """(T,) in log N."""
    tokens: Array
    """(T,) in log D."""


@dataclass(frozen=True, slots=True)
class Surface:
    """A predictor over places, for the unique tokens that there are."""

    predictor: Predictor
    unique: Array
    """(K,) unique tokens."""

    def predicted(self, shares: Array, n: Array | float, d: Array | float) -> Array:
        """(R, T) losses as they are predicted, whatever they are.

        Args:
            shares: (R, K).
            n: size, or (R,).
            d: tokens, or (R,).
        """
        rows = len(shares)
        inputs = Inputs(
            n=np.ones(rows) * n,
            d=np.ones(rows) * d,
            shares=shares,
            unique=np.broadcast_to(self.unique, shares.shape),
            components=self.predictor.components,
        )
        with np.errstate(all="ignore"):
            return np.asarray(self.predictor.predict(inputs), float)

    def logs(self, shares: Array, n: Array | float, d: Array | float) -> Array:
        """(R, T) logarithms of losses, finite: `WORST` where the prediction is no positive number."""
        with np.errstate(all="ignore"):
            found = np.log(self.predicted(shares, n, d))
        return np.nan_to_num(found, nan=WORST, posinf=WORST, neginf=WORST)

    def slopes(self, shares: Array, n: float, d: float, scales: bool) -> Slopes:
        """Log losses and derivatives at one place.

        Losses are a function of proportions only, so a derivative in a share is one along the simplex: towards the
        mixture of that component alone. It differs from any other convention by a constant for all components.

        Args:
            shares: (K,).
            n: size.
            d: tokens.
            scales: whether derivatives in N and D are wanted.
        """
        size = len(shares)
        width = WIDTH * (shares + LEAST)
        inner = shares > width  # a step away from the component leaves its share positive
        toward = np.eye(size) - shares
        first = shares + width[:, None] * toward
        second = shares + np.where(inner, -width, 2 * width)[:, None] * toward
        steps = np.exp([WIDTH, -WIDTH]) if scales else np.ones(0)
        same = np.ones(len(steps))
        places = np.concatenate([shares[None], first, second, np.tile(shares, (2 * len(steps), 1))])
        ones = np.ones(1 + 2 * size)
        sizes, tokens = np.concatenate([ones, steps, same]) * n, np.concatenate([ones, same, steps]) * d
        found = self.logs(places, sizes, tokens)
        value, ahead, back = found[0], found[1 : 1 + size], found[1 + size : 1 + 2 * size]
        central = (ahead - back) / (2 * width[:, None])
        forward = (4 * ahead - 3 * value - back) / (2 * width[:, None])
        rise = np.zeros((2, len(value)))
        if scales:
            moved = found[1 + 2 * size :].reshape(2, 2, len(value))
            rise = (moved[:, 0] - moved[:, 1]) / (2 * WIDTH)
        return Slopes(value, np.where(inner[:, None], central, forward).T, rise[0], rise[1])
