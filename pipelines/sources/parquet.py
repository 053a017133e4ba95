"""Parquet files as a source, read by row groups."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.sources.bounded import BoundedFile
from pipelines.sources.column_check import ColumnCheck, schema_has, schema_names, wanted
from pipelines.sources.compression import BadContainerError
from pipelines.sources.config import ColumnMap, ParquetSource
from pipelines.sources.containers import find, listed, open_container, shown_name, unknown_type
from pipelines.sources.members import archive_problem
from pipelines.sources.record import Problem, SourceRecord
from pipelines.sources.slices import FILE_COST, Limits, Listing, Slice
from pipelines.sources.tables import Mapper, Refused
from pipelines.sources.values import values

MAX_ROW_GROUP = 8 << 30
"""Bytes one row group may expand to, as its footer says; the usual ones have 0.1 to 1 GiB."""

MAX_READ = 2 << 30
"""Bytes of one read of the file."""

BUFFER = 1 << 20
"""Bytes read ahead in a column, instead of the whole column of a row group."""

BATCH_BYTES = 1 << 30
"""Bytes a batch may come to if every row repeated the largest value its row group has room for."""

MAX_BATCH, MIN_BATCH = 256, 4
"""Rows in a batch."""

MAX_OTHER = 1 << 20
"""Bytes of a value that is not the content."""

_BROKEN = (pa.ArrowException, OSError, ValueError, RuntimeError, OverflowError, KeyError, IndexError)
"""What pyarrow raises on broken files; system errors come as UnreadableError instead."""


def _open(file: BinaryIO) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(BoundedFile(file, MAX_READ), buffer_size=BUFFER, pre_buffer=False)
    except _BROKEN as error:
        raise BadContainerError(f"no Parquet file that can be read ({str(error)[:200]})") from error


def _top(column: str, names: list[str]) -> str | None:
    """Return the top-level column that holds a possibly nested one, None where there is none."""
    parts = column.split(".")
    prefixes = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return next((prefix for prefix in prefixes if prefix in names), None)


def plan_parquet(index: int, source: ParquetSource, base: Path, limits: Limits) -> Listing:
    """List Parquet files by their footers; a broken file is one slice, and told of when read.

    Raises:
        SourceError: nothing is there, it cannot be listed, or a mapped column is in none of the files.
    """
    listing = Listing(index, limits)
    check = ColumnCheck(source)
    for container, size in find(source, base, listing):
        name = shown_name(source, container)
        if container and not name.lower().endswith((".parquet", ".pq")):
            listing.problem(container, unknown_type(name, ".parquet, .pq"), in_container=True)
            continue
        with listed(source, container, listing):
            sizes = _sizes(source, base, container, check)
            listing.saw(container or name, size)
            if sizes is None:
                listing.add_parts("parquet", container, 1, size)
            else:
                groups = ((str(number), max(cost, 0) + FILE_COST) for number, cost in enumerate(sizes))
                listing.add("parquet", container, groups)
    check.refuse("file", "the source", whole=True)
    return listing


def _sizes(source: ParquetSource, base: Path, container: str, check: ColumnCheck) -> list[int] | None:
    """Return the bytes of each row group and note the columns; None where the file is broken."""
    try:
        with open_container(source, base, container) as file:
            table = _open(file)
            sizes = [table.metadata.row_group(n).total_byte_size for n in range(table.num_row_groups)]
            schema = table.schema_arrow
            check.saw(partial(schema_has, schema), schema_names(schema))
    except (BadContainerError, *_BROKEN):
        return None
    return sizes


def read_parquet(item: Slice, source: ParquetSource, base: Path, max_bytes: int) -> Iterator[SourceRecord]:
    """Yield one record for each row of the slice's row groups."""
    mapper = Mapper(source, shown_name(source, item.container), max_bytes)
    try:
        with open_container(source, base, item.container) as file:
            table = _open(file)
            numbers = range(table.num_row_groups) if item.members is None else map(int, item.members)
            for number in numbers:
                yield from _group(table, number, source, mapper, max_bytes)
    except BadContainerError as error:
        yield mapper.failed(-1, archive_problem(error))


def _group(
    table: pq.ParquetFile, number: int, source: ParquetSource, mapper: Mapper, max_bytes: int
) -> Iterator[SourceRecord]:
    """Yield the rows of one row group, and a problem for those it did not give."""
    done = 0
    try:
        metadata = table.metadata
        expected, size = metadata.row_group(number).num_rows, metadata.row_group(number).total_byte_size
        first = sum(metadata.row_group(earlier).num_rows for earlier in range(number))
        if size > MAX_ROW_GROUP:
            detail = f"row group {number} expands to {size} bytes; it is not read"
            yield mapper.failed(-1, Problem("bomb", detail, size, MAX_ROW_GROUP))
            return
        for row in _rows(table, number, source.columns, max(size, 1), max_bytes):
            yield _record(mapper, row, first + done)
            done += 1
    except _BROKEN as error:
        yield mapper.failed(-1, Problem("bad_archive", f"row group {number}, row {done}: {str(error)[:200]}"))
        return
    if done != expected:
        detail = f"row group {number} gave {done} rows; its footer says {expected}"
        yield mapper.failed(-1, Problem("bad_archive", detail, done, expected))


def _rows(
    table: pq.ParquetFile, number: int, columns: ColumnMap, size: int, max_bytes: int
) -> Iterator[dict[str, Any]]:
    names = list(table.schema_arrow.names)
    tops = sorted(filter(None, {_top(column, names) for column in wanted(columns).values()}))
    batch_size = min(max(BATCH_BYTES // size, MIN_BATCH), MAX_BATCH)
    batches = table.iter_batches(batch_size, row_groups=[number], columns=tops, use_threads=False)
    for batch in batches:
        limits = [max_bytes if name == columns.content else MAX_OTHER for name in batch.schema.names]
        got = [values(column, limit) for column, limit in zip(batch.columns, limits, strict=True)]
        for row in range(batch.num_rows):
            yield {name: column[row] for name, column in zip(batch.schema.names, got, strict=True)}


def _record(mapper: Mapper, row: dict[str, Any], position: int) -> SourceRecord:
    record = mapper.record(row, position)
    for name, value in row.items():
        if isinstance(value, Refused) and record.problem is None:
            record.text = record.raw = None
            record.problem = Problem("bad_record", f"column {name!r}: {value.problem.detail}")
    return record
