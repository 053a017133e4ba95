import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.split.groups import Groups, HeldOut, first_members, linked
from mixer.split.pairs import PART, goals, hold_pairs, kinds_of


def hold(language, size, pairs, wanted, share=0.5, seed=0, links=()):
    """What pairs alone hold out: (held, groups, goal and found of each language pair)."""
    count = len(language)
    ids = np.array([f"{i:05d}" for i in range(count)], dtype=np.bytes_)
    edges = np.concatenate([pairs, np.array(links, np.int64).reshape(-1, 2)])
    labels = linked(count, edges)
    target = share * np.bincount(language, weights=size)
    out = HeldOut(language, size, target, np.zeros(len(target)), np.zeros(count, bool))
    groups = Groups(first_members(labels, ids)[labels], ids, seed)
    hold_pairs(out, groups, pairs, wanted)
    kinds = kinds_of(language, pairs)
    found = np.bincount(kinds[out.held[pairs[:, 0]]], minlength=kinds.max() + 1)
    return out, groups, goals(kinds, wanted), found


@settings(max_examples=150)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 20), st.floats(0, 1), st.integers(0, 9))
def test_a_language_pair_stays_short_only_where_no_group_of_it_fits(count, couples, wanted, share, seed):
    random = np.random.default_rng(seed)
    language, size = random.integers(0, 4, count), random.integers(1, 100, count)
    pairs = random.integers(0, count, (couples, 2))
    out, groups, goal, found = hold(language, size, pairs, wanted, share, seed)
    assert (out.filled <= PART * out.target + 1e-9).all()
    assert np.allclose(out.filled, np.bincount(language, weights=size * out.held, minlength=len(out.target)))
    kinds = kinds_of(language, pairs)
    for kind in np.flatnonzero(found < goal):
        for number in np.unique(groups.number[pairs[kinds == kind, 0]]):
            members = groups.members(number)
            if not out.held[members].all():
                assert not out.take(members, PART)


def test_kinds_do_not_depend_on_which_side_comes_first():
    language = np.array([0, 2, 5])
    assert kinds_of(language, np.array([[0, 1], [1, 0], [2, 1], [0, 2], [1, 2]])).tolist() == [0, 0, 2, 1, 2]


def test_never_more_than_half_of_the_pairs_of_two_languages_are_aimed_at():
    assert goals(np.repeat([0, 1, 2, 3], [100, 40, 7, 1]), 20).tolist() == [20, 20, 4, 1]


def test_a_rare_language_pair_is_not_starved_by_common_ones():
    # 300 pairs of languages 0 and 1, 4 of 0 and 2; half of the share of language 0 has room for 6 documents
    pairs = np.arange(608).reshape(-1, 2)
    language = np.r_[np.tile([0, 1], 300), np.tile([0, 2], 4), np.repeat([1, 2], 300)]
    for seed in range(20):
        _, _, goal, found = hold(language, np.full(len(language), 10), pairs, 20, share=12.1 / 304, seed=seed)
        assert goal.tolist() == [20, 2]
        assert found.tolist() == [4, 2]


def test_a_group_is_taken_as_a_whole_and_all_its_pairs_count():
    # one program in three languages, twice; one group is enough for a wish of one pair each
    language = np.array([0, 1, 2, 0, 1, 2])
    pairs = np.array([[0, 1], [0, 2], [1, 2], [3, 4], [3, 5], [4, 5]])
    out, _, _, found = hold(language, np.full(6, 10), pairs, 1, share=1.0)
    assert found.tolist() == [1, 1, 1]
    assert out.held.tolist() in ([True] * 3 + [False] * 3, [False] * 3 + [True] * 3)


@given(st.integers(0, 40), st.integers(0, 30), st.integers(0, 5))
def test_groups_hold_each_document_once_in_an_order_of_the_seed(count, couples, seed):
    random = np.random.default_rng(seed)
    ids = np.array([f"{i:05d}" for i in random.permutation(count)], dtype=np.bytes_)
    labels = linked(count, random.integers(0, max(count, 1), (couples if count else 0, 2)))
    first = np.where(random.random(count) < 0.8, 1, -1)
    first = np.where(first > 0, first_members(labels, ids)[labels], -1)
    groups = Groups(first, ids, seed)
    listed = [groups.members(number).tolist() for number in range(len(groups))]
    assert sorted(document for members in listed for document in members) == np.flatnonzero(first >= 0).tolist()
    assert all((groups.number[members] == number).all() for number, members in enumerate(listed))
    assert all(len(np.unique(first[members])) == 1 for members in listed)
