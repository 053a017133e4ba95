"""Data mixing laws, c + k exp(sum_j t_j r_j) (arXiv 2403.16952), also over sizes and tokens."""

from typing import ClassVar, NamedTuple

import numpy as np

from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, data_term, floor_term, natural_powers, power_parameters, scales, size_term
from fit.laws.sums import Inner, SumLaw, Term, level
from fit.points import Array, Inputs

STRENGTH = (0.0, 3.0)
"""Prior of t_j: a component alone moves the loss above the floor by a factor of e^3 either way."""
BOUND = 20.0
"""Largest |t_j|."""


class ExponentialFeatures(NamedTuple):
    """Centred logarithms of N and D, and shares (R, K)."""

    scale: Scales
    share: Array


class Exponential(SumLaw):
    """A floor plus what the mixture multiplies.

    At one scale c + k exp(t.r), as published. Where sizes or tokens differ, k becomes k + A / N^alpha + B / D^beta:
    the published way, power laws fitted mixture by mixture, with exponents and the mixture's factor in common.
    The shares sum to one, so a constant added to all t is k: the prior keeps the t around zero.
    """

    name: ClassVar[str] = "exponential"
    title: ClassVar[str] = "E + (k + A / N^alpha + B / D^beta) exp(sum_j t_j h_j)"
    source: ClassVar[str] = "arXiv 2403.16952"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        found, self.first = power_parameters(space), 0
        if len(space.components) > 1:
            self.first = len(found) + 1
            found.append(level("k"))
            found += [Parameter(f"t[{name}]", (-2.0, 1.0), -BOUND, BOUND, STRENGTH) for name in space.components]
        super().__init__(space, found, ("E", "A", "B", "k"))

    def features(self, inputs: Inputs) -> ExponentialFeatures:
        """See `Law.features`."""
        return ExponentialFeatures(scales(self.space, inputs), inputs.shares)

    def terms(self, theta: Array, features: ExponentialFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        floor = floor_term(self, theta, features.scale)
        terms = [*size_term(self, theta, features.scale.n), *data_term(self, theta, features.scale.d)]
        if not self.first:
            return [floor, *terms], []
        moved, one = theta[:, self.first :] @ features.share.T, ((0, np.array(1.0)),)
        terms.append(Term(theta[:, self.first - 1, None], [(self.first - 1, 1.0)]))
        inner: Inner = [(slice(self.first, self.size), features.share[None])]
        return [floor, *(Term(term.log + moved, term.direct, one) for term in terms)], [inner]

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, k, A, B in units of the loss, for N in parameters and D in tokens; t are pure numbers."""
        found = natural_powers(self, theta)
        if self.first:
            found["k"] = np.exp(theta[:, self.first - 1])
            found |= {p.symbol: theta[:, i] for i, p in enumerate(self.parameters) if i >= self.first}
        return found
