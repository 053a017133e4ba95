"""Intervals hold the truth as often as they say; what the points do not tell is flagged."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from fit.estimate.estimate import fit, problem_of
from fit.points import places, points
from fit.uncertainty.intervals import curve, parameter_intervals
from fit.uncertainty.noise import noise_of, shared_part
from fit.uncertainty.sandwich import pseudo_inverse, scatter

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"


def load(name):
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCHMARKS))
    return module


def grid(noise=0.003, seed=0, sizes=(5e7, 1e9), runs=None):
    rng = np.random.default_rng(seed)
    n, d = (x.ravel() for x in np.meshgrid(np.geomspace(*sizes, 8), np.geomspace(1e9, 1e11, 8)))
    loss = 1.8 + 480 / n**0.35 + 2100 / d**0.37
    return points(places(n, d), loss * np.exp(noise * rng.normal(size=len(n))), runs=runs)


@pytest.mark.parametrize("law, truths, draws", [("chinchilla", 14, 0), ("chinchilla-tied", 12, 0), ("bimix", 2, 40)])
def test_truths_lie_inside_as_often_as_stated(law, truths, draws):
    benchmark = load("fit_coverage")
    tally = benchmark.Tally()
    for seed in range(truths):
        benchmark.one(law, 500 + seed, 0.003, "huber:1e-3", draws, tally)
    assert tally.judged > 30
    assert 0.87 <= tally.inside / tally.judged <= 1.0  # 92 to 98 % over 200 truths
    assert all(regret < 1e-3 for regret in tally.regret)
    if draws:  # 120 predictions among the points, 72 at four times the size and budget
        assert np.mean(tally.near) >= 0.87 and np.mean(tally.far) >= 0.85
        assert np.median(tally.width) < 0.03


def test_twice_the_noise_gives_intervals_about_twice_as_wide():
    widths = []
    for noise in (0.002, 0.004):
        interval = parameter_intervals(fit(grid(noise), "chinchilla"), grid(noise))["loss"]["alpha"]
        widths.append(interval.high - interval.low)
    assert 1.5 < widths[1] / widths[0] < 2.7


def test_intervals_of_a_higher_level_contain_those_of_a_lower_one():
    data = grid()
    found = fit(data, "chinchilla")
    wide, narrow = (parameter_intervals(found, data, level)["loss"] for level in (0.99, 0.8))
    for symbol, interval in narrow.items():
        assert wide[symbol].low < interval.low < interval.estimate < interval.high < wide[symbol].high


def test_a_floor_that_the_points_do_not_show_is_flagged():
    rng = np.random.default_rng(0)
    n, d = (x.ravel() for x in np.meshgrid(np.geomspace(5e7, 1e8, 4), np.geomspace(1e9, 2e9, 4)))
    data = points(places(n, d), (480 / n**0.35 + 2100 / d**0.37) * np.exp(0.01 * rng.normal(size=16)))
    found = parameter_intervals(fit(data, "chinchilla"), data)["loss"]
    assert found["E"].unidentified
    assert found["E"].unidentified in ("at a bound", "no limit on one side", "undetermined")


def test_points_of_one_run_that_err_together_widen_intervals():
    rng = np.random.default_rng(1)
    data = grid(noise=0.0)
    runs = np.repeat(np.arange(8), 8)
    shared = 0.004 * rng.normal(size=8)[runs] + 0.0005 * rng.normal(size=64)
    noisy = points(data.inputs, data.losses[:, 0] * np.exp(shared), runs=runs)
    alone = points(data.inputs, noisy.losses[:, 0])
    together, apart = (parameter_intervals(fit(p, "chinchilla"), p)["loss"]["beta"] for p in (noisy, alone))
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert shared_part(shared, runs) > 0.8
    assert shared_part(rng.normal(size=64), runs) < 0.3


def test_the_profile_is_lowest_at_the_estimate_and_rises_to_both_sides():
    data = grid()
    found = fit(data, "chinchilla")
    estimate = found.parameters["alpha"]
    values = estimate * np.array([0.9, 0.95, 1.0, 1.05, 1.1])
    where, height = curve(found.targets["loss"], data, "alpha", values)
    assert np.allclose(where, values, rtol=0.02)
    assert height.argmin() == 2 and height[2] < 0.3
    assert (np.diff(height[:3]) < 0).all() and (np.diff(height[2:]) > 0).all()


def test_noise_is_recovered_and_outliers_hardly_move_it():
    clean = grid(0.003)
    spoilt = points(clean.inputs, clean.losses[:, 0] * np.where(np.arange(64) % 16 == 5, 1.2, 1.0))
    for data in (clean, spoilt):
        target = fit(data, "chinchilla").targets["loss"]
        problem = problem_of(data, "loss", target.law, target.loss)
        sigma = noise_of(problem, target.theta, data.weights, data.runs).sigma
        assert sigma == pytest.approx(0.003, rel=0.4)


def test_weights_of_two_for_all_points_change_no_interval():
    data = grid()
    once, twice = (
        parameter_intervals(fit(p, "chinchilla"), p)["loss"] for p in (data, data.weighted(2 * data.weights))
    )
    for symbol, interval in once.items():
        assert twice[symbol].low == pytest.approx(interval.low, rel=0.02)
        assert twice[symbol].high == pytest.approx(interval.high, rel=0.02)


def test_flat_directions_are_told_apart():
    inverse, flat = pseudo_inverse(np.array([[2.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 4.0]]))
    assert flat.shape == (3, 1)
    assert abs(flat[:, 0] @ np.array([1.0, -1.0, 0.0])) == pytest.approx(np.sqrt(2))
    assert inverse[2, 2] == pytest.approx(0.25)


def test_scatter_of_rows_that_share_all_is_that_of_their_sums():
    rows = np.random.default_rng(0).normal(size=(6, 2))
    runs = np.array([0, 0, 1, 1, 2, 2])
    sums = rows.reshape(3, 2, 2).sum(axis=1)
    assert np.allclose(scatter(rows, runs, 1.0), sums.T @ sums)
    assert np.allclose(scatter(rows, runs, 0.0), rows.T @ rows)
