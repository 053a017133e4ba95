"""The arithmetic of precision, recall, intervals and thresholds."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.evaluate.measure import Score, at, curve, macro, sliced, threshold_for, total, wilson
from pairing.evaluate.truth import NEGATIVE, POSITIVE, UNKNOWN

JUDGED = pl.DataFrame(
    [(0.9, POSITIVE, "x"), (0.8, NEGATIVE, "x"), (0.8, POSITIVE, "y"), (0.4, UNKNOWN, "y"), (0.3, POSITIVE, "z")],
    schema=["score", "truth", "languages"],
    orient="row",
)


def test_micro_scores_leave_unknown_pairs_out():
    score = total(JUDGED, gold=6)
    assert (score.right, score.predicted, score.gold) == (3, 4, 6)
    assert (score.precision, score.recall, score.f1) == (0.75, 0.5, 0.6)


def test_nothing_predicted_and_no_gold_give_no_shares_and_no_division_by_zero():
    assert (Score(0, 0, 0).precision, Score(0, 0, 0).recall, Score(0, 0, 0).f1) == (None, None, 0.0)


def test_slices_count_their_own_gold_and_those_without_predictions_are_there():
    true = pl.DataFrame({"languages": ["x", "x", "w"]})
    assert sliced(JUDGED, true, "languages") == {
        "w": Score(0, 0, 1), "x": Score(1, 2, 2), "y": Score(1, 1, 0), "z": Score(1, 1, 0)
    }  # fmt: skip


def test_a_macro_average_is_over_slices_with_enough_gold():
    assert macro({"a": Score(10, 10, 10), "b": Score(0, 5, 20), "c": Score(9, 9, 9)}) == 0.5
    assert macro({"c": Score(9, 9, 9)}) is None


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_intervals_are_those_of_the_books(hits, cases, low, high):
    assert wilson(hits, cases) == pytest.approx((low, high), abs=1e-4)


def test_no_cases_have_no_interval():
    assert wilson(0, 0) is None


def test_the_curve_by_hand():
    found = curve(JUDGED, gold=6)
    assert found.select("threshold", "pairs", "right").rows() == [(0.3, 4, 3), (0.8, 3, 2), (0.9, 1, 1)]
    assert found["precision"].to_list() == [0.75, pytest.approx(2 / 3), 1.0]
    assert found["recall"].to_list() == [0.5, pytest.approx(1 / 3), pytest.approx(1 / 6)]


def test_pairs_without_a_score_stay_at_every_threshold():
    judged = pl.concat(
        [JUDGED, pl.DataFrame({"score": [None], "truth": [POSITIVE], "languages": ["x"]})], how="vertical_relaxed"
    )
    assert curve(judged, gold=6)["pairs"].to_list() == [5, 4, 2]


def test_the_threshold_for_a_precision_keeps_the_most_right_pairs():
    found = curve(JUDGED, gold=6)
    assert threshold_for(found, 0.7)["threshold"] == 0.3
    assert threshold_for(found, 0.8)["threshold"] == 0.9
    assert threshold_for(found.filter(pl.col("threshold") < 0.9), 0.8) is None


def test_round_thresholds_show_what_is_left_from_there_on():
    shown = at(curve(JUDGED, gold=6), (0.0, 0.1, 0.5, 0.85, 0.95))
    assert shown.select("threshold", "pairs").rows() == [(0.1, 4), (0.5, 3), (0.85, 1)]


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1, max_size=40))
def test_every_row_of_a_curve_is_what_filtering_by_its_threshold_gives(pairs):
    judged = pl.DataFrame(
        {
            "score": pl.Series([s for s, _ in pairs], dtype=pl.Float32),
            "truth": [POSITIVE if right else NEGATIVE for _, right in pairs],
        }
    )
    found = curve(judged, gold=50)
    for row in found.iter_rows(named=True):
        kept = [right for score, right in pairs if score >= row["threshold"]]
        assert (row["pairs"], row["right"]) == (len(kept), sum(kept))
    assert found["pairs"].max() == len(pairs)
