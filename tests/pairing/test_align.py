import numpy as np
import pytest

from pairing.align import MAX_UNITS, align, unit_vectors
from pairing.features import SPACE

IDF = np.ones(SPACE, np.float32)
PYTHON = [b"def push_front(node): head.previous = node", b"def evict(): del lookup[tail.key]", b"def size(): return 7"]
GO = [b"func Evict() { delete(lookup, tail.key) }", b"func PushFront(node) { head.previous = node }"]


def test_functions_find_their_counterparts_in_the_order_of_the_first():
    found = align(PYTHON, GO, IDF, 0.2)
    assert [(a, b) for a, b, _ in found] == [(0, 1), (1, 0)]
    assert all(0.2 <= score <= 1 for _, _, score in found)


def test_equal_functions_have_a_score_of_one():
    assert align(PYTHON[:1], PYTHON[:1], IDF, 0.2) == [(0, 0, pytest.approx(1))]


def test_a_score_below_the_minimum_does_not_count():
    assert align(PYTHON, GO, IDF, 0.99) == []


@pytest.mark.parametrize(("a", "b"), [([], GO), (PYTHON, []), ([], []), ([b""], [b""]), ([b"x"], [b"y"])])
def test_nothing_aligns_with_nothing(a, b):
    assert align(a, b, IDF, 0.0) == []


def test_features_without_weight_align_nothing():
    assert align(PYTHON, GO, np.zeros(SPACE, np.float32), 0.2) == []


def test_only_the_first_functions_of_a_huge_file_are_aligned():
    many = [f"int value_{i}_{i * 7} = {i};".encode() for i in range(MAX_UNITS + 5)]
    last = align(many, many[MAX_UNITS:], IDF, 0.999)
    assert last == []


def test_vectors_are_normalised_and_their_indices_sorted():
    vectors = unit_vectors([*PYTHON, b""], IDF)
    norms = np.sqrt(vectors.multiply(vectors).sum(axis=1))
    assert norms.tolist() == pytest.approx([1, 1, 1, 0])
    assert vectors.has_sorted_indices
