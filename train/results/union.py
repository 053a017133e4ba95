"""Rows of many runs as one table: what a row must be, when two are the same point, and which columns all of them take.

Pure.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import pyarrow as pa

from contracts.columns import Table
from contracts.languages import in_order
from contracts.runs import COSTS, named_after, runs_table

Row = Mapping[str, Any]

MOST_TOKENS = 10**16
"""Tokens have 16 digits in file names: beyond what any machine trains on."""

SHOWN = 5
"""Columns that a message names at most."""


def table_of(names: Iterable[str]) -> Table:
    """The runs table of all components and losses that these column names speak of."""
    return _table_of(tuple(names))


@lru_cache(maxsize=1024)  # most rows of a table have the same columns
def _table_of(names: tuple[str, ...]) -> Table:
    mixed, measured = ((*in_order(set(named_after(prefix, names))),) for prefix in ("p", "loss"))
    return runs_table(mixed, measured)


def faults(row: Row) -> list[str]:
    """Why this is no row of the runs table; empty when it is one."""
    table = table_of(row)
    odd = sorted(row.keys() ^ set(table.names))
    if odd:
        return [f"columns missing or unknown: {', '.join(odd[:SHOWN])}"]
    none = [column.name for column in table.columns if row[column.name] is None and not column.nullable]
    if none:
        return [f"no value for {', '.join(none[:SHOWN])}"]
    return _wrong_values(row, table)


def _wrong_values(row: Row, table: Table) -> list[str]:
    infinite = [name for name, value in row.items() if isinstance(value, float) and not math.isfinite(value)]
    if infinite:
        return [f"{infinite[0]} is {row[infinite[0]]}"]
    for column in table.columns:
        value = row[column.name]
        if value is not None and not _is(value, column.type):
            return [f"{column.name} is {value!r}, no {column.type}"]
    if not re.fullmatch("[0-9A-Za-z]{1,64}", row["run_id"]) or not 0 < row["tokens"] < MOST_TOKENS:
        return [f"run_id {row['run_id']!r}, tokens {row['tokens']}: 1 to 64 letters and digits, and at least 1"]
    return []


def _is(value: object, kind: pa.DataType) -> bool:
    """Whether a value is of a column's type; Arrow itself would cut 1.5 down to an integer."""
    if pa.types.is_string(kind):
        return isinstance(value, str)
    if pa.types.is_boolean(kind):
        return isinstance(value, bool)
    if isinstance(value, int) and not isinstance(value, bool):
        return not pa.types.is_integer(kind) or abs(value) < 2 ** (kind.bit_width - 1)
    return isinstance(value, float) and not pa.types.is_integer(kind)


def completed(row: Row) -> dict[str, Any]:
    """A row with null in each column that may be null and that its writer did not know yet.

    Raises:
        ValueError: it is no row even so.
    """
    if [*row] == [*table_of(row).names]:  # as it was written
        return dict(row)
    whole = {column.name: None for column in table_of(row).columns if column.nullable} | dict(row)
    wrong = faults(whole)
    if wrong:
        raise ValueError(f"{wrong[0]}; perhaps of another version of glotmix")
    return whole


def differences(before: Row, now: Row) -> list[str]:
    """In which columns two rows of the same point differ, costs left out: `loss_go: 1.5, now 1.6`."""
    names = [*before, *(name for name in now if name not in before)]
    return [
        f"{name}: {before.get(name, 'absent')}, now {now.get(name, 'absent')}"
        for name in names
        if name not in COSTS and (name in before, before.get(name)) != (name in now, now.get(name))
    ]


def union(rows: Iterable[Row]) -> tuple[Table, list[dict[str, Any]]]:
    """The table that takes all rows, and the rows in it, by run and tokens.

    A component that a row's mixture has not gets share 0; what else a row has not is null.
    """
    ordered = sorted(rows, key=lambda row: (row["run_id"], row["tokens"]))
    names = dict.fromkeys(name for row in ordered for name in row)
    table = table_of(names)
    absent = {name: None for name in table.names} | {f"p_{name}": 0.0 for name in named_after("p", table.names)}
    return table, [absent | dict(row) for row in ordered]
