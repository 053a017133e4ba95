"""What laws leave at whole sizes: nothing where they hold, carried over where larger models did worse."""

import numpy as np
import pytest
from select_worlds import ladder

from fit.points import places, points
from fit.select.sizes import Sizes, restore, sizes_of
from fit.select.splits import largest_n
from fit.select.together import fit_average


def rising():
    """A ladder on which larger models are worse, which no law can say."""
    data = ladder(sizes=5, noise=0.003)
    factor = (data.inputs.n / data.inputs.n.min()) ** 0.15
    return points(data.inputs, data.losses * factor[:, None], data.targets, data.runs)


def test_where_the_law_holds_little_is_carried_over():
    data = ladder(noise=0.003)
    made = fit_average(data, ("transfer",), starts=4)
    assert np.abs(made.sizes.left).max() < 0.004


def test_where_larger_models_do_worse_the_last_size_tells():
    data = rising()
    (split,) = largest_n(data)
    train, held = data.take(split.train), data.take(split.test)
    made = fit_average(train, ("transfer",), starts=4)
    alone = made.members[0].predict(held.inputs)
    error = [np.abs(predicted / held.losses - 1).mean() for predicted in (alone, made.predict(held.inputs))]
    assert made.sizes.left[-1][0] > 0.01
    assert error[1] < 0.85 * error[0]


def test_the_mean_residual_of_a_size_is_found_but_for_its_noise():
    rng = np.random.default_rng(0)
    n = np.repeat([1e7, 1e8], 40)
    losses = np.exp(np.where(n > 5e7, 0.05, 0.0) + 0.01 * rng.normal(size=80))
    found = sizes_of(points(places(n, 1e9), losses), np.ones((80, 1)))
    assert found.n == pytest.approx((1e7, 1e8))
    assert found.left[0][0] == pytest.approx(0.0, abs=0.005)
    assert found.left[1][0] == pytest.approx(0.05, abs=0.005)


def test_points_of_one_run_count_as_one():
    n, losses = np.full(30, 1e7), np.exp(np.repeat([0.02, 0.021, 0.022], 10))
    many = points(places(n, 1e9), losses)
    few = points(places(n, 1e9), losses, runs=np.repeat([0, 1, 2], 10))
    assert sizes_of(many, np.ones((30, 1))).left[0][0] == pytest.approx(0.021, rel=0.01)
    assert sizes_of(few, np.ones((30, 1))).left[0][0] == 0.0


def test_the_walk_goes_on_as_far_as_it_went():
    sizes = Sizes((1e6, 1e7, 1e8), ((0.0,), (0.03,), (0.03,)))
    at = places(np.array([1e6, 1e7, 1e8, 1e9, 1e10]), 1e9)
    assert sizes.offset(at)[:, 0] == pytest.approx([0, 0.03, 0.03, 0.03, 0.03])
    assert sizes.variance(at)[:, 0] == pytest.approx([0, 0, 0, 0.03**2 / 2, 0.03**2])
    assert restore(sizes.record()) == sizes
    assert (Sizes().offset(at) == 0).all()
    assert (Sizes().variance(at) == 0).all()
