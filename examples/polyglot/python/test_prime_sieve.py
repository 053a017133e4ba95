"""Tests for the segmented prime sieve."""

import pytest

from prime_sieve import base_primes, factorise, primes_between, twin_primes


def test_small_primes():
    assert base_primes(30) == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]


@pytest.mark.parametrize("limit", [0, 1])
def test_nothing_below_two(limit):
    assert base_primes(limit) == []
    assert list(primes_between(0, limit)) == []


def test_count_spans_several_segments():
    assert sum(1 for _ in primes_between(2, 200_000)) == 17_984


def test_segment_agrees_with_plain_sieve():
    expected = [p for p in base_primes(70_000) if p >= 60_000]
    assert list(primes_between(60_000, 70_000)) == expected


def test_twin_primes():
    twins = twin_primes(10_000, 10_500)
    assert twins[0] == (10_007, 10_009)
    assert len(twins) == 10


def test_factorise_multiplies_back():
    assert factorise(600_851_475_143) == {71: 1, 839: 1, 1471: 1, 6857: 1}
    assert factorise(65_536) == {2: 16}
    assert factorise(97) == {97: 1}


def test_factorise_rejects_zero():
    with pytest.raises(ValueError):
        factorise(0)
