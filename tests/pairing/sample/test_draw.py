"""A sample is seeded, stratified, and does not depend on the order of rows."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pairing.sample.draw import draw, shares

PAIRS = pl.DataFrame({"pair_id": [f"p{n:03d}" for n in range(60)], "languages": ["x"] * 40 + ["y"] * 15 + ["z"] * 5})


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 50), max_size=8), st.integers(1, 120))
def test_shares_sum_to_the_count_and_stay_within_one_of_proportion(sizes, count):
    dealt, total = shares(sizes, count), sum(sizes.values())
    assert sum(dealt.values()) == min(count, total)
    for name, size in sizes.items():
        assert 0 <= dealt[name] <= size
        assert not total or abs(dealt[name] - min(count, total) * size / total) < 1


def test_each_language_pair_has_its_share():
    drawn = draw(PAIRS, 12, seed=0)
    assert drawn.group_by("languages").len().sort("languages").rows() == [("x", 8), ("y", 3), ("z", 1)]


def test_a_draw_depends_on_the_seed_and_not_on_the_order_of_rows():
    assert draw(PAIRS, 12, 3).equals(draw(PAIRS.reverse(), 12, 3))
    assert not draw(PAIRS, 12, 3).equals(draw(PAIRS, 12, 4))


def test_a_larger_sample_of_one_stratum_holds_the_smaller():
    one = PAIRS.filter(pl.col("languages") == "x")
    assert set(draw(one, 5, 1)["pair_id"]) < set(draw(one, 9, 1)["pair_id"])


def test_asking_for_more_than_there_is_gives_all():
    assert draw(PAIRS, 1000, 0).height == 60
    assert draw(PAIRS.clear(), 5, 0).height == 0
