import numpy as np
import pytest

from fit.allocate.surface import Surface

from .surfaces import fitted, separable

LAW = separable([200.0, 500.0, 900.0], transfer=[[1, 0.3, 0.1], [0.1, 1, 0.2], [0.4, 0.1, 1]])


@pytest.mark.parametrize("shares", [[0.2, 0.3, 0.5], [0.9, 0.09, 0.01], [1e-6, 0.5, 0.499999], [0.0, 0.4, 0.6]])
def test_derivatives_by_differences_are_the_analytic_ones(shares):
    p, n, d = np.array(shares), 1e8, 1e10
    found = Surface(LAW, np.full(3, np.inf)).slopes(p, n, d, scales=True)
    seen = LAW.transfer @ p * d
    loss = LAW.e + LAW.a / n**LAW.alpha + LAW.b / seen**LAW.beta
    full = -(LAW.beta * LAW.b * seen ** (-LAW.beta - 1) / loss)[:, None] * LAW.transfer * d
    along = full - (full @ p)[:, None]
    assert np.abs(found.shares - along).max() < 1e-6 * np.abs(along).max()
    assert found.value == pytest.approx(np.log(loss), rel=1e-12)
    assert found.size == pytest.approx(-LAW.alpha * LAW.a / n**LAW.alpha / loss, rel=1e-6)
    assert found.tokens == pytest.approx(-LAW.beta * LAW.b / seen**LAW.beta / loss, rel=1e-6)


def test_a_prediction_that_is_no_positive_number_counts_as_a_very_bad_one():
    law = separable([200.0, 500.0])
    logs = Surface(law, np.full(2, np.inf)).logs(np.array([[1.0, 0.0]]), 1e8, 1e10)
    assert np.isfinite(logs).all() and logs[0, 1] > 100 > logs[0, 0]


def test_a_real_law_has_the_same_slope_from_both_sides():
    surface = Surface(fitted(), np.full(2, np.inf))
    slope = surface.slopes(np.array([0.4, 0.6]), 1e8, 1e10, scales=False).shares
    ends = surface.logs(np.array([[0.4 + 6e-5, 0.6 - 6e-5], [0.4 - 6e-5, 0.6 + 6e-5]]), 1e8, 1e10)
    assert slope[:, 0] - slope[:, 1] == pytest.approx((ends[0] - ends[1]) / 12e-5, rel=1e-6)
