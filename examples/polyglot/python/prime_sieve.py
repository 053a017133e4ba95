"""Segmented sieve of Eratosthenes with twin primes and trial-division factorisation."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, takewhile
from math import isqrt

SEGMENT = 32_768


def base_primes(limit: int) -> list[int]:
    """All primes <= limit, by the plain (unsegmented) sieve."""
    flags = bytearray([1]) * (limit + 1)
    flags[:2] = bytes(min(2, limit + 1))
    for p in range(2, isqrt(limit) + 1):
        if flags[p]:
            flags[p * p :: p] = bytes(len(range(p * p, limit + 1, p)))
    return [n for n, is_prime in enumerate(flags) if is_prime]


def primes_between(low: int, high: int) -> Iterator[int]:
    """Yield the primes in [low, high], holding one segment in memory at a time."""
    low = max(low, 2)
    if high < low:
        return
    base = base_primes(isqrt(high))
    for start in range(low, high + 1, SEGMENT):
        stop = min(start + SEGMENT, high + 1)
        window = bytearray([1]) * (stop - start)
        for p in takewhile(lambda q: q * q < stop, base):
            first = max(p * p, -(-start // p) * p)
            window[first - start :: p] = bytes(len(range(first, stop, p)))
        yield from (start + i for i, alive in enumerate(window) if alive)


def twin_primes(low: int, high: int) -> list[tuple[int, int]]:
    return [(p, q) for p, q in pairwise(primes_between(low, high)) if q - p == 2]


def factorise(n: int) -> Counter[int]:
    """Map each prime factor of n to its exponent."""
    if n < 1:
        raise ValueError("only positive integers can be factorised")
    factors: Counter[int] = Counter()
    for p in primes_between(2, isqrt(n)):
        if p * p > n:
            break
        while n % p == 0:
            factors[p] += 1
            n //= p
    if n > 1:
        factors[n] += 1
    return factors


def show(n: int) -> str:
    powers = (f"{p}^{e}" if e > 1 else str(p) for p, e in factorise(n).items())
    return f"{n} = " + " * ".join(powers)


if __name__ == "__main__":
    print("primes below 200000:", sum(1 for _ in primes_between(2, 200_000)))
    print("twins near ten thousand:")
    for pair in twin_primes(10_000, 10_500):
        print("  ", *pair)
    for number in (600_851_475_143, 9_699_690, 1_001_001, 65_536):
        print(show(number))
