"""Where equation 6 is least as printed, and where the corrected form is. Pure."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from fit.paper.equations import Corrected, Mixture, corrected, equation_6
from fit.paper.numbers import ALLOCATION_SIZE, ALLOCATION_TOKENS, BILLION, LANGUAGES
from fit.paper.optimum import least

COEFFICIENTS = (0.05, 0.5, 5.0)
"""A and B that are tried: equations 3 to 5 print A of .035 to .16 and B of 4.5 to 9.6."""
STRENGTHS = (0.0, 1.0, 10.0)
"""gamma that is tried in equation 6; it is not printed."""
CORRECTED_STRENGTHS = (0.0, 0.5, 1.0)
"""gamma of the corrected form. At 1 a token of another language counts as its printed gain. From about 3 on Java,
whose row of table 1 is an outlier, is learned from other languages alone."""
REFERENCE_SIZE, REFERENCE_TOKENS = 1.3, 64.0
"""Reference scales of the corrected form, in billions: inside the study of section 3."""
VERTEX = 0.999
"""Share from which a mixture is one language."""
UNITS = {"billions": 1.0, "single": BILLION}
"""Units in which N and D are counted: a factor for numbers given in billions."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best mixture for given coefficients."""

    form: str
    units: str
    a: float
    b: float
    gamma: float
    shares: tuple[float, ...]
    value: float

    @property
    def largest(self) -> str:
        """The language with the largest share."""
        return LANGUAGES[int(np.argmax(self.shares))]

    @property
    def is_vertex(self) -> bool:
        """Whether it is one language alone."""
        return max(self.shares) >= VERTEX


@cache
def as_printed() -> tuple[Optimum, ...]:
    """Equation 6 at the scale of the allocation study, for every combination of coefficients and units."""
    found = []
    for units, factor in UNITS.items():
        for a in COEFFICIENTS:
            for b in COEFFICIENTS:
                for gamma in STRENGTHS:
                    at = Mixture(a, b, gamma, ALLOCATION_SIZE * factor, ALLOCATION_TOKENS * factor)
                    shares, value = least(lambda p, at=at: equation_6(p, at), len(LANGUAGES))  # type: ignore[misc]
                    found.append(Optimum("as printed", units, a, b, gamma, tuple(shares.tolist()), value))
    return tuple(found)


@cache
def as_corrected() -> tuple[Optimum, ...]:
    """The corrected form at the same scale."""
    found = []
    for units, factor in UNITS.items():
        for gamma in CORRECTED_STRENGTHS:
            at = Corrected(
                a=1.0,
                b=1.0,
                gamma=gamma,
                n=ALLOCATION_SIZE * factor,
                d=ALLOCATION_TOKENS * factor,
                n0=REFERENCE_SIZE * factor,
                d0=REFERENCE_TOKENS * factor,
            )
            shares, value = least(lambda p, at=at: corrected(p, at), len(LANGUAGES))  # type: ignore[misc]
            found.append(Optimum("corrected", units, at.a, at.b, gamma, tuple(shares.tolist()), value))
    return tuple(found)


def spread_over_units(found: tuple[Optimum, ...]) -> float:
    """The largest difference of a share between the units, coefficients being the same."""
    by_key: dict[tuple[float, float, float], list[tuple[float, ...]]] = {}
    for optimum in found:
        by_key.setdefault((optimum.a, optimum.b, optimum.gamma), []).append(optimum.shares)
    return max(float(np.ptp(np.array(shares), axis=0).max()) for shares in by_key.values())
