"""The arrays of a mixture beside its tokens, and where a view's streams lie: numpy and the standard library only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mixer.streams.files import StreamRef, map_array

ORDER = "order.npy"
"""The component number of every sequence, a byte each."""

PADDING = "padding.npy"
"""Tokens of padding at the end of every sequence of shards, int32."""

BLOCK = 4096
"""Sequences between two of the running counts that are kept in memory: finding one counts through a block at most."""


class ViewOrder:
    """The order of a view, mapped from disk.

    Args:
        folder: the view.
        components: how many components there are.
    """

    def __init__(self, folder: Path, components: int) -> None:
        self.components = map_array(folder / ORDER)
        blocks = range(0, len(self.components), BLOCK)
        counts = [np.bincount(self.components[i : i + BLOCK], minlength=components) for i in blocks]
        before = np.cumsum(counts, axis=0) - counts if counts else np.zeros((0, components), np.int64)
        self._before = before

    def before(self, sequence: int) -> np.ndarray:
        """How many sequences of each component stand before a sequence: int64 (components,)."""
        block, place = divmod(sequence, BLOCK)
        inside = np.bincount(self.components[sequence - place : sequence], minlength=self._before.shape[1])
        found: np.ndarray = self._before[block] + inside
        return found

    def ordinal(self, sequence: int) -> int:
        """The number of a sequence inside its component."""
        block, place = divmod(sequence, BLOCK)
        component = self.components[sequence]
        inside = np.count_nonzero(self.components[sequence - place : sequence] == component)
        return int(self._before[block, component]) + int(inside)


def stream_refs(folder: Path, counts: Mapping[str, Any]) -> list[StreamRef]:
    """The streams that a view's manifest names, in the order of component numbers."""
    return [
        StreamRef(entry["component"], folder / entry["folder"], entry["tokens"], entry["packed"])
        for entry in counts["streams"]
    ]
