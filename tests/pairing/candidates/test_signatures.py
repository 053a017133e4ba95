import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pairing.candidates.buckets import partners
from pairing.candidates.signatures import PERMUTATIONS, SCHEME, band_keys, bands_for


def rows_of(sets: list[set[int]]) -> csr_array:
    columns = [sorted(s) for s in sets]
    indptr = np.r_[0, np.cumsum([len(c) for c in columns])]
    return csr_array((np.ones(indptr[-1], np.float32), np.concatenate(columns), indptr), shape=(len(sets), 10_000))


def test_equal_bands_are_what_datasketch_finds_alike():
    draw = np.random.default_rng(3)
    base = set(draw.choice(10_000, 60, replace=False).tolist())
    sets = [base, *({*list(base)[n:], *draw.choice(10_000, n).tolist()} for n in (5, 10, 20, 40, 55))]
    bands, width = bands_for(0.4)
    keys = band_keys(rows_of(sets), bands, width)
    lsh = MinHashLSH(threshold=0.4, num_perm=PERMUTATIONS)
    for number, one in enumerate(sets):
        signature = MinHash(num_perm=PERMUTATIONS, hashfunc=int, scheme=SCHEME)
        signature.update_batch(sorted(one))
        found = {key for key in lsh.query(signature)}
        assert found == {other for other in range(number) if (keys[number] == keys[other]).any()}
        lsh.insert(number, signature)


@pytest.mark.parametrize("threshold", [0.2, 0.4, 0.8])
def test_bands_fit_into_a_signature_and_get_wider_with_the_threshold(threshold):
    bands, width = bands_for(threshold)
    assert bands >= 2
    assert bands * width <= PERMUTATIONS
    assert (1 / bands) ** (1 / width) == pytest.approx(threshold, abs=0.12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 30)), max_size=40, unique=True))
def test_without_a_limit_all_of_a_bucket_in_other_languages_are_partners(documents):
    key, language, number = (np.array(x, np.int64) for x in (zip(*documents, strict=True) if documents else ([],) * 3))
    found, left_out = partners(key.astype(np.uint64), language, number, 100)
    expected = [[x[1], x[2], y[1], y[2]] for x in documents for y in documents if x[0] == y[0] and x[1] != y[1]]
    assert found.tolist() == sorted(expected)
    assert left_out == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 7))
def test_a_crowded_bucket_gives_each_document_some_partners_and_counts_the_rest(one, other, limit):
    language = np.r_[np.zeros(one, np.int64), np.ones(other, np.int64)]
    number = np.r_[np.arange(one), np.arange(other)]
    found, left_out = partners(np.zeros(one + other, np.uint64), language, number, limit)
    assert len(found) == one * min(limit, other) + other * min(limit, one)
    assert len(found) + left_out == 2 * one * other
    assert len(np.unique(found, axis=0)) == len(found)
    if limit * one >= other >= one:  # nobody is left without
        assert len(np.unique(found[found[:, 0] == 0][:, 3])) >= min(other, one)
