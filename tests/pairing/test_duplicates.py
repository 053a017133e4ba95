import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.candidates.bags import Bags
from pairing.duplicates import NO_BAG, collapse, digests, preference


def links(*rows):
    return np.array([r[:2] for r in rows], np.int64).reshape(-1, 2), np.array([r[2] for r in rows], np.float32)


def test_equal_bags_have_equal_digests_and_counts_matter():
    bags = Bags(
        np.array([1, 2, 1, 2, 1, 2], np.uint32), np.array([1, 1, 1, 1, 1, 2], np.uint32), np.array([2, 2, 0, 2])
    )
    found = digests(bags)
    assert found[0] == found[1] != found[3]
    assert found[2] == NO_BAG
    assert NO_BAG not in (found[0], found[3])


def test_the_longest_stands_for_others_and_the_smallest_id_among_equals():
    assert preference(np.array([5, 9, 9]), ["a", "c", "b"]).tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("digest", "found", "expected"),
    [
        ([7, 7, 9], (), [-1, 0, -1]),
        ([0, 0, 9], ((0, 1, 0.9),), [-1, -1, -1]),  # without features nobody is a copy
        ([3, 5, 9], ((0, 1, 0.7), (1, 2, 0.7)), [-1, 0, -1]),  # 2 is like 1, which does not stay
        ([3, 5, 9], ((0, 1, 0.69),), [-1, -1, -1]),
        ([3, 5, 9], ((0, 2, 0.7), (1, 2, 0.8)), [-1, -1, 1]),  # the more similar one
        ([3, 5, 5], ((0, 2, 0.7),), [-1, 0, 0]),  # a link of a copy is one of what stands for it
    ],
)
def test_copies_collapse_into_what_they_were_measured_against(digest, found, expected):
    stands, value = collapse(np.array(digest, np.uint64), np.arange(3), *links(*found), 0.7)
    assert stands.tolist() == expected
    assert (value[stands >= 0] >= np.float32(0.7)).all()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=12),
    st.data(),
)
def test_what_stands_for_others_stands_for_itself_and_ranks_before_them(digest, data):
    number = st.integers(0, len(digest) - 1)
    pairs = data.draw(st.lists(st.tuples(number, number, st.sampled_from([0.5, 0.7, 0.9])), max_size=20))
    rank = np.array(data.draw(st.permutations(range(len(digest)))))
    first = {(min(p[:2]), max(p[:2])): p for p in reversed(pairs) if p[0] != p[1]}
    stands, _ = collapse(np.array(digest, np.uint64), rank, *links(*first.values()), 0.7)
    for copy in np.flatnonzero(stands >= 0):
        assert stands[stands[copy]] == -1
        assert rank[stands[copy]] < rank[copy]
    kept = [d for d, s in zip(digest, stands, strict=True) if s < 0 and d]
    assert len(set(kept)) == len(kept)
