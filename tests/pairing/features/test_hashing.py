import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features.classes import CLASSES, NUMBER
from pairing.features.hashing import (
    CLASS_BITS,
    CLASS_MASK,
    SPACE,
    SPACE_BITS,
    digest,
    key,
    keys,
    packed,
    runs,
    unpacked,
)


def test_hashes_are_the_same_on_every_machine_and_version():
    assert [key(0, b"cache"), key(7, b"cache"), key(15, b"")] == [11629360, 55517543, 64065055]


def test_class_numbers_are_those_of_the_background_that_is_shipped():
    assert CLASSES[:4] == ("bag", "words", "expressions", "declared")
    assert CLASSES[-1] == "shape"
    assert len(CLASSES) == 16 <= CLASS_MASK + 1
    assert [NUMBER[name] for name in CLASSES] == list(range(16))


@given(st.integers(0, 15), st.binary(max_size=20))
def test_a_key_holds_place_and_class(number, value):
    found = key(number, value)
    assert found & CLASS_MASK == number
    assert found >> CLASS_BITS < SPACE
    assert found < 1 << 32
    assert keys(number, np.array([digest(number, value)], np.uint64)).tolist() == [found]
    assert unpacked(packed([found, found])).tolist() == [found, found]


def test_classes_put_the_same_text_in_different_places():
    assert len({key(number, b"cache") >> CLASS_BITS for number in range(16)}) == 16


def test_places_fill_the_space_evenly():
    places = np.array([key(3, b"%d" % i) >> CLASS_BITS for i in range(4000)])
    assert np.bincount(places >> (SPACE_BITS - 3), minlength=8) == pytest.approx(500, rel=0.2)


def test_runs_are_those_of_equal_symbols_in_equal_order():
    a, b, c = (digest(0, x) for x in (b"a", b"b", b"c"))
    twos, threes = runs(np.array([a, b, c, a, b, a], np.uint64), 3)
    assert twos[0] == twos[3]
    assert len(set(twos.tolist())) == 4  # ab, bc, ca, ba
    assert len(set(threes.tolist())) == 4
    assert not set(twos.tolist()) & set(threes.tolist())


@pytest.mark.parametrize(("length", "lengths"), [(0, []), (1, []), (2, [1]), (4, [3, 2, 1]), (9, [8, 7, 6, 5])])
def test_short_sequences_have_only_short_runs(length, lengths):
    assert [len(found) for found in runs(np.arange(length, dtype=np.uint64), 5)] == lengths
