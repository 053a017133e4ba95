"""Documents and functions of pairs, read a block at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts.tables import files_of
from pairing.parallel.programs import COLUMNS, UNIT_COLUMNS
from pipelines.frames import scan
from pipelines.positions import fetch, file_of

Row = dict[str, Any]

FUNCTION_KINDS = ("function", "method", "constructor")
"""Kinds of units that are aligned."""

WANTED = ("id_a", "id_b", "language_a", "language_b", "score", "kind", "licence_a", "licence_b", "contaminated")
"""What is read of the table pairs; `group_id` beside it, where there is one."""

PLACES = ("pair_id", *(f"{name}_{side}" for side in "ab" for name in ("file", "row", "bytes")))
"""Where the documents of a pair stand."""


def scan_positions(folder: Path) -> pl.LazyFrame:
    """Where the documents of every pair stand, in the order of the pairs tables."""
    return scan(sorted(folder.glob("[0-9]*.parquet"))).select(PLACES)


def read_pairs(pairs: Path, positions: Path, first: int = 0, count: int | None = None) -> pl.DataFrame:
    """Pairs with the places of their documents; a task reads its own rows only.

    Args:
        pairs: folder of the table pairs.
        positions: folder of the places, row by row those of the pairs.
        first: number of the first pair.
        count: how many; None: all from there.

    Raises:
        ValueError: the two do not agree.
    """
    places = scan_positions(positions).slice(first, count).collect()
    table = scan(files_of(pairs))
    names = table.collect_schema().names()
    columns = [*WANTED, *(["group_id"] if "group_id" in names else [])]
    found = table.select(pl.col("pair_id").alias("same"), *columns).slice(first, count).collect()
    if not found["same"].equals(places["pair_id"]):
        raise ValueError(f"{positions}: other pairs than in {pairs}")
    return places.hstack(found.drop("same"))


def documents_at(corpus: Path, positions: np.ndarray, functions: bool) -> list[Row]:
    """Documents at these places, in their order, each with the rows of its functions by position.

    Args:
        corpus: folder of the corpus.
        positions: int64 (documents, 2), file and row.
        functions: read functions; else there are none.
    """
    found: list[Row] = fetch(corpus / "documents", positions, COLUMNS).to_pylist()
    units = _functions(corpus, positions, {row["id"] for row in found}) if functions else {}
    return [{**row, "functions": units.get(row["id"], [])} for row in found]


def _functions(corpus: Path, positions: np.ndarray, ids: set[str]) -> dict[str, list[Row]]:
    files = [file_of(corpus / "units", int(number)) for number in np.unique(positions[:, 0])]
    frame = (
        scan(files)
        .filter(pl.col("kind").is_in(FUNCTION_KINDS) & pl.col("has_body"))
        .filter(pl.col("document_id").is_in(sorted(ids)))
        .select(UNIT_COLUMNS)
        .collect(engine="streaming")
    )
    found: dict[str, list[Row]] = {}
    for row in frame.sort("document_id", "unit").iter_rows(named=True):
        found.setdefault(row["document_id"], []).append(row)
    return found


def pairs_of(corpus: Path, pairs: pl.DataFrame, functions: bool) -> Iterator[tuple[Row, Row, Row]]:
    """Each pair of a block with both its documents."""
    sides: Sequence[list[Row]] = [
        documents_at(corpus, pairs.select(f"file_{side}", f"row_{side}").to_numpy(), functions) for side in "ab"
    ]
    yield from zip(pairs.iter_rows(named=True), *sides, strict=True)
