"""L = E + A K^phi / N^alpha + B K^psi / D_own^beta: what more languages cost (ATLAS, arXiv 2510.22037)."""

from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fit.laws.bimix import LEAST
from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, data_term, floor_term, natural_powers, scales, size_term
from fit.laws.sums import Inner, SumLaw, Term, exponent, level
from fit.laws.transfer import data_parameters
from fit.points import Array, Inputs

COST = 2.0
"""Bound of |phi| and |psi|."""
COST_PRIOR = (0.0, 0.5)
"""Prior of phi and psi: published are .11 and -.04; where K is the same everywhere they are zero."""


class MultilingualFeatures(NamedTuple):
    """Centred logarithms of N and of the own tokens, and log K (R,)."""

    scale: Scales
    languages: Array


class Multilingual(SumLaw):
    """The number K of components with a share, and the tokens D_own = p_own D of the target's own one.

    Where the target is no component its tokens are all tokens. An own share of zero has no loss.
    """

    name: ClassVar[str] = "multilingual"
    title: ClassVar[str] = "E + A K^phi / N^alpha + B K^psi / (p D)^beta, p the own share, K the number of components"
    source: ClassVar[str] = "arXiv 2510.22037"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        self.mixed = len(space.components) > 1
        found: list[Parameter] = [level("E")]
        found += [level("A"), exponent("alpha")] if space.varies_n else []
        found += data_parameters(space)
        symbols = ([*(["phi"] if space.varies_n else []), "psi"]) if self.mixed else []
        found += [Parameter(symbol, (-0.3, 0.3), -COST, COST, COST_PRIOR) for symbol in symbols]
        super().__init__(space, found, ("E", "A", "B"))

    def covers(self, inputs: Inputs) -> NDArray[np.bool_]:
        """Places that have some of the target's own component."""
        own = self.space.own
        return super().covers(inputs) if own is None else np.asarray(inputs.shares[:, own] > 0)

    def features(self, inputs: Inputs) -> MultilingualFeatures:
        """See `Law.features`."""
        scale, own = scales(self.space, inputs), self.space.own
        count = np.log(np.maximum((inputs.shares > 0).sum(axis=1), 1))
        if own is not None:
            scale = Scales(scale.n, scale.d + np.log(np.maximum(inputs.shares[:, own], LEAST)))
        return MultilingualFeatures(scale, count)

    def terms(self, theta: Array, features: MultilingualFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        terms = [floor_term(self, theta, features.scale)]
        found = [(size_term(self, theta, features.scale.n), "phi"), (data_term(self, theta, features.scale.d), "psi")]
        for term, symbol in ((part, symbol) for parts, symbol in found for part in parts):
            if symbol in self.at:
                power = self.at[symbol]
                moved = theta[:, power, None] * features.languages
                term = Term(term.log + moved, [*term.direct, (power, features.languages)])
            terms.append(term)
        return terms, []

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; exponents."""
        costs: dict[str, Array] = {symbol: theta[:, self.at[symbol]] for symbol in ("phi", "psi") if symbol in self.at}
        return {**natural_powers(self, theta), **costs}
