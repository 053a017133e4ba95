"""The joint law in size, tokens and mixture: what a mixture is worth moves every term, not the data term alone."""

from typing import ClassVar

import numpy as np

from fit.laws.blend import Blend
from fit.laws.law import Parameter, Space
from fit.laws.powers import natural_powers, scales
from fit.laws.sums import Inner, SumLaw, Term, exponent, level
from fit.laws.transfer import MixtureFeatures, data_parameters, effective_term
from fit.points import Array, Inputs

SMALL = (-3.0, 1.0)
"""Prior of log eps and log kappa: .05, e either way. Floor and size term move far less with the mixture than the
data term does."""


class Joint(SumLaw):
    """Transfer law whose floor and size term fall with the mixture's worth, too, by small powers.

    x is as in the transfer law. Repetition makes less of the tokens in the data term only, so that more tokens never
    predict a worse loss.
    """

    name: ClassVar[str] = "joint"
    title: ClassVar[str] = "E x^-eps + A x^-kappa / N^alpha + B / (D x_S)^beta, x = sum_j tau_j h_j^g_j + t0"
    source: ClassVar[str] = "arXiv 2510.22037, 2507.09404"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        mixed = len(space.components) > 1
        found: list[Parameter] = [level("E")]
        found += [level("A"), exponent("alpha")] if space.varies_n else []
        found += data_parameters(space)
        found += [exponent("eps", (-4.0, -1.5), SMALL)] if mixed else []
        found += [exponent("kappa", (-4.0, -1.5), SMALL)] if mixed and space.varies_n else []
        self.blend = Blend(space, len(found))
        super().__init__(space, found + self.blend.parameters, ("E", "A", "B"))

    def features(self, inputs: Inputs) -> MixtureFeatures:
        """See `Law.features`."""
        return MixtureFeatures(scales(self.space, inputs), self.blend.features(inputs))

    def terms(self, theta: Array, features: MixtureFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        log_x, slopes = self.blend.evaluate(theta, features.blend, False, gradient)
        inner, log_s = [slopes], log_x
        if len(features.blend.again):
            log_s, slopes = self.blend.evaluate(theta, features.blend, True, gradient)
            inner.append(slopes)
        terms = [self._moved(theta, "E", "eps", log_x)]
        if "A" in self.at:
            size, power = self._moved(theta, "A", "kappa", log_x), self.at["alpha"]
            fallen = np.exp(theta[:, power, None]) * features.scale.n
            terms.append(Term(size.log - fallen, [*size.direct, (power, -fallen)], size.inner))
        return [*terms, *effective_term(self, theta, features.scale.d + log_s, len(inner) - 1)], inner

    def _moved(self, theta: Array, symbol: str, power: str, log_x: Array) -> Term:
        """A term times a power of x."""
        term = self.at[symbol]
        if power not in self.at:
            return Term(np.broadcast_to(theta[:, term, None], log_x.shape), [(term, 1.0)])
        exponent_ = np.exp(theta[:, self.at[power], None])
        fallen = exponent_ * log_x
        return Term(theta[:, term, None] - fallen, [(term, 1.0), (self.at[power], -fallen)], ((0, -exponent_),))

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; exponents; tau, t0, g, lambda."""
        powers: dict[str, Array] = {s: np.exp(theta[:, self.at[s]]) for s in ("eps", "kappa") if s in self.at}
        return {**natural_powers(self, theta), **powers, **self.blend.natural(theta)}
