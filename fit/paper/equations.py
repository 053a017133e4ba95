"""Equations 1 to 8 of arXiv 2512.13472: as printed, and corrected where what is printed cannot be meant. Pure.

N and D are in billions where nothing else is said, as its printed values imply.
"""

from dataclasses import dataclass

import numpy as np

from fit.paper.numbers import FIGURE_2, LANGUAGES, TABLE_1_LOSSES, ScaleLaw
from fit.points import Array

COLUMN_ORDER = ("Python", "TypeScript", "Rust", "Java", "Go", "JavaScript", "C#")
"""Languages that the columns of table 1's losses belong to: found by trying all orders (`fit.paper.synergy`)."""

ALPHA_N: Array = np.array([FIGURE_2[name].alpha_n for name in LANGUAGES])
ALPHA_D: Array = np.array([FIGURE_2[name].alpha_d for name in LANGUAGES])
FLOORS: Array = np.array([FIGURE_2[name].floor for name in LANGUAGES])


def equation_1(n: float, d: float, n_c: float, d_c: float, alpha_n: float, alpha_d: float, floor: float) -> float:
    """Loss of one language: (N_c / N)^alpha_N + (D_c / D)^alpha_D + L_inf."""
    return float((n_c / n) ** alpha_n + (d_c / d) ** alpha_d + floor)


def equation_2_as_printed(mixed: float, alone: float) -> float:
    """Synergy L(i + j) - L(i + i), said to be a gain where positive: it is a loss there."""
    return mixed - alone


def equation_2(mixed: float, alone: float) -> float:
    """Synergy as every value that is quoted has it: L(i + i) - L(i + j), a gain where positive."""
    return alone - mixed


def scale_law(law: ScaleLaw, n: float, d: float) -> float:
    """Equations 3 to 5: A N^-alpha + B D^-beta + L_inf."""
    found: float = law.a * n**-law.alpha + law.b * d**-law.beta + law.floor
    return found


def realigned() -> Array:
    """Table 1's losses with rows and columns in the order of LANGUAGES."""
    return TABLE_1_LOSSES[:, [COLUMN_ORDER.index(name) for name in LANGUAGES]]


def gains(losses: Array) -> Array:
    """Gains in percent, 100 (self - mixed) / self; rows are targets, columns auxiliary languages."""
    alone = np.diag(losses)[:, None]
    return np.asarray(100 * (alone - losses) / alone)


def transfer() -> Array:
    """Gains as fractions, from the realigned table: tau_ij is what j gives to i, which i need not give to j."""
    return gains(realigned()) / 100


def equation_7(d: float, shares: Array, tau: Array, gamma: float) -> Array:
    """Effective tokens D (1 + gamma sum over i != j of p_i p_j tau_ij), (S,) for (S, K) shares.

    One number for all languages: whose transfer it is gets lost.
    """
    pairs = np.einsum("si,ij,sj->s", shares, tau - np.diag(np.diag(tau)), shares)
    return np.asarray(d * (1 + gamma * pairs))


@dataclass(frozen=True, slots=True)
class Mixture:
    """What equation 6 leaves open: coefficients, the strength of transfer, and the units of N and D."""

    a: float
    b: float
    gamma: float
    n: float
    d: float


def equation_6(shares: Array, at: Mixture) -> Array:
    """A N^-alpha_N(p) + B D_x^-alpha_D(p) + L_inf(p), exponents and floor averaged over shares: (S,) for (S, K)."""
    tokens = equation_7(at.d, shares, transfer(), at.gamma)
    size_term = at.a * at.n ** -(shares @ ALPHA_N)
    return np.asarray(size_term + at.b * tokens ** -(shares @ ALPHA_D) + shares @ FLOORS)


@dataclass(frozen=True, slots=True)
class Corrected:
    """The losses of all languages, each with its own effective tokens and terms relative to reference scales.

    L_i = L_inf,i + a (N / N0)^-alpha_N,i + b (D_i / D0)^-alpha_D,i with D_i = D (p_i + gamma sum_j tau_ij p_j). The
    coefficients a and b are losses at the reference scales, so units cancel. They are not printed: results hold for
    given ones only.
    """

    a: float
    b: float
    gamma: float
    n: float
    d: float
    n0: float
    d0: float


def corrected_losses(shares: Array, at: Corrected) -> Array:
    """(S, K) losses of the languages for (S, K) shares; inf where a language has no effective tokens."""
    tokens = at.d * (shares + at.gamma * shares @ transfer().T)
    reached = tokens > 0
    relative = np.where(reached, tokens, 1.0) / at.d0
    data_term = np.where(reached, at.b * relative**-ALPHA_D, np.inf)
    return np.asarray(FLOORS + at.a * (at.n / at.n0) ** -ALPHA_N + data_term)


def corrected(shares: Array, at: Corrected, weights: Array | None = None) -> Array:
    """(S,) mean of the languages' losses, by target weights (K,) that sum to 1; equal ones by default."""
    given = np.full(len(LANGUAGES), 1 / len(LANGUAGES)) if weights is None else weights
    return np.asarray(corrected_losses(shares, at) @ given)
