import re
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from contracts.errors import PlanError
from contracts.languages import LANGUAGE_NAMES, in_order
from mixer.config import MixConfig
from mixer.planning.plan import Plan, plan
from mixer.planning.supply import Supply, exact

from ..supplies import LENGTH, packed, text

NAMES = [*LANGUAGE_NAMES[:4], "prose", "parallel"]


def config(**options) -> MixConfig:
    return MixConfig(**{"sequence_length": LENGTH, **options})


def sequences(made: Plan) -> dict[str, int]:
    return {c: part.sequences for c, part in made.components.items()}


@st.composite
def pools(draw) -> dict[str, Supply]:
    """What a pool holds of one to six components, the last one packed."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    fill = draw(st.lists(st.integers(1, LENGTH), min_size=1, max_size=20))
    held = {c: draw(st.one_of(st.integers(1, 300), st.integers(300, 50_000))) for c in names}
    return {c: packed(fill) if c == "parallel" else text(held[c]) for c in names}


weights = st.one_of(st.integers(1, 50), st.sampled_from([0.001, 0.05, 1000]))
epochs = st.sampled_from([0.3, 0.7, 1.0, 1.1, 2.3, 3.0])


@st.composite
def mixtures(draw) -> tuple[MixConfig, dict[str, Supply]]:
    """A configuration, possible or not, for a pool."""
    pool = draw(pools())
    parts = {c: draw(weights) for c in pool}
    explicit = {c: part / sum(parts.values()) for c, part in parts.items()}
    rule = draw(st.sampled_from(["uniform", "natural", "temperature", "unimax", "explicit", "explicit"]))
    limits = {
        c: {
            "max_epochs": draw(st.none() | epochs),
            "min_share": draw(st.sampled_from([0.0, 0.0, 0.1])),
            "max_share": draw(st.sampled_from([1.0, 1.0, 0.45])),
        }
        for c in pool
        if draw(st.booleans())
    }
    tokens = draw(st.integers(LENGTH, 40_000)) if rule == "unimax" else draw(st.none() | st.integers(LENGTH, 40_000))
    made = config(
        proportions=explicit if rule == "explicit" else rule,
        components=limits,
        tokens=tokens,
        max_epochs=draw(epochs),
        redistribute=draw(st.booleans()),
    )
    return made, pool


def changed(made: MixConfig, **options) -> MixConfig:
    return MixConfig.model_validate(made.model_dump() | options)


@settings(max_examples=300)
@given(mixtures())
def test_realised_tokens_are_within_one_sequence_of_their_target_and_within_the_pool(case):
    made, pool = case
    try:
        found = plan(made, pool)
    except PlanError:
        return
    parts = found.components
    assert list(parts) == in_order(parts)
    assert sum(part.share for part in parts.values()) == pytest.approx(1)
    assert made.tokens in (None, found.budget)
    for name, part in parts.items():
        assert abs(part.tokens - part.share * found.budget) < LENGTH + 1e-6
        assert abs(part.sequences - part.quota) < 1
        assert part.sequences <= part.available == pool[name].limit(part.max_epochs)
        assert part.tokens == pool[name].tokens_in(part.sequences)
        assert part.tokens + part.padding == part.sequences * LENGTH
        assert part.epochs == pytest.approx(float(part.sequences / pool[name].sequences))
        assert part.epochs_begun - 1 < part.epochs <= part.epochs_begun <= -(-part.max_epochs // 1)
    assert -1e-6 < sum(found.quotas) - found.sequences < 1 + 1e-6  # no more is left over than part of a sequence
    data = found.to_dict()
    assert data["tokens"] == sum(part["tokens"] for part in data["components"].values())
    assert data["tokens"] + data["padding"] == data["sequences"] * LENGTH
    for key in ("realised_share", "realised_share_padded"):
        assert sum(part[key] for part in data["components"].values()) == pytest.approx(1)


@settings(max_examples=150)
@given(mixtures())
@example((config(proportions={"go": 1.0}, max_epochs=0.7), {"go": text(640)}))
def test_without_a_budget_it_is_the_largest_that_fits(case):
    made, pool = case
    rule = {"proportions": "uniform"} if made.proportions == "unimax" else {}
    made = changed(made, tokens=None, redistribute=False, **rule)
    try:
        found = plan(made, pool)
    except PlanError:
        return
    again = plan(changed(made, tokens=found.budget), pool) if found.budget >= LENGTH else found
    assert sequences(again) == sequences(found)
    assert any(part.available - part.quota < 1 for part in found.components.values())  # one has no more to give


@settings(max_examples=300)
@given(mixtures())
def test_every_cure_that_an_error_names_works(case):
    made, pool = case
    try:
        plan(made, pool)
        return
    except PlanError as error:
        message = str(error)
    assume("needs more than the pool holds" in message)
    smaller = re.search(r"What fits: mix\.tokens=(\d+) at these shares", message)
    if smaller:
        assert plan(changed(made, tokens=int(smaller[1])), pool).budget == int(smaller[1])
    nearest = re.search(r"mix\.redistribute: true for this budget at the shares ([^;]+)", message)
    assert bool(nearest) != ("Other shares do not help" in message)
    assert not (nearest and made.redistribute)
    if nearest:
        found = plan(changed(made, redistribute=True), pool)
        assert ", ".join(f"{c} {part.share:.4f}" for c, part in found.components.items()) == nearest[1]
    lacking = re.findall(r"lacks ([\d,]+) \(enough at mix\.(?:components\.(\w+)\.)?max_epochs=([\d.]+)\)", message)
    assert lacking
    assert all(int(tokens.replace(",", "")) > 0 for tokens, _, _ in lacking)
    limits = {name: limit.model_dump() for name, limit in made.components.items()}
    for _, name, enough in lacking:
        if name:
            limits[name]["max_epochs"] = float(enough)
    every = max((float(enough) for _, name, enough in lacking if not name), default=made.max_epochs)
    plan(changed(made, components=limits, max_epochs=every), pool)


def unimax(tokens: dict[str, int], budget: Fraction, most: Fraction) -> dict[str, Fraction]:
    """The algorithm of arXiv 2304.09151: from the smallest language on, a fair part of what is left, or all it has."""
    left, shares = budget, {}
    ascending = sorted(tokens, key=tokens.__getitem__)
    for number, name in enumerate(ascending):
        part = min(left / (len(ascending) - number), tokens[name] * most)
        shares[name] = part / budget
        left -= part
    return shares


@settings(max_examples=150)
@given(
    st.dictionaries(st.sampled_from(LANGUAGE_NAMES), st.integers(1, 500), min_size=1),
    st.integers(1, 4),
    st.floats(0.01, 1.0),
)
def test_unimax_is_the_algorithm_of_its_paper(held, most, part):
    tokens = {name: LENGTH * n for name, n in held.items()}  # whole sequences, so that nothing is left over
    budget = max(LENGTH, int(part * most * sum(tokens.values())))
    made = plan(config(proportions="unimax", tokens=budget, max_epochs=most), {c: text(n) for c, n in tokens.items()})
    expected = unimax(tokens, Fraction(budget), Fraction(most))
    assert {c: p.share for c, p in made.components.items()} == pytest.approx({c: float(expected[c]) for c in tokens})
    assert {p.wanted for p in made.components.values()} == {1 / len(tokens)}


THIRDS = {"python": 0.5, "go": 0.25, "rust": 0.25}


@pytest.mark.parametrize(
    ("options", "held", "expected"),
    [
        ({"proportions": THIRDS, "tokens": 101 * 64}, {"python": 9000, "go": 9000, "rust": 9000}, [51, 25, 25]),
        # without a budget the scarcest component decides
        ({"proportions": {"python": 0.5, "go": 0.5}}, {"python": 64_000, "go": 640}, [10, 10]),
        ({"proportions": {"go": 1.0}, "max_epochs": 2.5}, {"go": 640}, [25]),
        ({"proportions": {"go": 1.0}, "components": {"go": {"max_epochs": 3.0}}}, {"go": 640}, [30]),
        # what is bound is dealt out in proportion
        (
            {"proportions": THIRDS, "tokens": 64 * 120, "redistribute": True},
            {"python": 6400, "go": 640, "rust": 6400},
            [73, 10, 37],
        ),
        ({"components": {"go": {"max_share": 0.1}}, "tokens": 64 * 100}, {"python": 6400, "go": 6400}, [90, 10]),
        ({"components": {"go": {"min_share": 0.7}}, "tokens": 64 * 100}, {"python": 6400, "go": 6400}, [30, 70]),
        # tenths are tenths: 0.3 of 1,000 sequences is not a fraction of a token more than 300
        ({"proportions": {"go": 0.3, "rust": 0.7}, "tokens": 64_000}, {"go": 300 * 64, "rust": 700 * 64}, [300, 700]),
        ({"proportions": {"go": 0.7, "rust": 0.3}, "max_epochs": 0.7}, {"go": 6400, "rust": 6400}, [70, 30]),
    ],
)
def test_plans(options, held, expected):
    assert list(sequences(plan(config(**options), {c: text(n) for c, n in held.items()})).values()) == expected


def test_a_share_is_of_tokens_without_padding():
    half = packed([32] * 50)  # every sequence of pairs is half padding
    made = plan(config(proportions={"go": 0.5, "parallel": 0.5}, tokens=1920), {"go": text(6400), "parallel": half})
    assert sequences(made) == {"go": 15, "parallel": 30}
    data = made.to_dict()["components"]
    assert {c: (part["realised_share"], part["realised_share_padded"]) for c, part in data.items()} == {
        "go": (0.5, 15 / 45),
        "parallel": (0.5, 30 / 45),
    }
    assert made.to_dict()["padding"] == 30 * 32


POOL = {"python": text(6400), "go": text(640), "rust": text(40), "parallel": packed([60] * 4)}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"proportions": {"go": 1.0}, "tokens": 63},
            "mix.tokens=63 at mix.sequence_length=64 leaves no whole sequence; raise the budget or shorten",
        ),
        (
            {"proportions": {"python": 0.5, "go": 0.5}, "tokens": 12_800},
            "go: needs 6,400 tokens, has 640 (10 sequences) at mix.max_epochs=1; lacks 5,760 (enough at "
            "mix.max_epochs=10.00)",
        ),
        (
            {"proportions": {"go": 1.0}, "tokens": 1280, "components": {"go": {"max_epochs": 1.5}}},
            "go: needs 1,280 tokens, has 960 (15 sequences) at mix.components.go.max_epochs=1.5; lacks 320 (enough at "
            "mix.components.go.max_epochs=2.00)",
        ),
        (
            {"proportions": {"go": 1.0}, "tokens": 1280, "components": {"go": {"unique_tokens": 700}}},
            "at mix.max_epochs=1 of mix.components.go.unique_tokens=700; lacks 640",
        ),
        (
            {"proportions": {"go": 1.0}, "tokens": 1280},
            "Other shares do not help: these components hold 640 tokens at their epochs and bounds.\nWhat fits: "
            "mix.tokens=640 at these shares; more epochs; more sources.",
        ),
        (
            {"proportions": {"go": 0.5, "rust": 0.5}},
            "there is not one sequence of 64 tokens of rust (40 tokens, mix.max_epochs=1): shorten "
            "mix.sequence_length, raise max_epochs, add sources, name the other components in mix.proportions, or set "
            "mix.tokens with mix.redistribute: true",
        ),
        (
            {"proportions": {"rust": 1.0}, "components": {"rust": {"max_epochs": 1.25}}},
            "of rust (40 tokens, mix.components.rust.max_epochs=1.25)",
        ),
    ],
)
def test_a_plan_that_cannot_be_met_says_why(options, message):
    with pytest.raises(PlanError) as error:
        plan(config(**options), POOL)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "cure",
    [
        {"sequence_length": 40},
        {"max_epochs": 2.0},
        {"proportions": {"go": 1.0}},
        {"tokens": 640, "redistribute": True},
    ],
)
def test_what_helps_where_a_component_holds_less_than_a_sequence(cure):
    length = cure.get("sequence_length", LENGTH)
    pool = {"go": text(640, length), "rust": text(40, length)}
    options = {"proportions": {"go": 0.5, "rust": 0.5}}
    assert plan(config(**(options | cure)), pool).sequences >= 1


def test_a_budget_of_part_of_a_sequence_over_many_components_is_the_largest_that_fits():
    # 1,499 sequences: rust's quota would be 1.499, more than the one it has
    pool = {"go": text(64 * 10**5), "rust": text(64 + 60)}
    made = plan(config(proportions={"go": 0.999, "rust": 0.001}), pool)
    assert (made.budget, sequences(made)) == (64_000, {"go": 999, "rust": 1})
    assert made.components["rust"].quota == pytest.approx(float(exact(0.001) * 1000))
