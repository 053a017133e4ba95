"""Refuses a column map that names a column which no record of its source has: a slip would cost every record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

from contracts.errors import SourceError
from pipelines.sources.config import ColumnMap, JsonlSource, ParquetSource

MAX_NAMES = 50
"""Columns that a message names."""

MAX_LENGTH = 80
"""Characters of a name in a message: names come from the data."""


def wanted(columns: ColumnMap) -> dict[str, str]:
    """The columns that are mapped: key of the map, name of the column."""
    return {key: name for key, name in columns.model_dump().items() if name is not None}


def refusal(source: JsonlSource | ParquetSource, key: str, what: str, where: str, there: Sequence[str]) -> SourceError:
    """The error that a column is in none of the records.

    Args:
        source: whose map names it.
        key: of the map.
        what: none of these has it: file or record.
        where: what has the columns that are there, such as "the first file".
        there: their names.
    """
    column = wanted(source.columns)[key]
    near = get_close_matches(column, there, 1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    named = ", ".join(repr(name[:MAX_LENGTH]) for name in there[:MAX_NAMES]) or "none"
    return SourceError(
        f"source {source.name!r}: columns.{key} is {column!r}, which no {what} has; {where} has {named}{hint}; "
        "correct the column map"
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


def names_of(record: Mapping[str, Any]) -> Iterator[str]:
    """The columns of a record as a map names them, those of nested records with dots."""
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from (f"{name}.{inner}" for inner in value)
        else:
            yield name


def check_records(source: JsonlSource, records: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a map of which a column is in no record; reads records until each was met, most often the first one.

    Without any record nothing is known of the columns, and nothing is refused.

    Raises:
        SourceError: a column is in none of the records.
    """
    missing = wanted(source.columns)
    seen: dict[str, None] = {}
    for record in records:
        missing = {key: name for key, name in missing.items() if not there_is(record, name)}
        if not missing:
            return
        if len(seen) < MAX_NAMES:
            seen.update(dict.fromkeys(islice(names_of(record), MAX_NAMES)))
    if seen:
        raise refusal(source, next(iter(missing)), "record", "the source", list(seen))
