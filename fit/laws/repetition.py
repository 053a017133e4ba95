"""Chinchilla's law where data are repeated and models too large for them (arXiv 2305.16264, equation 6)."""

from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fit.laws.blend import worth
from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, floor_term, natural_powers, scales
from fit.laws.sums import Inner, SumLaw, Term, exponent, level
from fit.points import Array, Inputs, places

WORTH = (-3.0, 9.0)
"""Bounds of log R*: repeats are worth nothing, or almost as much as new tokens."""
WORTH_PRIOR = (2.2, 1.5)
"""Prior of log R_D* and log R_N*: 15.4 and 5.3 in the paper; few tables have runs on both sides of them."""

PUBLISHED = {"E": 0.6254804, "A": 6.255414, "alpha": 0.3526596, "B": 7.3049974, "R_N*": 5.309743, "R_D*": 15.387756}
"""Fit to C4 of arXiv 2305.16264: logarithms of E, A and B; alpha = beta."""


class RepetitionFeatures(NamedTuple):
    """Centred logarithms, what is repeated, and the unique tokens that a mixture amounts to."""

    scale: Scales
    log_share: Array
    """(R, K); one column of zeros without a mixture."""
    again: NDArray[np.int64]
    """(M,) flat indices into (R, K) of what is read more than once."""
    repeats: Array
    """(M,) D_j / U_j - 1."""
    unique: Array
    """(R,) log U / D0."""


class Repetition(SumLaw):
    """L = E + A / N'^alpha + B / D'^beta, N' and D' what size and tokens are worth beside the unique tokens.

    A repeat is worth e^(-R / R*) of a new token. Of a mixture every component repeats at its own pace: one that is
    read less than once has only new tokens, and D' = sum_j D'_j. How large a model pays depends on the unique tokens
    that the mixture amounts to, U = 1 / sum_j (p_j^2 / U_j): D over the mean number of epochs, sum_j U_j where shares
    are proportional to U_j, infinite where all U_j are. With one component both are as published. Runs without
    repetition are fitted by Chinchilla's law; predictions with repetition then take the published R_D*.
    """

    name: ClassVar[str] = "repetition"
    title: ClassVar[str] = (
        "E + A / (U_N + U_N R_N* (1 - e^(-R_N / R_N*)))^alpha + B / (U + U R_D* (1 - e^(-R_D / R_D*)))^beta"
    )
    source: ClassVar[str] = "arXiv 2305.16264"
    mixture: ClassVar[bool] = True

    def __init__(self, space: Space) -> None:
        found: list[Parameter] = [level("E")]
        found += [level("A"), exponent("alpha")] if space.varies_n else []
        found += [level("B"), exponent("beta")] if space.varies_d or space.repeats else []
        star = {"start": (0.5, 3.5), "low": WORTH[0], "high": WORTH[1], "prior": WORTH_PRIOR}
        found += [Parameter("R_N*", **star)] if space.repeats and space.varies_n else []  # type: ignore[arg-type]
        found += [Parameter("R_D*", **star)] if space.repeats else []  # type: ignore[arg-type]
        super().__init__(space, found, ("E", "A", "B"))

    def features(self, inputs: Inputs) -> RepetitionFeatures:
        """See `Law.features`."""
        share, limit = inputs.shares, inputs.unique
        if not share.shape[1]:
            share, limit = np.ones((len(inputs), 1)), np.full((len(inputs), 1), np.inf)
        with np.errstate(divide="ignore"):
            epochs = (share * inputs.d[:, None] / limit).ravel()
            log_share = np.log(share)
            unique = -np.log((share * share / limit).sum(axis=1) * self.space.d0)
        again = np.flatnonzero(epochs > 1)
        return RepetitionFeatures(scales(self.space, inputs), log_share, again, epochs[again] - 1, unique)

    def terms(self, theta: Array, features: RepetitionFeatures, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        terms = [floor_term(self, theta, features.scale)]
        if "A" in self.at:
            terms.append(self._size(theta, features))
        if "B" in self.at:
            terms.append(self._data(theta, features))
        return terms, []

    def _data(self, theta: Array, features: RepetitionFeatures) -> Term:
        """B / D'^beta."""
        at, rows = self.at, len(features.scale.d)
        log_tokens = np.broadcast_to(features.scale.d, (len(theta), rows))
        direct: list[tuple[int, Array | float]] = [(at["B"], 1.0)]
        power = np.exp(theta[:, at["beta"], None])
        if len(features.again):
            star = theta[:, at["R_D*"]] if "R_D*" in at else np.full(len(theta), np.log(PUBLISHED["R_D*"]))
            log_worth, slope = worth(-star, features.repeats)
            part = np.tile(np.exp(features.log_share).ravel(), (len(theta), 1))
            part[:, features.again] *= np.exp(log_worth)
            total = part.reshape(len(theta), rows, -1).sum(axis=2)
            moved = np.zeros_like(part)
            moved[:, features.again] = -slope * part[:, features.again]
            log_tokens = log_tokens + np.log(total)
            if "R_D*" in at:
                direct.append((at["R_D*"], -power * moved.reshape(len(theta), rows, -1).sum(axis=2) / total))
        fallen = power * log_tokens
        direct.append((at["beta"], -fallen))
        return Term(theta[:, at["B"], None] - fallen, direct)

    def _size(self, theta: Array, features: RepetitionFeatures) -> Term:
        """A / N'^alpha."""
        at, n = self.at, features.scale.n
        power = np.exp(theta[:, at["alpha"], None])
        if "R_N*" not in at:
            return Term(theta[:, at["A"], None] - power * n, [(at["A"], 1.0), (at["alpha"], -power * n)])
        best, slopes = self._best_size(theta, features)
        excess = np.maximum(n - best, 0.0)  # log N / U_N; U_N <= N
        limited = excess > 0
        # log N' = log U_N + log(1 + R* (1 - e^(-R / R*))) = log N + log worth(R)
        repeats = np.expm1(np.minimum(excess, 600.0))
        rate = np.exp(-theta[:, at["R_N*"], None])
        gone, extra = np.exp(-rate * repeats), -np.expm1(-rate * repeats) / rate
        log_size = np.where(limited, best, n) + np.log1p(extra)
        # in log U_N: 1 + d log(1 + extra) / d R * d R / d log U_N, d R / d log U_N = -(1 + R)
        inside = np.where(limited, 1 - gone * (1 + repeats) / (1 + extra), 0.0)
        direct: list[tuple[int, Array | float]] = [(at["A"], 1.0), (at["alpha"], -power * log_size)]
        direct.append((at["R_N*"], power * (repeats * gone - extra) / (1 + extra)))
        direct += [(index, -power * inside * slope) for index, slope in slopes]
        return Term(theta[:, at["A"], None] - power * log_size, direct)

    def _best_size(self, theta: Array, features: RepetitionFeatures) -> tuple[Array, list[tuple[int, Array]]]:
        """Logarithm of the compute-optimal size for the unique tokens, over N0, with its derivatives.

        G = (alpha A / (beta B))^(1 / (alpha + beta)) and U_N = (U G)^(beta / alpha) G, in units of N0 and D0.
        """
        at = self.at
        a, b = theta[:, at["alpha"], None], theta[:, at["beta"], None]
        alpha, beta = np.exp(a), np.exp(b)
        ratio = a + theta[:, at["A"], None] - b - theta[:, at["B"], None]
        # log U_N = (beta / alpha) log U + (1 + beta / alpha) log G; (1 + beta / alpha) / (alpha + beta) = 1 / alpha
        unique = features.unique
        best = beta / alpha * unique + ratio / alpha
        finite = np.where(np.isfinite(unique), unique, 0.0)
        slopes = [
            (at["A"], 1 / alpha),
            (at["B"], -1 / alpha),
            (at["alpha"], -beta / alpha * finite + (1 - ratio) / alpha),
            (at["beta"], beta / alpha * finite - 1 / alpha),
        ]
        return best, slopes

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; exponents; R_N* and R_D*."""
        stars: dict[str, Array] = {s: np.exp(theta[:, self.at[s]]) for s in ("R_N*", "R_D*") if s in self.at}
        return {**natural_powers(self, theta), **stars}


def published(n: float, d: float, unique: float) -> float:
    """The loss on C4 by the fit of arXiv 2305.16264.

    Args:
        n: parameters.
        d: tokens, repeats included.
        unique: unique tokens.
    """
    law = Repetition(Space(1.0, 1.0, ("c4",), own=0, repeats=True))
    known = PUBLISHED | {"beta": PUBLISHED["alpha"]}
    logs = {s: known[s] if s in ("E", "A", "B") else np.log(known[s]) for s in law.at}
    found = law.log_loss(np.array([logs[s] for s in law.at]), places(n, d, np.ones(1), ("c4",), np.array([unique])))
    return float(np.exp(found[0, 0]))
