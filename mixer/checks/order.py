"""Checks of the order of components, from the order alone. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mixer.checks.block import Block
from mixer.config import MixConfig
from mixer.planning.order import MAX_DEVIATION, interleave, permuted, prefix_deviation

ROUNDED = 5e-7
"""Half of the last digit of a deviation in the manifest."""


def shape_faults(order: np.ndarray, components: int, sequences: int) -> list[str]:
    """Why an array is no order of so many sequences."""
    if order.ndim != 1 or order.dtype.kind != "u":
        return [f"order.npy: {order.dtype} {order.shape}, expected unsigned numbers in one dimension"]
    if len(order) != sequences:
        return [f"order.npy: {len(order):,} sequences, expected {sequences:,}"]
    beyond = int(order.max(initial=0))
    return [f"order.npy: component number {beyond}, expected less than {components}"] if beyond >= components else []


def order_faults(order: np.ndarray, parts: Mapping[str, Mapping[str, Any]], config: MixConfig) -> list[str]:
    """What is wrong with an order: a prefix out of bounds, other deviations than noted, another order than planned.

    Memory: a byte a sequence; 40 bytes where neighbours are swapped.

    Args:
        order: component numbers.
        parts: what the manifest says about each component, in the order of their numbers.
        config: of the mixture.
    """
    counts = np.bincount(order, minlength=len(parts)).tolist()
    quotas = [part["quota"] for part in parts.values()]
    faults = []
    for (name, part), worst in zip(parts.items(), prefix_deviation(order, quotas).tolist(), strict=True):
        if worst >= MAX_DEVIATION:
            faults.append(f"{name}: deviates by {worst:.3f} sequences in a prefix, expected less than {MAX_DEVIATION}")
        if abs(worst - part["prefix_deviation"]) > ROUNDED:
            noted = part["prefix_deviation"]
            faults.append(f"{name}: deviates by {worst:.6f} sequences at most, the manifest says {noted:.6f}")
    expected = interleave(counts, quotas)
    if config.permute:
        expected = permuted(expected, quotas, config.seed)
    return faults + _displaced(order, expected, list(parts))


def _displaced(order: np.ndarray, expected: np.ndarray, names: Sequence[str]) -> list[str]:
    """Sequences that stand elsewhere than quotas, seed and rule put them."""
    wrong = np.flatnonzero(expected != order)
    if not len(wrong):
        return []
    k = int(wrong[0])
    return [
        f"order.npy: sequence {k} is {names[order[k]]}, expected {names[expected[k]]} by quotas and seed; "
        f"{len(wrong):,} sequences differ"
    ]


def component_faults(block: Block, order: np.ndarray, names: Sequence[str]) -> list[str]:
    """Sequences whose spans are of another component than the order says.

    Args:
        block: the spans, at least one for every sequence.
        order: component numbers of the block's sequences.
        names: of the components.
    """
    begins = np.searchsorted(block.sequence, np.arange(block.last - block.first))
    found = block.component[begins]
    return [
        f"sequence {block.first + k}: the lineage says {names[found[k]] if found[k] >= 0 else 'another component'}, "
        f"order.npy says {names[order[k]]}"
        for k in np.flatnonzero(found != order).tolist()
    ]
