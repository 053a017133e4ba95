"""What runs are worth: never negative, less for duplicates, and more for their cost than random ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import StageError
from fit.allocate.goal import Goal
from fit.designs.candidates import Candidate, candidates, mixtures_around, points_of
from fit.designs.criterion import Aim, criterion, directions
from fit.designs.greedy import State, choose, state
from fit.designs.propose import propose
from fit.estimate.estimate import fit
from fit.laws.law import space_of
from fit.laws.registry import law_of
from fit.points import places, points

NAMES = ("a", "b", "c")
SIZES = {"small": 5e7, "large": 4e8}
BUDGETS = (10**9, 4 * 10**9)


@pytest.fixture(scope="module")
def swarm():
    rng = np.random.default_rng(0)
    mixtures = rng.dirichlet(np.ones(3), 9)
    n, d, which = (x.ravel() for x in np.meshgrid([5e7, 2e8], [1e9, 4e9], np.arange(9), indexing="ij"))
    inputs = places(n, d, mixtures[which], NAMES)
    blank = points(inputs, np.ones((36, 3)), NAMES)
    laws = [law_of("transfer")(space_of(blank, name)) for name in NAMES]
    logs = []
    for law in laws:
        start = np.array([p.start for p in law.parameters]).mean(axis=1)
        logs.append(law.log_loss(start, inputs)[0] + 0.003 * rng.normal(size=36))
    data = points(inputs, np.exp(np.stack(logs, axis=1)), NAMES, np.unique(n * 100 + which, return_inverse=True)[1])
    return data, fit(data, "transfer", starts=8)


@pytest.fixture(scope="module")
def ready(swarm):
    data, found = swarm
    aim = Aim(4e8, 4e9, np.array([0.3, 0.3, 0.4]), np.full(3, np.inf), Goal())
    runs = candidates(SIZES, BUDGETS, mixtures_around(aim.shares, 3, 6))
    return state(found, data, criterion(found, aim), runs, aim.unique), runs


def copied(start: State) -> State:
    targets = [type(t)(t.covariance.copy(), t.form, t.slopes, t.noise) for t in start.targets]
    return State(targets, start.first, start.sizes)


@settings(max_examples=25, deadline=None)
@given(order=st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_no_run_ever_makes_the_optimum_less_sure(ready, order):
    start, runs = ready
    now = copied(start)
    for number in order:
        before, gains = now.value, now.gains()
        assert (gains >= -1e-12 * before).all()
        index = number % len(runs)
        now.add(index)
        assert now.value == pytest.approx(before - gains[index], rel=1e-6, abs=1e-15)
        assert now.value <= before * (1 + 1e-9)


def test_a_spread_of_runs_is_worth_more_than_the_best_one_again_and_again(ready):
    start, runs = ready
    spread = choose(start, runs, 4, budget=None)
    same = copied(start)
    for _ in range(4):
        same.add(runs.index(spread[0].run))
    assert spread[-1].after < 0.98 * same.value


def test_each_run_is_the_best_for_its_cost(ready):
    start, runs = ready
    first = choose(start, runs, 1)[0]
    worth = start.gains() / np.array([run.flops for run in runs])
    assert worth[runs.index(first.run)] == pytest.approx(worth.max())
    assert 0 < first.reduction < 1


def test_a_batch_keeps_the_budget_and_is_as_good_as_any_random_one(ready):
    start, runs = ready
    budget = 3.5 * max(run.flops for run in runs)
    chosen = choose(start, runs, 4, budget)
    assert sum(choice.run.flops for choice in chosen) <= budget
    rng = np.random.default_rng(0)
    for _ in range(20):
        other, left = copied(start), budget
        for index in rng.permutation(len(runs))[:4]:
            if runs[index].flops <= left:
                other.add(index)
                left -= runs[index].flops
        assert chosen[-1].after <= other.value


def test_a_budget_below_every_run_is_refused(ready):
    start, runs = ready
    with pytest.raises(StageError, match=r"--budget 1.*cheapest run"):
        choose(start, runs, 4, budget=1.0)


def test_a_run_measured_at_more_points_tells_more_and_costs_the_same(swarm):
    data, found = swarm
    aim = Aim(4e8, 4e9, np.array([0.3, 0.3, 0.4]), np.full(3, np.inf), Goal())
    pair = [Candidate("large", 4e8, tokens, (0.3, 0.3, 0.4)) for tokens in ((4 * 10**9,), (10**9, 4 * 10**9))]
    gains = state(found, data, criterion(found, aim), pair, aim.unique).gains()
    assert pair[0].flops == pair[1].flops
    assert gains[1] > gains[0]


def test_the_expected_regret_is_what_errors_of_the_parameters_cost(swarm):
    data, found = swarm
    proposal = propose(found, data, SIZES, count=1, n=4e8, d=4e9)
    assert proposal.kind == "regret"
    aim = proposal.aim
    wanted = criterion(found, aim)
    # quadratic model by hand: gradient of the mean loss after a change of one target's parameters
    target, form = found.targets["a"], wanted.forms["a"]
    rng = np.random.default_rng(0)
    direction = 1e-4 * rng.normal(size=target.law.size)
    basis, width = directions(aim.shares), 1e-3

    def mean(shares, moved):
        place = places(aim.n, aim.d, shares, NAMES)
        logs = [
            t.law.log_loss(t.theta + (direction if moved and n == "a" else 0), place)[0]
            for n, t in found.targets.items()
        ]
        return np.mean(logs, axis=0)

    def gradient(moved, at):
        steps = width * basis.T
        return (mean(at + steps, moved) - mean(at - steps, moved)) / (2 * width)

    steps = width * basis.T
    curved = np.array([gradient(False, aim.shares + s) - gradient(False, aim.shares - s) for s in steps]) / (2 * width)
    shift = gradient(True, aim.shares) - gradient(False, aim.shares)
    assert direction @ form @ direction == pytest.approx(0.5 * shift @ np.linalg.solve(curved, shift), rel=0.05)


def test_directions_stay_on_the_simplex_and_leave_absent_components_out():
    basis = directions(np.array([0.5, 0.0, 0.2, 0.3]))
    assert basis.shape == (4, 2)
    assert np.allclose(basis.sum(axis=0), 0) and np.allclose(basis[1], 0)
    assert np.allclose(basis.T @ basis, np.eye(2))
    assert directions(np.array([1.0, 0.0])).shape == (2, 0)


def test_without_a_mixture_the_loss_is_made_sure():
    rng = np.random.default_rng(0)
    n, d = 10 ** rng.uniform(7.5, 9, 40), 10 ** rng.uniform(9, 10.5, 40)
    data = points(places(n, d), (1.8 + 480 / n**0.35 + 2100 / d**0.37) * np.exp(0.003 * rng.normal(size=40)))
    proposal = propose(fit(data, "chinchilla"), data, {"1B": 1e9, "0.1B": 1e8}, count=3, n=1e10, d=1e11)
    assert proposal.kind == "loss"
    assert proposal.after < proposal.before
    assert "instead" in proposal.notes[0]


def test_what_has_been_measured_is_not_proposed_again(swarm):
    data, found = swarm

    def proposed(measured):
        every = 10_000  # more than there are, so whatever may be proposed is
        return propose(found, measured, {"small": 5e7}, count=every, n=4e8, d=4e9, budgets=BUDGETS)

    before = proposed(data)
    first = [choice.run for choice in before.choices]
    assert len(first) == before.tried > 40
    done, _ = points_of(first[:7], NAMES, np.full(3, np.inf))
    inputs = places(
        np.concatenate([data.inputs.n, done.n]),
        np.concatenate([data.inputs.d, done.d]),
        np.concatenate([data.inputs.shares, done.shares]),
        NAMES,
    )
    second = proposed(points(inputs, np.concatenate([data.losses, found.predict(done)]), NAMES))
    ends = {(n, d, *shares) for n, d, shares in zip(done.n, done.d, done.shares.tolist(), strict=True)}
    left = {run for run in first if (run.n, run.tokens[-1], *run.shares) not in ends}
    assert len(left) <= len(first) - 7
    assert {choice.run for choice in second.choices} == left


def test_a_parameter_at_its_bound_is_no_reason_for_runs(swarm):
    data, found = swarm
    aim = Aim(4e8, 4e9, np.array([0.3, 0.3, 0.4]), np.full(3, np.inf), Goal())
    runs = candidates(SIZES, BUDGETS, mixtures_around(aim.shares, 3, 6))
    target = found.targets["a"]
    low, _ = target.law.bounds
    index = next(i for i, p in enumerate(target.law.parameters) if np.isfinite(low[i]) and "[" in p.symbol)
    theta = target.theta.copy()
    theta[index] = low[index]
    held = replace(found, targets={**found.targets, "a": replace(target, theta=theta)})
    start = state(held, data, criterion(held, aim), runs, aim.unique)
    covariance = start.targets[list(held.targets).index("a")].covariance
    assert (covariance[index] == 0).all() and (covariance[:, index] == 0).all()
    assert (np.diag(np.delete(np.delete(covariance, index, 0), index, 1)) > 0).any()
    # what only this parameter would tell is worth nothing
    start.targets = [start.targets[list(held.targets).index("a")]]
    start.targets[0].form = np.diag(np.eye(len(theta))[index])
    assert start.value == 0 and start.gains() == pytest.approx(np.zeros(len(runs)), abs=1e-20)
