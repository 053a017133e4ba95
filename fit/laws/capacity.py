"""Components compete for the model's capacity: a share of the mixture is a share of the parameters."""

from typing import ClassVar, NamedTuple

import numpy as np

from fit.laws.blend import Blend, BlendFeatures
from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, floor_term, natural_powers, scales
from fit.laws.sums import Inner, SumLaw, Term, exponent, level
from fit.laws.transfer import ONE_BUDGET, data_parameters, effective_term
from fit.points import Array, Inputs


class CapacityFeatures(NamedTuple):
    """Centred logarithms, and the mixture as tokens and as capacity."""

    scale: Scales
    data: BlendFeatures
    size: BlendFeatures


class Capacity(SumLaw):
    """Effective size in the size term, effective tokens in the data term, and a floor that no mixture moves.

    What serves component j serves the target by kappa_j, kappa_own = 1, in the manner of arXiv 2606.08167.
    """

    name: ClassVar[str] = "capacity"
    title: ClassVar[str] = "E + A / (N sum_j kappa_j h_j^q_j)^alpha + B / (D (sum_j tau_j S_j^g_j + t0))^beta"
    source: ClassVar[str] = "arXiv 2606.08167, 2510.22037"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        mixed = len(space.components) > 1
        found: list[Parameter] = [level("E")]
        found += [level("A")] if space.varies_n or mixed else []
        found += [exponent("alpha", prior=None if space.varies_n else ONE_BUDGET)] if space.varies_n or mixed else []
        found += data_parameters(space)
        self.data = Blend(space, len(found))
        found += self.data.parameters
        self.size_ = Blend(space, len(found), "kappa", "q", floor=False)
        super().__init__(space, found + self.size_.parameters, ("E", "A", "B"))

    def features(self, inputs: Inputs) -> CapacityFeatures:
        """See `Law.features`."""
        return CapacityFeatures(scales(self.space, inputs), self.data.features(inputs), self.size_.features(inputs))

    def terms(self, theta: Array, features: CapacityFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        log_x, data = self.data.evaluate(theta, features.data, True, gradient)
        terms, inner = [floor_term(self, theta, features.scale)], [data]
        if "A" in self.at:
            log_y, size = self.size_.evaluate(theta, features.size, False, gradient)
            inner.append(size)
            term, index = self.at["A"], self.at["alpha"]
            power = np.exp(theta[:, index, None])
            fallen = power * (features.scale.n + log_y)
            terms.append(Term(theta[:, term, None] - fallen, [(term, 1.0), (index, -fallen)], ((1, -power),)))
        return [*terms, *effective_term(self, theta, features.scale.d + log_x, 0)], inner

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; exponents; tau, t0, kappa, lambda."""
        return {**natural_powers(self, theta), **self.data.natural(theta), **self.size_.natural(theta)}
