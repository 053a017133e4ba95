"""Reads a mixture back: numpy and the standard library only, so that any trainer can use it."""

import json
from pathlib import Path
from typing import Any

import numpy as np

MAX_MAPPED = 256
"""Files kept mapped at once: a quarter of the usual limit of 1024 open files in a process."""


class MixtureDataset:
    """Sequence k of a mixture, mapped from disk; a pure function of k, so resuming takes one integer.

    Args:
        folder: a finished mixture (with manifest.json).

    Raises:
        FileNotFoundError: the mixture is not finished.
        ValueError: a shard or its index has not the size that the manifest says.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        counts = manifest["counts"]
        self.sequence_length = int(counts["sequence_length"])
        self.sequences_per_shard = int(counts["sequences_per_shard"])
        self.pad_id, self.end_id = int(counts["pad_id"]), int(counts["end_id"])
        self._dtype = np.dtype(f"<u{counts['bytes_per_token']}")
        self._length = int(counts["sequences"])
        self._sizes = {entry["path"]: int(entry["bytes"]) for entry in manifest["files"]}
        self._mapped: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, sequence: int) -> np.ndarray:
        """The tokens of a sequence: unsigned integers, (sequence_length,)."""
        shard, row = self._place(sequence)
        tokens = self._map(f"{shard:05d}.ds", self._dtype)
        return tokens[row * self.sequence_length : (row + 1) * self.sequence_length]

    def span_ends(self, sequence: int) -> np.ndarray:
        """Ends of the spans in a sequence, in tokens from its start (int64): documents, cuts and padding."""
        shard, row = self._place(sequence)
        ends = self._map(f"{shard:05d}.ds.index", np.dtype("<u8"))
        low, high = row * self.sequence_length, (row + 1) * self.sequence_length
        # in the index's own type: another one makes numpy copy the whole of it
        first, last = np.searchsorted(ends, np.array([low, high], ends.dtype), side="right")
        found: np.ndarray = ends[first:last].astype(np.int64) - low
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Without the maps, which would be copied out of the disk into every worker process."""
        return {**self.__dict__, "_mapped": {}}

    def _place(self, sequence: int) -> tuple[int, int]:
        if not 0 <= sequence < self._length:
            raise IndexError(f"sequence {sequence} of {self._length}")
        return divmod(sequence, self.sequences_per_shard)

    def _map(self, name: str, dtype: np.dtype[Any]) -> np.ndarray:
        if name not in self._mapped:
            path = self.folder / name
            size = path.stat().st_size
            if size != self._sizes[name]:
                raise ValueError(f"{path}: {size} bytes, the manifest says {self._sizes[name]}; mix again")
            if len(self._mapped) >= MAX_MAPPED:  # each map holds a file descriptor
                self._mapped.pop(next(iter(self._mapped)))
            self._mapped[name] = np.asarray(np.memmap(path, dtype=dtype, mode="r"))
        return self._mapped[name]
