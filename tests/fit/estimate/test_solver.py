import numpy as np
import pytest
from scipy.optimize import minimize

from fit.estimate import absolute
from fit.estimate.estimate import problem_of, usable
from fit.estimate.loss import Loss
from fit.estimate.solver import minimise, second_order


def problem(points, loss):
    kept, law, _ = usable(points, "loss", "chinchilla")
    return problem_of(kept, "loss", law, loss)


def start(found, points, count, seed=0):
    return found.law.starts(found.features, found.log_loss, points.weights[None], count, np.random.default_rng(seed))[
        0
    ]


def peer(found, points, theta):
    """L-BFGS of scipy on the same objective."""
    weights = points.weights[None]
    return minimize(
        lambda t: found.objective(t[None], weights)[0],
        theta,
        jac=lambda t: found.gradient(t[None], weights)[0],
        method="L-BFGS-B",
        bounds=list(zip(*found.law.bounds, strict=True)),
        options={"maxiter": 5000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-11},
    )


def test_no_start_of_scipys_lbfgs_finds_a_better_optimum(runs):
    found = problem(runs, Loss())
    first = start(found, runs, 12)
    ours = minimise(found, first, runs.weights)[1]
    theirs = [peer(found, runs, theta).fun for theta in first]
    assert ours.max() == pytest.approx(ours.min(), rel=1e-9)
    assert ours.min() <= min(theirs) * (1 + 1e-9)


def test_the_gradient_vanishes_at_the_optimum(runs):
    found = problem(runs, Loss())
    theta = minimise(found, start(found, runs, 2), runs.weights)[0][:1]
    weights = np.broadcast_to(runs.weights, (1, len(runs)))
    gradient, hessian = second_order(found, theta, weights)
    scale = np.sqrt(np.einsum("spp->sp", hessian))
    assert np.abs(gradient / scale).max() < 1e-7
    assert np.linalg.eigvalsh(hessian[0]).min() > 0


def test_far_starts_arrive_too(runs):
    found = problem(runs, Loss())
    rng = np.random.default_rng(3)
    ranges = np.array([parameter.start for parameter in found.law.parameters])
    far = ranges[:, 0] + (ranges[:, 1] - ranges[:, 0]) * rng.random((40, 5))
    value = minimise(found, far, runs.weights)[1]
    best = minimise(found, start(found, runs, 4), runs.weights)[1].min()
    assert (value <= best * (1 + 1e-6)).mean() >= 0.9


def test_the_result_does_not_depend_on_the_block(runs, monkeypatch):
    found = problem(runs, Loss())
    first = start(found, runs, 6)
    whole = minimise(found, first, runs.weights)
    monkeypatch.setattr("fit.estimate.solver.BLOCK", len(runs) * 5 * 2)
    parts = minimise(found, first, runs.weights)
    assert parts[1] == pytest.approx(whole[1], rel=1e-10)


def test_each_start_has_weights_of_its_own(runs):
    found = problem(runs, Loss())
    rng = np.random.default_rng(0)
    weights = rng.multinomial(len(runs), np.full(len(runs), 1 / len(runs)), size=3).astype(float)
    first = start(found, runs, 1).repeat(3, axis=0)
    together = minimise(found, first, weights)
    for index in range(3):
        alone = minimise(found, first[:1], weights[index])
        assert alone[1][0] == pytest.approx(together[1][index], rel=1e-8)


@pytest.mark.parametrize("overestimate", [1.0, 10.0])
def test_linear_programs_end_where_no_step_gains(runs, overestimate):
    found = problem(runs, Loss("l1", overestimate=overestimate))
    near = minimise(found, start(found, runs, 4), runs.weights)
    theta, value = absolute.polish(found, near[0][0], runs.weights)
    residual = found.residual(theta[None])[0]
    # a vertex: as many points as parameters are met exactly
    assert (np.abs(residual) < 1e-9).sum() >= 5
    rng = np.random.default_rng(0)
    for size in (1e-2, 1e-3, 1e-4, 1e-5):
        moved = theta + size * rng.standard_normal((200, 5))
        others = found.objective(moved, np.broadcast_to(runs.weights, (200, len(runs))))
        assert others.min() >= value * (1 - 1e-12)


def test_linear_programs_leave_out_points_without_weight(runs):
    weights = np.where(np.arange(len(runs)) < 60, 0.0, 1.0)
    found = problem(runs, Loss("l1"))
    near = minimise(found, start(found, runs, 2), weights)[0][0]
    theta, value = absolute.polish(found, near, weights)
    rest = runs.take(weights > 0)
    again = problem(rest, Loss("l1"))
    space, other = found.law.space, again.law.space
    assert found.law.natural(theta[None])["E"][0] > 0
    lone = absolute.polish(again, minimise(again, start(again, rest, 2), rest.weights)[0][0], rest.weights)
    assert space != other
    assert value == pytest.approx(lone[1], rel=1e-6)
