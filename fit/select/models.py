"""Everything that can be fitted to points and compared: laws, processes, trees, baselines, an average of laws."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from contracts.errors import ConfigError
from fit.estimate.estimate import fit
from fit.estimate.loss import Loss
from fit.laws.registry import LAWS
from fit.points import Array, Inputs, Points
from fit.predictor import Predictor
from fit.select.baselines import BASELINES
from fit.select.gp import GaussianProcess, fit_processes
from fit.select.together import fit_average
from fit.select.trees import fit_trees

STARTS = 12
"""Starts of each law in a comparison: what is compared are predictions, which differ less than parameters."""
PROCESS, TREES, AVERAGE, RESIDUAL = "gp", "trees", "average", "+gp"


@dataclass(frozen=True, slots=True)
class Model:
    """A name, what kind it is of, and how it is fitted."""

    name: str
    kind: str
    """law, average, process, trees or baseline."""
    train: Callable[[Points], Predictor]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A law times what a Gaussian process says of its residuals."""

    law: Predictor
    process: GaussianProcess

    @property
    def names(self) -> tuple[str, ...]:
        """The targets."""
        return self.law.names

    @property
    def components(self) -> tuple[str, ...]:
        """The components of mixtures."""
        return self.law.components

    def predict(self, inputs: Inputs) -> Array:
        """(R, T) losses."""
        return np.asarray(self.law.predict(inputs) * self.process.predict(inputs))

    def deviation(self, inputs: Inputs) -> Array:
        """(R, T) standard deviations of log loss."""
        return self.process.deviation(inputs)


def fit_process(points: Points) -> GaussianProcess:
    """A Gaussian process on log loss for every target."""
    return fit_processes(points.inputs, np.log(points.losses), points.targets)


def fit_corrected(
    points: Points, law: str, loss: Loss | None = None, starts: int = STARTS, seed: int = 0
) -> Corrected:
    """A law, then a Gaussian process on what it leaves."""
    return correct(points, fit(points, law, loss, starts, seed))


def correct(points: Points, law: Predictor) -> Corrected:
    """A fitted model with a Gaussian process on what it leaves of the points it was fitted to."""
    left = np.log(points.losses) - np.log(law.predict(points.inputs))
    return Corrected(law, fit_processes(points.inputs, left, points.targets))


def model_of(name: str, laws: Sequence[str], loss: Loss | None = None, starts: int = STARTS, seed: int = 0) -> Model:
    """A model by its name.

    Args:
        name: a law, LAW+gp, gp, trees, average or a baseline.
        laws: of which the average is made.
        loss: of the laws' fits.
        starts: of each.
        seed: of the starts.

    Raises:
        ConfigError: there is none of this name.
    """
    if name in LAWS:
        return Model(name, "law", lambda points: fit(points, name, loss, starts, seed))
    if name.endswith(RESIDUAL) and (law := name.removesuffix(RESIDUAL)) in LAWS:
        return Model(name, "process", lambda points: fit_corrected(points, law, loss, starts, seed))
    if name == PROCESS:
        return Model(name, "process", fit_process)
    if name == TREES:
        return Model(name, "trees", lambda points: fit_trees(points, seed))
    if name == AVERAGE:
        return Model(name, "average", lambda points: fit_average(points, laws, loss, starts, seed))
    if name in BASELINES:
        return Model(name, "baseline", BASELINES[name])
    allowed = [*LAWS, "LAW+gp", PROCESS, TREES, AVERAGE, *BASELINES]
    raise ConfigError(f"--laws {name}: there is no such law. Allowed are {', '.join(allowed)}")
