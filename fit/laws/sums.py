"""Laws that are sums of positive terms: the chain rule and starting points once for all of them."""

from abc import abstractmethod
from typing import Any, NamedTuple

import numpy as np

from fit.laws.begin import best_starts
from fit.laws.law import Law, Parameter, Space
from fit.laws.terms import log_sum
from fit.points import Array

TERM = (-14.0, 8.0)
"""Bounds of a term's logarithm at the reference scales; below e^-14 it is no part of any loss."""
EXPONENT = (-6.0, 0.7)
"""Bounds of an exponent's logarithm: .0025 to 2. Published exponents of sound fits lie within .05 to 1.4."""
LARGE = 150.0
"""Largest logarithm of a term at a start, whose square and fourth power are still numbers."""

Inner = list[tuple[int | slice, Array]]
"""An inner quantity's derivatives: where in theta, and (S, R) or, for a slice of k parameters, (S, R, k)."""


class Term(NamedTuple):
    """One positive term of a loss."""

    log: Array
    """Its logarithm, (S, R)."""
    direct: list[tuple[int, Array | float]]
    """Its logarithm's derivatives: index of the parameter, and what broadcasts to (S, R)."""
    inner: tuple[tuple[int, Array], ...] = ()
    """Its logarithm's derivatives in inner quantities that terms share: which one, and what broadcasts to (S, R)."""


def level(symbol: str, unit: str = "loss") -> Parameter:
    """Logarithm of a term at the reference scales."""
    return Parameter(symbol, start=(-1.5, 1.0), low=TERM[0], high=TERM[1], unit=unit)


def exponent(
    symbol: str, start: tuple[float, float] = (-2.5, 0.3), prior: tuple[float, float] | None = None
) -> Parameter:
    """Logarithm of a positive exponent."""
    return Parameter(symbol, start=start, low=EXPONENT[0], high=EXPONENT[1], prior=prior)


class SumLaw(Law):
    """A law whose loss is a sum of terms; subclasses give the terms."""

    def __init__(self, space: Space, parameters: list[Parameter], levels: tuple[str, ...]) -> None:
        """A law with these parameters.

        Args:
            space: what the law is made for.
            parameters: entries of theta.
            levels: symbols of the terms' logarithms, in the order of the terms; those that are no parameter do not
                count.
        """
        super().__init__(space)
        self.parameters = tuple(parameters)
        self.at = {parameter.symbol: index for index, parameter in enumerate(parameters)}
        """Symbol to index in theta."""
        self._levels = tuple(self.at[symbol] for symbol in levels if symbol in self.at)

    def levels(self) -> tuple[int, ...]:
        """The logarithms of terms."""
        return self._levels

    @abstractmethod
    def terms(self, theta: Array, features: Any, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """The terms, in the order of `levels`, and the derivatives of the inner quantities if wanted."""

    def evaluate(self, theta: Array, features: Any, gradient: bool = True) -> tuple[Array, Array | None]:
        """See `Law.evaluate`."""
        terms, inner = self.terms(theta, features, gradient)
        value, shares = log_sum([term.log for term in terms])
        if not gradient:
            return value, None
        slopes = np.zeros((*value.shape, self.size))
        factors = [np.zeros(()) for _ in inner]
        for term, share in zip(terms, shares, strict=True):
            for index, slope in term.direct:
                slopes[..., index] += share * slope
            for which, factor in term.inner:
                factors[which] = factors[which] + share * factor
        for factor, parts in zip(factors, inner, strict=True):
            for where, change in parts:
                if isinstance(where, slice):
                    slopes[..., where] += factor[..., None] * change
                else:
                    slopes[..., where] += factor * change
        return value, slopes

    def starts(self, features: Any, log_loss: Array, weights: Array, count: int, rng: np.random.Generator) -> Array:
        """The best of many random exponents and shares, with the terms by relative least squares, which is linear."""
        return best_starts(self, features, log_loss, weights, count, rng)

    def basis(self, theta: Array, features: Any) -> Array:
        """(S, R, C) terms without their levels, for starts: theta has zero levels."""
        terms, _ = self.terms(theta, features, gradient=False)
        logs = np.stack([np.broadcast_to(term.log, terms[0].log.shape) for term in terms], axis=2)
        return np.asarray(np.exp(np.minimum(logs, LARGE)))
