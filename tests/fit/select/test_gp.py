"""The Gaussian process: gradients, exact leave-one-out, and what it knows of its own errors."""

import numpy as np
import pytest
from select_worlds import ladder

from contracts.errors import StageError
from fit.points import places
from fit.select.features import features_of
from fit.select.gp import MOST, Process, fit_process, fit_processes, objective, prior_mean


def cloud(rows=40, seed=0):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(rows, 3))
    return z, np.sin(z[:, 0]) + 0.3 * z[:, 1] + 0.05 * rng.normal(size=rows)


def test_the_gradient_is_the_derivative_of_the_objective():
    z, y = cloud()
    rng = np.random.default_rng(1)
    for _ in range(3):
        hyper = prior_mean(3) + 0.5 * rng.normal(size=8)
        gradient = objective(hyper, z, y)[1]
        for index in range(len(hyper)):
            step = np.eye(len(hyper))[index] * 1e-5
            numeric = (objective(hyper + step, z, y)[0] - objective(hyper - step, z, y)[0]) / 2e-5
            assert gradient[index] == pytest.approx(numeric, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("groups", [None, np.arange(40) // 4])
def test_leaving_out_is_the_same_as_fitting_without(groups):
    z, y = cloud()
    whole = fit_process(z, y)
    mean, deviation = whole.left_out(groups)
    labels = np.arange(40) if groups is None else groups
    for label in (0, 3, 7):
        out = labels == label
        again = fit_process(z[~out], whole.values[~out], whole.hyper)
        # in the units of the whole, whose mean and scale stay
        part = Process(
            again.z, whole.values[~out], whole.hyper, whole.mean, whole.scale, again.factor,
            np.linalg.solve(again.factor @ again.factor.T, whole.values[~out]), 0.0,
        )  # fmt: skip
        predicted, spread = part.predict(z[out])
        assert mean[out] == pytest.approx(predicted, rel=1e-8)
        assert deviation[out] == pytest.approx(spread, rel=1e-5)


def test_it_finds_a_smooth_function_and_which_features_matter():
    z, y = cloud(80)
    found = fit_process(z, y)
    test, truth = cloud(200, seed=5)
    mean, deviation = found.predict(test)
    assert np.sqrt(np.mean((mean - truth) ** 2)) < 0.15
    assert found.hyper[2] > found.hyper[0] + 0.5  # the third feature tells nothing: a long scale
    inside = np.abs(mean - truth) < 1.96 * deviation
    assert 0.88 < inside.mean() <= 1.0


def test_far_from_the_data_it_is_less_sure():
    z, y = cloud()
    _, deviation = fit_process(z, y).predict(np.array([[0.0, 0.0, 0.0], [9.0, 9.0, 9.0]]))
    assert deviation[1] > 3 * deviation[0]


def test_features_take_n_and_d_only_where_they_vary():
    one = ladder(sizes=1, budgets=(20,))
    assert features_of(one.inputs).of(one.inputs).shape[1] == 3
    several = ladder()
    z = features_of(several.inputs).of(several.inputs)
    assert z.shape[1] == 5
    assert z.mean(axis=0) == pytest.approx(0, abs=1e-9)


def test_places_that_are_all_the_same_are_refused():
    with pytest.raises(StageError, match="same place"):
        features_of(places(1e7, 1e8, np.full((4, 2), 0.5), "ab"))


def test_targets_with_missing_losses_use_the_rows_they_have(runs):
    values = np.log(runs.losses).copy()
    values[::3, 1] = np.nan
    found = fit_processes(runs.inputs, values, runs.targets)
    assert len(found.processes[1].values) < len(found.processes[0].values) == len(runs)
    assert np.abs(np.log(found.predict(runs.inputs)) - np.log(runs.losses)).max() < 0.02


def test_so_many_points_that_it_would_take_hours_are_refused():
    many = places(1e7, 1e8, np.random.default_rng(0).dirichlet(np.ones(3), MOST + 1), "abc")
    with pytest.raises(StageError, match=r"2,001 points.*at most 2,000"):
        fit_processes(many, np.ones((MOST + 1, 1)), ("loss",))
