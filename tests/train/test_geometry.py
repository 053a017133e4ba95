import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError
from train.geometry import Geometry, divide, steps_of


@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 5), st.integers(0, 7))
def test_every_sequence_of_a_step_is_taken_once_whatever_the_division(ranks, micro_batch, accumulation, step):
    geometry = Geometry(ranks * micro_batch * accumulation, micro_batch, ranks, 16)
    taken = [
        k for micro in range(geometry.accumulation) for rank in range(ranks) for k in geometry.block(step, micro, rank)
    ]
    assert taken == list(range(step * geometry.step_sequences, (step + 1) * geometry.step_sequences))


def test_a_step_is_rounded_down_to_whole_sequences():
    geometry = divide(1000, None, 1, 128)
    assert (geometry.step_sequences, geometry.step_tokens) == (7, 896)


@pytest.mark.parametrize(
    ("sequences", "ranks", "expected"), [(32, 1, 8), (32, 4, 8), (32, 16, 2), (7, 1, 7), (11, 1, 1), (12, 1, 6)]
)
def test_the_automatic_micro_batch_is_the_largest_that_divides(sequences, ranks, expected):
    assert divide(sequences * 128, None, ranks, 128).micro_batch == expected


@pytest.mark.parametrize(
    ("batch_tokens", "micro_batch", "ranks", "message"),
    [
        (100, None, 1, "less than one sequence of 128 tokens; give at least 128"),
        (128 * 6, None, 4, r"6 sequences, which 4 ranks cannot share equally; give 512 or 1,024"),
        (128 * 2, None, 4, r"2 sequences, which 4 ranks cannot share equally; give 512"),
        (128 * 12, 5, 1, r"micro_batch: 5 does not divide the 12 sequences .* allowed: 1, 2, 3, 4, 6, 12"),
    ],
)
def test_what_does_not_divide_is_refused_with_what_would(batch_tokens, micro_batch, ranks, message):
    with pytest.raises(ConfigError, match=message):
        divide(batch_tokens, micro_batch, ranks, 128)


def test_points_are_rounded_down_to_steps():
    assert steps_of((1000, 2999, 10_000), 1000) == [1, 2, 10]


@pytest.mark.parametrize("points", [(400,), (1000, 1999)])
def test_points_without_a_step_of_their_own_are_refused(points):
    with pytest.raises(ConfigError, match="every point needs a step of its own"):
        steps_of(points, 1000)
