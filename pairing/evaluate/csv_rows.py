"""Rows of a CSV file that a person wrote, with the numbers of their lines, for messages that say where a fault is."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from contracts.errors import ConfigError

Row = dict[str, str]


def read_rows(
    path: Path, required: Sequence[str], optional: Sequence[str] = (), empty: Sequence[str] = ()
) -> Iterator[tuple[int, Row]]:
    """The rows of a file as (line, values by column), blank lines left out; values are stripped.

    Optional columns that are absent are empty; others than the named ones are left out. Required columns named in
    `empty` may have rows without a value.

    Raises:
        ConfigError: the file cannot be read, lacks a column, or a row has another number of values or none where
            one is required; names file, line and column.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle)
            header = _header(path, next(reader, []), required)
            wanted = [*required, *optional]
            filled = [name for name in required if name not in empty]
            for values in reader:
                if any(value.strip() for value in values):
                    yield reader.line_num, _row(path, reader.line_num, header, values, filled, wanted)
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file; it needs the columns {', '.join(required)}") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from error


def _header(path: Path, names: list[str], required: Sequence[str]) -> list[str]:
    header = [name.strip() for name in names]
    missing = [name for name in required if name not in header]
    if missing:
        raise ConfigError(
            f"{path}, line 1: lacks the column {missing[0]}; needed are {', '.join(required)}, "
            f"there are {', '.join(header) or 'none'}"
        )
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise ConfigError(f"{path}, line 1: the column {twice[0]} stands there twice")
    return header


def _row(path: Path, line: int, header: list[str], values: list[str], filled: Sequence[str], wanted: list[str]) -> Row:
    if len(values) != len(header):
        raise ConfigError(f"{path}, line {line}: {len(values)} values for {len(header)} columns")
    row = dict(zip(header, (value.strip() for value in values), strict=True))
    for name in filled:
        if not row[name]:
            raise ConfigError(f"{path}, line {line}: {name} is empty")
    return {name: row.get(name, "") for name in wanted}
