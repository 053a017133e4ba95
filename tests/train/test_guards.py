import math

import pytest

from contracts.errors import StageError
from train.config import GuardConfig
from train.guards import FEWEST, WINDOW, Guard


def calm(guard, steps=FEWEST, loss=2.0):
    for step in range(steps):
        assert not guard.watch(step, loss, 1.0)


@pytest.mark.parametrize(("loss", "norm"), [(math.nan, 1.0), (math.inf, 1.0), (2.0, math.nan), (2.0, math.inf)])
def test_what_is_no_number_stops_the_run_and_says_how_to_go_on(loss, norm):
    guard = Guard(GuardConfig(skip_steps=(3,)))
    with pytest.raises(StageError, match=r"step 7: .*--set guards.skip_steps=\[3, 7\]"):
        guard.watch(7, loss, norm)


def test_a_spike_is_measured_against_the_recent_mean():
    guard = Guard(GuardConfig(spike=3.0))
    calm(guard)
    assert not guard.watch(10, 5.9, 1.0)
    assert guard.watch(11, 3.1 * (2.0 * FEWEST + 5.9) / (FEWEST + 1), 1.0)
    assert guard.spikes == 1


def test_the_first_losses_are_no_spikes():
    guard = Guard(GuardConfig(spike=1.1))
    assert not any(guard.watch(step, 2.0**step, 1.0) for step in range(FEWEST))
    assert guard.watch(FEWEST, 2.0**FEWEST, 1.0)


def test_too_many_spikes_stop_the_run():
    guard = Guard(GuardConfig(spike=2.0, max_spikes=1))
    calm(guard, WINDOW)
    assert guard.watch(50, 4.5, 1.0)
    with pytest.raises(StageError, match=r"spike number 2, above guards.max_spikes"):
        guard.watch(51, 9.0, 1.0)


def test_spikes_are_off_without_a_limit():
    guard = Guard(GuardConfig(spike=None))
    calm(guard)
    assert not guard.watch(10, 1e6, None)


def test_a_gradient_norm_above_the_limit_stops_the_run():
    guard = Guard(GuardConfig(max_gradient_norm=10.0))
    assert not guard.watch(0, 2.0, 10.0)
    with pytest.raises(StageError, match=r"step 1: gradient norm 11 is above guards.max_gradient_norm \(10\)"):
        guard.watch(1, 2.0, 11.0)


def test_a_guard_that_goes_on_judges_as_one_that_never_stopped():
    losses = [2.0, 2.1, 1.9, 2.2, 12.0, 2.0] * 20
    whole, part = Guard(GuardConfig(max_spikes=99)), Guard(GuardConfig(max_spikes=99))
    expected = [whole.watch(step, loss, None) for step, loss in enumerate(losses)]
    found = [part.watch(step, loss, None) for step, loss in enumerate(losses[:61])]
    again = Guard(GuardConfig(max_spikes=99), part.recent, part.spikes)
    found += [again.watch(step, loss, None) for step, loss in enumerate(losses[61:], 61)]
    assert found == expected and any(expected) and again.spikes == whole.spikes
