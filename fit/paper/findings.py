"""Eight places where arXiv 2512.13472 contradicts itself, each shown by a computation that could show otherwise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fit.paper import numbers
from fit.paper.equations import ALPHA_D, ALPHA_N, FLOORS, scale_law
from fit.paper.mixtures import as_corrected, as_printed, spread_over_units
from fit.paper.numbers import LANGUAGES
from fit.points import Array

SAME_SHARE = 0.01
"""Difference of shares below which two mixtures are the same."""
TWICE = 2.0
"""Ratio from which an exponent is out of line with other studies."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim, put to a test."""

    number: int
    claim: str
    computed: str
    """What comes out, in numbers."""
    contradicts: bool
    """Whether the numbers contradict the claim."""
    instead: str
    """What glotmix does."""


def findings() -> tuple[Finding, ...]:
    """All eight."""
    return tuple(check(number) for number, check in enumerate(_CHECKS, 1))


def _largest_exponents(number: int) -> Finding:
    large, small = numbers.CLAIMED_LARGEST_EXPONENTS, numbers.CLAIMED_SMALL_EXPONENTS
    places = {name: (_place(ALPHA_N, name), _place(ALPHA_D, name)) for name in (large, small)}
    told = "; ".join(f"{name}: alpha_N {n}. and alpha_D {d}. of {len(LANGUAGES)}" for name, (n, d) in places.items())
    return Finding(
        number,
        f"the text gives {large} the largest exponents and {small} small ones",
        f"figure 2, from the largest: {told}",
        places[large] != (1, 1) and min(places[small]) <= len(LANGUAGES) // 2,
        "exponents come from your runs, with intervals; no order is assumed",
    )


def _place(values: Array, name: str) -> int:
    """The place of a language among values, from the largest."""
    return int((values > values[LANGUAGES.index(name)]).sum()) + 1


def _vertex(number: int) -> Finding:
    printed, better = as_printed(), as_corrected()
    alone = sum(optimum.is_vertex for optimum in printed)
    names = sorted({optimum.largest for optimum in printed})
    inner = min(min(optimum.shares) for optimum in better)
    return Finding(
        number,
        "minimising equation 6 over p gives the mixture p* of section 6",
        f"its least value is one language alone for {alone} of {len(printed)} coefficients and units tried "
        f"({', '.join(names)}); the corrected form gives every language at least {inner:.1%}",
        alone == len(printed) and not any(optimum.is_vertex for optimum in better),
        "allocation minimises target-weighted losses of all languages, and refuses an optimum at a vertex",
    )


def _units(number: int) -> Finding:
    printed, better = spread_over_units(as_printed()), spread_over_units(as_corrected())
    factor = numbers.BILLION ** (ALPHA_N.max() - ALPHA_N.min())
    return Finding(
        number,
        "A and B of equation 6 are constants",
        f"N and D in ones, not billions, move a share of the optimum by {printed:.2f} (corrected: {better:.0e}); "
        f"A would have to differ {factor:.0e}-fold between languages",
        printed > SAME_SHARE > better,
        "terms are relative to reference scales N0 and D0, so units cancel",
    )


def _hull(number: int) -> Finding:
    starred = numbers.EQUATION_8
    pairs = {
        "alpha_N*": (starred.alpha_n, ALPHA_N),
        "alpha_D*": (starred.alpha_d, ALPHA_D),
        "L_inf*": (starred.floor, FLOORS),
    }
    outside = {
        name: (value, float(values.min()), float(values.max()))
        for name, (value, values) in pairs.items()
        if not values.min() <= value <= values.max()
    }
    told = "; ".join(f"{name} {value} is not in {low} to {high}" for name, (value, low, high) in outside.items())
    return Finding(
        number,
        "equation 8 is equation 6 at p*, whose exponents and floor are averages over languages",
        told or "all averages are possible",
        bool(outside),
        "each target has a law of its own; losses of generation and translation are not pooled",
    )


def _exchanged(number: int) -> Finding:
    size, tokens = numbers.TRANSLATION_SIZES[0], numbers.TRANSLATION_TOKENS
    printed = scale_law(numbers.EQUATION_4, size, tokens)
    other = [scale_law(numbers.EQUATION_4_EXCHANGED, n, tokens) for n in numbers.TRANSLATION_SIZES]
    unseen = scale_law(numbers.EQUATION_5, size, tokens)
    same = numbers.EQUATION_3.beta == numbers.EQUATION_4.beta
    return Finding(
        number,
        "equation 4 is the loss of seen directions",
        f"at {size}B it gives {printed:,.0f}, equation 5 {unseen:.3f}; with B and alpha exchanged "
        f"{' '.join(f'{value:.3f}' for value in other)}; beta {'equals' if same else 'differs from'} "
        "that of equation 3",
        printed > 100 * unseen and max(other) < 1,
        "the exchanged form is shown beside the printed one; printed coefficients are not used in fits",
    )


def _floor(number: int) -> Finding:
    floor, bar = numbers.EQUATION_3.floor, min(numbers.FIGURE_3_SHUFFLED)
    return Finding(
        number,
        "equation 3 describes the shuffled models of figure 3",
        f"its floor {floor} lies {'above' if floor > bar else 'below'} their lowest loss {bar}; at "
        f"{numbers.TRANSLATION_SIZES[-1]:g}B it gives {_shuffled():.3f}",
        floor > bar,
        "which directions a loss is over stands in the column's name: a direction, parallel, or unseen",
    )


def _shuffled() -> float:
    return scale_law(numbers.EQUATION_3, numbers.TRANSLATION_SIZES[-1], numbers.TRANSLATION_TOKENS)


def _claims(number: int) -> Finding:
    cut = numbers.CLAIMED_CUT
    largest = max(max(sizes) for sizes in numbers.DESIGN_SIZES.values())
    lost = sum(change < 0 for change in numbers.FIGURE_5_CHANGES)
    told = ", ".join(f"the {place} {name}" for place, name in cut.items())
    return Finding(
        number,
        f"models go up to {numbers.CLAIMED_LARGEST:g}B; one account of what the best mixture cuts",
        f"the designs list sizes up to {largest:g}B; cut are, by {told}; figure 5 (b) cuts {lost} of "
        f"{len(numbers.FIGURE_5_CHANGES)} languages, and its changes sum to {sum(numbers.FIGURE_5_CHANGES):+.2f}",
        len(set(cut.values())) > 1 and largest < numbers.CLAIMED_LARGEST,
        "allocation.json holds every share, with law, runs and limits that it came from",
    )


def _steep(number: int) -> Finding:
    others = numbers.OTHER_DATA_EXPONENTS
    ratios = ALPHA_D / max(others.values())
    return Finding(
        number,
        "alpha_D of figure 2 are exponents of data",
        f"they are {ALPHA_D.min():.2f} to {ALPHA_D.max():.2f}, at least {ratios.min():.1f} times the largest elsewhere"
        f" ({', '.join(f'{name} {value}' for name, value in others.items())})",
        bool(ratios.min() > TWICE),
        "exponents of data above 1 are flagged; --d-min auto leaves out the start of training, which causes them",
    )


_CHECKS: tuple[Callable[[int], Finding], ...] = (
    _largest_exponents,
    _vertex,
    _units,
    _hull,
    _exchanged,
    _floor,
    _claims,
    _steep,
)


def contradictions() -> int:
    """How many of the findings contradict the paper."""
    return int(np.sum([finding.contradicts for finding in findings()]))
