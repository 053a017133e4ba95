"""Fits to losses that a law itself made."""

import numpy as np
import pytest

from fit.estimate.estimate import fit
from fit.estimate.loss import Loss
from fit.laws.law import space_of
from fit.laws.registry import LAWS, law_of
from fit.points import Inputs, points
from tests.fit.laws.spaces import NAMES, runs, thetas


def made(name, seed=0, rows=90):
    """Points without noise of a law with parameters in the middle of its ranges, and places with what it says."""
    rng = np.random.default_rng(seed)
    inputs, held = runs(rows, 3, rng, 3e8), runs(40, 3, rng, 3e8)
    empty = points(inputs, np.ones(rows), (NAMES[0],))
    law = law_of(name)(space_of(empty, NAMES[0]))
    ranges = np.array([parameter.start for parameter in law.parameters])
    theta = ranges.mean(axis=1, keepdims=True).T + 0.25 * (thetas(law, 1, rng) - ranges.mean(axis=1))
    return points(inputs, np.exp(law.log_loss(theta, inputs)[0]), (NAMES[0],)), held, law.log_loss(theta, held)[0]


@pytest.mark.parametrize("name", LAWS)
def test_law_finds_itself(name):
    measured, held, expected = made(name)
    found = fit(measured, name, starts=6)
    np.testing.assert_allclose(np.log(found.predict(held)[:, 0]), expected, atol=3e-3)


@pytest.mark.parametrize("name", ["transfer", "multilingual", "repetition", "farseer"])
def test_units_do_not_change_a_fit(name):
    measured, held, _ = made(name, rows=50)
    noisy = points(
        measured.inputs, measured.losses * np.exp(0.01 * np.random.default_rng(0).normal(size=(50, 1))), (NAMES[0],)
    )

    def in_other_units(at):
        return Inputs(at.n / 1e9, at.d / 1e9, at.shares, at.unique / 1e9, at.components)

    other = points(in_other_units(noisy.inputs), noisy.losses, noisy.targets)
    np.testing.assert_allclose(
        fit(other, name, starts=4).predict(in_other_units(held)), fit(noisy, name, starts=4).predict(held), rtol=1e-4
    )


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("factor", [1e4, 1e-6])
def test_units_of_the_loss_do_not_change_a_fit(name, factor):
    measured, held, _ = made(name, rows=50)
    other = points(measured.inputs, measured.losses * factor, measured.targets)
    one, two = fit(measured, name, starts=4), fit(other, name, starts=4)
    np.testing.assert_allclose(two.predict(held) / factor, one.predict(held), rtol=1e-3)
    assert two.targets[NAMES[0]].objective == pytest.approx(one.targets[NAMES[0]].objective, rel=1e-2, abs=1e-7)


def test_priors_weigh_alike_in_the_diagnosis_of_either_loss():
    measured, _, _ = made("transfer", rows=60)
    noise = np.exp(0.01 * np.random.default_rng(0).normal(size=(60, 1)))
    noisy = points(measured.inputs, measured.losses * noise, measured.targets)
    found = [fit(noisy, "transfer", loss, starts=4).targets[NAMES[0]] for loss in (Loss(), Loss("l1"))]
    assert np.abs(found[0].correlations - found[1].correlations).max() < 0.5
    assert found[1].condition == pytest.approx(found[0].condition, rel=0.5)


def test_order_of_rows_and_components_does_not_change_a_fit():
    measured, held, _ = made("transfer", rows=60)
    rng = np.random.default_rng(1)
    rows, columns = rng.permutation(60), np.array([2, 0, 1])

    def moved(at):
        return Inputs(
            at.n, at.d, at.shares[:, columns], at.unique[:, columns], tuple(at.components[j] for j in columns)
        )

    shuffled = measured.take(rows)
    other = points(moved(shuffled.inputs), shuffled.losses, measured.targets)
    one, two = fit(measured, "transfer", starts=6), fit(other, "transfer", starts=6)
    np.testing.assert_allclose(two.predict(moved(held)), one.predict(held), rtol=3e-3)
