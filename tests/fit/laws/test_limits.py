"""Cases in which a law is a simpler one, or a number is known."""

import numpy as np
import pytest

from contracts.errors import ConfigError, StageError
from fit.laws.blend import worth
from fit.laws.farseer import box_cox
from fit.laws.law import own_of
from fit.laws.registry import LAWS, law_of
from fit.laws.repetition import published
from fit.points import Inputs, places
from tests.fit.laws.spaces import NAMES, law, runs, thetas


def natural(made, theta):
    return {symbol: value[0] for symbol, value in made.natural(theta).items()}


def chinchilla(p, n, d):
    return p["E"] + p["A"] / n ** p["alpha"] + p["B"] / d ** p["beta"]


ALONE = {
    "transfer": lambda p, n, d: chinchilla(p, n, d * (1 + p["t0"])),
    "capacity": lambda p, n, d: chinchilla(p, n, d * (1 + p["t0"])),
    "joint": lambda p, n, d: chinchilla(
        p | {"E": p["E"] * (1 + p["t0"]) ** -p["eps"], "A": p["A"] * (1 + p["t0"]) ** -p["kappa"]},
        n,
        d * (1 + p["t0"]),
    ),
    "additive": lambda p, n, d: chinchilla(p, n, d) + p["M"],
    "exponential": lambda p, n, d: p["E"] + np.exp(p["t[python]"]) * (chinchilla(p | {"E": 0}, n, d) + p["k"]),
    "bimix": chinchilla,
    "multilingual": chinchilla,
    "repetition": chinchilla,
    "chinchilla": chinchilla,
}


@pytest.mark.parametrize("name", ALONE)
def test_own_component_alone_is_chinchillas_law(name):
    rng = np.random.default_rng(0)
    made = law(name)
    theta = thetas(made, 1, rng)
    n, d = 10 ** rng.uniform(7, 9, 20), 10 ** rng.uniform(8, 10, 20)
    found = made.log_loss(theta, places(n, d, np.array([1.0, 0, 0]), NAMES[:3]))[0]
    np.testing.assert_allclose(np.exp(found), ALONE[name](natural(made, theta), n, d), rtol=1e-10)


@pytest.mark.parametrize("name", ["transfer", "joint", "capacity", "repetition"])
def test_without_repetition_unique_tokens_do_not_matter(name):
    rng = np.random.default_rng(1)
    made = law(name, repeats=True)
    theta = thetas(made, 3, rng)
    free = runs(20, 3, rng)
    enough = Inputs(free.n, free.d, free.shares, np.full_like(free.shares, 1e15), free.components)
    np.testing.assert_allclose(made.log_loss(theta, free), made.log_loss(theta, enough), rtol=1e-12)
    short = Inputs(free.n, free.d, free.shares, np.full_like(free.shares, 1e7), free.components)
    assert (made.log_loss(theta, short) > made.log_loss(theta, free)).all()


@pytest.mark.parametrize("name", ["transfer", "joint", "capacity", "repetition"])
def test_a_law_fitted_without_repetition_takes_repeats_for_what_is_published(name):
    rng = np.random.default_rng(1)
    plain, aware = law(name, varies_n=False), law(name, varies_n=False, repeats=True)
    theta = thetas(aware, 3, rng)
    symbols = [parameter.symbol for parameter in aware.parameters]
    for symbol, value in (("lambda", -2.73), ("R_D*", np.log(15.387756))):
        if symbol in symbols:
            theta[:, symbols.index(symbol)] = value
    short = runs(20, 3, rng, unique=1e9)
    taken = theta[:, [symbols.index(parameter.symbol) for parameter in plain.parameters]]
    found = plain.log_loss(taken, short)
    np.testing.assert_allclose(found, aware.log_loss(theta, short), rtol=1e-9)
    free = Inputs(short.n, short.d, short.shares, np.full_like(short.unique, np.inf), short.components)
    more = found - plain.log_loss(taken, free)
    assert (more > -1e-12).all() and (more > 1e-4).any()


def test_unlimited_data_reduce_repetition_to_chinchillas_law():
    rng = np.random.default_rng(2)
    made = law("repetition", repeats=True)
    theta = thetas(made, 1, rng)
    free = runs(20, 3, rng)
    expected = chinchilla(natural(made, theta), free.n, free.d)
    np.testing.assert_allclose(np.exp(made.log_loss(theta, free)[0]), expected, rtol=1e-12)


def test_repetition_law_has_the_published_value():
    assert published(6.34e9, 242e9, 25e9) == pytest.approx(2.2256440889984477, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_repetition_of_one_component_is_the_published_formula(seed):
    rng = np.random.default_rng(seed)
    made = law("repetition", 1, repeats=True)
    theta = thetas(made, 1, rng)
    p = natural(made, theta)
    n, d, u = 10 ** rng.uniform(7, 10, 30), 10 ** rng.uniform(8, 10, 30), 2e8
    unique = np.minimum(u, d)
    best = p["alpha"] * p["A"] / (p["beta"] * p["B"])
    g = best ** (1 / (p["alpha"] + p["beta"]))
    size = np.minimum(n, (u * g) ** (p["beta"] / p["alpha"]) * g)
    r_n, r_d = np.maximum(n / size - 1, 0), np.maximum(d / unique - 1, 0)
    size = size + size * p["R_N*"] * (1 - np.exp(-r_n / p["R_N*"]))
    tokens = unique + unique * p["R_D*"] * (1 - np.exp(-r_d / p["R_D*"]))
    found = made.log_loss(theta, places(n, d, np.ones(1), NAMES[:1], np.array([u])))[0]
    np.testing.assert_allclose(np.exp(found), chinchilla(p, size, tokens), rtol=1e-10)


def test_proportional_components_repeat_as_one():
    rng = np.random.default_rng(3)
    one, three = law("repetition", 1, repeats=True), law("repetition", 3, repeats=True)
    theta = thetas(one, 4, rng)
    n, d = 10 ** rng.uniform(7, 9, 20), 10 ** rng.uniform(8, 10, 20)
    shares = np.array([0.5, 0.3, 0.2])
    found = three.log_loss(theta, places(n, d, shares, NAMES[:3], 2e8 * shares))
    np.testing.assert_allclose(found, one.log_loss(theta, places(n, d, np.ones(1), NAMES[:1], np.array([2e8]))))


def test_transfer_at_one_scale_is_a_power_of_the_mixtures_worth():
    rng = np.random.default_rng(4)
    made = law("transfer", varies_n=False, varies_d=False)
    theta = thetas(made, 1, rng)
    p, shares = natural(made, theta), rng.dirichlet(np.ones(3), 20)
    x = shares[:, 0] ** p["g_own"] + p["t0"]
    x += p["tau[rust]"] * shares[:, 1] ** p["g"] + p["tau[go]"] * shares[:, 2] ** p["g"]
    found = made.log_loss(theta, places(1e8, 1e9, shares, NAMES[:3]))[0]
    np.testing.assert_allclose(found, np.log(p["E"] + p["B"] * (1e9 * x) ** -p["beta"]), rtol=1e-10)
    assert "A" not in p and "alpha" not in p


def test_repeats_are_worth_what_atlas_says():
    rate, repeats = 0.2, np.array([1e-9, 0.5, 3.0, 40.0])
    tokens = 1 + (1 - np.exp(-rate * repeats)) / rate
    log_worth, _ = worth(np.log([rate]), repeats)
    np.testing.assert_allclose(np.exp(log_worth[0]) * (1 + repeats), tokens, rtol=1e-12)


@pytest.mark.parametrize("name", LAWS)
def test_what_one_scale_cannot_tell_is_left_out(name):
    symbols = {p.symbol for p in law(name, 0, None, varies_n=False, varies_d=False).parameters}
    assert not symbols & {"alpha", "beta", "A", "B"}


@pytest.mark.parametrize("name", ["bimix", "multilingual"])
def test_an_own_share_of_zero_is_not_covered_and_predicts_a_large_finite_loss(name):
    made = law(name)
    theta = thetas(made, 1, np.random.default_rng(5))
    two = places(1e8, 1e9, np.array([[0.0, 0.5, 0.5], [0.5, 0.25, 0.25]]), NAMES[:3])
    assert made.covers(two).tolist() == [False, True]
    none, some = made.log_loss(theta, two)[0]
    assert np.isfinite(none) and none > some


def test_bimix_refuses_a_target_that_is_no_component():
    with pytest.raises(StageError, match=r"own share.*python, rust, go"):
        law_of("bimix")(law("transfer", own=None).space)


def test_unknown_law_is_an_error_that_lists_the_laws():
    with pytest.raises(ConfigError, match=r"--law kaplan.*transfer"):
        law_of("kaplan")


@pytest.mark.parametrize(
    ("target", "components", "own"),
    [
        ("go", ("python", "go"), 1),
        ("unseen", ("python", "parallel"), 1),
        ("python->go", ("python", "parallel"), 1),
        ("python->go", ("parallel", "python->go"), 1),
        ("parallel", ("python", "parallel"), 1),
        ("unseen", ("python", "go"), None),
        ("wiki", ("python", "parallel"), None),
        ("unseen", ("unseen", "parallel"), 0),
    ],
)
def test_translation_is_learnt_from_parallel_data(target, components, own):
    assert own_of(target, components) == own


@pytest.mark.parametrize("power", [-1.5, -1e-3, -1e-12, 0.0, 1e-9, 2e-3, 0.7])
def test_centred_power_is_smooth_where_its_exponent_is_zero(power):
    n, width = np.linspace(-3, 3, 13), 1e-5
    value, slope = box_cox(np.array([[power]]), n)
    above, below = (box_cox(np.array([[power + step]]), n)[0] for step in (width, -width))
    np.testing.assert_allclose(value, np.expm1(power * n)[None] / power if power else n[None], rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(slope, (above - below) / (2 * width), rtol=1e-5, atol=1e-7)
