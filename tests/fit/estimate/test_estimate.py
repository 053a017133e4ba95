from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.errors import ConfigError, StageError
from fit.estimate.estimate import fit, fit_target
from fit.estimate.loss import Loss
from fit.laws.law import Law, Parameter
from fit.laws.registry import LAWS
from fit.points import places, points

LOSSES = [Loss(), Loss("l1")]
EXPONENTS = ("alpha", "beta")


def test_parameters_without_noise_are_found_exactly(make_ladder, truth):
    found = fit(make_ladder(80, noise=0.0), "chinchilla")
    for symbol, value in truth.items():
        assert found.parameters[symbol] == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_nearly_all_starts_reach_the_optimum(runs, loss):
    found = fit_target(runs, "loss", "chinchilla", loss)
    assert found.reached >= 0.9
    assert found.starts == 48


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize(("n", "d"), [(1e-9, 1e-9), (1e-6, 1.0), (1.0, 1e3)])
def test_units_change_a_and_b_only(runs, loss, n, d):
    first = fit(runs, "chinchilla", loss).parameters
    other = points(places(runs.inputs.n * n, runs.inputs.d * d), runs.losses[:, 0])
    second = fit(other, "chinchilla", loss).parameters
    for symbol in ("E", *EXPONENTS):
        assert second[symbol] == pytest.approx(first[symbol], rel=1e-7)
    assert second["A"] == pytest.approx(first["A"] * n ** first["alpha"], rel=1e-6)
    assert second["B"] == pytest.approx(first["B"] * d ** first["beta"], rel=1e-6)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_the_order_of_rows_does_not_matter(runs, seed):
    order = np.random.default_rng(seed).permutation(len(runs))
    first, second = fit(runs, "chinchilla"), fit(runs.take(order), "chinchilla")
    assert second.parameters == pytest.approx(first.parameters, rel=1e-6)


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_a_duplicated_run_is_a_run_of_twice_the_weight(runs, loss):
    twice = runs.take(np.append(np.arange(len(runs)), [3, 3, 17]))
    weights = np.ones(len(runs))
    weights[3], weights[17] = 3, 2
    first = fit(twice, "chinchilla", loss).targets["loss"]
    second = fit(runs.weighted(weights), "chinchilla", loss).targets["loss"]
    assert first.objective == pytest.approx(second.objective, rel=1e-9)
    assert first.parameters == pytest.approx(second.parameters, rel=1e-5)


def test_the_same_seed_gives_the_same_bytes(runs):
    assert fit(runs, "chinchilla").record() == fit(runs, "chinchilla").record()


def test_one_exponent_for_both_is_the_tied_law(make_ladder):
    free = make_ladder(60, noise=0.0)
    n, d = free.inputs.n, free.inputs.d
    tied = points(places(n, d), 1.7 + 400 / n**0.33 + 900 / d**0.33)
    found = fit(tied, "chinchilla-tied").parameters
    assert set(found) == {"E", "A", "B", "alpha"}
    assert found["alpha"] == pytest.approx(0.33, rel=1e-6)
    assert found["B"] == pytest.approx(900, rel=1e-4)


def test_badly_tuned_runs_pull_less_with_a_one_sided_loss(make_ladder, truth):
    sound = make_ladder(120, noise=0.0005, heavy=False)
    bad = np.where(np.arange(120) % 4 == 0, 1.05, 1.0)[:, None]
    spoilt = replace(sound, losses=sound.losses * bad)
    least_squares = Loss("huber", 1.0)
    both = fit(spoilt, "chinchilla", least_squares).predict(sound.inputs) / sound.losses
    one = fit(spoilt, "chinchilla", Loss("huber", 1.0, overestimate=100.0)).predict(sound.inputs) / sound.losses
    assert abs(np.median(one) - 1) < 0.3 * abs(np.median(both) - 1)


def test_what_does_not_vary_is_left_out_of_the_law():
    d = np.geomspace(1e9, 1e11, 12)
    found = fit(points(places(1e8, d), 1.5 + 500 / d**0.3), "chinchilla").parameters
    assert set(found) == {"E", "B", "beta"}
    assert found["beta"] == pytest.approx(0.3, rel=1e-5)


def test_realised_tokens_that_differ_a_little_are_one_budget():
    n = np.geomspace(1e8, 1e10, 9)
    d = 1e9 * (1 + 0.001 * np.arange(9))
    assert set(fit(points(places(n, d), 1.5 + 50 / n**0.3), "chinchilla").parameters) == {"E", "A", "alpha"}


def test_short_ranges_and_loose_exponents_are_flagged():
    n, d = (grid.ravel() for grid in np.meshgrid(np.geomspace(1e8, 2e8, 4), np.geomspace(1e9, 3e9, 4)))
    rng = np.random.default_rng(0)
    noisy = (1.8 + 400 / n**0.34 + 900 / d**0.3) * np.exp(0.01 * rng.standard_normal(16))
    flags = " | ".join(fit(points(places(n, d), noisy), "chinchilla").targets["loss"].flags)
    assert "range of N too short" in flags
    assert "range of D too short" in flags
    assert "unidentified" in flags or "undetermined" in flags


def test_a_steep_exponent_of_data_is_flagged():
    n, d = (grid.ravel() for grid in np.meshgrid(np.geomspace(1e8, 3e9, 5), np.geomspace(2e9, 6.4e10, 6)))
    steep = fit(points(places(n, d), 0.5 + 20 / n**0.3 + (3e9 / d) ** 1.25), "chinchilla").targets["loss"]
    assert any("steeper than sound fits" in flag for flag in steep.flags)


def test_a_sound_ladder_has_no_flags(runs):
    assert fit(runs, "chinchilla").targets["loss"].flags == ()


def test_correlations_do_not_depend_on_the_loss_that_is_minimised(runs):
    conditions = [fit(runs, "chinchilla", loss).targets["loss"].condition for loss in LOSSES]
    assert conditions[1] == pytest.approx(conditions[0], rel=0.1)


def test_residuals_are_as_wide_as_the_noise(make_ladder):
    found = fit(make_ladder(400, noise=0.01, heavy=False), "chinchilla").targets["loss"]
    assert found.residual == pytest.approx(0.01, rel=0.15)


def test_too_few_points_are_refused_with_what_is_needed(runs):
    with pytest.raises(StageError, match=r"loss: 5 points for the law chinchilla, .* at least 6"):
        fit(runs.take(np.arange(5)), "chinchilla")


def test_points_without_a_loss_are_counted(runs):
    losses = np.concatenate([runs.losses, runs.losses], axis=1)
    losses[:30, 1] = np.nan
    two = replace(runs, losses=losses, targets=("a", "b"))
    found = fit(two, "chinchilla")
    assert found.targets["a"].excluded == {}
    assert found.targets["b"].excluded == {"no loss on b": 30}
    assert found.targets["b"].rows == len(runs) - 30
    assert set(found.parameters) == {"a", "b"}


def test_a_target_without_any_loss_is_refused(runs):
    empty = replace(runs, losses=np.full_like(runs.losses, np.nan))
    with pytest.raises(StageError, match="loss: no point has a loss on it"):
        fit(empty, "chinchilla")


def test_an_unknown_law_is_refused_with_those_there_are(runs):
    with pytest.raises(ConfigError, match=r"--law nonsense: .*chinchilla"):
        fit(runs, "nonsense")


class Rising(Law):
    """A law by which larger models are worse."""

    name = "rising"
    title = "c N^a"

    def __init__(self, space):
        super().__init__(space)
        self.parameters = (Parameter("c", (-1.0, 1.0)), Parameter("a", (0.01, 0.1)))

    def features(self, inputs):
        return np.log(inputs.n / self.space.n0)

    def evaluate(self, theta, features, gradient=True):
        value = theta[:, :1] + theta[:, 1:] * features
        return value, np.stack([np.ones_like(value), np.broadcast_to(features, value.shape)], axis=2)

    def natural(self, theta):
        return {"c": np.exp(theta[:, 0]), "a": theta[:, 1]}


def test_a_law_by_which_larger_models_are_worse_is_flagged(monkeypatch):
    monkeypatch.setitem(LAWS, "rising", Rising)
    n = np.geomspace(1e8, 1e9, 9)
    found = fit(points(places(n, 1e9), 2 * n**0.05), "rising").targets["loss"]
    assert "predicts that larger models (10 times) are worse: do not extrapolate with it" in found.flags
    sinking = fit(points(places(n, 1e9), 9 * n**-0.05), "rising").targets["loss"]
    assert not any("are worse" in flag for flag in sinking.flags)


def test_a_loss_is_taken_as_the_command_line_writes_it(runs):
    assert fit(runs, "chinchilla", "huber:1e-3").record() == fit(runs, "chinchilla", Loss()).record()
    with pytest.raises(ConfigError, match="--loss l2"):
        fit(runs, "chinchilla", "l2")
