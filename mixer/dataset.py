"""Reads a mixture back: numpy and the standard library only, so that any trainer can use it."""

import json
from pathlib import Path

import numpy as np


class MixtureDataset:
    """Sequence k of a mixture, mapped from disk; a pure function of k, so resuming takes one integer.

    Args:
        folder: a finished mixture (with manifest.json).

    Raises:
        FileNotFoundError: the mixture is not finished.
        ValueError: a shard has not the size that the manifest says.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        counts = manifest["counts"]
        self.sequence_length = int(counts["sequence_length"])
        self.sequences_per_shard = int(counts["sequences_per_shard"])
        self.pad_id, self.end_id = int(counts["pad_id"]), int(counts["end_id"])
        self._dtype = np.dtype(f"<u{counts['bytes_per_token']}")
        self._shards: dict[int, np.ndarray] = {}
        self._length = int(counts["sequences"])

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, sequence: int) -> np.ndarray:
        """The tokens of a sequence: unsigned integers, (sequence_length,)."""
        if not 0 <= sequence < self._length:
            raise IndexError(f"sequence {sequence} of {self._length}")
        shard, row = divmod(sequence, self.sequences_per_shard)
        return self._shard(shard)[row]

    def span_ends(self, sequence: int) -> np.ndarray:
        """Ends of the spans in a sequence, in tokens from its start (int64): documents, cuts and padding."""
        shard, row = divmod(sequence, self.sequences_per_shard)
        ends = np.memmap(self.folder / f"{shard:05d}.ds.index", dtype="<u8", mode="r")
        low, high = row * self.sequence_length, (row + 1) * self.sequence_length
        first, last = np.searchsorted(ends, [low, high], side="right")
        found: np.ndarray = ends[first:last].astype(np.int64) - low
        return found

    def _shard(self, number: int) -> np.ndarray:
        if number not in self._shards:
            path = self.folder / f"{number:05d}.ds"
            rows = min(self.sequences_per_shard, self._length - number * self.sequences_per_shard)
            expected = rows * self.sequence_length * self._dtype.itemsize
            if path.stat().st_size != expected:
                raise ValueError(f"{path}: {path.stat().st_size} bytes, the manifest says {expected}; mix again")
            self._shards[number] = np.memmap(path, dtype=self._dtype, mode="r", shape=(rows, self.sequence_length))
        return self._shards[number]
