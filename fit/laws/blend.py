"""What a mixture is worth to one target: a concave sum of shares, x = sum_j tau_j s_j^g_j + t0.

x times D are effective tokens in the sense of ATLAS (arXiv 2510.22037): tau_own = 1, so that a token of the target's
own component counts one and a token of component j counts tau_j. Exponents below one say that the first tokens of a
component teach more than later ones; t0 is what any text teaches.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fit.laws.law import Parameter, Space
from fit.laws.sums import Inner
from fit.points import Array, Inputs

ABSENT = -1e3
"""Logarithm of a share of zero, which no positive double reaches: its power is zero for every exponent allowed."""
TAU = (-12.0, 3.0)
"""Bounds of log tau."""
OTHER = (-3.0, 2.0)
"""Prior of log tau of other components: a few hundredths, an order of magnitude either way."""
GENERAL = (0.0, 2.0)
"""The same where the target is no component: which scale tau has is then for the prior to say."""
CONCAVE = (-3.0, 0.0)
"""Bounds of log g: .05 to 1. Above 1 more tokens could predict a worse loss."""
CONCAVE_PRIOR = (-0.5, 0.5)
"""Prior of log g."""
FLOOR = (-4.0, 1.5)
"""Prior of log t0: beside tau_own = 1 it is small."""
LAMBDA = (-2.73, 1.5)
"""Prior of log lambda: repeats are worth as in arXiv 2305.16264, where 1 / lambda = 15.4. Runs without repetition
cannot tell; predictions with repetition then take the prior's mean."""


class BlendFeatures(NamedTuple):
    """What a blend needs of R places."""

    log_share: Array
    """(R, K), the own component last."""
    again: NDArray[np.int64]
    """(M,) flat indices into (R, K) of what is read more than once."""
    repeats: Array
    """(M,) how often beyond the first time, D_j / U_j - 1."""


class Blend:
    """The sum over components with its parameters, which start at an offset of a law's theta.

    With fewer than two components there is nothing to weigh: x = s.
    """

    def __init__(self, space: Space, first: int, tau: str = "tau", power: str = "g", floor: bool = True) -> None:
        """A blend for a law.

        Args:
            space: components, the own one, and whether any is repeated.
            first: index in theta of the first parameter.
            tau: symbol of the worth of a component.
            power: symbol of the exponents.
            floor: whether there is a t0.
        """
        self.space, self.first = space, first
        count = len(space.components)
        self.order = [j for j in range(count) if j != space.own] + ([] if space.own is None else [space.own])
        """Components with the own one last."""
        self.weighs = count > 1
        self.others = len(self.order) - (space.own is not None) if self.weighs else 0
        self.tau, self.power = tau, power
        self.parameters = [*self._weights(floor), *self._repetition(floor)]
        self.at = {parameter.symbol: first + index for index, parameter in enumerate(self.parameters)}

    def _weights(self, floor: bool) -> list[Parameter]:
        if not self.weighs:
            return []
        prior = GENERAL if self.space.own is None else OTHER
        start = (prior[0] - 1.5, prior[0] + 1.5)
        names = [self.space.components[j] for j in self.order[: self.others]]
        found = [Parameter(f"{self.tau}[{name}]", start, *TAU, prior) for name in names]
        found.append(Parameter(self.power, (-1.0, -0.1), *CONCAVE, CONCAVE_PRIOR))
        if self.space.own is not None:
            found.append(Parameter(f"{self.power}_own", (-1.0, -0.1), *CONCAVE, CONCAVE_PRIOR))
        if floor:
            found.append(Parameter("t0", (-5.0, -2.5), -12.0, 2.0, FLOOR))
        return found

    def _repetition(self, floor: bool) -> list[Parameter]:
        return [Parameter("lambda", (-4.0, 0.0), -7.0, 4.0, LAMBDA)] if self.space.repeats and floor else []

    def features(self, inputs: Inputs) -> BlendFeatures:
        """Logarithms of shares, and what is repeated."""
        share = inputs.shares[:, self.order]
        with np.errstate(divide="ignore"):
            log_share = np.maximum(np.log(share), ABSENT)
            epochs = (share * inputs.d[:, None] / inputs.unique[:, self.order]).ravel()
        again = np.flatnonzero(epochs > 1)
        return BlendFeatures(np.ascontiguousarray(log_share), again, epochs[again] - 1)

    def evaluate(self, theta: Array, features: BlendFeatures, repeat: bool, gradient: bool) -> tuple[Array, Inner]:
        """Logarithm of x, (S, R), and its derivatives.

        Args:
            theta: (S, P) of the law.
            features: of R places.
            repeat: whether what is repeated counts less.
            gradient: whether derivatives are wanted.
        """
        rows, count = features.log_share.shape
        if count == 0:
            return np.zeros((len(theta), rows)), []
        log_share, slope, where = features.log_share[None], None, None
        if repeat and len(features.again):
            where = self.at.get("lambda")
            known = np.full(len(theta), LAMBDA[0]) if where is None else theta[:, where]
            log_share, slope = self._repeated(known, features)
        if not self.weighs:
            found = np.broadcast_to(log_share[..., 0], (len(theta), rows))
            return found, ([(where, slope[..., 0])] if where is not None and slope is not None else [])
        value, part, powers = self._sum(theta, log_share)
        if not gradient:
            return value, []
        inner = self._slopes(theta, part, log_share, value)
        if where is not None and slope is not None:
            inner.append((where, np.einsum("srk,sk,srk->sr", part, powers, slope, optimize=True)))
        return value, inner

    def _sum(self, theta: Array, log_share: Array) -> tuple[Array, Array, Array]:
        """Logarithm of x, each component's part of x (S, R, K), and exponents (S, K)."""
        count = len(self.order)
        weight, powers = np.zeros((len(theta), count)), np.empty((len(theta), count))
        weight[:, : self.others] = theta[:, self.first : self.first + self.others]
        powers[:] = np.exp(theta[:, self.at[self.power], None])
        if self.space.own is not None:
            powers[:, -1] = np.exp(theta[:, self.at[f"{self.power}_own"]])
        part = powers[:, None, :] * log_share
        part += weight[:, None, :]
        np.exp(part, out=part)
        total = part.sum(axis=2)
        if "t0" in self.at:
            total += np.exp(theta[:, self.at["t0"], None])
        part /= total[..., None]
        return np.log(total), part, powers

    def _slopes(self, theta: Array, part: Array, log_share: Array, value: Array) -> Inner:
        others = self.others
        inner: Inner = [(slice(self.first, self.first + others), part[..., :others])]
        power = self.at[self.power]
        shape = "rk" if len(log_share) == 1 else "srk"
        held = log_share[0] if len(log_share) == 1 else log_share
        moved = np.einsum(f"srk,{shape}->sr", part[..., :others], held[..., :others])
        inner.append((power, np.exp(theta[:, power, None]) * moved))
        if self.space.own is not None:
            own = self.at[f"{self.power}_own"]
            inner.append((own, np.exp(theta[:, own, None]) * part[..., -1] * log_share[..., -1]))
        if "t0" in self.at:
            floor = self.at["t0"]
            inner.append((floor, np.exp(theta[:, floor, None] - value)))
        return inner

    def _repeated(self, log_lambda: Array, features: BlendFeatures) -> tuple[Array, Array]:
        """Logarithms of effective shares S(D_j; U_j) / D, and their derivatives in log lambda, (S, R, K)."""
        rows, count = features.log_share.shape
        log_worth, slope = worth(log_lambda, features.repeats)
        share = np.tile(features.log_share.ravel(), (len(log_lambda), 1))
        share[:, features.again] += log_worth
        slopes = np.zeros_like(share)
        slopes[:, features.again] = slope
        return share.reshape(-1, rows, count), slopes.reshape(-1, rows, count)

    def natural(self, theta: Array) -> dict[str, Array]:
        """Parameters by their symbols."""
        return {symbol: np.exp(theta[:, index]) for symbol, index in self.at.items()}


def worth(log_lambda: Array, repeats: Array) -> tuple[Array, Array]:
    """What a token is worth on average, (1 + (1 - exp(-lambda R)) / lambda) / (1 + R), for R repeats.

    Args:
        log_lambda: (S,).
        repeats: (M,) R > 0.

    Returns:
        Logarithm (S, M), and its derivative in log lambda.
    """
    rate = np.exp(log_lambda)[:, None]
    gone = np.exp(-rate * repeats)
    extra = -np.expm1(-rate * repeats) / rate
    slope = (repeats * gone - extra) / (1 + extra)
    return np.log1p(extra) - np.log1p(repeats), slope
