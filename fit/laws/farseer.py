"""Farseer: L = exp(s N^q + S) + exp(B N^b + Q) D^-exp(A N^a + F) (arXiv 2506.10972)."""

from typing import ClassVar

import numpy as np

from fit.laws.law import Parameter, Space
from fit.laws.powers import Scales, scales
from fit.laws.sums import TERM, Inner, SumLaw, Term
from fit.points import Array, Inputs

CURVED = (0.0, 0.5)
"""Prior of q, b and a: 0 is a power law in N; published are -.15 to .1."""
CURVE = 2.0
"""Bound of |q|, |b| and |a|."""
SLOPE = 5.0
"""Bound of the slopes in log N."""
STEEP = (-6.0, 1.6)
"""Bounds of the logarithm of the exponent of D at N0."""


class Farseer(SumLaw):
    """Exponents that change with the size.

    N^q stands for its centred form (n^q - 1) / q with n = N / N0, which becomes log n at q = 0, and D for D / D0: so
    parameters are of order one and do not trade for each other. The published form in D without a unit is one of
    many that units change; this one is not changed by them.
    """

    name: ClassVar[str] = "farseer"
    title: ClassVar[str] = (
        "exp(s n^(q) + S) + exp(B n^(b) + Q) d^-exp(A n^(a) + F), n^(q) = ((N / N0)^q - 1) / q, d = D / D0"
    )
    source: ClassVar[str] = "arXiv 2506.10972"

    def __init__(self, space: Space) -> None:
        found = [Parameter("S", (-1.5, 1.0), *TERM, unit="log loss")]
        found += _curve("s", "q", (-0.6, 0.0)) if space.varies_n else []
        if space.varies_d:
            found.append(Parameter("Q", (-1.5, 1.0), *TERM, unit="log loss"))
            found += _curve("B", "b", (-0.6, 0.3)) if space.varies_n else []
            found.append(Parameter("F", (-2.0, 0.0), *STEEP))
            found += _curve("A", "a", (-0.2, 0.2), (0.0, 0.5)) if space.varies_n else []
        super().__init__(space, found, ("S", "Q"))

    def features(self, inputs: Inputs) -> Scales:
        """See `Law.features`."""
        return scales(self.space, inputs)

    def _curved(self, theta: Array, slope: str, power: str, n: Array) -> tuple[Array, list[tuple[int, Array]]]:
        """Slope * (e^(power n) - 1) / power, and its derivatives."""
        if slope not in self.at:
            return np.zeros((len(theta), 1)), []
        i, j = self.at[slope], self.at[power]
        value, change = box_cox(theta[:, j, None], n)
        return theta[:, i, None] * value, [(i, value), (j, theta[:, i, None] * change)]

    def terms(self, theta: Array, features: Scales, gradient: bool) -> tuple[list[Term], list[Inner]]:
        """See `SumLaw.terms`."""
        at, (n, d) = self.at, features
        value, slopes = self._curved(theta, "s", "q", n)
        terms = [Term(np.broadcast_to(theta[:, :1] + value, (len(theta), len(n))), [(0, 1.0), *slopes])]
        if "Q" not in at:
            return terms, []
        value, slopes = self._curved(theta, "B", "b", n)
        bent, bends = self._curved(theta, "A", "a", n)
        fallen = np.exp(theta[:, at["F"], None] + bent) * d
        direct: list[tuple[int, Array | float]] = [(at["Q"], 1.0), *slopes, (at["F"], -fallen)]
        direct += [(index, -fallen * slope) for index, slope in bends]
        return [*terms, Term(theta[:, at["Q"], None] + value - fallen, direct)], []

    def natural(self, theta: Array) -> dict[str, Array]:
        """As in the title, for N / N0 and D / D0."""
        return {symbol: theta[:, index] for symbol, index in self.at.items()}


def _curve(
    slope: str, power: str, start: tuple[float, float], prior: tuple[float, float] | None = None
) -> list[Parameter]:
    return [Parameter(slope, start, -SLOPE, SLOPE, prior), Parameter(power, (-0.3, 0.3), -CURVE, CURVE, CURVED)]


def box_cox(power: Array, n: Array) -> tuple[Array, Array]:
    """(e^(power n) - 1) / power and its derivative in the power, also where the power is zero.

    Args:
        power: (S, 1).
        n: (R,).
    """
    x = power * n
    small = np.abs(x) < 1e-3
    safe = np.where(small, 1.0, x)
    ratio = np.where(small, 1 + x / 2 * (1 + x / 3 * (1 + x / 4)), np.expm1(safe) / safe)
    # d/dx of (e^x - 1) / x is (e^x (x - 1) + 1) / x^2
    slope = np.where(small, 0.5 + x / 3 + x * x / 8 + x**3 / 30, (np.exp(safe) * (safe - 1) + 1) / (safe * safe))
    return n * ratio, n * n * slope
