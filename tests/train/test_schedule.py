import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.schedule import Leg, Schedule, legs

schedules = st.builds(
    Schedule, kind=st.just("wsd"), warmup=st.integers(0, 50), decay=st.floats(0.01, 1.0), floor=st.floats(0.0, 0.5)
)


@given(schedules, st.lists(st.integers(60, 4000), min_size=1, max_size=6, unique=True).map(sorted))
def test_every_point_is_reached_by_an_unbroken_path_of_steps(schedule, points):
    done = legs(schedule, points)
    trunk = [leg for leg in done if leg.end is None]
    assert all(a.stop == b.start for a, b in itertools.pairwise(trunk))
    assert not trunk or trunk[0].start == 0
    branches = [leg for leg in done if leg.end is not None]
    assert [leg.stop for leg in branches] == [leg.end for leg in branches] == points
    reached = 0
    for leg in done:
        assert leg.start <= leg.stop
        if leg.end is None:
            reached = leg.stop
        else:
            assert leg.start == schedule.branch_start(leg.end) <= max(reached, 0)


@given(schedules, st.integers(60, 4000))
def test_a_branch_agrees_with_the_trunk_until_it_leaves_and_then_falls_to_the_floor(schedule, end):
    leave = schedule.branch_start(end)
    assert schedule.warmup <= leave < end
    for step in {0, schedule.warmup, leave - 1} & set(range(leave)):
        assert schedule.rate(step, end) == schedule.rate(step, None)
    falling = [schedule.rate(step, end) for step in range(leave, end)]
    assert all(a >= b for a, b in itertools.pairwise(falling))
    assert falling[-1] == pytest.approx(schedule.floor)


@pytest.mark.parametrize(
    ("kind", "step", "end", "rate"),
    [
        ("wsd", 0, None, 0.1),
        ("wsd", 9, None, 1.0),
        ("wsd", 500, None, 1.0),
        ("wsd", 99, 100, 0.1),
        ("cosine", 0, 100, 0.1),
        ("cosine", 10, 100, 1.0),
        ("cosine", 55, 100, 0.55),
        ("cosine", 100, 100, 0.1),
    ],
)
def test_rates(kind, step, end, rate):
    schedule = Schedule(kind, warmup=10, decay=0.2, floor=0.1)
    assert schedule.rate(step, end) == pytest.approx(rate)


def test_a_cosine_run_is_one_leg_and_has_no_trunk():
    schedule = Schedule("cosine", warmup=10, decay=0.2, floor=0.1)
    assert legs(schedule, [100]) == [Leg(0, 100, 100)]
    with pytest.raises(ValueError, match="one point"):
        legs(schedule, [50, 100])
    with pytest.raises(ValueError, match="has an end"):
        schedule.rate(0, None)
