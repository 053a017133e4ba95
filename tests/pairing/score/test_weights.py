import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features import classes as c
from pairing.features.hashing import SPACE
from pairing.score.weights import CLASS_WEIGHTS, FEWEST, KEYS, keys, rarity, similarity, weigh


def arrays(counts, documents):
    found = sorted(counts)
    return np.array(found, np.uint32), np.array([counts[k] for k in found], np.uint32), documents


def naive(languages):
    """{key: weight}: the lowest rarity, each language filled up with documents like those of all."""
    every = sum(n for _, n in languages)
    enough = min(FEWEST, max((n for _, n in languages), default=0) / 2)
    weights = {}
    for key in {k for counts, _ in languages for k in counts}:
        total = sum(counts.get(key, 0) for counts, _ in languages)
        lowest = min(
            np.log((max(n, enough) + 1) / (counts.get(key, 0) + max(0, enough - n) * total / every + 1))
            for counts, n in languages
        )
        if total > 1 and lowest > 1e-12:
            weights[key] = lowest
    return weights


def rarities(languages):
    found, weight = rarity([arrays(*language) for language in languages])
    assert (np.diff(found.astype(np.int64)) > 0).all()
    return dict(zip(found.tolist(), weight.tolist(), strict=True))


@pytest.mark.parametrize(
    "languages",
    [
        [],
        [({1: 1, 2: 3}, 3)],
        [({1: 5, 2: 1, 3: 2}, 10), ({1: 1, 2: 1, 4: 9}, 9)],
        [({1: 1, 2: 1, 3: 40}, 40), ({1: 1, 2: 1, 4: 1}, 1)],
        [({n: n for n in range(1, 9)}, 2_000), ({n: 8 - n for n in range(8)}, 30), ({}, 4)],
    ],
)
def test_a_key_weighs_what_it_does_where_it_is_commonest(languages):
    assert rarities(languages) == pytest.approx(naive(languages), rel=1e-5)
    assert rarities(languages[::-1]) == pytest.approx(naive(languages), rel=1e-5)


def test_idioms_of_one_language_and_keys_of_one_document_weigh_nothing():
    python, go = ({1: 1, 2: 5, 3: 1}, 100), ({1: 1, 2: 100}, 100)
    found = rarities([python, go])
    assert set(found) == {1}


def test_a_language_with_one_document_takes_no_weight_from_what_others_share():
    # what its only program says is not what every program of the language says
    python, go = ({1: 1, 2: 1, 3: 50}, 100), ({2: 1, 3: 50, 4: 1}, 100)
    lone = ({2: 1, 3: 1}, 1)
    before, after = rarities([python, go]), rarities([python, go, lone])
    assert after[2] > 0.7 * before[2]
    assert after[2] > 3 * after[3]  # rare things still tell more than common ones


def test_languages_half_as_large_as_the_largest_count_unmixed():
    python, go = ({1: 2, 2: 7}, 40), ({1: 1, 2: 3}, 20)
    assert rarities([python, go])[1] == pytest.approx(min(np.log(41 / 3), np.log(21 / 2)))


@given(st.lists(st.tuples(st.integers(0, SPACE - 1), st.integers(0, len(c.CLASSES) - 1)), max_size=20))
def test_place_and_class_make_one_key(pairs):
    places, classes = (np.array([p[i] for p in pairs], np.uint32) for i in (0, 1))
    found = keys(places, classes)
    assert (found < KEYS).all()
    assert len(np.unique(found)) == len(set(pairs))


def test_every_class_weighs_and_counts_are_damped():
    assert set(CLASS_WEIGHTS) == set(c.CLASSES)
    one = weigh(np.array([1, 1]), np.array([2.0, 4.0]), np.array([c.NUMBER[c.WORDS], c.NUMBER[c.STRINGS]]))
    assert one == pytest.approx([2.0, 4.0 * np.sqrt(CLASS_WEIGHTS[c.STRINGS])])
    many = weigh(np.array([1, 2, 1000]), np.ones(3), np.full(3, c.NUMBER[c.WORDS]))
    assert many[0] < many[1] < many[2] < 4 * many[0]


vectors = st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=3, max_size=3)


@given(vectors, vectors)
def test_similarity_lies_between_0_and_1_and_does_not_know_sides(one, other):
    x, y = np.array(one), np.array(other)

    def of(x, y):
        return similarity(np.array([x @ y]), np.array([x @ x]), np.array([y @ y]))[0]

    assert of(x, y) == of(y, x)
    assert 0 <= of(x, y) <= 1
    assert of(x, 2 * x) < of(x, x) == pytest.approx(1.0) if x.any() else of(x, y) == 0.0
    if x.any() and y.any():
        assert of(x, y) <= x @ y / np.sqrt((x @ x) * (y @ y)) + 1e-12
