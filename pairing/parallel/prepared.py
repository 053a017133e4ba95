"""The table of items between two phases: programs as they will be written, before they have a direction."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import polars as pl
import pyarrow as pa

from contracts.columns import Column, Table
from contracts.tables import read_rows
from pairing.parallel.items import Item
from pairing.parallel.rows import Row
from pairing.parallel.texts import Program
from pipelines.frames import scan

_s, _i32, _i64, _f32, _f64 = pa.string(), pa.int32(), pa.int64(), pa.float32(), pa.float64()

PROGRAM = (
    ("id", _s), ("language", _s), ("text", _s), ("licence", _s), ("first_line", _i32), ("last_line", _i32),
    ("repo", _s), ("path", _s), ("commit", _s),
)  # fmt: skip

NULLABLE = ("licence", "commit")

PREPARED = Table(
    "prepared",
    "one row an item that becomes parallel documents",
    (
        Column("level", _s, "file or function"),
        Column("pair_id", _s, "id in pairs"),
        Column("item", _s, "what tells apart items of one pair and level"),
        Column("draw", _i64, "by what items are ordered for balanced directions"),
        *(
            Column(f"{name}_{side}", kind, f"{name} of program {side}", nullable=name in NULLABLE)
            for side in ("a", "b")
            for name, kind in PROGRAM
        ),
        Column("units_dropped", _i32, "functions left out of both to fit"),
        Column("score", _f32, "of the pair, or of the functions", nullable=True),
        Column("kind", _s, "close or loose; null where not judged", nullable=True),
        Column("bytes", _i64, "length of both texts"),
    ),
)
"""Lives in the stage's work folder only."""

KEYS = ("level", "language_a", "language_b", "draw", "pair_id", "item")
"""What directions are drawn by."""

BATCH = 64
"""Rows that are turned into Python objects at once."""


def prepared_row(item: Item) -> Row:
    """The row of an item."""
    row: Row = {name: getattr(item, name) for name in (f.name for f in fields(item)) if name not in ("a", "b")}
    for side, program in (("a", item.a), ("b", item.b)):
        row |= {f"{name}_{side}": getattr(program, name) for name, _ in PROGRAM}
    return row | {"bytes": len(item.a.text.encode()) + len(item.b.text.encode())}


def read_items(path: Path) -> Iterator[Item]:
    """The items of a file in their order; memory: a row group."""
    for row in read_rows(path, batch_rows=BATCH):
        a, b = (Program(**{name: row.pop(f"{name}_{side}") for name, _ in PROGRAM}) for side in ("a", "b"))
        row.pop("bytes")
        yield Item(a=a, b=b, **row)


def read_keys(files: list[Path]) -> pl.DataFrame:
    """What directions are drawn by, of all items in their order; memory: about 120 bytes an item."""
    return scan(files).select(KEYS).collect()
