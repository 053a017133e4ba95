import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.ladder import LADDER, rung
from train.rates import HIGHEST, LOWEST, learning_rate


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_larger_models_never_take_a_higher_rate_and_the_ends_hold(one, other):
    small, large = sorted((one, other))
    assert HIGHEST >= learning_rate(small) >= learning_rate(large) >= LOWEST


def test_the_rule_halves_with_eight_times_the_parameters():
    assert learning_rate(108_000_000) == pytest.approx(0.00235)
    assert learning_rate(8 * 108_000_000) == pytest.approx(0.00235 / 2)
    assert learning_rate(64 * 108_000_000) == pytest.approx(0.00235 / 4)


def test_the_rule_agrees_with_the_fit_over_operations():
    # DeepSeek LLM, arXiv 2401.02954: 0.3118 x C ^ -0.1250, here at 20 tokens a parameter
    for found in LADDER:
        if found.parameters > 9e7:
            fit = 0.3118 * (6 * found.parameters * 20 * found.parameters) ** -0.125
            assert learning_rate(found.parameters) == pytest.approx(fit, rel=0.42)


@pytest.mark.parametrize(("name", "best"), [("0.05M", 5e-3), ("0.2M", 3.5e-3), ("1M", 2e-3)])
def test_small_rungs_are_within_a_factor_of_two_of_what_was_measured(name, best):
    assert 0.5 <= learning_rate(rung(name).parameters) / best <= 2


def test_only_the_small_rungs_are_capped():
    assert [r.name for r in LADDER if learning_rate(r.parameters) == HIGHEST][-1] == "50M"
    assert all(LOWEST < learning_rate(r.parameters) < HIGHEST for r in LADDER if r.parameters > 52e6)
