"""Measured points as arrays: what laws are fitted to and evaluated at. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FLOPS_PER_PARAMETER_AND_TOKEN = 6.0
"""Training operations for each parameter and token: forward 2, backward 4 (arXiv 2001.08361, section 2.1)."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where a law is evaluated: R places, K mixture components."""

    n: Array
    """Model sizes N in parameters, (R,)."""
    d: Array
    """Training tokens D, (R,)."""
    shares: Array
    """Shares p of the training tokens, (R, K); rows sum to 1. (R, 0): mixtures are not considered."""
    unique: Array
    """Unique tokens U that exist of each component, (R, K); inf: as many as are needed."""
    components: tuple[str, ...]
    """Names of the K components."""

    def __len__(self) -> int:
        return len(self.n)

    def __repr__(self) -> str:
        """Short: arrays would fill pages."""
        return f"Inputs({len(self)} places, components={self.components})"

    def take(self, index: NDArray) -> "Inputs":
        """Some of the places, by indices or a mask."""
        return Inputs(self.n[index], self.d[index], self.shares[index], self.unique[index], self.components)


def places(
    n: Array | float,
    d: Array | float,
    shares: Array | None = None,
    components: Sequence[str] = (),
    unique: Array | None = None,
) -> Inputs:
    """Inputs out of what broadcasts to one length.

    Args:
        n: model sizes in parameters.
        d: training tokens.
        shares: (R, K) or (K,); None: no mixture.
        components: K names.
        unique: (R, K) or (K,) tokens that exist; None: as many as are needed.
    """
    given = np.zeros((1, 0)) if shares is None else np.atleast_2d(np.asarray(shares, float))
    rows = max(np.size(n), np.size(d), len(given))
    limits = np.full(given.shape, np.inf) if unique is None else np.atleast_2d(np.asarray(unique, float))
    return Inputs(
        n=np.broadcast_to(np.asarray(n, float).ravel(), rows),
        d=np.broadcast_to(np.asarray(d, float).ravel(), rows),
        shares=np.broadcast_to(given, (rows, given.shape[1])),
        unique=np.broadcast_to(limits, (rows, given.shape[1])),
        components=tuple(components),
    )


@dataclass(frozen=True, slots=True)
class Points:
    """What was measured: R points of runs, T targets (languages, directions of translation, validation sets)."""

    inputs: Inputs
    losses: Array
    """(R, T) positive losses, in any unit; NaN where a target was not measured."""
    targets: tuple[str, ...]
    """Names of the T targets. One that is named as a component is the loss on that component."""
    runs: NDArray[np.int64]
    """(R,) which run a point belongs to: points of one run are not independent."""
    weights: Array
    """(R,) weight of each point, 1 by default."""
    excluded: dict[str, int] = field(default_factory=dict)
    """Rows that were left out when the points were read: reason to count."""
    identity: str = ""
    """Hash of the table that they come from."""

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        """Short: arrays would fill pages."""
        runs = len(np.unique(self.runs))
        return f"Points({len(self)} of {runs} runs, targets={self.targets}, components={self.components})"

    @property
    def components(self) -> tuple[str, ...]:
        """Names of the mixture components."""
        return self.inputs.components

    @property
    def flops(self) -> Array:
        """6 N D, (R,)."""
        return FLOPS_PER_PARAMETER_AND_TOKEN * self.inputs.n * self.inputs.d

    def loss(self, target: str) -> Array:
        """(R,) losses on one target."""
        return self.losses[:, self.targets.index(target)]

    def take(self, index: NDArray) -> "Points":
        """Some of the points, by indices or a mask."""
        return replace(
            self,
            inputs=self.inputs.take(index),
            losses=self.losses[index],
            runs=self.runs[index],
            weights=self.weights[index],
        )

    def weighted(self, weights: Array) -> "Points":
        """The same points with other weights, (R,)."""
        return replace(self, weights=np.asarray(weights, float))


def points(
    inputs: Inputs,
    losses: Array,
    targets: Sequence[str] = ("loss",),
    runs: NDArray | None = None,
    weights: Array | None = None,
) -> Points:
    """Points out of arrays; each is a run of its own unless `runs` says otherwise.

    Args:
        inputs: R places.
        losses: (R,) for one target, or (R, T).
        targets: T names.
        runs: (R,) numbers of runs.
        weights: (R,).
    """
    rows = len(inputs)
    return Points(
        inputs=inputs,
        losses=np.asarray(losses, float).reshape(rows, len(targets)),
        targets=tuple(targets),
        runs=np.arange(rows) if runs is None else np.asarray(runs, np.int64),
        weights=np.ones(rows) if weights is None else np.asarray(weights, float),
    )
