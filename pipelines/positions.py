"""Documents by position: (file number, row). What global joins pass around instead of texts or long ids."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BLOCK_BYTES = 64_000_000
"""Text that one block of fetched documents holds at most (about); bounds the memory of verification and alignment."""


def file_of(folder: Path, number: int) -> Path:
    """The file of a numbered table."""
    return folder / f"{number:05d}.parquet"


def fetch(folder: Path, positions: np.ndarray, columns: Sequence[str]) -> pa.Table:
    """Columns of the documents at given positions, in the order of the positions.

    Only the row groups that hold a wanted row are read, one at a time.

    Args:
        folder: a numbered table.
        positions: int64 array (n, 2) of file and row; duplicates allowed.
        columns: what to read.
    """
    wanted, inverse = np.unique(positions, axis=0, return_inverse=True)
    pieces = []
    for number in np.unique(wanted[:, 0]):
        rows = wanted[wanted[:, 0] == number, 1]
        with pq.ParquetFile(file_of(folder, int(number))) as file:
            start = 0
            for group in range(file.num_row_groups):
                count = file.metadata.row_group(group).num_rows
                inside = rows[(rows >= start) & (rows < start + count)] - start
                if len(inside):
                    table = file.read_row_group(group, columns=list(columns))
                    pieces.append(table.take(pa.array(inside)).combine_chunks())
                start += count
    if not pieces:
        raise ValueError("fetch: no positions given")
    return pa.concat_tables(pieces).take(pa.array(inverse.reshape(-1)))


def blocks(sizes: np.ndarray, limit: int = BLOCK_BYTES) -> Iterator[slice]:
    """Cut a sequence into runs whose sizes sum to at most `limit` (a single larger item stands alone).

    Args:
        sizes: int64 array of item sizes.
        limit: bytes a run may hold.
    """
    start, total = 0, 0
    for index, size in enumerate(sizes.tolist()):
        if index > start and total + size > limit:
            yield slice(start, index)
            start, total = index, 0
        total += size
    if start < len(sizes):
        yield slice(start, len(sizes))


def row_mask(rows: int, dropped: np.ndarray) -> pa.Array:
    """Boolean mask of the rows to keep."""
    keep = np.ones(rows, dtype=bool)
    keep[dropped] = False
    return pa.array(keep)


def filtered(file: pq.ParquetFile, dropped: np.ndarray) -> Iterator[pa.Table]:
    """The row groups of a file without the dropped rows (int64 array of row numbers in the file)."""
    start = 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        inside = dropped[(dropped >= start) & (dropped < start + table.num_rows)] - start
        start += table.num_rows
        kept = table.filter(row_mask(table.num_rows, inside)) if len(inside) else table
        if kept.num_rows:
            yield kept


def without_rows(file: pq.ParquetFile, column: str, dropped: np.ndarray) -> Iterator[pa.Table]:
    """The row groups of a file without rows whose `column` is among `dropped`."""
    values = pa.array(dropped)
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        if len(dropped):
            table = table.filter(pc.invert(pc.is_in(table[column], value_set=values.cast(table[column].type))))
        if table.num_rows:
            yield table
