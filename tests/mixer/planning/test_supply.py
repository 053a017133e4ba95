from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.planning.supply import Supply, exact

from ..supplies import LENGTH, packed, text

fills = st.lists(st.integers(1, LENGTH), min_size=1, max_size=12)


def sequence_fills(fill: list[int], epochs: int) -> list[int]:
    """The tokens of every sequence, epoch after epoch."""
    ends = [packed(fill).filled(epoch) for epoch in range(epochs)]
    return [int(n) for part in ends for n in np.diff(part, prepend=0)]


@given(fills)
def test_tokens_in_packed_sequences_are_counted_over_epochs(fill):
    supply, tokens = packed(fill), 0
    for number, size in enumerate(sequence_fills(fill, 3), 1):
        tokens += size
        assert supply.tokens_in(number) == tokens
    assert supply.tokens_in(0) == 0
    assert tokens == 3 * supply.tokens


@given(fills, st.integers(0, 4000), st.integers(1, 7))
def test_the_sequences_for_tokens_are_a_line_through_the_sequences_ends(fill, numerator, denominator):
    supply = packed(fill)
    tokens = min(Fraction(numerator, denominator), Fraction(3 * supply.tokens))
    expected, left = Fraction(0), tokens
    for size in sequence_fills(fill, 3):  # as many whole sequences as there are tokens for, then a part of one
        part = min(Fraction(1), left / size)
        expected, left = expected + part, left - part * size
    assert supply.sequences_for(tokens) == expected
    whole = int(expected)
    assert supply.tokens_in(whole) <= tokens <= supply.tokens_in(whole + 1)


@given(st.integers(1, 10**12), st.fractions(0, 10**12))
def test_text_fills_sequences_whole(held, tokens):
    supply = text(held)
    assert supply.sequences == Fraction(held, LENGTH)
    assert supply.sequences_for(tokens) * LENGTH == tokens
    assert supply.tokens_in(7) == 7 * LENGTH


@pytest.mark.parametrize(
    ("supply", "epochs", "expected"),
    [
        (text(640), 1.0, 10),
        (text(640), 0.7, 7),  # 0.7 and 2.3 as they are written, not the binary fractions below them
        (text(640), 2.3, 23),
        (text(639), 1.0, 9),
        (text(63), 1.0, 0),
        (text(63), 2.0, 1),
        (packed([10, 64, 3]), 1.5, 4),
        (packed([10] * 10), 2.9, 29),
    ],
)
def test_epochs_allow_whole_sequences(supply, epochs, expected):
    assert supply.limit(epochs) == expected


@pytest.mark.parametrize(
    ("supply", "sequences", "expected"),
    [
        (text(80, 8), 0, 0),
        (text(80, 8), 10, 1),
        (text(80, 8), 11, 2),
        (text(10**9 - 1, 8), 125_000_000, 2),  # one token short of one epoch
        (text(20, 8), 5, 2),
        (packed([3, 4, 5], 8), 3, 1),
        (packed([3, 4, 5], 8), 4, 2),
        (Supply(0, 0, 0, 8, packed=0), 0, 0),
    ],
)
def test_epochs_are_counted_in_whole_tokens(supply, sequences, expected):
    assert supply.epochs_for(sequences) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.1, Fraction(1, 10)), (1e-6, Fraction(1, 10**6)), (3, Fraction(3)), (1e300, 10**300)]
)
def test_numbers_count_as_they_are_written(value, expected):
    assert exact(value) == expected
