"""How far off a prediction may be: standard deviations of log loss, for predictors that say so."""

from typing import Protocol, runtime_checkable

import numpy as np

from fit.estimate.fitted import Fit
from fit.points import Array, Inputs
from fit.predictor import Predictor

NORMAL = 1.959964
"""Standard deviations either side of the mean that hold 95 % of a normal distribution."""


@runtime_checkable
class Deviating(Protocol):
    """A predictor that knows how sure it is."""

    def deviation(self, inputs: Inputs) -> Array:
        """(R, T) standard deviations of new measurements of log loss."""


def deviation_of(predictor: Predictor, inputs: Inputs) -> Array | None:
    """(R, T) standard deviations; None where a predictor has none.

    Of a single law these are its residuals alone: it does not know how wrong its form is elsewhere.
    """
    if isinstance(predictor, Deviating):
        return predictor.deviation(inputs)
    if isinstance(predictor, Fit):
        return np.tile(noise_of(predictor), (len(inputs), 1))
    return None


def noise_of(fit: Fit) -> Array:
    """(T,) standard deviations of the residuals."""
    return np.array([target.residual for target in fit.targets.values()])


def interval(predictor: Predictor, inputs: Inputs) -> tuple[Array, Array] | None:
    """The 95 % prediction interval, (R, T) each; None where the predictor has none."""
    deviation = deviation_of(predictor, inputs)
    if deviation is None:
        return None
    middle, factor = predictor.predict(inputs), np.exp(NORMAL * deviation)
    return middle / factor, middle * factor
