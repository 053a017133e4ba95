"""Tokens and shingles against a slow reference."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import tokens
from parsers.tokens import BASE, FACTOR, jaccard, shingles, token_counts

MASK = (1 << 64) - 1
SOURCES = st.lists(
    st.lists(st.sampled_from([b"a", b"bc", b"_1", b" ", b"\n", b"+", b"(", "é".encode(), b"\x00"])).map(b"".join),
    max_size=6,
)


def mix(value):
    value ^= value >> 30
    value = value * 0xBF58476D1CE4E5B9 & MASK
    value ^= value >> 27
    value = value * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def slow_tokens(text):
    return re.findall(rb"[A-Za-z0-9_\x80-\xff]+|[^\t\n\v\f\r ]", text)


def slow_hash(token):
    return mix(sum(byte * pow(BASE, place, 1 << 64) for place, byte in enumerate(token)) & MASK)


def slow_join(hashes):
    value = 0
    for number in hashes:
        value = value * FACTOR + number & MASK
    return mix(value)


def slow_shingles(text, n):
    hashes = [slow_hash(token) for token in slow_tokens(text)]
    if not hashes:
        return []
    return [slow_join(hashes[i : i + n]) for i in range(max(1, len(hashes) - n + 1))]


@given(SOURCES, st.integers(1, 6))
def test_equals_the_reference(texts, n):
    values, offsets = shingles(texts, n)
    assert values.dtype == np.uint64
    assert offsets.dtype == np.int64
    assert len(offsets) == len(texts) + 1
    for index, text in enumerate(texts):
        assert values[offsets[index] : offsets[index + 1]].tolist() == slow_shingles(text, n)
    assert token_counts(texts).tolist() == [len(slow_tokens(text)) for text in texts]


@given(SOURCES)
def test_a_document_does_not_depend_on_its_neighbours(texts):
    values, offsets = shingles(texts)
    for index, text in enumerate(texts):
        alone, _ = shingles([text])
        assert np.array_equal(values[offsets[index] : offsets[index + 1]], alone)


@given(st.lists(st.sampled_from([b"ab", b"c9", b"+", b" ", b"\n"]), max_size=60).map(b"".join), st.integers(1, 9))
def test_blocks_leave_no_seam(text, block):
    whole = shingles([text, b"x", text])
    saved, tokens.BLOCK = tokens.BLOCK, block
    try:
        pieces = shingles([text, b"x", text])
    finally:
        tokens.BLOCK = saved
    assert np.array_equal(whole[0], pieces[0])
    assert np.array_equal(whole[1], pieces[1])


def test_a_long_token_and_a_long_line():
    text = b"a" * 700_000 + b" " + b"b+" * 300_000
    values, offsets = shingles([b"x y z", text])
    assert offsets.tolist() == [0, 1, 1 + 600_001 - 4]
    assert values[0] == slow_shingles(b"x y z", 5)[0]


def test_no_texts_and_empty_texts():
    assert shingles([])[1].tolist() == [0]
    assert shingles([b"", b" \n", b"a"])[1].tolist() == [0, 0, 0, 1]


def test_order_matters_and_hardly_anything_collides():
    assert shingles([b"a b c d e"])[0] != shingles([b"e d c b a"])[0]
    words = b" ".join(b"w%d" % i for i in range(100_000))
    assert len(np.unique(shingles([words], 1)[0])) == 100_000


def test_n_must_be_positive():
    with pytest.raises(ValueError, match="n must be 1"):
        shingles([b"a"], 0)


@given(st.sets(st.integers(0, 50)), st.sets(st.integers(0, 50)))
def test_jaccard(a, b):
    expected = len(a & b) / len(a | b) if a | b else 1.0
    assert jaccard(np.array(sorted(a), np.uint64), np.array(sorted(b), np.uint64)) == pytest.approx(expected)
