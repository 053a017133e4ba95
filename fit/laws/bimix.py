"""BiMix: L = (A / p^a) (B / D^b + C) in the target's own share (arXiv 2405.14908)."""

from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from contracts.errors import StageError
from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, data_term, floor_term, natural_powers, power_parameters, scales, size_term
from fit.laws.sums import Inner, SumLaw, Term
from fit.points import Array, Inputs

POWER = (-1.0, 3.0)
"""Bounds of the exponent of the share, which is small and positive in the paper."""

LEAST = 1e-9
"""Own share that zero is taken for where a prediction is asked for beyond what the law covers: a loss that no search
for the best mixture stays at, rather than an infinite one."""


class BimixFeatures(NamedTuple):
    """Centred logarithms of N and D, and of the own share (R,)."""

    scale: Scales
    log_share: Array


class Bimix(SumLaw):
    """The own share times a law of scale; what the other components are does not matter.

    A is no parameter of its own (A B and A C are): E stands for A C. Where sizes differ A' / N^alpha joins the
    bracket, which the paper, with one size, does not have. A share of zero has no loss.
    """

    name: ClassVar[str] = "bimix"
    title: ClassVar[str] = "p^-a (E + A / N^alpha + B / D^beta), p the own share"
    source: ClassVar[str] = "arXiv 2405.14908"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        if space.own is None:
            raise StageError(
                "the law bimix describes the loss on a component of the mixture by its own share; a target that is "
                f"none of the components ({', '.join(space.components) or 'none given'}) has no share. Take another "
                "law, such as transfer"
            )
        found = [*power_parameters(space), Parameter("a", (0.0, 0.3), *POWER)]
        super().__init__(space, found, ("E", "A", "B"))
        self.own = space.own

    def covers(self, inputs: Inputs) -> NDArray[np.bool_]:
        """Places that have some of the target's own component."""
        return np.asarray(inputs.shares[:, self.own] > 0)

    def features(self, inputs: Inputs) -> BimixFeatures:
        """See `Law.features`."""
        return BimixFeatures(scales(self.space, inputs), np.log(np.maximum(inputs.shares[:, self.own], LEAST)))

    def terms(self, theta: Array, features: BimixFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        scale, power = features.scale, self.at["a"]
        moved = theta[:, power, None] * features.log_share
        one = ((0, np.array(1.0)),)
        terms = [floor_term(self, theta, scale), *size_term(self, theta, scale.n), *data_term(self, theta, scale.d)]
        return [Term(term.log - moved, term.direct, one) for term in terms], [[(power, -features.log_share[None])]]

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; exponents."""
        return {**natural_powers(self, theta), "a": theta[:, self.at["a"]]}
