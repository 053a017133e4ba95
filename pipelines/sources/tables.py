"""Turn the records of tables into source records by the column map."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from pipelines.sources.config import ColumnMap, JsonlSource, ParquetSource
from pipelines.sources.paths import UnsafePathError, label, table_path
from pipelines.sources.record import Problem, SourceRecord, too_large


class BadRecordError(Exception):
    """A line or row that is no usable record; the message says why."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Stands for a value that a reader did not take out of its table."""

    problem: Problem
    size: int


def parse_line(line: bytes) -> Mapping[str, Any]:
    r"""Return the JSON object of a line.

    Lone surrogates that come as `\ud800` escapes, and NaN, are refused by orjson; such lines are read by the
    standard library, so that the record is kept (its text then holds the surrogate).

    Raises:
        BadRecordError: not UTF-8, not JSON, nested too deeply, or no object.
    """
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        value = _parse_slowly(line)
    if not isinstance(value, dict):
        raise BadRecordError(f"a JSON {type(value).__name__}, not an object")
    return value


def _parse_slowly(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadRecordError(f"not UTF-8 at byte {error.start} of the line") from error
    except RecursionError as error:
        raise BadRecordError("JSON nested too deeply") from error
    except ValueError as error:
        raise BadRecordError(f"not JSON ({str(error)[:200]})") from error


def lookup(record: Any, column: str) -> Any:
    """Return the value of a column, None where it is missing.

    The whole name is tried first, then what stands before each dot as a nested record; in a list of records,
    the value is taken of each.
    """
    if isinstance(record, (list, tuple)):
        found = [lookup(item, column) for item in record if isinstance(item, Mapping)]
        return [item for item in found if item is not None]
    if not isinstance(record, Mapping):
        return None
    if column in record:
        return record[column]
    at = column.find(".")
    while at != -1:
        if column[:at] in record:
            return lookup(record[column[:at]], column[at + 1 :])
        at = column.find(".", at + 1)
    return None


def licence_of(value: Any) -> str | None:
    """Return a declared licence as one SPDX expression, None where there is none.

    Several licences mean that all were found and all apply, so they are joined with AND: it never allows more
    than the strictest of them. A list that offers a choice has to come as one expression with OR.
    """
    if isinstance(value, str):
        return label(value.strip()) or None
    if not isinstance(value, (list, tuple)):
        return None
    found = [label(item.strip()) for item in value if isinstance(item, str)]
    names = [name for name in dict.fromkeys(found) if name]
    if len(names) == 1:
        return names[0]
    return " AND ".join(f"({name})" if " " in name else name for name in names) or None


def name_of(value: Any) -> str:
    """Return an identifier or name as text; "" where it is no string or number."""
    return label(str(value)) if isinstance(value, (str, int, float)) else ""


class Mapper:
    """Makes the records of one table file."""

    def __init__(self, source: JsonlSource | ParquetSource, archive: str, max_bytes: int) -> None:
        """Prepare for one table file.

        Args:
            source: the source the table belongs to.
            archive: the table's name in its records.
            max_bytes: bytes a content may have.
        """
        self._source, self._archive, self._max_bytes = source, archive, max_bytes
        self._columns: ColumnMap = source.columns

    def failed(self, position: int, problem: Problem, size: int = 0) -> SourceRecord:
        """Return a record for a line or row that gave none; position -1 stands for the table as a whole."""
        name, licence = self._source.name, self._source.licence
        record = SourceRecord(name, "", name, self._archive, licence=licence, problem=problem, size=size)
        record.position = position
        return record

    def _get(self, record: Mapping[str, Any], column: str | None) -> Any:
        return None if column is None else lookup(record, column)

    def record(self, data: Mapping[str, Any], position: int) -> SourceRecord:
        """Return the record of a line or row, with a problem where its content or path cannot be used."""
        columns = self._columns
        out = self.failed(position, Problem("bad_record", ""))
        out.problem = None
        out.repo = name_of(self._get(data, columns.repo)) or out.repo
        out.source_id = name_of(self._get(data, columns.id))
        out.commit = name_of(self._get(data, columns.commit)) or None
        out.language = name_of(self._get(data, columns.language)) or None
        out.licence = licence_of(self._get(data, columns.licence)) or out.licence
        self._path(out, self._get(data, columns.path))
        if out.problem is None:
            self._content(out, self._get(data, columns.content))
        return out

    def _path(self, out: SourceRecord, value: Any) -> None:
        try:
            out.path = table_path(value) if isinstance(value, str) else ""
        except UnsafePathError as error:
            out.problem = Problem("unsafe_path", str(error))

    def _content(self, out: SourceRecord, value: Any) -> None:
        if isinstance(value, str):
            out.size = len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))
        elif isinstance(value, bytes):
            out.size = len(value)
        elif isinstance(value, Refused):
            out.size, out.problem = value.size, value.problem
            return
        else:
            state = "is missing or null" if value is None else f"is no string but {type(value).__name__}"
            detail = f"column {self._columns.content!r} {state}"
            out.problem = Problem("bad_record", detail)
            return
        if out.size > self._max_bytes:
            out.problem = too_large(out.size, self._max_bytes)
        elif isinstance(value, str):
            out.text = value
        else:
            out.raw = value
