"""Gradient-boosted trees (LightGBM, an extra): the usual regressor on mixtures. They cannot extrapolate."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from contracts.errors import StageError
from fit.points import Array, Inputs, Points

OPTIONS = {"objective": "regression", "learning_rate": 0.01, "seed": 0, "deterministic": True, "force_row_wise": True}
"""As in RegMix (arXiv 2407.01492), whose learning rate these are; but with a fixed number of rounds: rows that are
scored stop nothing."""
ROUNDS = 1000
"""Trees a target."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees for every target."""

    names: tuple[str, ...]
    components: tuple[str, ...]
    boosters: tuple[Any, ...]

    def predict(self, inputs: Inputs) -> Array:
        """(R, T) losses."""
        return np.stack([np.asarray(b.predict(_columns(inputs), num_threads=1)) for b in self.boosters], axis=1)


def fit_trees(points: Points, seed: int = 0) -> Trees:
    """Boosted trees on shares, N and D.

    Raises:
        StageError: LightGBM is not installed.
    """
    try:
        import lightgbm
    except ImportError as error:
        raise StageError("LightGBM is not installed: pip install 'glotmix[trees]'") from error
    columns, made = _columns(points.inputs), []
    for values in points.losses.T:
        known = np.isfinite(values)
        data = lightgbm.Dataset(columns[known], values[known], params={"verbosity": -1})
        options = {**OPTIONS, "seed": seed, "num_threads": 1, "verbosity": -1}
        made.append(lightgbm.train(options, data, num_boost_round=ROUNDS))
    return Trees(points.targets, points.components, tuple(made))


def _columns(inputs: Inputs) -> Array:
    return np.concatenate([inputs.shares, np.log(inputs.n)[:, None], np.log(inputs.d)[:, None]], axis=1)
