import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.split import choose, linked, repository_scope


def documents(n, languages=2, repositories=5, seed=0):
    random = np.random.default_rng(seed)
    ids = [f"{i:04d}" for i in range(n)]
    return ids, random.integers(0, languages, n), random.integers(1, 100, n), random.integers(0, repositories, n)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 80), st.integers(0, 40), st.floats(0, 0.5), st.integers(0, 5), st.booleans())
def test_no_link_is_cut_and_no_language_exceeds_its_share(n, edges, share, seed, repositories):
    ids, language, size, repository = documents(n, seed=seed)
    links = np.random.default_rng(seed).integers(0, n, (edges, 2))
    held, component = choose(ids, language, size, repository, links, share, seed, repositories)
    assert (held[links[:, 0]] == held[links[:, 1]]).all()
    assert (component[links[:, 0]] == component[links[:, 1]]).all()
    whole = np.bincount(language, weights=size, minlength=2)
    out = np.bincount(language, weights=size * held, minlength=2)
    assert (out <= share * whole + 1e-9).all()


def test_a_share_of_small_documents_is_nearly_filled():
    ids, language, size, repository = documents(2000, repositories=1)
    held, _ = choose(ids, language, size, repository, np.empty((0, 2), np.int64), 0.1, 0)
    for code in (0, 1):
        inside = language == code
        assert 0.095 < size[inside & held].sum() / size[inside].sum() <= 0.1


def test_whole_repositories_come_first():
    ids, language, size, repository = documents(2000, languages=1, repositories=100)
    held, _ = choose(ids, language, size, repository, np.empty((0, 2), np.int64), 0.1, 0)
    assert held.any()
    assert repository_scope(held, repository).all()


def test_the_choice_does_not_depend_on_the_order_of_documents():
    ids, language, size, repository = documents(300)
    links = np.array([[1, 2], [5, 9]])
    held, _ = choose(ids, language, size, repository, links, 0.2, 7)
    shuffle = np.random.default_rng(1).permutation(300)
    place = np.argsort(shuffle)
    again, _ = choose(
        [ids[i] for i in shuffle], language[shuffle], size[shuffle], repository[shuffle], place[links], 0.2, 7
    )
    assert {ids[i] for i in np.flatnonzero(held)} == {ids[shuffle[i]] for i in np.flatnonzero(again)}


def test_linked_components_are_transitive():
    labels = linked(5, np.array([[0, 1], [1, 4]]))
    assert labels[0] == labels[1] == labels[4]
    assert len({labels[0], labels[2], labels[3]}) == 3


def test_a_share_of_zero_holds_nothing_out():
    ids, language, size, repository = documents(50)
    held, _ = choose(ids, language, size, repository, np.empty((0, 2), np.int64), 0.0, 0)
    assert not held.any()
