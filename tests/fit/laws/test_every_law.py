"""What holds for every law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fit.laws.registry import LAWS
from fit.points import Inputs
from tests.fit.laws.spaces import law, runs, thetas

EVERY = pytest.mark.parametrize("name", list(LAWS))
MIXTURES = pytest.mark.parametrize("name", [name for name, found in LAWS.items() if found.mixture])
SPACES = {
    "components": st.sampled_from([0, 1, 2, 4]),
    "own": st.sampled_from([None, 0]),
    "varies_n": st.booleans(),
    "varies_d": st.booleans(),
    "repeats": st.booleans(),
}


@EVERY
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), flags=st.fixed_dictionaries(SPACES))
def test_gradient_equals_differences(name, seed, flags):
    rng = np.random.default_rng(seed)
    made = law(name, **flags)
    places = runs(7, len(made.space.components), rng, unique=3e8)
    features, theta, width = made.features(places), thetas(made, 2, rng), 1e-6
    value, slopes = made.evaluate(theta, features)
    steps = width * np.eye(made.size)
    differences = [
        made.evaluate(theta + step, features, gradient=False)[0]
        - made.evaluate(theta - step, features, gradient=False)[0]
        for step in steps
    ]
    assert np.isfinite(value).all()
    np.testing.assert_allclose(slopes, np.stack(differences, axis=2) / (2 * width), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(value, made.log_loss(theta, places), rtol=1e-14)


@EVERY
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), flags=st.fixed_dictionaries(SPACES))
def test_natural_parameters_have_the_symbols_and_starts_lie_inside_the_bounds(name, seed, flags):
    rng = np.random.default_rng(seed)
    made = law(name, **flags)
    places = runs(12, len(made.space.components), rng, unique=3e8)
    low, high = made.bounds
    theta = thetas(made, 3, rng)
    natural = made.natural(theta)
    assert set(natural) == {parameter.symbol for parameter in made.parameters}
    assert all(value.shape == (3,) and np.isfinite(value).all() for value in natural.values())
    starts = made.starts(made.features(places), np.log(2 + rng.random(12)), np.ones((2, 12)), 5, rng)
    assert starts.shape[0] == 2 and 1 <= starts.shape[1] <= 5 and starts.shape[2] == made.size
    assert ((low <= starts) & (starts <= high)).all()


@EVERY
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), flags=st.fixed_dictionaries(SPACES), more=st.floats(1.01, 100))
def test_more_tokens_never_predict_a_worse_loss(name, seed, flags, more):
    rng = np.random.default_rng(seed)
    made = law(name, **flags)
    few = runs(9, len(made.space.components), rng, unique=3e8)
    many = Inputs(few.n, few.d * more, few.shares, few.unique, few.components)
    theta = thetas(made, 4, rng)
    assert (made.log_loss(theta, many) <= made.log_loss(theta, few) + 1e-12).all()


@pytest.mark.parametrize("name", [name for name in LAWS if name not in ("farseer", "repetition")])
def test_larger_models_never_predict_a_worse_loss(name):
    # Farseer's slopes in N have either sign; beyond its R_N* the repetition law counts a larger model as overfitted
    rng = np.random.default_rng(1)
    made = law(name, repeats=True)
    few = runs(9, 3, rng, unique=3e8)
    larger = Inputs(few.n * 5, few.d, few.shares, few.unique, few.components)
    theta = thetas(made, 20, rng)
    assert (made.log_loss(theta, larger) <= made.log_loss(theta, few) + 1e-12).all()


@MIXTURES
@pytest.mark.parametrize("own", [None, 0])
def test_renaming_and_reordering_components_changes_nothing(name, own):
    rng = np.random.default_rng(2)
    made = law(name, 4, own, repeats=True)
    places, order = runs(20, 4, rng, unique=3e8), np.array([2, 0, 3, 1])
    moved = Inputs(
        places.n,
        places.d,
        places.shares[:, order],
        places.unique[:, order],
        tuple(places.components[j] for j in order),
    )
    other_own = None if made.space.own is None else int(np.flatnonzero(order == made.space.own)[0])
    space = made.space
    other = type(made)(
        type(space)(space.n0, space.d0, moved.components, other_own, space.varies_n, space.varies_d, space.repeats)
    )
    theta = thetas(made, 3, rng)
    where = [[p.symbol for p in made.parameters].index(parameter.symbol) for parameter in other.parameters]
    np.testing.assert_allclose(other.log_loss(theta[:, where], moved), made.log_loss(theta, places), rtol=1e-12)


@EVERY
def test_every_row_is_predicted_by_itself(name):
    rng = np.random.default_rng(3)
    made = law(name, repeats=True)
    places, order = runs(20, 3, rng, unique=3e8), rng.permutation(20)
    theta = thetas(made, 2, rng)
    whole = made.log_loss(theta, places)
    np.testing.assert_allclose(made.log_loss(theta, places.take(order)), whole[:, order], rtol=1e-13)
    np.testing.assert_allclose(made.log_loss(theta, places.take(np.array([7]))), whole[:, [7]], rtol=1e-13)


@EVERY
def test_reference_scales_move_with_the_units(name):
    rng = np.random.default_rng(4)
    made = law(name, repeats=True)
    places, space = runs(20, 3, rng, unique=3e8), made.space
    billions = Inputs(places.n / 1e9, places.d / 1e6, places.shares, places.unique / 1e6, places.components)
    other = type(made)(type(space)(space.n0 / 1e9, space.d0 / 1e6, space.components, space.own, repeats=True))
    theta = thetas(made, 3, rng)
    np.testing.assert_allclose(other.log_loss(theta, billions), made.log_loss(theta, places), rtol=1e-12)
