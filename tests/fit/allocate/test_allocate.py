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
    assert allocate(law, constraints=forced, **AT, effort=QUICK).allocation.weights == {"python": 1.0, "java": 0.0}
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
    ],
)
def test_a_place_that_is_none_is_refused(place, message):
    with pytest.raises(ConfigError, match=message):
        allocate(LAW, **place)


def test_a_budget_stays_within_reach_of_the_measured_sizes_and_says_so():
    made = allocate(LAW, flops=1e26, effort=Effort(starts=4, reach=3)).allocation
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
