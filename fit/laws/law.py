"""What a law is: a positive function of N, D and the mixture, with bounded parameters and its gradient in them.

Parameters are held as a vector theta in internal units, in which they are of order one: logarithms of what is
positive, relative to reference scales N0 and D0. So the units of N and D cannot change a fit, and one kind of start
suits all data.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from contracts.languages import PARALLEL, is_parallel
from fit.points import Array, Inputs, Points

UNSEEN = "unseen"
"""Target: translation in directions that the training data do not hold."""

VARIES = 1.02
"""Least ratio of the largest to the smallest N or D that counts as different scales: realised tokens of runs of one
budget differ by less."""


LOSSES = ("loss", "log loss")
"""Units of parameters that stand for losses."""


@dataclass(frozen=True, slots=True)
class Space:
    """What a law is made for: reference scales, components, and what differs between the points."""

    n0: float
    """Reference model size in parameters: the geometric mean of the points."""
    d0: float
    """Reference tokens: the geometric mean of the points."""
    components: tuple[str, ...] = ()
    """Names of the K mixture components."""
    own: int | None = None
    """Which component the target is the loss on; None: none of them (a general validation set)."""
    varies_n: bool = True
    """Model sizes differ; where they do not, laws leave out what only N could tell."""
    varies_d: bool = True
    """Numbers of tokens differ."""
    repeats: bool = False
    """Some component is read more than once in some point."""
    l0: float = 1.0
    """Reference loss: the geometric mean of the points. Bounds of terms are relative to it."""


def space_of(points: Points, target: str) -> Space:
    """The space of the points for one target.

    Args:
        points: at least one.
        target: name of the target; a component of this name is its own one.
    """
    inputs, loss = points.inputs, points.loss(target)
    known = np.isfinite(loss)
    return Space(
        n0=_mean(inputs.n),
        d0=_mean(inputs.d),
        components=inputs.components,
        own=own_of(target, inputs.components),
        varies_n=bool(inputs.n.max() / inputs.n.min() > VARIES),
        varies_d=bool(inputs.d.max() / inputs.d.min() > VARIES),
        repeats=bool((inputs.shares * inputs.d[:, None] > inputs.unique).any()),
        l0=_mean(loss[known]) if known.any() else 1.0,
    )


def own_of(target: str, components: tuple[str, ...]) -> int | None:
    """Which component a target is the loss on.

    Translation, in a direction or in those that are not trained on, is learnt from the parallel data as a whole where
    its direction is no component.
    """
    if target not in components and (target == UNSEEN or is_parallel(target)):
        target = PARALLEL
    return components.index(target) if target in components else None


def _mean(values: Array) -> float:
    return float(np.exp(np.log(values).mean()))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry of theta."""

    symbol: str
    """The law's own symbol of the natural parameter that it stands for, such as alpha or tau[java]."""
    start: tuple[float, float]
    """Range of random starts, in internal units."""
    low: float = -np.inf
    """Lower bound, in internal units."""
    high: float = np.inf
    """Upper bound, in internal units; bounds of losses are relative to the reference loss."""
    prior: tuple[float, float] | None = None
    """Mean and standard deviation of a weak Gaussian prior, in internal units, where data alone leave a parameter
    undetermined; None: no prior."""
    unit: str = ""
    """Unit of the natural parameter: loss, tokens, parameters; empty: a pure number. What has the unit loss is the
    logarithm of a loss."""


class Law(ABC):
    """A law for the loss on one target.

    Subclasses set `name`, `title` and, in __init__, `parameters`; they implement features, evaluate and natural.
    """

    name: ClassVar[str]
    """What --law calls it."""
    title: ClassVar[str]
    """Its formula, in a line."""
    source: ClassVar[str] = ""
    """Paper that it is from."""
    mixture: ClassVar[bool] = False
    """Whether it depends on the mixture."""
    parameters: tuple[Parameter, ...]
    """What theta holds, in order."""

    def __init__(self, space: Space) -> None:
        self.space = space

    @property
    def size(self) -> int:
        """Number of parameters P."""
        return len(self.parameters)

    @property
    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper bounds of theta, (P,) each."""
        shift = np.array([np.log(self.space.l0) if p.unit in LOSSES else 0.0 for p in self.parameters])
        low, high = [p.low for p in self.parameters], [p.high for p in self.parameters]
        return np.array(low, float) + shift, np.array(high, float) + shift

    def covers(self, inputs: Inputs) -> NDArray[np.bool_]:
        """(R,) which places the law can say something about; most laws: all."""
        return np.ones(len(inputs), bool)

    @abstractmethod
    def features(self, inputs: Inputs) -> Any:
        """What `evaluate` needs of the places, computed once for many thetas."""

    @abstractmethod
    def evaluate(self, theta: Array, features: Any, gradient: bool = True) -> tuple[Array, Array | None]:
        """Natural logarithm of the loss, and its derivatives.

        Args:
            theta: (S, P) parameter vectors.
            features: of R places.
            gradient: whether derivatives are wanted.

        Returns:
            (S, R), and (S, R, P) or None.
        """

    @abstractmethod
    def natural(self, theta: Array) -> dict[str, Array]:
        """The law's own symbols to values in natural units (tokens, parameters, loss): (S, P) to (S,) each."""

    def levels(self) -> tuple[int, ...]:
        """Which parameters are logarithms of additive terms of the loss: c more for all is the loss times e^c."""
        return ()

    def starts(self, features: Any, log_loss: Array, weights: Array, count: int, rng: np.random.Generator) -> Array:
        """Starting points for B fits to the same places with different weights.

        By default random within the parameters' ranges, then shifted so that the terms fit the mean loss.

        Args:
            features: of R places.
            log_loss: (R,) logarithms of the measured losses.
            weights: (B, R).
            count: starts wanted of each fit.
            rng: randomness; the same state gives the same starts.

        Returns:
            (B, count, P).
        """
        batch, (low, high) = len(weights), self.bounds
        ranges = np.array([p.start for p in self.parameters])
        theta = ranges[:, 0] + (ranges[:, 1] - ranges[:, 0]) * rng.random((batch, count, self.size))
        if index := list(self.levels()):
            value, _ = self.evaluate(theta.reshape(-1, self.size), features, gradient=False)
            residual = log_loss - value.reshape(batch, count, -1)
            shift = np.einsum("bsr,br->bs", residual, weights) / weights.sum(axis=1)[:, None]
            theta[..., index] += shift[..., None]
        inside: Array = np.clip(theta, low, high)
        return inside

    def log_loss(self, theta: Array, inputs: Inputs) -> Array:
        """(S, R) natural logarithms of the loss at places, for (S, P) or (P,) parameters."""
        value: Array = self.evaluate(np.atleast_2d(theta), self.features(inputs), gradient=False)[0]
        return value
