"""A loss that counts overestimates more: where the law settles, and intervals that still hold the truth."""

import numpy as np
import pytest

from fit.bands import bands, uncertainty
from fit.estimate.estimate import fit
from fit.estimate.loss import Loss
from fit.points import places, points
from fit.uncertainty.intervals import parameter_intervals
from fit.uncertainty.prediction import predicted, target_noise
from fit.uncertainty.sides import expectations, place, scale

LOSSES = [Loss("huber", delta, c) for delta in (1e-4, 1e-3, 0.1) for c in (0.1, 1.0, 3.0, 10.0)]
LOSSES += [Loss("l1", overestimate=c) for c in (0.1, 1.0, 10.0)]


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_expectations_are_those_of_a_large_sample(loss):
    sigma = 0.003
    errors = sigma * np.random.default_rng(0).standard_normal(2_000_000)
    where = place(loss, sigma)
    psi = loss.slope(errors - where * sigma)
    assert abs(psi.mean()) < 4 * psi.std() / np.sqrt(len(psi))
    psi2, slope = expectations(loss, sigma, where)
    assert psi2 == pytest.approx((psi * psi).mean(), rel=0.02)
    step = 0.02 * sigma
    rise = (loss.slope(errors - where * sigma + step) - loss.slope(errors - where * sigma - step)).mean() / (2 * step)
    assert slope == pytest.approx(rise, rel=0.03)


@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_the_scale_is_found_out_of_the_median_residual(loss):
    sigma = 0.003
    residual = sigma * (np.random.default_rng(1).standard_normal(1_000_000) - place(loss, sigma))
    found, where = scale(float(np.median(np.abs(residual))), loss, 1e-9)
    assert found == pytest.approx(sigma, rel=0.01)
    assert where == pytest.approx(place(loss, sigma), abs=0.02)


@pytest.mark.parametrize("factor", [1e-300, 1e-12, 1e12, 1e300])
@pytest.mark.parametrize("kind", ["huber", "l1"])
def test_any_factor_has_finite_expectations(kind, factor):
    loss = Loss(kind, overestimate=factor)
    sigma, where = scale(0.003, loss, 1e-7)
    assert np.isfinite([sigma, where]).all() and sigma > 0
    assert (where < 0) == (factor > 1)


def grid(seed, noise=0.003, inner=64):
    rng = np.random.default_rng(seed)
    truth = {"E": rng.uniform(1.5, 2.2), "A": rng.uniform(300, 700), "B": rng.uniform(1000, 3000)}
    truth |= {"alpha": rng.uniform(0.3, 0.4), "beta": rng.uniform(0.3, 0.4)}
    n, d = (x.ravel() for x in np.meshgrid(np.geomspace(5e7, 2e9, 8), np.geomspace(1e9, 1e11, 8)))
    exact = truth["E"] + truth["A"] / n ** truth["alpha"] + truth["B"] / d ** truth["beta"]
    first, again = (points(places(n, d), exact * np.exp(noise * rng.normal(size=inner))) for _ in range(2))
    return truth, first, again


@pytest.mark.parametrize("factor", [0.2, 10.0])
def test_intervals_of_parameters_hold_the_truth_whichever_side_counts_more(factor):
    inside = []
    for seed in range(20):
        truth, data, _ = grid(seed)
        found = fit(data, "chinchilla", Loss(overestimate=factor), starts=4)
        intervals = parameter_intervals(found, data)["loss"]
        # the law settles below or above the middle of the points by a factor, and its levels with it
        shift = np.exp(-target_noise(found.targets["loss"], data).centre)
        inside += [(value * shift if s in "EAB" else value) in intervals[s] for s, value in truth.items()]
    assert len(inside) == 100
    assert np.mean(inside) >= 0.88


def test_intervals_of_measurements_lie_around_the_measurements():
    held, ways = [], []
    for seed in range(6):
        _, data, again = grid(seed)
        found = fit(data, "chinchilla", Loss(overestimate=10.0), starts=4)
        known = uncertainty(found, data, 20)
        ends = bands(known.drawn, known.noise, again)
        held.append(((ends.low <= again.losses) & (again.losses <= ends.high)).mean())
        middle = np.sqrt(ends.low * ends.high)
        ways.append(np.log(middle / found.predict(again.inputs)).mean() / 0.003)
        direct = predicted(found, data, known.drawn, again.inputs)
        assert np.allclose([direct.low, direct.high], [ends.low, ends.high])
    assert 0.88 <= np.mean(held) <= 0.995
    assert 0.7 < np.mean(ways) < 1.6  # the law lies below by about the standard deviation of the noise
