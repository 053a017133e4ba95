"""Tables on disk: typed rows in, Parquet with the table's schema out, and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.columns import Table
from contracts.errors import StageError
from contracts.files import atomic_path

COMPRESSION = "zstd"
COMPRESSION_LEVEL = 3
"""zstd-3: the size of gzip, three times its reading speed, ten times its writing speed on code."""

ROW_GROUP_BYTES = 16_000_000
"""Uncompressed bytes a row group holds at most (about), which bounds the memory of readers."""

ROW_GROUP_ROWS = 20_000


class TableWriter:
    """Writes one file of a table, row group by row group; the file appears whole when the block ends.

    Rows are dicts with exactly the table's columns. `size_column` names a column of byte counts by which row
    groups are cut; tables without large text cut by rows only.
    """

    def __init__(self, path: Path, table: Table, size_column: str | None = None) -> None:
        self.path, self.table, self.size_column = path, table, size_column
        self.rows = 0
        self._schema = table.schema
        self._names = table.names
        self._buffer: dict[str, list[Any]] = {name: [] for name in self._names}
        self._pending = self._pending_bytes = 0

    def __enter__(self) -> "TableWriter":
        self._context = atomic_path(self.path)
        temporary = self._context.__enter__()
        try:
            self._writer = pq.ParquetWriter(
                temporary, self._schema, compression=COMPRESSION, compression_level=COMPRESSION_LEVEL
            )
        except BaseException as failure:
            self._context.__exit__(type(failure), failure, failure.__traceback__)
            raise
        return self

    def __exit__(self, *error: Any) -> None:
        try:
            if error[0] is None:
                self._flush()
            self._writer.close()
        except BaseException as failure:
            self._context.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._context.__exit__(*error)

    def write(self, row: Mapping[str, Any]) -> None:
        """Add one row.

        Raises:
            KeyError: a column is missing, or the table has none of a given name.
        """
        if row.keys() != self._buffer.keys():
            wrong = sorted(row.keys() ^ self._buffer.keys())
            raise KeyError(f"{self.table.name}: columns missing or unknown: {', '.join(map(str, wrong))}")
        for name in self._names:
            self._buffer[name].append(row[name])
        self._pending += 1
        if self.size_column:
            self._pending_bytes += row[self.size_column] or 0
        if self._pending >= ROW_GROUP_ROWS or self._pending_bytes >= ROW_GROUP_BYTES:
            self._flush()

    def write_table(self, data: pa.Table) -> None:
        """Add an Arrow table with the table's columns (in any order) as one row group or more."""
        self._flush()
        data = data.select(self._names).cast(self._schema)
        fitting = data.num_rows * ROW_GROUP_BYTES // max(data.nbytes, 1)
        self._writer.write_table(data, row_group_size=max(1, min(ROW_GROUP_ROWS, fitting)))
        self.rows += data.num_rows

    def _flush(self) -> None:
        if self._pending:
            batch = pa.Table.from_pydict(self._buffer, schema=self._schema)
            self._writer.write_table(batch, row_group_size=self._pending)
            self.rows += self._pending
        self._buffer = {name: [] for name in self._names}
        self._pending = self._pending_bytes = 0


def write_rows(path: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows to one file; returns how many."""
    with TableWriter(path, table) as writer:
        for row in rows:
            writer.write(row)
    return writer.rows


def files_of(folder: Path) -> list[Path]:
    """The Parquet files of a table's folder in order of their numbers.

    Raises:
        StageError: the folder is missing or holds no table.
    """
    files = sorted(folder.glob("[0-9]*.parquet"), key=lambda file: (len(file.name), file.name))
    if not files:
        raise StageError(f"{folder}: no table here. Run the stage that writes it first")
    return files


def read_rows(path: Path, columns: Sequence[str] | None = None, batch_rows: int = 1000) -> Iterator[dict[str, Any]]:
    """Rows of one file as dicts, a batch in memory at a time."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=batch_rows, columns=list(columns) if columns else None):
            yield from batch.to_pylist()


def read_table(folder: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """All rows of a table's folder, the given columns only; for columns that fit in memory."""
    return pa.concat_tables([pq.read_table(f, columns=list(columns) if columns else None) for f in files_of(folder)])
