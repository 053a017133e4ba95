import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fit.allocate.simplex import nearest, random, rounded, sums_to_one


@st.composite
def boxes(draw) -> tuple[np.ndarray, np.ndarray]:
    """Bounds that some point of the simplex keeps."""
    size = draw(st.integers(2, 8))
    inside = draw(hnp.arrays(float, size, elements=st.floats(0.001, 1)))
    inside /= inside.sum()
    below = draw(hnp.arrays(float, size, elements=st.floats(0, 1)))
    above = draw(hnp.arrays(float, size, elements=st.floats(0, 1)))
    return inside * below, inside + (1 - inside) * above


@settings(max_examples=100, deadline=None)
@given(boxes(), st.integers(0, 100))
def test_the_nearest_point_keeps_the_bounds_and_no_other_is_nearer(box, seed):
    low, high = box
    rng = np.random.default_rng(seed)
    point = rng.normal(0.3, 1, (1, len(low)))
    found = nearest(point, low, high)
    assert abs(found.sum() - 1) < 1e-12
    assert (found >= low - 1e-9).all() and (found <= high + 1e-9).all()
    others = random(64, low, high, rng)
    assert ((others - point) ** 2).sum(axis=1).min() >= ((found - point) ** 2).sum() - 1e-9


@settings(max_examples=100, deadline=None)
@given(boxes(), st.integers(0, 100))
def test_random_points_keep_the_bounds_and_are_not_all_the_same(box, seed):
    low, high = box
    found = random(32, low, high, np.random.default_rng(seed))
    assert np.abs(found.sum(axis=1) - 1).max() < 1e-12
    assert (found >= low - 1e-9).all() and (found <= high + 1e-9).all()


@settings(max_examples=200, deadline=None)
@given(boxes(), st.integers(0, 100), st.integers(2, 6))
def test_rounded_shares_sum_to_exactly_one_and_keep_the_bounds(box, seed, digits):
    low, high = box
    shares = random(1, low, high, np.random.default_rng(seed))[0]
    found = rounded(shares, low, high, digits)
    assert sums_to_one(found)
    assert (np.array(found) >= low - 2e-9).all() and (np.array(found) <= high + 2e-9).all()
    assert np.abs(np.array(found) - shares).max() < len(low) * 10.0**-digits


def test_a_share_fixed_at_a_third_is_kept_to_nine_digits():
    third = np.array([1 / 3, 0.0, 0.0])
    found = rounded(np.array([1 / 3, 0.5, 1 / 6]), third, np.array([1 / 3, 1, 1]), 4)
    assert abs(found[0] - 1 / 3) < 2e-9 and sums_to_one(found)


def test_a_cap_between_two_decimals_is_rounded_down():
    found = rounded(np.array([0.12345678, 0.87654322]), np.zeros(2), np.array([0.12345678, 1]), 2)
    assert found == [0.12, 0.88]
