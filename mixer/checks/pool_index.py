"""Facts of a pool's documents by id, on disk and mapped into memory: any number of documents in bounded memory."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

ID: Any = np.dtype("S32")
"""An id: 128 bits in hexadecimal."""

BUCKET_ROWS = 1_000_000
"""Documents that are sorted at once: about 200 MB."""

MAX_BUCKETS = 512
"""Half of the usual limit of 1024 open files in a process; reached at 500 million documents."""

PREFIX = 8
"""Hexadecimal digits by which documents are dealt to buckets."""

UNKNOWN = -1
"""Row of an id that is not there."""


class PoolIndex:
    """The facts of documents, sorted by id.

    Args:
        folder: where `build_index` wrote them.
        dtype: their structure.
    """

    def __init__(self, folder: Path, dtype: np.dtype[Any]) -> None:
        self.folder = folder
        self.ids = _mapped(folder / "ids.bin", ID)
        self.facts = _mapped(folder / "facts.bin", dtype)

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: np.ndarray) -> np.ndarray:
        """The row of each id, UNKNOWN for one that is not there: int64.

        Args:
            ids: bytes.
        """
        if not len(self) or not len(ids):
            return np.full(len(ids), UNKNOWN, np.int64)
        wanted = ids.astype(ID)  # another width would make numpy copy the whole index
        place = np.minimum(np.searchsorted(self.ids, wanted), len(self) - 1)
        known = (self.ids[place] == wanted) & (np.char.str_len(ids) <= ID.itemsize)
        return np.where(known, place, UNKNOWN)

    def repeated(self) -> list[str]:
        """Ids that stand there more than once, the first few."""
        found: list[str] = []
        for start in range(0, len(self), BUCKET_ROWS):
            part = self.ids[max(start - 1, 0) : start + BUCKET_ROWS]
            found += np.unique(part[1:][part[1:] == part[:-1]]).astype(np.str_).tolist()
        return found[:3]


def build_index(
    folder: Path, parts: Iterable[tuple[np.ndarray, np.ndarray]], rows: int, dtype: np.dtype[Any]
) -> PoolIndex:
    """Write the index: documents are dealt to buckets by their ids, and each bucket is sorted.

    Memory: a part, and `BUCKET_ROWS` documents.

    Args:
        folder: an empty folder.
        parts: ids (bytes) and facts of documents.
        rows: about how many documents there are.
        dtype: structure of the facts.
    """
    whole = np.dtype([("id", ID), ("facts", dtype)])
    buckets = min(-(-max(rows, 1) // BUCKET_ROWS), MAX_BUCKETS)
    edges = np.array([f"{i * 16**PREFIX // buckets:0{PREFIX}x}" for i in range(1, buckets)], f"S{PREFIX}")
    with ExitStack() as stack:
        files = [stack.enter_context(open(folder / f"bucket-{i}", "wb")) for i in range(buckets)]
        for ids, facts in parts:
            joined = np.empty(len(ids), whole)
            joined["id"], joined["facts"] = ids, facts
            bucket = np.searchsorted(edges, ids.astype(f"S{PREFIX}"), side="right")
            for number in np.unique(bucket).tolist():
                joined[bucket == number].tofile(files[number])
    with open(folder / "ids.bin", "wb") as ids_file, open(folder / "facts.bin", "wb") as facts_file:
        for number in range(buckets):
            joined = np.fromfile(folder / f"bucket-{number}", whole)
            order = np.argsort(joined["id"], kind="stable")
            np.ascontiguousarray(joined["id"][order]).tofile(ids_file)
            np.ascontiguousarray(joined["facts"][order]).tofile(facts_file)
            (folder / f"bucket-{number}").unlink()
    return PoolIndex(folder, dtype)


def _mapped(path: Path, dtype: np.dtype[Any]) -> np.ndarray:
    """A file of plain values; an empty one cannot be mapped."""
    return np.asarray(np.memmap(path, dtype, "r")) if path.stat().st_size else np.empty(0, dtype)
