from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import PlanError
from contracts.languages import LANGUAGE_NAMES
from mixer.config import MixConfig
from mixer.planning.shares import apply_bounds, bounded, largest_remainder, wanted_shares
from mixer.planning.supply import Supply

from ..supplies import LENGTH, packed, text

F = Fraction


def config(**options) -> MixConfig:
    return MixConfig(sequence_length=LENGTH, **options)


NONE = Supply(0, 0, 0, LENGTH, packed=0, lost_documents=3, lost_tokens=900)
POOL = {"go": text(400), "python": text(1600), "parallel": packed([60] * 10), "go->rust": packed([50] * 4)}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"proportions": "uniform"}, {"python": 1 / 3, "go": 1 / 3, "parallel": 1 / 3}),
        ({"proportions": "uniform", "parallel": "none"}, {"python": 0.5, "go": 0.5}),
        ({"proportions": "uniform", "parallel": "directions"}, {"python": 1 / 3, "go": 1 / 3, "go->rust": 1 / 3}),
        ({"proportions": "natural", "parallel": "none"}, {"python": 0.8, "go": 0.2}),
        ({"proportions": "natural"}, {"python": 1600 / 2600, "go": 400 / 2600, "parallel": 600 / 2600}),
        ({"proportions": "temperature", "parallel": "none"}, {"python": 2 / 3, "go": 1 / 3}),
        (
            {"proportions": "temperature", "temperature": 0.5, "parallel": "none"},
            {"python": 16 / 17, "go": 1 / 17},
        ),
        ({"proportions": "unimax", "tokens": 640, "parallel": "none"}, {"python": 0.5, "go": 0.5}),
        ({"proportions": {"go": 0.25, "rust": 0.0, "python": 0.75}}, {"python": 0.75, "go": 0.25}),
    ],
)
def test_rules(options, expected):
    shares = wanted_shares(config(**options), POOL)
    assert list(shares) == list(expected)  # in the order of components
    assert list(shares.values()) == pytest.approx(list(expected.values()))


@pytest.mark.parametrize(
    ("options", "pool", "message"),
    [
        (
            {"proportions": {"rust": 1.0}},
            {"go": text(400)},
            "mix.proportions asks for rust, but the pool holds no sequence of it; it holds go",
        ),
        (
            {"proportions": {"go": 0.5, "parallel": 0.5}},
            {"go": text(400), "parallel": NONE},
            f"asks for parallel, .* pairs longer than mix.sequence_length={LENGTH} tokens do not count.*glotmix stats",
        ),
        ({}, {}, f"the pool holds no sequence of {LENGTH} tokens of any component; add sources or shorten"),
        ({"parallel": "none"}, {"parallel": packed([5])}, "the pool holds no sequence of 64 tokens of any component"),
        (
            {"components": {"rust": {"max_share": 0.5}}},
            {"go": text(400)},
            "mix.components sets bounds for rust, which the pool does not hold; it holds go",
        ),
        (
            {"components": {"parallel": {"min_share": 0.1}}},
            {"go": text(400), "parallel": NONE},
            "mix.components.parallel.min_share=0.1, but the pool holds no sequence of 64 tokens of it; remove the b",
        ),
    ],
)
def test_what_the_pool_does_not_hold_is_an_error(options, pool, message):
    with pytest.raises(PlanError, match=message):
        wanted_shares(config(**options), pool)


def test_computed_shares_leave_out_what_the_pool_does_not_hold():
    pool = {"go": text(400), "python": text(400), "parallel": NONE}
    assert wanted_shares(config(), pool) == {"python": 0.5, "go": 0.5}


fractions = st.fractions(0, 1, max_denominator=50)


@st.composite
def bounds(draw) -> tuple[dict, dict, dict]:
    """Shares, lower and upper bounds of up to eight components."""
    names = [f"c{i}" for i in range(draw(st.integers(1, 8)))]
    shares = {c: draw(fractions) for c in names}
    pairs = {c: sorted([draw(st.one_of(st.just(F(0)), fractions)) / 2, draw(fractions)]) for c in names}
    return shares, {c: low for c, (low, _) in pairs.items()}, {c: high for c, (_, high) in pairs.items()}


@settings(max_examples=150)
@given(bounds())
def test_bounded_shares_sum_to_one_keep_their_bounds_and_are_proportional_where_free(case):
    shares, low, high = case
    taking = sum(high[c] if shares[c] else low[c] for c in shares)
    try:
        found = bounded(shares, low, high)
    except ValueError as error:
        assert sum(low.values()) > 1 or taking < 1
        assert "sum to" in str(error)
        return
    assert sum(low.values()) <= 1 <= taking
    assert sum(found.values()) == 1
    assert list(found) == list(shares)
    assert all(low[c] <= found[c] <= high[c] or (not shares[c] and found[c] == low[c]) for c in shares)
    inside = {found[c] / shares[c] for c in shares if shares[c] and low[c] < found[c] < high[c]}
    assert len(inside) <= 1
    for factor in inside:  # what is at a bound would be beyond it
        assert all(factor * shares[c] <= low[c] for c in shares if found[c] == low[c] < high[c])
        assert all(factor * shares[c] >= high[c] for c in shares if found[c] == high[c] > low[c])


@pytest.mark.parametrize(
    ("shares", "low", "high", "expected"),
    [
        ([F(1, 2), F(1, 2)], [0, 0], [1, 1], [F(1, 2), F(1, 2)]),
        ([F(3), F(1)], [0, 0], [1, 1], [F(3, 4), F(1, 4)]),  # of any sum
        ([F(3, 5), F(3, 10), F(1, 10)], [0, 0, 0], [F(1, 5), 1, 1], [F(1, 5), F(3, 5), F(1, 5)]),
        ([F(3, 5), F(3, 10), F(1, 10)], [0, 0, F(1, 2)], [1, 1, 1], [F(1, 3), F(1, 6), F(1, 2)]),
        ([F(1), F(0)], [0, F(1, 4)], [1, 1], [F(3, 4), F(1, 4)]),
        ([F(1), F(1)], [F(1, 2), F(1, 2)], [F(1, 2), F(1, 2)], [F(1, 2), F(1, 2)]),
        ([F(0), F(0)], [F(1, 2), F(1, 2)], [1, 1], [F(1, 2), F(1, 2)]),
    ],
)
def test_bounded_shares(shares, low, high, expected):
    names = [str(i) for i in range(len(shares))]
    given_ = [dict(zip(names, map(F, values), strict=True)) for values in (shares, low, high)]
    assert list(bounded(*given_).values()) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"components": {"go": {"max_share": 0.5}}}, {"python": 0.5, "go": 0.5}),  # nothing binds
        ({"components": {"go": {"max_share": 0.2}}}, {"python": 0.8, "go": 0.2}),
        ({"components": {"go": {"max_share": 0.0}}}, {"python": 1.0}),
        ({"components": {"parallel": {"min_share": 0.2}}}, {"python": 0.4, "go": 0.4, "parallel": 0.2}),
        (
            {
                "proportions": {"python": 0.9, "go": 0.1},
                "components": {"go": {"min_share": 0.4}},
                "redistribute": True,
            },
            {"python": 0.6, "go": 0.4},
        ),
    ],
)
def test_bounds_raise_and_lower_shares(options, expected):
    options = {"proportions": {"python": 0.5, "go": 0.5}, "redistribute": True} | options
    made = config(**options)
    assert apply_bounds(made, wanted_shares(made, POOL)) == expected


def test_explicit_shares_out_of_bounds_are_refused_and_redistributed_when_asked():
    options = {"proportions": {"python": 0.9, "go": 0.1}, "components": {"go": {"min_share": 0.4}}}
    with pytest.raises(PlanError) as error:
        apply_bounds(config(**options), options["proportions"])
    assert str(error.value).splitlines() == [
        "mix.proportions is outside of mix.components:",
        "  go: asked for 0.100000, allowed 0.4 to 1",
        "Change one, or set mix.redistribute: true.",
    ]
    assert apply_bounds(config(**options, redistribute=True), options["proportions"]) == {"python": 0.6, "go": 0.4}


@pytest.mark.parametrize("redistribute", [False, True])
@pytest.mark.parametrize(
    ("components", "message"),
    [
        ({"go": {"max_share": 0.4}, "python": {"max_share": 0.5}}, "upper bounds sum to 0.900000, less than 1"),
        ({"go": {"min_share": 0.6}, "python": {"min_share": 0.5}}, "lower bounds sum to 1.100000, more than 1"),
    ],
)
def test_bounds_that_no_shares_can_keep_are_refused_without_a_cure_that_does_not_exist(
    components, message, redistribute
):
    made = config(proportions={"python": 0.5, "go": 0.5}, components=components, redistribute=redistribute)
    with pytest.raises(PlanError, match=f"mix.components: the {message}; no shares of python, go can keep") as error:
        apply_bounds(made, {"python": 0.5, "go": 0.5})
    assert "redistribute" not in str(error.value)


quotas = st.lists(st.fractions(0, 500, max_denominator=10**6), min_size=1, max_size=49)


@given(quotas)
def test_largest_remainder_is_exact_and_within_one(values):
    given_ = {str(i): q for i, q in enumerate(values)}
    total = int(sum(values))
    counts = largest_remainder(given_, total)
    assert sum(counts.values()) == total
    assert all(abs(counts[c] - q) < 1 for c, q in given_.items())
    raised = [q - int(q) for c, q in given_.items() if counts[c] > q]
    others = [q - int(q) for c, q in given_.items() if counts[c] <= q]
    assert min(raised, default=F(1)) >= max(others, default=F(0))  # the largest remainders are the ones raised
    assert all(counts[c] == 0 for c, q in given_.items() if q == 0)


def test_equal_remainders_go_to_the_earlier_component():
    assert largest_remainder(dict.fromkeys(LANGUAGE_NAMES, F(3, 2)), 10) == dict(
        zip(LANGUAGE_NAMES, [2, 2, 2, 1, 1, 1, 1], strict=True)
    )


def test_what_has_no_room_is_not_rounded_up_where_others_can_be():
    quotas = {"python": F(27, 10), "java": F(14, 10), "go": F(19, 10)}
    assert largest_remainder(quotas, 6) == {"python": 3, "java": 1, "go": 2}
    assert largest_remainder(quotas, 6, {"python": 9, "java": 9, "go": 1}) == {"python": 3, "java": 2, "go": 1}
    assert largest_remainder(quotas, 6, {"python": 2, "java": 1, "go": 1}) == {"python": 3, "java": 1, "go": 2}
