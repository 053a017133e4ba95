import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.streams.pack import DOCUMENTS, SEQUENCES, best_fit, choose_unique, order_of
from mixer.streams.shuffle import draws, keys


def names(count: int) -> list[str]:
    return [f"d{i}" for i in range(count)]


def best_fit_decreasing(sizes: list[int], length: int) -> list[int]:
    """The obvious: largest first, into the fullest bin that takes it, the one filled last of those."""
    room: list[int] = []
    touched: list[int] = []
    bins = [0] * len(sizes)
    for turn, item in enumerate(sorted(range(len(sizes)), key=lambda i: -sizes[i])):
        fitting = [b for b, left in enumerate(room) if left >= sizes[item]]
        if fitting:
            chosen = min(fitting, key=lambda b: (room[b], -touched[b]))
        else:
            chosen = len(room)
            room.append(length)
            touched.append(turn)
        room[chosen] -= sizes[item]
        touched[chosen] = turn
        bins[item] = chosen
    return bins


@settings(max_examples=150)
@given(st.lists(st.integers(1, 30), max_size=60))
def test_bins_are_those_of_best_fit_decreasing(sizes):
    bins = best_fit(np.array(sizes, np.int32), 30)
    assert bins.tolist() == best_fit_decreasing(sizes, 30)
    used = np.bincount(bins, weights=sizes) if sizes else np.zeros(0)
    assert (used <= 30).all() and (used > 0).all()


def test_large_lists_are_packed_in_a_moment_and_tight():
    sizes = np.random.default_rng(0).integers(1, 1025, 20_000)
    bins = best_fit(sizes, 1024)
    assert sizes.sum() / (1024 * (bins.max() + 1)) > 0.995


def test_orders_depend_on_seed_purpose_epoch_and_ids_only():
    ids = keys(names(50))
    base = order_of(ids, DOCUMENTS, 1, 0).tolist()
    assert sorted(base) == list(range(50))
    assert base == order_of(ids, DOCUMENTS, 1, 0).tolist()
    others = [order_of(ids, *rest).tolist() for rest in ((DOCUMENTS, 2, 0), (SEQUENCES, 1, 0), (DOCUMENTS, 1, 1))]
    assert all(base != other for other in others)
    backwards = keys(names(50)[::-1])
    assert [49 - i for i in order_of(backwards, DOCUMENTS, 1, 0)] == base  # the place in the table does not matter


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40), st.integers(0, 5), st.integers(0, 2))
def test_a_curriculum_orders_by_rank_and_leaves_ties_to_chance(ranks, seed, epoch):
    ids = keys(names(len(ranks)))
    rank = np.array(ranks, np.float64)
    order = order_of(ids, DOCUMENTS, seed, epoch, rank)
    assert sorted(order.tolist()) == list(range(len(ranks)))
    assert rank[order].tolist() == sorted(ranks)
    random = order_of(ids, DOCUMENTS, seed, epoch).tolist()
    for value in set(ranks):  # ties stand as they would without a curriculum
        tied = [i for i in order.tolist() if ranks[i] == value]
        assert tied == [i for i in random if ranks[i] == value]


def test_draws_are_uniform_and_of_any_seed():
    values = keys(names(4000))
    for seeds in ((0,), (1, 2, 3), (-1,), (1 << 70,)):
        high = (draws(values, *seeds) >> np.uint64(60)).astype(int)
        assert np.bincount(high, minlength=16).min() > 180  # 250 expected in each of 16
    assert (draws(values, 1, 2) != draws(values, 2, 1)).all()


@st.composite
def pairs(draw) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Groups of documents, and the key, document and tokens of each program; equal programs have equal tokens."""
    count = draw(st.integers(1, 20))
    group = [draw(st.integers(0, 8)) for _ in range(count)]
    sides = [(draw(st.integers(0, 10)), document) for document in range(count) for _ in range(draw(st.integers(1, 2)))]
    tokens = [1 + 3 * key for key, _ in sides]
    key, document = (np.array(column) for column in zip(*sides, strict=True))
    return keys([f"g{g}" for g in group]), keys([f"p{k}" for k in key]), document, np.array(tokens)


def unique_tokens(case, chosen: np.ndarray) -> int:
    _, key, document, tokens = case
    inside = chosen[document]
    return sum(dict(zip(key[inside].tolist(), tokens[inside].tolist(), strict=True)).values())


@settings(max_examples=200)
@given(pairs(), st.integers(1, 200), st.integers(0, 3))
def test_the_choice_of_unique_tokens(case, limit, seed):
    groups = case[0]
    choices = [choose_unique(*case, n, seed) for n in (limit, limit + 7, 10**6)]
    for chosen, most in zip(choices, (limit, limit + 7, 10**6), strict=True):
        assert unique_tokens(case, chosen) <= most
        assert len({(g, bool(c)) for g, c in zip(groups.tolist(), chosen, strict=True)}) == len(set(groups.tolist()))
    assert not (choices[0] & ~choices[1]).any()  # the smaller choice is part of the larger one
    assert choices[2].all()
    if not choices[0].all():  # the next group in random order would have exceeded it
        left = np.unique(groups[~choices[0]])
        following = left[np.argmin(draws(left, seed, 3))]
        assert unique_tokens(case, choices[0] | (groups == following)) > limit


@pytest.mark.parametrize("seed", [0, 1])
def test_the_choice_is_at_random(seed):
    groups = keys(names(200))
    case = (groups, groups, np.arange(200), np.full(200, 10))
    chosen = choose_unique(*case, 1000, seed)
    assert chosen.sum() == 100
    assert 30 < chosen[:100].sum() < 70
    other = choose_unique(*case, 1000, seed + 5)
    assert (chosen != other).any()
