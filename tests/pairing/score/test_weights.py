import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.languages import LANGUAGE_NAMES
from pairing.features import classes as c
from pairing.features.hashing import SPACE
from pairing.score.background import Background
from pairing.score.weights import (
    CLASS_WEIGHTS,
    FEWEST,
    FILLED,
    KEYS,
    KNOWN,
    PRIOR,
    SPARSE,
    Frequencies,
    keys,
    meets,
    rarity,
    similarity,
    weigh,
)


def frequencies(language, counts, documents):
    found = sorted(counts)
    arrays = np.array(found, np.uint32), np.array([counts[k] for k in found], np.uint32)
    return Frequencies(language, *arrays, documents)


def background_of(shares):
    """Of {language: {key: share}}."""
    found = sorted({key for of in shares.values() for key in of})
    table = [[shares.get(language, {}).get(key, 0.0) for key in found] for language in range(len(LANGUAGE_NAMES))]
    return Background(np.array(found, np.uint32), np.array(table, np.float32).reshape(len(LANGUAGE_NAMES), -1))


def naive(languages, shares):
    """{key: weight}: the lowest rarity, each language filled up with documents like all, or with ordinary ones;
    in a small corpus also of what one document has."""
    every = sum(n for _, n in languages.values())
    enough = min(FEWEST, max((n for _, n in languages.values()), default=0) / 2)
    weights = {}
    for key in {k for counts, _ in languages.values() for k in counts}:
        total = sum(counts.get(key, 0) for counts, _ in languages.values())
        found = []
        for language, (counts, n) in languages.items():
            own, mixed = counts.get(key, 0), max(0, enough - n)
            ordinary = shares.get(language, {}).get(key, 0)
            found.append(np.log((n + mixed + PRIOR + 1) / (own + mixed * total / every + PRIOR * ordinary + 1)))
            found.append(np.log((n + FILLED + 1) / (own + FILLED * ordinary + 1)))
        lowest = min(found) * (np.sqrt(meets(every)) if total == 1 else 1)
        if lowest > 1e-12:
            weights[key] = lowest
    return weights


def rarities(languages, shares):
    listed = [frequencies(number, *language) for number, language in languages.items()]
    found, weight = rarity(listed, background_of(shares))
    assert (np.diff(found.astype(np.int64)) > 0).all()
    return dict(zip(found.tolist(), weight.tolist(), strict=True))


@pytest.mark.parametrize("shares", [{}, {0: {2: 0.5, 3: 1.0, 9: 0.1}, 5: {1: 0.25, 2: 0.75}}])
@pytest.mark.parametrize(
    "languages",
    [
        {},
        {0: ({1: 1, 2: 3}, 3)},
        {0: ({1: 5, 2: 1, 3: 2}, 10), 5: ({1: 1, 2: 1, 4: 9}, 9)},
        {5: ({1: 1, 2: 1, 3: 40}, 40), 6: ({1: 1, 2: 1, 4: 1}, 1)},
        {0: ({n: n for n in range(1, 9)}, 2_000), 1: ({n: 8 - n for n in range(8)}, 30), 5: ({}, 4)},
    ],
)
def test_a_key_weighs_what_it_does_where_it_is_commonest(languages, shares):
    expected = pytest.approx(naive(languages, shares), rel=1e-5)
    assert rarities(languages, shares) == expected
    assert rarities(dict(reversed(languages.items())), shares) == expected


def test_what_ordinary_code_says_weighs_less_in_that_language_only():
    languages = {0: ({1: 2, 2: 2}, 20), 5: ({1: 2, 2: 2}, 20)}
    without, found = rarities(languages, {}), rarities(languages, {5: {2: 0.5}})
    assert found[1] == without[1] == without[2]
    assert found[2] == pytest.approx(np.log((20 + FILLED + 1) / (2 + FILLED / 2 + 1)))
    assert rarities({0: languages[0]}, {5: {2: 0.5}}) == rarities({0: languages[0]}, {})


@pytest.mark.parametrize(("documents", "most"), [(3, 0.6), (10, 0.15), (50, 0.02)])
def test_what_every_program_of_a_small_corpus_says_weighs_little_though_it_is_rare_elsewhere(documents, most):
    # a notice of one company, the skeleton of one set of exercises
    language = ({1: documents, 2: 2}, documents)
    found = rarities({0: language, 5: language}, {0: {3: 0.5}})
    assert 0 < found[1] < most * found[2]


def test_what_the_only_programs_of_two_languages_share_weighs_more_than_their_idioms():
    found = rarities({0: ({1: 1, 2: 1}, 1), 5: ({1: 1, 2: 1}, 1)}, {5: {2: 0.5}})
    assert found[1] > 1.5 * found[2] > 0
    assert set(rarities({0: ({1: 1, 2: 1}, 1), 5: ({1: 1, 2: 1}, 1)}, {5: {2: 1.0}})) == {1}


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.floats(0, 0.9))
def test_the_more_documents_have_a_key_here_or_elsewhere_the_less_it_weighs(documents, one, other, share):
    few, many = sorted((min(one, documents), min(other, documents)))
    language = ({1: few, 2: many, 3: many}, documents)
    found = rarities({0: language, 5: language}, {5: {3: share}})
    assert found[1] >= found[2] >= found[3] > 0


def test_what_one_document_of_a_small_corpus_has_weighs_as_far_as_others_would_have_it():
    small, large = (rarities({0: ({1: 1}, n), 5: ({2: 1, 3: 2}, n)}, {}) for n in (20, SPARSE // 2))
    assert small[1] == pytest.approx(np.sqrt(meets(40)) * np.log((20 + PRIOR + 1) / 2), rel=1e-5)
    assert set(large) == {3}


@given(st.integers(1, 2 * SPARSE), st.integers(1, 2 * SPARSE))
def test_the_larger_a_corpus_the_less_likely_others_would_have_what_one_document_has(one, other):
    few, many = sorted((one, other))
    assert KNOWN > meets(few) >= meets(many) >= 0
    assert (meets(many) == 0) == (many >= SPARSE)


def test_keys_of_one_document_and_idioms_of_every_document_weigh_nothing():
    python, go = ({1: 1, 2: 5, 3: 1, 4: 1}, SPARSE), ({1: 1, 2: 100, 4: 1}, 100)
    assert set(rarities({0: python, 5: go}, {5: {2: 1.0}})) == {1, 4}


def test_a_language_with_one_document_takes_no_weight_from_what_others_share():
    # what its only program says is not what every program of the language says
    python, go = ({1: 1, 2: 1, 3: 50}, 100), ({2: 1, 3: 50, 4: 1}, 100)
    before, after = (rarities(x, {}) for x in ({0: python, 5: go}, {0: python, 5: go, 6: ({2: 1, 3: 1}, 1)}))
    assert after[2] > 0.7 * before[2]
    assert after[2] > 3 * after[3]  # rare things still tell more than common ones


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
