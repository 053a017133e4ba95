"""L = E + A / N^alpha + B / D_eff^beta in effective tokens (ATLAS, arXiv 2510.22037)."""

from typing import ClassVar, NamedTuple

import numpy as np

from fit.laws.blend import Blend, BlendFeatures
from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, floor_term, natural_powers, scales, size_term
from fit.laws.sums import Inner, SumLaw, Term, exponent, level
from fit.points import Array, Inputs

ONE_BUDGET = (-1.4, 0.3)
"""Prior of log beta where one number of tokens leaves it to the mixtures: .25, a third either way, as data exponents
are. One budget hardly tells E, B and beta from each other; without a prior the search crawls along their valley."""


class MixtureFeatures(NamedTuple):
    """Centred logarithms and the mixture."""

    scale: Scales
    blend: BlendFeatures


class Transfer(SumLaw):
    """Chinchilla's law in the tokens that the mixture is worth to the target.

    D_eff = D x, x = sum_j tau_j s_j^g_j + t0 with s_j = S(D_j; U_j) / D. At one scale this is
    log L = log(E + exp(b - beta log x)). With g = 1 and t0 = 0 it is ATLAS' own form.
    """

    name: ClassVar[str] = "transfer"
    title: ClassVar[str] = "E + A / N^alpha + B / (D (sum_j tau_j S_j^g_j + t0))^beta"
    source: ClassVar[str] = "arXiv 2510.22037"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        found: list[Parameter] = [level("E")]
        found += [level("A"), exponent("alpha")] if space.varies_n else []
        found += data_parameters(space)
        self.blend = Blend(space, len(found))
        super().__init__(space, found + self.blend.parameters, ("E", "A", "B"))

    def features(self, inputs: Inputs) -> MixtureFeatures:
        """See `Law.features`."""
        return MixtureFeatures(scales(self.space, inputs), self.blend.features(inputs))

    def terms(self, theta: Array, features: MixtureFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        log_x, slopes = self.blend.evaluate(theta, features.blend, True, gradient)
        terms = [floor_term(self, theta, features.scale), *size_term(self, theta, features.scale.n)]
        return [*terms, *effective_term(self, theta, features.scale.d + log_x, 0)], [slopes]

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; exponents; tau, t0, g, lambda."""
        return {**natural_powers(self, theta), **self.blend.natural(theta)}


def data_parameters(space: Space) -> list[Parameter]:
    """B and beta, where tokens, mixtures or repetition can tell them."""
    if not (space.varies_d or len(space.components) > 1 or space.repeats):
        return []
    return [level("B"), exponent("beta", prior=None if space.varies_d else ONE_BUDGET)]


def effective_term(law: SumLaw, theta: Array, log_tokens: Array, inner: int) -> list[Term]:
    """B / D_eff^beta, where the law has it.

    Args:
        law: with B and beta.
        theta: (S, P).
        log_tokens: (S, R) log D_eff / D0.
        inner: number of the inner quantity that it moves with.
    """
    if "B" not in law.at:
        return []
    term, index = law.at["B"], law.at["beta"]
    power = np.exp(theta[:, index, None])
    fallen = power * log_tokens
    return [Term(theta[:, term, None] - fallen, [(term, 1.0), (index, -fallen)], ((inner, -power),))]
