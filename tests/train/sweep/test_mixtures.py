"""Mixtures by a rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.languages import LANGUAGE_NAMES
from train.sweep.config import Generator
from train.sweep.mixtures import generate, with_kept


def made(**options) -> list[dict[str, float]]:
    return [shares for _, shares in generate(Generator.model_validate(options))]


def exactly(shares: dict[str, float]) -> Fraction:
    return sum((Fraction(str(share)) for share in shares.values()), Fraction(0))


def test_vertices_pairs_and_uniform():
    assert made(generate="vertices", over=["go", "rust"]) == [{"go": 1.0}, {"rust": 1.0}]
    assert len(made(generate="pairs")) == 21
    (uniform,) = made(generate="uniform")
    assert set(uniform) == set(LANGUAGE_NAMES)
    assert set(uniform.values()) == {0.142857, 0.142858}, "whole millionths, by largest remainder"
    assert exactly(uniform) == 1


def test_kept_shares_are_exact_and_the_rest_is_scaled():
    assert made(generate="pairs", over=["go", "rust"], keep={"parallel": 0.1}) == [
        {"go": 0.45, "rust": 0.45, "parallel": 0.1}
    ]


def test_draws_are_the_same_everywhere_and_more_of_them_begin_with_the_fewer():
    few = made(generate="dirichlet", n=3, over=["python", "go", "rust"], seed=5)
    assert few[0] == {"python": 0.065049, "go": 0.306272, "rust": 0.628679}
    assert made(generate="dirichlet", n=9, over=["python", "go", "rust"], seed=5)[:3] == few
    assert made(generate="dirichlet", n=3, over=["python", "go", "rust"], seed=6) != few


@pytest.mark.parametrize(("concentration", "low", "high"), [(0.1, 0.75, 1.0), (1.0, 0.5, 0.7), (100.0, 0.33, 0.42)])
def test_the_concentration_moves_draws_from_the_corners_to_the_middle(concentration, low, high):
    draws = made(generate="dirichlet", n=200, over=["python", "go", "rust"], concentration=concentration)
    assert low < sum(max(shares.values()) for shares in draws) / 200 < high
    for name in ("python", "go", "rust"):  # the mean of a symmetric Dirichlet distribution
        assert abs(sum(shares.get(name, 0.0) for shares in draws) / 200 - 1 / 3) < 0.08


@given(
    weights=st.lists(st.floats(min_value=1e-9, max_value=1e9), min_size=1, max_size=7),
    kept=st.floats(min_value=0.0, max_value=0.99),
)
def test_shares_sum_to_exactly_one(weights, kept):
    shares = with_kept(dict(zip(LANGUAGE_NAMES, weights, strict=False)), {"parallel": kept})
    assert exactly(shares) == 1
    assert min(shares.values()) > 0
    assert abs(shares.get("parallel", 0.0) - kept) <= 1e-6


@pytest.mark.parametrize(
    "options",
    [
        {"generate": "pairs", "n": 3},
        {"generate": "uniform", "keep": {"parallel": 1.0}},
        {"generate": "uniform", "over": ["go"], "keep": {"go": 0.1}},
        {"generate": "uniform", "over": ["go", "go"]},
        {"generate": "dirichlet", "concentration": 0},
    ],
)
def test_rules_that_make_no_sense_are_refused(options):
    with pytest.raises(ValidationError):
        Generator.model_validate(options)
