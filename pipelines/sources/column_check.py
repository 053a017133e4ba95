"""Refuses a column map that names a column which no record of its source has: a slip would cost every record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

import pyarrow as pa

from contracts.errors import SourceError
from pipelines.sources.config import ColumnMap, JsonlSource, ParquetSource

MAX_NAMES = 50
"""Columns that a message names."""

MAX_SEEN = 1000
"""Columns that are kept, to look for near names among them; those of one record at most as well."""

MAX_LENGTH = 80
"""Characters of a name in a message: names come from the data."""

MAX_DEPTH = 8
"""Nested records down to which columns are named."""

NEEDED = ("content", "id")
"""Keys whose column every record has to have: where the first records have none, none is expected later."""

NEAR = 0.8
"""Likeness (difflib's ratio) from which a name counts as a slip of the pen: license and licence have 0.86."""


def wanted(columns: ColumnMap) -> dict[str, str]:
    """The columns that are mapped: key of the map, name of the column."""
    return {key: name for key, name in columns.model_dump().items() if name is not None}


class ColumnCheck:
    """Which mapped columns were in no record or file so far.

    Args:
        source: whose map it is.
    """

    def __init__(self, source: JsonlSource | ParquetSource) -> None:
        self._source = source
        self._missing = wanted(source.columns)
        self._seen: dict[str, None] = {}

    def saw(self, has: Callable[[str], bool], names: Iterable[str]) -> bool:
        """Note a record or file.

        Args:
            has: whether it has a column.
            names: its columns.

        Returns:
            whether every mapped column was met by now, so that no more need be read.
        """
        self._missing = {key: name for key, name in self._missing.items() if not has(name)}
        if self._missing and len(self._seen) < MAX_SEEN:
            self._seen.update(dict.fromkeys(islice(names, MAX_SEEN)))
        return not self._missing

    def refuse(self, what: str, where: str, whole: bool) -> None:
        """Refuse a map of which a column is not there; where nothing was seen nothing is known.

        An optional column may be in records that were not read: it is refused only if its name looks like a slip.

        Args:
            what: none of these has it: file or record.
            where: what has the columns that are there.
            whole: all there is was seen.

        Raises:
            SourceError: a column is not there.
        """
        if not self._seen:
            return
        others = set(wanted(self._source.columns).values())
        free = [name for name in self._seen if name not in others]
        for key, column in self._missing.items():
            if whole or key in NEEDED or get_close_matches(column, free, 1, NEAR):
                raise self._refusal(key, column, what, where)

    def _refusal(self, key: str, column: str, what: str, where: str) -> SourceError:
        near = get_close_matches(column, self._seen, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        named = ", ".join(repr(name[:MAX_LENGTH]) for name in islice(self._seen, MAX_NAMES))
        return SourceError(
            f"source {self._source.name!r}: columns.{key} is {column!r}, which no {what} has; {where} has "
            f"{named}{hint}; correct the column map"
        )


def there_is(record: Any, column: str) -> bool:
    """Whether a record has a column, be its value null or not; names are read as `tables.lookup` reads them."""
    if isinstance(record, (list, tuple)):
        return any(there_is(item, column) for item in record)
    if not isinstance(record, Mapping):
        return False
    if column in record:
        return True
    at = column.find(".")
    while at != -1:
        if column[:at] in record:
            return there_is(record[column[:at]], column[at + 1 :])
        at = column.find(".", at + 1)
    return False


def names_of(record: Mapping[str, Any], depth: int = MAX_DEPTH) -> Iterator[str]:
    """The columns of a record as a map names them, those of nested records with dots."""
    for name, value in record.items():
        first = next((v for v in value if isinstance(v, Mapping)), None) if isinstance(value, list) else value
        if isinstance(first, Mapping) and first and depth:
            yield from (f"{name}.{inner}" for inner in names_of(first, depth - 1))
        else:
            yield name


def schema_has(schema: pa.Schema, column: str) -> bool:
    """Whether a table has a column; names are read as `tables.lookup` reads them."""
    return _fields_have({field.name: field.type for field in schema}, column)


def _fields_have(fields: Mapping[str, pa.DataType], column: str) -> bool:
    if column in fields:
        return True
    at = column.find(".")
    while at != -1:
        if column[:at] in fields:
            return _fields_have(_fields(fields[column[:at]]), column[at + 1 :])
        at = column.find(".", at + 1)
    return False


def schema_names(schema: pa.Schema) -> Iterator[str]:
    """The columns of a table as a map names them, those of nested records with dots."""
    return _named({field.name: field.type for field in schema}, MAX_DEPTH)


def _named(fields: Mapping[str, pa.DataType], depth: int) -> Iterator[str]:
    for name, kind in fields.items():
        inner = _fields(kind)
        if inner and depth:
            yield from (f"{name}.{below}" for below in _named(inner, depth - 1))
        else:
            yield name


def _fields(kind: pa.DataType) -> dict[str, pa.DataType]:
    """What a record, or the records of a list, hold; nothing for other types (a map reads as pairs, not by key)."""
    while pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        kind = kind.value_type
    return {field.name: field.type for field in kind} if pa.types.is_struct(kind) else {}
