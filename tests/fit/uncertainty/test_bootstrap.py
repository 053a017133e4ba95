"""Resampling by run: shared by all targets, deterministic, and as wide as theory says."""

import json

import numpy as np
import pytest

from contracts.errors import ConfigError
from fit.estimate.estimate import fit
from fit.estimate.loss import Loss
from fit.points import places, points
from fit.uncertainty.bootstrap import MOST, MOST_WEIGHTS, bootstrap, check_count, resample, restore
from fit.uncertainty.sandwich import linear_fit


def ladder(rows=80, noise=0.003, seed=0, runs=None, targets=("loss",)):
    rng = np.random.default_rng(seed)
    n, d = 10 ** rng.uniform(7.5, 9.5, rows), 10 ** rng.uniform(9, 11, rows)
    exact = 1.8 + 480 / n**0.35 + 2100 / d**0.37
    loss = exact[:, None] * np.exp(noise * rng.normal(size=(rows, len(targets))))
    return points(places(n, d), loss, targets, runs)


def test_the_same_seed_gives_the_same_draws_and_another_one_others():
    data = ladder()
    found = fit(data, "chinchilla")
    first, second, other = (bootstrap(found, data, 20, seed).thetas["loss"] for seed in (3, 3, 4))
    assert np.array_equal(first, second)
    assert not np.allclose(first, other)


def test_draws_spread_as_the_linearised_fit_says():
    data = ladder(200)
    found = fit(data, "chinchilla")
    spread = bootstrap(found, data, 200).thetas["loss"].std(axis=0)
    expected = np.sqrt(np.diag(linear_fit(found.targets["loss"], data)[1].covariance))
    assert 0.7 < np.median(spread / expected) < 1.4


def test_each_draw_reaches_the_optimum_that_many_starts_find():
    data = ladder(120)
    found = fit(data, "chinchilla")
    drawn = bootstrap(found, data, 3, seed=1)
    counts = resample(120, 3, drawn.replace, np.random.default_rng(1))
    for weights, theta in zip(counts, drawn.thetas["loss"], strict=True):
        again = fit(data.weighted(weights), "chinchilla").targets["loss"]
        difference = again.law.log_loss(np.stack([again.theta, theta]), data.inputs)
        residual = np.log(data.loss("loss")) - difference
        assert again.loss.sum(residual, weights)[1] <= again.objective * (1 + 1e-5)


def test_points_of_one_run_are_drawn_together():
    runs = np.repeat(np.arange(40), 5)
    data = ladder(200, runs=runs)
    # the points of a run repeat each other: as rows they would seem five times the evidence
    first = np.repeat(np.arange(0, 200, 5), 5)
    data = points(data.inputs.take(first), data.losses[first], runs=runs)
    alone = points(data.inputs, data.losses)
    by_run = bootstrap(fit(data, "chinchilla"), data, 60).thetas["loss"][:, 0].std()
    by_row = bootstrap(fit(alone, "chinchilla"), alone, 60).thetas["loss"][:, 0].std()
    assert by_run > 1.5 * by_row


def test_targets_share_one_resampling():
    data = ladder(100, targets=("a", "b"))
    data = points(data.inputs, np.stack([data.losses[:, 0], data.losses[:, 0]], axis=1), ("a", "b"))
    drawn = bootstrap(fit(data, "chinchilla"), data, 10)
    prediction = drawn.predict(places(1e10, 1e12))
    assert prediction.shape == (10, 1, 2)
    assert np.allclose(prediction[..., 0], prediction[..., 1], rtol=1e-5)


def test_few_runs_get_weights_that_leave_none_out():
    few, many = (resample(6, 50, replace, np.random.default_rng(0)) for replace in (False, True))
    assert (few > 0).all() and not (many > 0).all()
    assert np.allclose(few.mean(axis=1), 1) and np.allclose(many.mean(axis=1), 1)


def test_a_record_is_restored_and_one_of_another_fit_is_refused():
    data = ladder()
    found = fit(data, "chinchilla")
    drawn = bootstrap(found, data, 8)
    again = restore(json.loads(json.dumps(drawn.record())), found)
    place = places(1e9, 1e10)
    assert np.allclose(again.predict(place), drawn.predict(place), rtol=1e-6)
    assert np.allclose(again.covariance["loss"], drawn.covariance["loss"])
    with pytest.raises(ConfigError, match="not of this law"):
        restore(drawn.record(), fit(data, "chinchilla-tied"))
    with pytest.raises(ConfigError, match="damaged"):
        restore({"count": 8}, found)


def test_least_absolute_deviations_are_resampled_too():
    data = ladder(100)
    found = fit(data, "chinchilla", Loss("l1"))
    low, high = bootstrap(found, data, 60).interval("loss")["alpha"]
    assert low < found.parameters["alpha"] < high
    assert high - low < 0.1


@pytest.mark.parametrize("count", [0, -1, MOST + 1, 10**8])
def test_numbers_of_resamplings_that_cannot_be_are_refused(count):
    data = ladder()
    with pytest.raises(ConfigError, match=f"--bootstrap {count}: allowed are 1 to 100,000"):
        bootstrap(fit(data, "chinchilla"), data, count)


def test_resamplings_that_memory_does_not_hold_are_refused():
    check_count(100, MOST_WEIGHTS // 100)
    with pytest.raises(ConfigError, match="allowed are 1 to 100 resamplings for 300,000 points"):
        check_count(101, MOST_WEIGHTS // 100)


def sparse(measured, rows=60):
    """Sixty runs, of which a second target was measured in few."""
    data = ladder(rows, targets=("a", "b"))
    losses = data.losses.copy()
    losses[measured:, 1] = np.nan
    return points(data.inputs, losses, ("a", "b"))


@pytest.mark.parametrize(("measured", "replace"), [(6, False), (19, False), (20, True), (60, True)])
def test_a_target_that_few_runs_measured_decides_how_all_are_drawn(measured, replace):
    data = sparse(measured)
    drawn = bootstrap(fit(data, "chinchilla", starts=6), data, 40)
    assert drawn.replace == replace
    assert all(np.isfinite(thetas).all() for thetas in drawn.thetas.values())
    spread = {name: np.ptp(thetas, axis=0).max() for name, thetas in drawn.thetas.items()}
    assert min(spread.values()) > 0
