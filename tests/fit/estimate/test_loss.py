import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError
from fit.estimate.loss import Loss, parse_loss


@pytest.mark.parametrize(
    ("text", "loss"),
    [("huber", Loss()), ("huber:1e-3", Loss()), ("huber:.05", Loss("huber", 0.05)), ("l1", Loss("l1"))],
)
def test_losses_are_written_as_on_the_command_line(text, loss):
    assert parse_loss(text) == loss


@pytest.mark.parametrize("text", ["l2", "huber:0", "huber:-1", "huber:x", "huber:nan", "huber:inf", "l1:3", ""])
def test_other_losses_are_refused_with_what_is_allowed(text):
    with pytest.raises(ConfigError, match=r"allowed are huber:DELTA"):
        parse_loss(text)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_a_factor_of_one_side_is_positive(factor):
    with pytest.raises(ConfigError, match="--overestimate"):
        parse_loss("huber", factor)


def test_huber_is_square_inside_and_straight_outside():
    loss = Loss("huber", 0.1)
    residual = np.array([[0.05, -0.1, 0.3]])
    assert loss.sum(residual, np.ones(3))[0] == pytest.approx(0.05**2 / 2 + 0.1**2 / 2 + 0.1 * (0.3 - 0.05))


def test_the_sum_is_no_mean():
    residual, loss = np.full((1, 7), 0.2), Loss("l1")
    assert loss.sum(residual, np.ones(7))[0] == pytest.approx(1.4)
    assert loss.sum(residual, np.full(7, 3.0))[0] == pytest.approx(4.2)


def test_overestimates_cost_their_factor():
    loss = Loss("l1", overestimate=10)
    assert loss.sum(np.array([[-0.1, 0.1]]), np.ones(2))[0] == pytest.approx(1.1)


@given(
    st.lists(st.floats(-1, 1).filter(lambda x: abs(abs(x) - 0.05) > 1e-4 and abs(x) > 1e-4), min_size=1, max_size=5),
    st.sampled_from([Loss("huber", 0.05), Loss("l1"), Loss("huber", 0.05, 4.0)]),
)
def test_the_slope_is_the_derivative(values, loss):
    residual, step = np.array([values]), 1e-6
    for index in range(len(values)):
        moved = np.eye(len(values))[index] * step
        one = np.ones(len(values))
        change = (loss.sum(residual + moved, one) - loss.sum(residual - moved, one))[0] / (2 * step)
        assert loss.slope(residual)[0, index] == pytest.approx(change, abs=1e-6)
