from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import PlanError
from mixer.config import COMPONENTS, MixConfig
from mixer.plan import Supply, largest_remainder, plan, target_shares


def supply(**tokens: int) -> dict[str, Supply]:
    return {c: Supply(documents=10, tokens=n, sequences=n / 8) for c, n in tokens.items()}


def config(**options) -> MixConfig:
    return MixConfig(sequence_length=8, **options)


@given(
    st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=9).filter(lambda x: sum(x) > 0),
    st.integers(0, 5000),
)
def test_largest_remainder_is_exact_and_within_one(shares, total):
    counts = largest_remainder(shares, total)
    whole = sum(Fraction(s) for s in shares)
    assert sum(counts) == total
    for share, count in zip(shares, counts, strict=True):
        assert abs(count - Fraction(share) * total / whole) < 1


def test_a_share_of_zero_gets_nothing():
    assert largest_remainder([0.0, 1.0, 0.0], 7) == [0, 7, 0]


def test_explicit_shares_are_met_to_the_sequence():
    made = plan(
        config(proportions={"python": 0.5, "go": 0.25, "rust": 0.25}, tokens=808), supply(python=900, go=900, rust=900)
    )
    assert [(c.component, c.sequences) for c in made.components] == [("python", 51), ("go", 25), ("rust", 25)]
    assert made.sequences == 101


def test_without_a_budget_the_scarcest_component_decides():
    made = plan(config(proportions={"python": 0.5, "go": 0.5}), supply(python=8000, go=80))
    assert {c.component: c.sequences for c in made.components} == {
        "python": 11,
        "go": 10,
    }  # the odd one to the earlier


def test_epochs_stretch_a_component():
    made = plan(config(proportions={"go": 1.0}, max_epochs=2.5), supply(go=80))
    assert made.sequences == 25
    assert made.components[0].epochs == 2.5


def test_a_plan_that_cannot_be_met_names_the_component_and_the_tokens():
    with pytest.raises(PlanError) as error:
        plan(config(proportions={"python": 0.5, "go": 0.5}, tokens=1600), supply(python=8000, go=80))
    message = str(error.value)
    assert "go: needs 100 sequences (800 tokens), has 10 (80); lacks 720 tokens" in message
    assert "mix.tokens=168" in message
    assert "python:" not in message


def test_asking_for_a_component_that_is_empty_is_an_error():
    with pytest.raises(PlanError, match="asks for rust, but the pool holds no sequence of it; it holds go"):
        plan(config(proportions={"rust": 1.0}), supply(go=80))


def test_pairs_that_are_all_too_long_are_an_error_that_says_so():
    pool = supply(go=80) | {"parallel": Supply(documents=0, tokens=0, sequences=0.0)}
    with pytest.raises(
        PlanError, match=r"asks for parallel, .* longer than mix.sequence_length=8 tokens do not count"
    ):
        plan(config(proportions={"go": 0.5, "parallel": 0.5}), pool)


def test_a_budget_below_one_sequence_is_an_error():
    with pytest.raises(PlanError, match=r"mix.tokens=7 at mix.sequence_length=8 leaves no whole sequence"):
        plan(config(proportions={"go": 1.0}, tokens=7), supply(go=80))


@pytest.mark.parametrize("proportions", ["uniform", "natural", "temperature", {"go": 0.5, "rust": 0.5}])
def test_without_a_budget_a_component_of_less_than_a_sequence_is_an_error(proportions):
    pool = supply(go=8000, rust=7)
    with pytest.raises(PlanError, match=r"there is not one sequence of 8 tokens of rust \(7 tokens\)"):
        plan(config(proportions=proportions), pool)
    if isinstance(proportions, dict):  # and cured in one of the ways it names
        made = plan(config(proportions=proportions, max_epochs=2.0), pool)
        assert {c.component: c.sequences for c in made.components} == {"go": 2, "rust": 1}


def test_a_small_share_does_not_shorten_the_mixture():
    # 1,499 sequences: rust's quota is 1.499, rounded down to the one it has
    made = plan(config(proportions={"go": 0.999, "rust": 0.001}), supply(go=10**6, rust=15))
    assert {c.component: c.sequences for c in made.components} == {"go": 1498, "rust": 1}


def test_a_cure_that_does_not_exist_is_not_offered():
    with pytest.raises(PlanError, match="Cures: a smaller share for rust"):
        plan(config(proportions={"go": 0.1, "rust": 0.9}, tokens=160), supply(go=80, rust=5))


def test_an_empty_pool_is_an_error():
    with pytest.raises(PlanError, match="no sequence of any component"):
        plan(config(), {})


@pytest.mark.parametrize(
    ("proportions", "expected"),
    [("uniform", [0.5, 0.5]), ("natural", [0.8, 0.2]), ("temperature", [2 / 3, 1 / 3])],
)
def test_rules(proportions, expected):
    shares = target_shares(config(proportions=proportions, temperature=2.0), supply(python=1600, go=400))
    assert list(shares) == ["python", "go"]
    assert list(shares.values()) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("proportions", "message"),
    [
        ({"python": 0.5}, "sum to 0.5"),
        ({"python": 0.5, "cobol": 0.5}, "cobol.*allowed: python"),
        ({"python": 1.5, "go": -0.5}, "must lie in 0..1"),
    ],
)
def test_bad_proportions_are_refused(proportions, message):
    with pytest.raises(ValueError, match=message):
        config(proportions=proportions)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_largest_budget_fits_and_one_more_sequence_does_not(data):
    names = data.draw(st.lists(st.sampled_from(COMPONENTS), min_size=1, max_size=8, unique=True))
    parts = data.draw(st.lists(st.integers(1, 50), min_size=len(names), max_size=len(names)))
    held = data.draw(st.lists(st.integers(8, 4000), min_size=len(names), max_size=len(names)))
    proportions = {n: p / sum(parts) for n, p in zip(names, parts, strict=True)}
    pool = supply(**dict(zip(names, held, strict=True)))
    try:
        made = plan(config(proportions=proportions), pool)
    except PlanError:
        return
    for part in made.components:
        assert part.sequences <= part.available
    for more in range(1, 200):  # rounding can fit one total and not the next, so more than one step is looked at
        with pytest.raises(PlanError, match="lacks"):
            plan(config(proportions=proportions, tokens=(made.sequences + more) * 8), pool)
