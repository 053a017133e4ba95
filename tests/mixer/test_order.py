import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.order import MAX_DEVIATION, interleave, ordinals, prefix_deviation
from mixer.plan import largest_remainder

weights = st.lists(
    st.one_of(st.just(0.0), st.floats(1e-6, 1.0), st.sampled_from([1e-6, 0.999])), min_size=1, max_size=9
).filter(lambda w: sum(w) > 0)


@settings(max_examples=300, deadline=None)
@given(weights, st.integers(1, 1500))
def test_totals_are_exact_and_every_prefix_is_balanced(shares, total):
    counts = largest_remainder(shares, total)
    order = interleave(counts)
    assert np.bincount(order, minlength=len(counts)).tolist() == counts
    assert prefix_deviation(order, counts).max() < MAX_DEVIATION


def test_the_deviation_is_measured_over_every_prefix():
    # all of one component first: after two of four, one is 1 ahead and the other 1 behind
    assert prefix_deviation(np.array([0, 0, 1, 1]), [2, 2]).tolist() == [1.0, 1.0]


def test_ordinals_count_within_each_component():
    assert ordinals(np.array([0, 1, 0, 0, 1]), 2).tolist() == [0, 0, 1, 2, 1]


def test_an_even_mixture_alternates():
    assert interleave([3, 3]).tolist() == [0, 1, 0, 1, 0, 1]
