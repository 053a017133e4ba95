from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.allocation import Allocation
from contracts.errors import ConfigError, StageError
from fit.allocate.allocate import Effort, allocate
from fit.allocate.constraints import Constraints
from fit.allocate.goal import Goal
from fit.allocate.simplex import sums_to_one
from fit.allocate.solve import SAME
from fit.estimate.estimate import fit
from fit.uncertainty.bootstrap import bootstrap

from .surfaces import Linear, Together, fitted, measured, separable

LAW = separable([200.0, 500.0, 900.0], transfer=[[1, 0.3, 0.1], [0.1, 1, 0.2], [0.4, 0.1, 1]])
UNIQUE = {"python": 3e9, "java": 2e9, "go": 1e9}
QUICK = Effort(starts=4)
AT = {"n": 1e8, "d": 1e10}


def draws(count: int = 12, size: float = 0.05) -> list:
    rng = np.random.default_rng(0)
    return [LAW.moved(rng, size) for _ in range(count)]


def test_what_is_written_comes_back_and_its_numbers_agree():
    limits = Constraints({"python": 0.1}, {"java": 0.3}, unique=UNIQUE, max_epochs=4)
    found = allocate(LAW, constraints=limits, **AT, draws=draws(), effort=replace(QUICK, pool_identity="pool-1"))
    made = found.allocation
    assert Allocation.model_validate_json(made.model_dump_json()) == made
    assert sums_to_one(list(made.weights.values())) and list(made.weights.values()) == found.shares.tolist()
    assert made.certificate.certified and made.certificate.reached == 1
    assert (made.law, made.runs_identity, made.pool_identity) == ("separable", "runs-1", "pool-1")
    inside = {name: bound.low <= made.weights[name] <= bound.high for name, bound in made.bounds.items()}
    assert inside == dict.fromkeys(LAW.components, True)
    assert made.bounds["go"].epochs == pytest.approx(made.weights["go"] * 1e10 / 1e9)
    assert made.bounds["go"].max_epochs == pytest.approx(4)
    uniform = next(one for one in made.baselines if one.name == "uniform")
    ratio = np.mean([np.log(made.losses[t].value / uniform.losses[t]) for t in LAW.names])
    assert uniform.gain.value == pytest.approx(-np.expm1(ratio), rel=1e-9)
    assert made.objective.value == pytest.approx(ratio, rel=1e-9)
    for name, interval in made.intervals.items():
        assert interval.low <= made.weights[name] + 0.01 and made.weights[name] - 0.01 <= interval.high
    assert made.draws == 12 and made.draws_of == "bootstrap"
    assert made.regret.value >= 0 and made.regret.interval.low >= 0


def test_baselines_are_computed_from_the_tokens_and_say_whether_they_keep_the_bounds():
    limits = Constraints(unique=UNIQUE, held={**UNIQUE, "go": 6e9}, max_epochs=3)
    made = allocate(LAW, constraints=limits, **AT, effort=QUICK).allocation
    found = {one.name: one for one in made.baselines}
    assert list(found) == ["uniform", "natural", "temperature 2", "unimax"]
    assert list(found["natural"].weights.values()) == pytest.approx([3 / 11, 2 / 11, 6 / 11])
    roots = np.sqrt([3, 2, 6])
    assert list(found["temperature 2"].weights.values()) == pytest.approx(roots / roots.sum())
    assert list(found["unimax"].weights.values()) == pytest.approx([0.35, 0.35, 0.3])
    assert [one.keeps_bounds for one in found.values()] == [False, False, False, True]
    assert found["unimax"].gain.value > 0  # what keeps the bounds cannot be better


def test_fixed_shares_stay_in_every_baseline():
    law = separable([200.0, 500.0], extra=("english",))
    made = allocate(law, constraints=Constraints(fixed={"english": 0.2}), **AT, effort=QUICK).allocation
    assert made.weights["english"] == 0.2
    assert made.baselines[0].weights == pytest.approx({"python": 0.4, "java": 0.4, "english": 0.2})
    (price,) = made.prices
    assert price.constraint == "fix english" and price.per_percent > 0  # raising what helps nobody


@pytest.mark.parametrize(
    ("law", "limits", "message"),
    [
        (Linear(np.array([0.5, 0.3, 0.4]), LAW.names, LAW.components), Constraints(), r"all tokens go to java; lang"),
        (separable([1e-6, 500.0]), Constraints(), r"all tokens go to java; .* nearly left out: python"),
        (separable([0.2, 500.0, 500.0]), Constraints(), r"languages that count are nearly left out: python \(0\."),
    ],
)
def test_a_vertex_is_refused_unless_it_is_asked_for(law, limits, message):
    with pytest.raises(StageError, match=message) as error:
        allocate(law, constraints=limits, **AT, effort=QUICK)
    assert "--allow-vertex" in str(error.value) and "--min" in str(error.value)
    made = allocate(law, constraints=limits, **AT, allow_vertex=True, effort=QUICK).allocation
    assert made.warnings[0].startswith("vertex: ")


def test_a_vertex_that_the_bounds_force_is_none():
    law = separable([200.0, 500.0])
    forced = Constraints(maximum={"java": 0.0})
    alone = allocate(law, Goal(weights={"python": 1}), forced, **AT, effort=QUICK).allocation
    assert alone.weights == {"python": 1.0, "java": 0.0}
    assert any("no finite loss is predicted of java" in text for text in alone.warnings)
    least = Constraints(minimum={"python": 0.02})
    found = allocate(separable([1e-6, 500.0]), constraints=least, **AT, effort=QUICK).allocation
    assert found.weights == {"python": 0.02, "java": 0.98}


def test_what_counts_for_nothing_may_be_left_out_with_a_warning():
    made = allocate(separable([200.0, 500.0], extra=("parallel",)), **AT, effort=QUICK).allocation
    assert made.weights["parallel"] == 0
    assert any(text.startswith("nearly left out: parallel") for text in made.warnings)


@settings(max_examples=3, deadline=None)
@given(st.floats(0.05, 0.3), st.floats(0.3, 0.5), st.floats(0.5, 4))
def test_shadow_prices_are_the_differences_of_the_objective(low, high, epochs):
    limits = Constraints(
        {"python": 0.4 + low / 2}, {"go": high}, unique={**UNIQUE, "java": 4e8}, max_epochs=epochs + 3
    )
    made = allocate(LAW, constraints=limits, n=1e8, d=8e9, effort=QUICK)
    step = 2e-3
    change = {
        "min python": lambda s: replace(limits, minimum={"python": limits.minimum["python"] - s}),
        "max go": lambda s: replace(limits, maximum={"go": high + s}),
        "epochs java": lambda s: replace(limits, epochs={"java": epochs + 3 + s * 8e9 / 4e8}),
    }
    prices = [price for price in made.allocation.prices if price.constraint in change]
    assert prices
    for price in prices:
        ends = [
            allocate(LAW, constraints=change[price.constraint](s), n=1e8, d=8e9, effort=QUICK) for s in (step, -step)
        ]
        slope = (ends[0].best.value - ends[1].best.value) / (2 * step)
        assert price.per_percent == pytest.approx(0.01 * slope, rel=0.02, abs=2e-7)
        assert price.resolved == pytest.approx(price.per_percent, rel=0.1, abs=2e-6)
        assert price.per_percent <= 0


def test_more_unique_tokens_are_worth_what_an_allocation_with_more_of_them_gains():
    law = replace(LAW, saturates=4.0)
    limits = Constraints(unique={**UNIQUE, "go": 4e8}, max_epochs=3)
    made = allocate(law, constraints=limits, n=1e8, d=8e9, effort=QUICK)
    (price,) = [one for one in made.allocation.prices if one.constraint == "epochs go"]
    more = replace(limits, unique={**UNIQUE, "go": 4.01e8})
    gained = allocate(law, constraints=more, n=1e8, d=8e9, effort=QUICK)
    # log losses relative to uniform: the uniform mixture gains from fresher text too
    losses = [np.mean([np.log(one.allocation.losses[t].value) for t in law.names]) for one in (made, gained)]
    assert price.per_billion_unique == pytest.approx((losses[1] - losses[0]) / 1e6 * 1e9, rel=0.15)


def test_the_unconstrained_optimum_stands_beside_the_feasible_one():
    free = allocate(LAW, **AT, effort=QUICK).allocation
    made = allocate(LAW, constraints=Constraints(maximum={"go": 0.2}), **AT, effort=QUICK).allocation
    assert made.unconstrained.weights == pytest.approx(free.weights, abs=2e-4)
    assert made.unconstrained.gain > 1e-3
    assert free.unconstrained.gain == pytest.approx(0, abs=1e-7)


def test_a_prior_draws_the_result_and_a_strong_one_decides_it():
    weights = [
        allocate(LAW, constraints=Constraints(prior="uniform", strength=s), **AT, effort=QUICK).shares
        for s in (1e-6, 0.03, 1e3)
    ]
    away = [np.abs(shares - 1 / 3).max() for shares in weights]
    assert away[0] > away[1] + 0.05 > away[2] + 0.05 and away[2] < 1e-3
    natural = Constraints(prior="natural", strength=1e3, unique=UNIQUE)
    assert allocate(LAW, constraints=natural, **AT, effort=QUICK).shares == pytest.approx(
        [0.5, 1 / 3, 1 / 6], abs=1e-3
    )


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Constraints(strength=1.0), "--kl needs --prior"),
        (Constraints(prior="natural"), "--prior needs --kl"),
        (Constraints(prior="natural", strength=1), "--prior natural needs to know what tokens there are"),
        (Constraints(prior={"go": 0.5}, strength=1), "sum to 0.5"),
        (Constraints(prior={"cobol": 1.0}, strength=1), "--prior cobol: the fit has no such component"),
        (Constraints(prior="uniform", strength=np.nan), "--kl nan"),
    ],
)
def test_a_prior_that_cannot_be_used_is_refused(limits, message):
    with pytest.raises(ConfigError, match=message):
        allocate(LAW, constraints=limits, **AT, effort=QUICK)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({"n": 1e8}, "give --n and --tokens, or --flops"),
        ({"n": 1e8, "d": 1e9, "flops": 1e20}, "leave out --n and --tokens"),
        ({"n": -1, "d": 1e9}, "--n -1: give a number above 0"),
        ({"flops": 1e10}, "is too little"),
        ({"flops": 1e20, "effort": Effort(reach=0.5)}, "--reach 0.5"),
        ({"n": 1e300, "d": 1e9}, r"--n 1e\+300: give a number up to 1e\+21"),
        (
            {"n": 1e8, "d": 1e16},
            r"--tokens 1e\+16 is 1e\+05 times above the measured 1e\+08 to 1e\+11, more than 1000",
        ),
        (
            {"n": 1e3, "d": 1e9},
            r"--n 1000 is 1e\+04 times below .* Give --n within 1e\+04 to 1e\+12, .* --reach 1.01e\+04",
        ),
        ({"flops": 1e30}, r"--flops 1e\+30 is too much: 1e\+10 parameters and 1e\+14 tokens, .* take 6e\+24"),
    ],
)
def test_a_place_that_is_none_is_refused(place, message):
    with pytest.raises(ConfigError, match=message):
        allocate(LAW, **place)


def test_a_budget_stays_within_reach_of_the_measured_sizes_and_says_so():
    made = allocate(LAW, flops=1e24, effort=Effort(starts=4, reach=3)).allocation
    assert made.n_parameters == pytest.approx(3e9)
    assert any("stands at the limit of 3 times the largest measured size" in text for text in made.warnings)
    assert any(text.startswith("D = ") and text.endswith("an extrapolation") for text in made.warnings)


def test_where_caps_leave_operations_over_that_is_said():
    limits = Constraints(unique=UNIQUE, max_epochs=0.1)
    made = allocate(LAW, constraints=limits, flops=1e22, effort=QUICK).allocation
    assert made.tokens == pytest.approx(6e8) and made.n_parameters == pytest.approx(1e10)
    assert any(text.startswith("only ") and "of the operations are used" in text for text in made.warnings)


def test_a_bootstrap_of_a_real_fit_gives_intervals():
    drawn = bootstrap(fitted(), measured(), count=8)
    made = allocate(fitted(), **AT, draws=drawn, effort=Effort(starts=4, draws=6)).allocation
    assert made.draws == 6 and len(made.fit_identity) == 64
    interval = made.intervals["python"]
    assert interval.low < made.weights["python"] < interval.high
    assert made.losses["python"].interval.low < made.losses["python"].interval.high


def test_an_average_shows_what_each_law_would_choose_and_what_is_lost_if_it_is_right():
    other = replace(LAW, b=LAW.b * [2, 1, 0.5], law="other")
    made = allocate(Together((LAW, other)), **AT, effort=QUICK).allocation
    assert [one.law for one in made.laws] == ["separable", "other", "mean of the optima"]
    alone = allocate(other, **AT, effort=QUICK).allocation
    assert made.laws[1].weights == pytest.approx(alone.weights, abs=2e-4)
    assert all(one.regret > 0 for one in made.laws)
    assert made.draws_of == "laws" and made.draws == 2
    same = allocate(Together((LAW, LAW)), **AT, effort=QUICK).allocation
    assert [one.regret for one in same.laws] == pytest.approx([0, 0, 0], abs=1e-7)


def test_a_change_of_order_along_the_path_is_told():
    law = replace(LAW, beta=np.array([0.2, 0.9, 0.3]), b=np.array([20.0, 3e7, 200.0]), transfer=np.eye(3))
    made = allocate(law, n=1e9, d=1e11, effort=replace(QUICK, path=True)).allocation
    first, last = made.path[0].weights, made.path[-1].weights
    assert first["java"] > first["python"] + 0.1 and last["python"] > last["java"] + 0.1
    assert last == pytest.approx(made.weights, abs=2e-4)
    told = [text for text in made.warnings if text.startswith("rank reversal")]
    assert any("java and" in text or "python gets more tokens than java" in text for text in told)
    assert any(text.startswith("rank reversal: the mixture (best at N = 1e+07, D = 1e+08) beats") for text in told)
    calm = allocate(
        separable([200.0, 300.0, 500.0], e=0.0, a=0.0), n=1e9, d=1e11, effort=replace(QUICK, path=True)
    ).allocation
    assert not [text for text in calm.warnings if text.startswith("rank reversal")]


def test_a_path_of_budgets_ends_at_the_budget():
    made = allocate(LAW, flops=1e20, effort=replace(QUICK, path=True)).allocation
    flops = [6 * one.n_parameters * one.tokens for one in made.path]
    assert flops == sorted(flops) and flops[-1] == pytest.approx(1e20)


def test_a_law_without_mixture_is_refused():
    law = replace(LAW, components=())
    with pytest.raises(ConfigError, match="this law knows no mixture"):
        allocate(law, **AT)


def test_the_guard_is_told_with_its_slack_and_its_price():
    made = allocate(LAW, Goal(guard=0.01), **AT, effort=QUICK).allocation
    assert -0.01 - 2e-4 <= min(made.guard_slack.values()) < -0.0095  # shares are rounded
    prices = [one for one in made.prices if one.constraint.startswith("guard ")]
    assert prices and all(one.resolved == pytest.approx(one.per_percent, rel=0.1) for one in prices)


def test_a_place_that_is_far_away_is_reached_only_by_insisting():
    made = allocate(LAW, n=1e8, d=1e16, effort=replace(QUICK, reach=2e5)).allocation
    assert made.certificate.certified
    assert any("D = 1e+16 is 1e+05 times above the measured" in text for text in made.warnings)


FLAT = separable([1e-9, 2e-9, 3e-9], transfer=np.ones((3, 3)))
"""Nothing is left to learn, and every language teaches as well."""


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]])
def test_on_flat_ground_the_mixture_nearest_to_uniform_is_taken_and_not_certified(order):
    rng = np.random.default_rng(0)
    flat = FLAT.permuted(order)
    drawn = [flat.moved(rng) for _ in range(6)]
    made = allocate(flat, constraints=Constraints({"go": 0.5}), **AT, draws=drawn, effort=QUICK).allocation
    assert made.weights == pytest.approx({"python": 0.25, "java": 0.25, "go": 0.5}, abs=1e-4)
    assert not made.certificate.certified and made.certificate.distance > 0.2
    assert any(text.startswith("the objective is flat: any mixture is as good") for text in made.warnings)
    assert made.intervals["python"].low < 0.02 and made.intervals["python"].high > 0.45


def test_of_what_can_stand_for_each_other_the_even_mixture_is_taken():
    law = separable([300.0, 300.0, 600.0], transfer=[[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    found = allocate(law, Goal(units="absolute"), **AT, effort=Effort(starts=12))
    made = found.allocation
    assert made.weights["python"] == pytest.approx(made.weights["java"], abs=2e-3)
    only = allocate(separable([300.0, 300.0]), Goal(weights={"python": 1, "java": 1}, units="absolute"), **AT)
    assert only.allocation.certificate.certified  # the same of two that cannot
    assert found.best.flat and not made.certificate.certified
    assert any(text.startswith("the optimum is flat: mixtures as good differ in") for text in made.warnings)
    corner = allocate(law, Goal(units="absolute"), Constraints(fixed={"java": 0.02}), **AT, effort=QUICK)
    assert found.best.value <= corner.best.value * (1 + SAME)


def test_a_sound_optimum_is_not_moved_towards_uniform():
    made = allocate(separable([200.0, 500.0]), Goal(units="absolute"), **AT, effort=QUICK)
    expected = np.array([200.0, 500.0]) ** (1 / 1.3)
    assert made.best.shares == pytest.approx(expected / expected.sum(), abs=1e-5)
    assert not made.best.flat and made.allocation.certificate.certified


def test_a_sharp_optimum_that_hardly_matters_is_kept_and_told():
    law = separable([2e-5, 5e-5])
    made = allocate(law, Goal(units="absolute"), **AT, effort=QUICK)
    expected = np.array([2.0, 5.0]) ** (1 / 1.3)
    assert made.best.shares == pytest.approx(expected / expected.sum(), abs=1e-2)
    assert any(text.startswith("a mixture hardly matters here") for text in made.allocation.warnings)


def broken(fit, value: float):
    """A fit one of whose parameters is no number."""
    java = fit.targets["java"]
    theta = java.theta.copy()
    theta[0] = value
    return replace(fit, targets={**fit.targets, "java": replace(java, theta=theta)})


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_fit_that_predicts_no_losses_is_refused(value):
    with pytest.raises(
        StageError, match=r"predicted loss of java is no finite positive number at the baseline uniform"
    ):
        allocate(broken(fitted(), value), **AT, effort=QUICK)


def test_no_number_is_refused_even_for_a_target_that_counts_for_nothing():
    with pytest.raises(StageError, match="predicted loss of java is no finite"):
        allocate(broken(fitted(), np.nan), Goal(weights={"python": 1}), **AT, effort=QUICK)


def test_a_draw_that_predicts_no_losses_is_refused():
    drawn = [fitted(), broken(fitted(), np.nan)]
    with pytest.raises(StageError, match="the uniform mixture in draw 2 of 2"):
        allocate(fitted(), **AT, draws=drawn, effort=QUICK)


def test_a_share_without_which_the_law_is_infinite_is_not_rounded_away():
    made = allocate(separable([1e-6, 500.0]), **AT, allow_vertex=True, effort=QUICK).allocation
    assert 0 < made.weights["python"] < 1e-4 and made.losses["python"].value < 10


@pytest.mark.parametrize("law", [LAW, replace(LAW, saturates=4.0)])
def test_what_there_is_nothing_of_gets_no_share_and_no_price(law):
    helped = replace(law, transfer=LAW.transfer + 0.05)
    limits = Constraints(unique={**UNIQUE, "go": 0.0, "java": 1e9}, max_epochs=6)
    made = allocate(helped, Goal(weights={"python": 1, "java": 1}), limits, n=1e8, d=1e10, effort=QUICK).allocation
    assert made.weights["go"] == 0 and made.certificate.certified
    assert all(one.weights["go"] == 0 for one in made.baselines)
    assert not [price for price in made.prices if price.constraint.endswith(" go")]


@pytest.mark.parametrize(
    "limits",
    [
        Constraints(fixed={"python": 1.0}),
        Constraints(minimum={"python": 0.995}),
        Constraints(maximum={"java": 0.005}),
        Constraints(minimum={"python": 0.4}, maximum={"java": 0.003}, unique={"python": 1e10, "java": 1e10}),
    ],
)
def test_a_vertex_that_any_bound_forces_is_allowed(limits):
    law = separable([500.0, 200.0], transfer=[[1, 0.3], [0.1, 1]])
    made = allocate(law, constraints=limits, **AT, effort=QUICK).allocation
    assert made.weights["python"] >= 0.994
    assert not [text for text in made.warnings if text.startswith(("vertex", "a mixture hardly"))]
    assert all(price.resolved == pytest.approx(price.per_percent, rel=0.1) for price in made.prices)


def test_the_uniform_mixture_itself_is_called_so():
    made = allocate(separable([200.0, 500.0]), constraints=Constraints(fixed={"python": 0.5}), **AT, effort=QUICK)
    (baseline,) = made.allocation.baselines
    assert str(baseline.gain.value) == "0.0"
    assert any("are the uniform mixture itself" in text for text in made.allocation.warnings)


def test_a_component_of_which_little_exists_is_left_out_by_force_where_tokens_are_chosen_too():
    limits = Constraints(unique={"python": 1e12, "java": 1e12, "go": 1e7}, max_epochs=4)
    made = allocate(LAW, constraints=limits, flops=1e20, effort=QUICK).allocation
    assert 0 < made.weights["go"] < 0.01 and not [text for text in made.warnings if "left out" in text]
    assert made.bounds["go"].epochs <= 4 + 1e-6


def test_components_called_n_and_d_are_not_taken_for_size_and_tokens():
    law = separable([200.0, 500.0], names=("N", "D"))
    made = allocate(law, flops=1e24, effort=Effort(starts=4, reach=3)).allocation
    assert any("stands at the limit" in text for text in made.warnings)
    assert {price.constraint for price in made.prices} == {"flops"}


def test_members_of_an_average_that_know_no_mixtures_have_no_say():
    known = fitted()
    other = fit(measured(), "chinchilla", starts=4)
    made = allocate(Together((known, other)), **AT, effort=QUICK).allocation
    assert any(text.startswith("chinchilla knows no mixtures") for text in made.warnings)
    assert [one.law for one in made.laws] == ["transfer", "mean of the optima"] and made.draws == 1
    assert made.weights == pytest.approx(allocate(known, **AT, effort=QUICK).allocation.weights, abs=2e-3)
