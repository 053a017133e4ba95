"""L = E + 1 / sum_j C_j h_j^gamma_j + A / N^alpha + B / D^beta (arXiv 2507.09404)."""

from typing import ClassVar, NamedTuple

import numpy as np

from fit.laws.blend import ABSENT
from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, data_term, floor_term, natural_powers, power_parameters, scales, size_term
from fit.laws.sums import Inner, SumLaw, Term, level
from fit.points import Array, Inputs

WORTH = (-12.0, 4.0)
"""Bounds of log C_j."""
WORTH_PRIOR = (-2.0, 2.0)
"""Prior of log C_j beside the own component's 1."""
GAMMA = (-3.0, 1.2)
"""Bounds of log gamma_j."""
GAMMA_PRIOR = (-0.7, 0.7)
"""Prior of log gamma_j: half, the values of the paper's fits lie within a factor of e."""


class AdditiveFeatures(NamedTuple):
    """Centred logarithms of N and D, and logarithms of shares (R, K)."""

    scale: Scales
    log_share: Array


class Additive(SumLaw):
    """A term of the mixture alone beside Chinchilla's: the best mixture is the same at every scale.

    Each component has an exponent of its own. The term's level M stands for the own component's 1 / C.
    """

    name: ClassVar[str] = "additive"
    title: ClassVar[str] = "E + M / sum_j C_j h_j^gamma_j + A / N^alpha + B / D^beta"
    source: ClassVar[str] = "arXiv 2507.09404"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        found: list[Parameter] = power_parameters(space)
        self.free: list[int] = []
        if len(space.components) > 1:
            found.append(level("M"))
            self.first = len(found)
            self.free = [j for j in range(len(space.components)) if j != space.own]
            prior = (0.0, 2.0) if space.own is None else WORTH_PRIOR
            span = (prior[0] - 1.5, prior[0] + 1.5)
            found += [Parameter(f"C[{space.components[j]}]", span, *WORTH, prior) for j in self.free]
            found += [Parameter(f"gamma[{name}]", (-1.4, 0.0), *GAMMA, GAMMA_PRIOR) for name in space.components]
        super().__init__(space, found, ("E", "A", "B", "M"))

    def features(self, inputs: Inputs) -> AdditiveFeatures:
        """See `Law.features`."""
        with np.errstate(divide="ignore"):
            log_share = np.maximum(np.log(inputs.shares), ABSENT)
        return AdditiveFeatures(scales(self.space, inputs), log_share)

    def terms(self, theta: Array, features: AdditiveFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        terms = [floor_term(self, theta, features.scale), *size_term(self, theta, features.scale.n)]
        terms += data_term(self, theta, features.scale.d)
        if not self.free:
            return terms, []
        count = len(self.space.components)
        powers = np.exp(theta[:, -count:])[:, None, :]
        worth = np.zeros((len(theta), count))
        worth[:, self.free] = theta[:, self.first : self.first + len(self.free)]
        part = powers * features.log_share
        part += worth[:, None, :]
        np.exp(part, out=part)
        total = part.sum(axis=2)
        where = self.at["M"]
        terms.append(Term(theta[:, where, None] - np.log(total), [(where, 1.0)], ((0, np.array(-1.0)),)))
        if not gradient:
            return terms, [[]]
        part /= total[..., None]
        middle = self.first + len(self.free)
        inner: Inner = [(slice(self.first, middle), part[..., self.free])]
        part *= features.log_share
        part *= powers
        inner.append((slice(middle, self.size), part))
        return terms, [inner]

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, M, A, B in units of the loss, for N in parameters and D in tokens; the others are pure numbers."""
        rest = {symbol: np.exp(theta[:, i]) for symbol, i in self.at.items() if symbol not in ("A", "B")}
        return {**rest, **natural_powers(self, theta)}
