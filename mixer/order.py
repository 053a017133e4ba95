"""In which order the components' sequences stand, so that every prefix of the mixture is balanced. Pure functions."""

from collections.abc import Sequence

import numpy as np

MAX_DEVIATION = 2.0
"""Sequences by which a component may deviate from its share in any prefix: what lets one long run with decay branches
serve several token budgets. The rule below stays near 1.1 in practice; the bound is checked on every order made."""


CHUNK = 1 << 20
"""Sequences that are looked at at once: 16 MB."""


def interleave(counts: Sequence[int]) -> np.ndarray:
    """The component of every sequence, by the largest deficit at its place, capped by the counts.

    At place i the component with the largest (i + 1) * share - placed goes, among those with sequences left; ties go
    to the earlier one. Megatron's rule (i instead of i + 1, no cap) misses the exact totals and deviates by 1.56.

    Args:
        counts: sequences of each component.

    Returns:
        uint16 (sum of counts,), component numbers.
    """
    total = sum(counts)
    order = np.empty(total, np.uint16)
    active = [c for c, n in enumerate(counts) if n]
    share = {c: counts[c] / total for c in active}
    placed = dict.fromkeys(active, 0)
    for i in range(total):
        best = max(active, key=lambda c: ((i + 1) * share[c] - placed[c], -c))
        order[i] = best
        placed[best] += 1
        if placed[best] == counts[best]:
            active.remove(best)
    return order


def ordinals(order: np.ndarray, components: int) -> np.ndarray:
    """For each sequence its number inside its component: int64, same length as the order."""
    result = np.empty(len(order), np.int64)
    for c in range(components):
        places = np.flatnonzero(order == c)
        result[places] = np.arange(len(places))
    return result


def prefix_deviation(order: np.ndarray, counts: Sequence[int]) -> np.ndarray:
    """For each component the largest |placed - share * prefix length| over all prefixes, in sequences."""
    total = len(order)
    worst = np.zeros(len(counts))
    for c, n in enumerate(counts):
        placed = 0
        for start in range(0, total, CHUNK):
            part = np.asarray(order[start : start + CHUNK]) == c
            length = np.arange(start + 1, start + len(part) + 1)
            worst[c] = np.abs(placed + np.cumsum(part) - length * (n / total)).max(initial=worst[c])
            placed += int(np.count_nonzero(part))
    return worst
