"""Random orders that depend on seeds and identities only, the same on every machine and for any worker. Pure."""

from collections.abc import Collection

import numpy as np
import xxhash

from parsers.tokens import mix


def keys(ids: Collection[str]) -> np.ndarray:
    """A number for each id: xxh3-64, uint64 (ids,)."""
    return np.fromiter((xxhash.xxh3_64_intdigest(i.encode()) for i in ids), np.uint64, len(ids))


def draws(values: np.ndarray, *seeds: int) -> np.ndarray:
    """A draw from 0 to 2**64 - 1 for each number, another one for any other seeds: uint64, same length.

    Args:
        values: uint64, keys of things or their numbers.
        seeds: such as run seed, purpose, epoch.
    """
    found = mix(values.astype(np.uint64))
    for seed in seeds:
        salt = np.array([seed & (1 << 64) - 1], np.uint64)
        found = mix(found ^ mix(salt + np.uint64(1)))
    return found


def shuffled(values: np.ndarray, *seeds: int) -> np.ndarray:
    """A random order of things with these keys: int64 permutation, equal draws in the given order."""
    return np.argsort(draws(values, *seeds), kind="stable").astype(np.int64)
