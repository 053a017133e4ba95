"""Baselines: each is what its name says."""

import numpy as np
import pytest
from select_worlds import NAMES, line

from fit.points import places, points
from fit.select.baselines import BASELINES, carry_over, linear, mean, mixture_blind, nearest, ridge


def test_the_mean_is_the_mean_of_what_was_measured():
    data = points(places(1e7, np.array([1e8, 2e8, 3e8])), np.array([2.0, 4.0, np.nan]))
    assert mean(data).predict(data.inputs)[:, 0] == pytest.approx(3.0)


def test_the_nearest_mixture_is_nearest_in_shares_then_in_scale(runs):
    found = nearest(runs)
    assert found.predict(runs.inputs) == pytest.approx(runs.losses)
    moved = places(runs.inputs.n * 1.05, runs.inputs.d, runs.inputs.shares, NAMES)
    assert found.predict(moved) == pytest.approx(runs.losses)


def test_a_linear_truth_is_found_by_least_squares():
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(3), 30)
    data = points(places(1e7, 1e8, shares, NAMES), shares @ np.array([1.0, 2.0, 3.0]))
    other = rng.dirichlet(np.ones(3), 10)
    assert linear(data).predict(places(1e7, 1e8, other, NAMES))[:, 0] == pytest.approx(other @ [1.0, 2.0, 3.0])


def test_ridge_finds_a_law_that_is_linear_in_logarithms():
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(3), 60)
    loss = 3.0 * (shares[:, 0] + 1e-3) ** -0.1
    data = points(places(1e7, 1e8, shares, NAMES), loss)
    predicted = ridge(data.take(np.arange(40))).predict(data.inputs.take(np.arange(40, 60)))[:, 0]
    assert predicted == pytest.approx(loss[40:], rel=2e-3)


def test_carry_over_moves_the_nearest_mixture_by_what_the_blind_law_says(runs):
    top = runs.inputs.n == runs.inputs.n.max()
    larger = runs.inputs.take(top)
    further = places(larger.n * 3, larger.d, larger.shares, NAMES)
    blind = mixture_blind(runs)
    ratio = blind.predict(further) / blind.predict(larger)
    assert carry_over(runs).predict(further) == pytest.approx(runs.losses[top] * ratio)
    assert (ratio < 1).all()


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_takes_points_without_mixtures_and_with_gaps(name):
    data = line()
    losses = np.array(data.losses)
    losses[::5] = np.nan
    predicted = BASELINES[name](points(data.inputs, losses)).predict(data.inputs)
    assert predicted.shape == (len(data), 1)
    assert (predicted > 0).all()


def test_the_nearest_of_thousands_is_the_nearest():
    rng = np.random.default_rng(0)
    shares, count = rng.dirichlet(np.ones(3), 2500), 2500
    data = points(places(1e7, 1e8, shares, NAMES), np.arange(1.0, count + 1))
    wanted = rng.dirichlet(np.ones(3), 1700)  # more pairs than are held at once
    found = nearest(data).predict(places(1e7, 1e8, wanted, NAMES))[:, 0].astype(int) - 1
    for row in range(0, 1700, 50):
        apart = np.abs(shares - wanted[row]).sum(axis=1)
        assert apart[found[row]] <= apart.min() + 0.02
