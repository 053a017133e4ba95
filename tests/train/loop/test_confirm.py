"""Verdicts on confirmation runs: a table of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.loop.confirm import compare, in_words

NOISE = [0.010, -0.010, 0.002]


def seeds(mean: float, spread: float = 1.0) -> list[float]:
    return [mean + spread * part for part in NOISE]


@pytest.mark.parametrize(
    "proposed, other, verdict",
    [
        (seeds(5.0), seeds(5.5), "better"),
        (seeds(5.5), seeds(5.0), "worse"),
        (seeds(5.0), seeds(5.001), "within noise"),
        (seeds(5.0), seeds(5.0), "within noise"),
        (seeds(5.0, 50), seeds(5.5, 50), "within noise"),
        (seeds(5.0, 0), seeds(5.1, 0), "better"),
        (seeds(5.0, 0), seeds(5.0, 0), "within noise"),
        ([5.0, 5.01], [5.4, 5.41], "better"),
        ([5.0, 5.4], [5.5, 5.9], "within noise"),
        ([5.0], [6.0], "not known"),
        ([5.0, 5.0], [6.0], "not known"),
    ],
)
def test_the_verdict_weighs_the_difference_against_the_seeds(proposed, other, verdict):
    found = compare("uniform", proposed, other)
    assert found.verdict == verdict
    assert (found.low is None) == (verdict == "not known")


def test_the_interval_is_that_of_welch():
    from scipy import stats

    first, second = [5.01, 5.05, 4.98, 5.02], [5.10, 5.04, 5.20, 5.09]
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    found = compare("uniform", first, second)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(st.lists(st.floats(1, 9), min_size=2, max_size=6), st.lists(st.floats(1, 9), min_size=2, max_size=6))
def test_exchanging_the_sides_turns_the_verdict_round(first, second):
    there, back = compare("a", first, second), compare("a", second, first)
    assert back.verdict == {"better": "worse", "worse": "better"}.get(there.verdict, there.verdict)
    assert back.difference == pytest.approx(-there.difference)


@pytest.mark.parametrize(
    "proposed, other, said",
    [
        (seeds(5.0), seeds(5.5), "better than uniform at toy scale by 0.5000 nats"),
        (seeds(5.0), seeds(5.0), "no difference to uniform beyond the noise of the seeds at toy scale"),
        ([5.0], [5.5], "one seed: 0.5000 nats below uniform, with a noise that is not known"),
    ],
)
def test_the_words_say_what_was_found_and_at_which_scale(proposed, other, said):
    assert said in in_words(compare("uniform", proposed, other), "nats", toy=True)
    assert "toy" not in in_words(compare("uniform", proposed, other), "nats", toy=False)
