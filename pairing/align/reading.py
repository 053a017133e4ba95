"""Which functions of a document are aligned at all: bounds in time and memory whatever the file. Pure functions."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from pairing.align.document import Bag, Described, Side

MAX_READ: Final = 2000
"""Functions of a document that are read. A file with more is generated or data, and only its first ones count."""
MAX_TEXT: Final = 4_000_000
"""Bytes of functions that are read, inner functions counted again with those around them."""
MAX_COMPARED: Final = 400
"""Functions of a document that are compared with another's: those that share the rarest features with it."""
MAX_USES: Final = 20
"""A feature in more functions of a document is not rare there."""

RARE_CLASSES: Final = ("phrases", "names", "strings")


def readable(side: Side) -> int:
    """How many of the first functions of a document are read."""
    lengths = np.array([unit["end_byte"] - unit["outer_start_byte"] for unit in side.units[:MAX_READ]], np.int64)
    return int(np.searchsorted(np.cumsum(lengths), MAX_TEXT, side="right"))


def compared(a: Described, b: Described) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the functions of both documents that are compared, ascending."""
    if max(a.size, b.size) <= MAX_COMPARED:
        return np.arange(a.size), np.arange(b.size)
    gains = np.zeros(a.size), np.zeros(b.size)
    for name in RARE_CLASSES:
        bags = a.bags[name], b.bags[name]
        rare = np.intersect1d(_rare(bags[0]), _rare(bags[1]))
        for bag, gain in zip(bags, gains, strict=True):
            held = np.isin(bag.feature, rare)
            np.add.at(gain, bag.unit[held], 1.0)
    return _best(gains[0]), _best(gains[1])


def _rare(bag: Bag) -> np.ndarray:
    features, uses = np.unique(bag.feature, return_counts=True)
    result: np.ndarray = features[uses <= MAX_USES]
    return result


def _best(gain: np.ndarray) -> np.ndarray:
    result: np.ndarray = np.sort(np.argsort(-gain, kind="stable")[:MAX_COMPARED])
    return result


def take(whole: Described, chosen: np.ndarray) -> Described:
    """Some functions of a document, with what hangs together among them."""
    if len(chosen) == whole.size:
        return whole
    place = np.full(whole.size + 1, -1)
    place[chosen] = np.arange(len(chosen))
    calls = place[whole.calls]
    return Described(
        len(chosen),
        {name: _take_bag(bag, place) for name, bag in whole.bags.items()},
        whole.counts[chosen],
        whole.parameters[chosen],
        whole.roles[chosen],
        calls[(calls >= 0).all(axis=1)],
        place[whole.parents[chosen]],
        np.unique(whole.containers[chosen], return_inverse=True)[1],
        whole.shared_names[np.ix_(chosen, chosen)],
        [whole.names[number] for number in chosen],
    )


def _take_bag(bag: Bag, place: np.ndarray) -> Bag:
    kept = place[bag.unit] >= 0
    return Bag(place[bag.unit[kept]], bag.feature[kept], bag.count[kept])


def parts(sizes: Sequence[int], limit: int) -> list[slice]:
    """Consecutive runs of items whose sizes sum to no more than a limit; a larger item stands alone."""
    found, first, total = [], 0, 0
    for number, size in enumerate(sizes):
        if number > first and total + size > limit:
            found.append(slice(first, number))
            first, total = number, 0
        total += size
    return [*found, slice(first, len(sizes))] if len(sizes) > first else found
