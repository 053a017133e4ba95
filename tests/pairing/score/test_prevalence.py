import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from pairing.score.prevalence import EDGES, LEAST, below, present, prevalence, reference

CALIBRATED = st.sampled_from([0.2, 0.425, 0.6])
LOG_ODDS = st.lists(st.floats(-8, 8), max_size=40)
SHARES = st.floats(LEAST, 1 - LEAST)


def of(log_odds, calibrated=0.4) -> float:
    return prevalence(np.array(log_odds, float), calibrated)


@given(LOG_ODDS, CALIBRATED)
def test_the_estimate_is_a_share_within_its_bounds(log_odds, calibrated):
    assert LEAST <= of(log_odds, calibrated) <= 1 - LEAST


@given(st.lists(st.tuples(st.floats(-8, 8), st.floats(0, 4)), max_size=40), CALIBRATED)
def test_surer_edges_never_lower_the_estimate(edges, calibrated):
    before, more = ([x for x, _ in edges], [x + added for x, added in edges])
    assert of(before, calibrated) <= of(more, calibrated)


@given(LOG_ODDS, st.lists(st.floats(0, 8), max_size=40), CALIBRATED)
def test_more_edges_that_are_no_likelier_than_usual_never_raise_it(log_odds, unlikely, calibrated):
    usual = float(logit(calibrated))
    assert of([*log_odds, *(usual - x for x in unlikely)], calibrated) <= of(log_odds, calibrated)
    assert of([*log_odds, *(usual + x for x in unlikely)], calibrated) >= of(log_odds, calibrated)


@given(st.permutations(np.linspace(-3, 3, 9).tolist()))
def test_the_order_of_edges_is_no_matter(log_odds):
    assert of(log_odds) == of(sorted(log_odds))


def test_no_edge_says_nothing_and_one_says_little():
    assert of([]) == pytest.approx(0.4)
    for log_odds in (-8.0, 8.0):
        assert abs(of([log_odds]) - 0.4) <= 0.6 / EDGES


@pytest.mark.parametrize("true", [0.02, 0.1, 0.4, 0.8])
def test_the_prevalence_of_a_corpus_is_found_by_a_score_that_was_calibrated_on_another(true):
    random = np.random.default_rng(0)
    right = np.arange(20_000) < 20_000 * true
    value = random.normal(np.where(right, 2.0, 0.0))  # log likelihood ratio: 2 value - 2
    assert of(2 * value - 2 + logit(0.4)) == pytest.approx(true, abs=0.015)


@pytest.mark.parametrize("log_odds", [-1e9, -60.0, 60.0, 1e9])
def test_edges_beyond_any_doubt_leave_it_finite(log_odds):
    found = of(np.full(100_000, log_odds))
    assert (found < 0.001) if log_odds < 0 else (found > 0.999)


def test_expectation_maximisation_stays_where_halving_stopped():
    log_odds = np.random.default_rng(1).normal(-1, 2, 5_000)
    share = of(log_odds)
    again = expit(log_odds + logit(share) - logit(0.4)).mean()
    assert again == pytest.approx(share, abs=0.001)  # less what the usual prevalence counts as


@given(SHARES, SHARES, SHARES)
def test_the_shift_is_never_positive_and_rarer_is_lower(first, second, lowest):
    rarer, commoner = sorted((first, second))
    assert below(rarer, lowest) <= below(commoner, lowest) <= 0
    assert below(lowest, lowest) == 0
    assert expit(logit(lowest) + below(rarer, lowest)) == pytest.approx(min(rarer, lowest))


@pytest.mark.parametrize(
    ("languages", "expected"), [(0, 0.1), (1, 0.1), (2, 0.1), (3, 0.3), (4, 0.3), (6, 0.3), (7, 0.4), (9, 0.4)]
)
def test_what_it_is_compared_with_is_that_of_the_next_smaller_number_of_languages(languages, expected):
    assert reference(languages, ((2, 0.1), (3, 0.3), (7, 0.4))) == expected


@pytest.mark.parametrize(("ends", "expected"), [([], 0), ([0, 1], 2), ([0] * 500 + [1] * 499 + [2], 2)])
def test_a_few_stray_files_of_a_language_do_not_count(ends, expected):
    assert present(np.array(ends, np.int64)) == expected
    assert present(np.array([*ends, *[4] * len(ends)], np.int64)) == expected + bool(ends)
