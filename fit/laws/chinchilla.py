"""L = E + A / N^alpha + B / D^beta (arXiv 2203.15556, equation 2), with free or equal exponents."""

import itertools
from typing import ClassVar

import numpy as np

from fit.laws.begin import fitted_levels
from fit.laws.law import Space
from fit.laws.powers import Scales, data_term, floor_term, natural_powers, power_parameters, scales, size_term
from fit.laws.refine import refined
from fit.laws.sums import Inner, SumLaw, Term
from fit.points import Array, Inputs

GRID = np.log(np.geomspace(0.05, 2.0, 10))
"""Logarithms of exponents of which starts take every combination."""


class Chinchilla(SumLaw):
    """Loss as a floor plus a term of model size and one of data, each a power law.

    Internal parameters: logarithms of the three terms at N0 and D0, and of the exponents.
    """

    name: ClassVar[str] = "chinchilla"
    title: ClassVar[str] = "E + A / N^alpha + B / D^beta"
    source: ClassVar[str] = "arXiv 2203.15556"
    tied: ClassVar[bool] = False

    def __init__(self, space: Space) -> None:
        found = power_parameters(space)
        if self.tied and space.varies_n:
            found = [parameter for parameter in found if parameter.symbol != "beta"]
        super().__init__(space, found, ("E", "A", "B"))
        if "B" in self.at and "beta" not in self.at:
            self.at["beta"] = self.at["alpha"]

    def features(self, inputs: Inputs) -> Scales:
        """Centred logarithms."""
        return scales(self.space, inputs)

    def terms(self, theta: Array, features: Scales, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        floor = floor_term(self, theta, features)
        return [floor, *size_term(self, theta, features.n), *data_term(self, theta, features.d)], []

    def starts(self, features: Scales, log_loss: Array, weights: Array, count: int, rng: np.random.Generator) -> Array:
        """The best of a grid of exponents, with the terms by relative least squares, moved on as `refined` does."""
        exponents = [index for index, p in enumerate(self.parameters) if p.symbol in ("alpha", "beta")]
        shapes = np.zeros((len(GRID) ** len(exponents), self.size))
        shapes[:, exponents] = list(itertools.product(GRID, repeat=len(exponents)))
        levels, misfit = fitted_levels(self, shapes, features, np.exp(log_loss), weights)
        order = np.argsort(misfit, axis=1, kind="stable")[:, :count]
        theta = shapes[order]
        theta[..., list(self.levels())] = np.log(np.take_along_axis(levels, order[..., None], axis=1))
        flat = np.clip(theta, *self.bounds).reshape(-1, self.size)
        moved = refined(self, flat, features, log_loss, np.repeat(weights, order.shape[1], axis=0))
        return moved.reshape(theta.shape)

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; alpha and beta."""
        return natural_powers(self, theta)


class TiedChinchilla(Chinchilla):
    """The same with one exponent for size and data, as in arXiv 2403.08540."""

    name: ClassVar[str] = "chinchilla-tied"
    title: ClassVar[str] = "E + A / N^alpha + B / D^alpha"
    source: ClassVar[str] = "arXiv 2403.08540"
    tied: ClassVar[bool] = True

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; alpha, or beta where N does not vary."""
        found = natural_powers(self, theta)
        if self.space.varies_n:
            found.pop("beta", None)
        return found
