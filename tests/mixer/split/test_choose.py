import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.split.choose import NO_LINKS, choose, linked, repository_scope


def documents(n, languages=2, repositories=5, seed=0):
    random = np.random.default_rng(seed)
    ids = [f"{i:04d}" for i in range(n)]
    return ids, random.integers(0, languages, n), random.integers(1, 100, n), random.integers(0, repositories, n)


def links_among(n, count, seed):
    return np.random.default_rng(seed).integers(0, n, (count, 2))


WORLDS = (st.integers(1, 80), st.integers(0, 40), st.integers(0, 40), st.integers(0, 5))
"""Documents, links, translation pairs, seed."""


@settings(max_examples=150)
@given(*WORLDS, st.floats(0, 0.9), st.booleans(), st.integers(0, 30))
def test_no_link_is_cut_and_no_language_exceeds_its_share(n, edges, couples, seed, share, repositories, wanted):
    ids, language, size, repository = documents(n, 3, seed=seed)
    links, pairs = links_among(n, edges, seed), links_among(n, couples, seed + 9)
    held, component = choose(ids, language, size, repository, links, share, seed, repositories, pairs, wanted)
    for tied in (links, pairs):
        assert (held[tied[:, 0]] == held[tied[:, 1]]).all()
        assert (component[tied[:, 0]] == component[tied[:, 1]]).all()
    whole = np.bincount(language, weights=size)
    out = np.bincount(language, weights=size * held)
    assert (out <= share * whole + 1e-9).all()


def test_a_share_of_small_documents_is_nearly_filled():
    ids, language, size, repository = documents(2000, repositories=1)
    held, _ = choose(ids, language, size, repository, NO_LINKS, 0.1, 0)
    for code in (0, 1):
        inside = language == code
        assert 0.095 < size[inside & held].sum() / size[inside].sum() <= 0.1


def test_whole_repositories_come_first():
    ids, language, size, repository = documents(2000, languages=1, repositories=100)
    held, _ = choose(ids, language, size, repository, NO_LINKS, 0.1, 0)
    assert held.any()
    assert repository_scope(held, repository).all()


@settings(max_examples=50)
@given(*WORLDS, st.integers(0, 10))
def test_the_choice_does_not_depend_on_the_order_of_documents(n, edges, couples, seed, wanted):
    ids, language, size, repository = documents(n, 3, seed=seed)
    links, pairs = links_among(n, edges, seed), links_among(n, couples, seed + 9)
    held, _ = choose(ids, language, size, repository, links, 0.3, 7, True, pairs, wanted)
    random = np.random.default_rng(seed)
    shuffle = random.permutation(n)
    place = np.argsort(shuffle)
    again, _ = choose(
        [ids[i] for i in shuffle], language[shuffle], size[shuffle], repository[shuffle],
        random.permutation(place[links])[:, ::-1], 0.3, 7, True, random.permutation(place[pairs])[:, ::-1], wanted,
    )  # fmt: skip
    assert {ids[i] for i in np.flatnonzero(held)} == {ids[shuffle[i]] for i in np.flatnonzero(again)}


def test_another_seed_holds_out_other_documents():
    ids, language, size, repository = documents(300)
    first, again = (choose(ids, language, size, repository, NO_LINKS, 0.2, seed)[0] for seed in (0, 1))
    assert (first != again).any()


def couples(count, languages):
    """Documents 2k and 2k + 1 are a pair; pairs go through the language pairs in turn. Each has a repository."""
    kinds = [(a, b) for a in range(languages) for b in range(a + 1, languages)]
    language = np.array([side for k in range(count) for side in kinds[k % len(kinds)]])
    pairs = np.arange(2 * count).reshape(-1, 2)
    return [f"{i:05d}" for i in range(2 * count)], language, np.full(2 * count, 10), np.arange(2 * count), pairs


def held_pairs(held, language, pairs):
    """How many pairs of each language pair are held out."""
    kinds = {(a, b): 0 for a, b in sorted({tuple(sorted(k)) for k in language[pairs].tolist()})}
    for a, b in pairs[held[pairs].all(axis=1)].tolist():
        kinds[tuple(sorted((int(language[a]), int(language[b]))))] += 1
    return kinds


@pytest.mark.parametrize(("wanted", "share"), [(20, 0.9), (20, 0.3), (5, 0.1), (0, 0.1)])
def test_each_language_pair_gets_its_pairs_where_the_shares_have_room(wanted, share):
    ids, language, _, _, pairs = couples(2100, 7)
    # all pairs in one repository, too large for a share that small ones without any pair would fill
    ids, language = [*ids, *(f"z{i:04d}" for i in range(2100))], np.r_[language, np.arange(2100) % 7]
    size, repository = np.full(6300, 10), np.r_[np.zeros(4200, np.int64), np.arange(1, 2101)]
    held, _ = choose(ids, language, size, repository, NO_LINKS, share, 0, True, pairs, wanted)
    found = held_pairs(held, language, pairs)
    assert len(found) == 21
    assert min(found.values()) >= wanted
    if not wanted:
        assert held.any() and not any(found.values())


def test_pairs_leave_room_for_other_documents_of_a_language_whose_repositories_do_not_fit():
    ids, language, size, repository, pairs = couples(500, 2)
    ids, language = [*ids, *(f"z{i:04d}" for i in range(1000))], np.r_[language, np.arange(1000) % 2]
    size, repository = np.full(2000, 10), np.zeros(2000, np.int64)
    held, _ = choose(ids, language, size, repository, NO_LINKS, 0.1, 0, True, pairs, 10**6)
    assert held[:1000].sum() >= 100
    assert held[1000:].any()
    assert held.sum() == 200


def test_linked_components_are_transitive():
    labels = linked(5, np.array([[0, 1], [1, 4]]))
    assert labels[0] == labels[1] == labels[4]
    assert len({labels[0], labels[2], labels[3]}) == 3


def test_a_share_of_zero_holds_nothing_out():
    ids, language, size, repository, pairs = couples(50, 2)
    held, _ = choose(ids, language, size, repository, NO_LINKS, 0.0, 0, True, pairs, 20)
    assert not held.any()
