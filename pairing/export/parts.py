"""Rows dealt to files by table, slice and split, in bounded memory and files of bounded size."""

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.tables import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP_BYTES, ROW_GROUP_ROWS

PENDING_BYTES = 64_000_000
"""Rows that wait for their row group, of all files together."""

FILE_BYTES = 400_000_000
"""Uncompressed bytes after which a file is followed by another: compressed, below the 500 MB that the Hub advises."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """What a file holds.

    Attributes:
        table: pairs, functions, or a form of parallel documents.
        slice: a language pair, or a direction.
        split: train or validation.
    """

    table: str
    slice: str
    split: str

    @property
    def stem(self) -> str:
        """Its files below the folder of data, without their number."""
        return f"{self.table}/{self.slice}/{self.split}"


@dataclass(slots=True)
class Written:
    """What was written of a part so far: rows, bytes in memory, bytes on disk."""

    rows: int = 0
    bytes: int = 0
    stored: int = 0


@dataclass(slots=True)
class _Open:
    """A part that is being written."""

    number: int = -1
    size: int = 0
    writer: pq.ParquetWriter | None = None
    path: Path | None = None
    pending: list[pa.Table] = field(default_factory=list)
    waiting: int = 0


class PartWriter:
    """Writes parts of tables below a folder; to be used as a context."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: dict[Part, Written] = {}
        self._open: dict[Part, _Open] = {}

    def __enter__(self) -> "PartWriter":
        return self

    def __exit__(self, *error: object) -> None:
        for part in sorted(self._open):
            if error[0] is None:
                self._flush(part)
            self._close(part)

    def add(self, part: Part, rows: pa.Table) -> None:
        """Add rows to a part; those of one table have one schema."""
        if not rows.num_rows:
            return
        state = self._open.setdefault(part, _Open())
        state.pending.append(rows)
        state.waiting += rows.nbytes
        while sum(other.waiting for other in self._open.values()) > PENDING_BYTES:
            self._flush(max(self._open, key=lambda p: (self._open[p].waiting, p)))

    def finish(self, table: str) -> None:
        """Write and close all parts of a table, which gets no more rows."""
        for part in sorted(part for part in self._open if part.table == table):
            self._flush(part)
            self._close(part)
            del self._open[part]

    def _flush(self, part: Part) -> None:
        state = self._open[part]
        if not state.pending:
            return
        rows = pa.concat_tables(state.pending).combine_chunks()
        state.pending, state.waiting = [], 0
        if state.writer is None or state.size > FILE_BYTES:
            self._close(part)
            self._next(part, rows.schema)
        assert state.writer is not None
        fitting = rows.num_rows * ROW_GROUP_BYTES // max(rows.nbytes, 1)
        state.writer.write_table(rows, row_group_size=max(1, min(ROW_GROUP_ROWS, fitting)))
        state.size += rows.nbytes
        found = self.written.setdefault(part, Written())
        found.rows += rows.num_rows
        found.bytes += rows.nbytes

    def _next(self, part: Part, schema: pa.Schema) -> None:
        state = self._open[part]
        state.number, state.size = state.number + 1, 0
        state.path = self.folder / f"{part.stem}-{state.number:05d}.parquet"
        state.path.parent.mkdir(parents=True, exist_ok=True)
        state.writer = pq.ParquetWriter(
            state.path, schema, compression=COMPRESSION, compression_level=COMPRESSION_LEVEL
        )

    def _close(self, part: Part) -> None:
        state = self._open[part]
        if state.writer is not None and state.path is not None:
            state.writer.close()
            self.written.setdefault(part, Written()).stored += state.path.stat().st_size
            state.writer = None
