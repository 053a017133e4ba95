"""What models without a formula see of a place: logarithms of shares, N and D, standardised. Pure."""

from dataclasses import dataclass

import numpy as np

from contracts.errors import StageError
from fit.laws.law import VARIES
from fit.points import Array, Inputs

SHARE = 0.003
"""Share at which log(share / SHARE + 1) turns from linear to logarithmic; found on 512 mixtures of 17 domains."""


@dataclass(frozen=True, slots=True)
class Features:
    """How features are computed: the columns, and mean and deviation of each at the points of the fit."""

    with_n: bool
    with_d: bool
    mean: Array
    scale: Array

    def of(self, inputs: Inputs) -> Array:
        """(R, F) standardised features."""
        return (_raw(inputs, self.with_n, self.with_d) - self.mean) / self.scale


def features_of(inputs: Inputs) -> Features:
    """The features that differ between some places.

    Raises:
        StageError: nothing differs.
    """
    with_n = bool(inputs.n.max() / inputs.n.min() > VARIES)
    with_d = bool(inputs.d.max() / inputs.d.min() > VARIES)
    raw = _raw(inputs, with_n, with_d)
    scale = raw.std(axis=0)
    if not (scale > 0).any():
        raise StageError("all points are at the same place: a model without a formula has nothing to learn from")
    return Features(with_n, with_d, raw.mean(axis=0), np.where(scale > 0, scale, 1.0))


def log_shares(shares: Array) -> Array:
    """Shares such that 0 is a number and doubling a share is a step of nearly the same size wherever it starts."""
    return np.asarray(np.log1p(shares / SHARE))


def _raw(inputs: Inputs, with_n: bool, with_d: bool) -> Array:
    columns = [log_shares(inputs.shares)]
    columns += [np.log(inputs.n)[:, None]] if with_n else []
    columns += [np.log(inputs.d)[:, None]] if with_d else []
    return np.concatenate(columns, axis=1)
