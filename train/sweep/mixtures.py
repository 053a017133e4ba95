"""Mixtures by a rule: shares that sum to exactly 1 in millionths. Pure, and the same on every machine."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from scipy.special import gammaincinv

from contracts.languages import LANGUAGE_NAMES
from contracts.manifest import digest
from mixer.planning.shares import largest_remainder
from train.sweep.config import Generator

PARTS = 1_000_000
"""Shares are whole millionths, so that they are written out exactly and sum to 1."""


def generate(rule: Generator) -> list[tuple[str, dict[str, float]]]:
    """The mixtures of a rule: label and shares."""
    over = rule.over or LANGUAGE_NAMES
    if rule.generate == "vertices":
        found = [(name, {name: 1.0}) for name in over]
    elif rule.generate == "pairs":
        pairs = [(a, b) for i, a in enumerate(over) for b in over[i + 1 :]]
        found = [(f"{a}-{b}", {a: 0.5, b: 0.5}) for a, b in pairs]
    elif rule.generate == "uniform":
        found = [("uniform", dict.fromkeys(over, 1.0))]
    else:
        found = [(f"dirichlet-{number}", _drawn(rule, over, number)) for number in range(rule.n)]
    return [(label, with_kept(shares, rule.keep)) for label, shares in found]


def with_kept(weights: Mapping[str, float], keep: Mapping[str, float]) -> dict[str, float]:
    """The weights as shares of what `keep` leaves, and the kept shares, in whole millionths; none of 0.

    Args:
        weights: non-negative, of any sum above 0.
        keep: shares of other components.
    """
    kept = {name: Fraction(str(float(share))) for name, share in keep.items()}
    whole, rest = sum(map(Fraction, weights.values())), 1 - sum(kept.values(), Fraction(0))
    quotas = {name: Fraction(w) / whole * rest * PARTS for name, w in weights.items()}
    quotas |= {name: share * PARTS for name, share in kept.items()}
    counts = largest_remainder(quotas, PARTS)
    return {name: count / PARTS for name, count in counts.items() if count}


def _drawn(rule: Generator, over: Sequence[str], number: int) -> dict[str, float]:
    """One draw of a Dirichlet distribution: gamma variates by inversion, each of a hash of its own."""
    uniforms = [_uniform(f"{rule.seed}/{number}/{name}") for name in over]
    return {name: float(gammaincinv(rule.concentration, u)) for name, u in zip(over, uniforms, strict=True)}


def _uniform(key: str) -> float:
    """A number strictly between 0 and 1 that depends on the key only."""
    return (int(digest(["dirichlet", key])[:13], 16) + 0.5) / 16**13
