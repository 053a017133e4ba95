"""The documents of each language in order, with the small facts that pairing needs of them."""

from pathlib import Path

import polars as pl

from pipelines.frames import read

COLUMNS = ("id", "language", "path", "bytes", "licence", "is_test", "contaminated")
"""Columns of the documents table that a catalogue takes over."""

SCHEMA = {
    "row": pl.Int64,
    "id": pl.String,
    "language": pl.String,
    "path": pl.String,
    "bytes": pl.Int64,
    "licence": pl.String,
    "is_test": pl.Boolean,
    "contaminated": pl.Boolean,
    "file": pl.Int64,
    "mined": pl.Boolean,
}
"""The catalogue: where each document stands, its facts, and whether it is mined; also for a language without any."""


def read_catalogue(folder: Path, language: str) -> pl.DataFrame:
    """All documents of a language, see SCHEMA; a document's number is its row here."""
    return read(folder / f"{language}.parquet")


def block_count(documents: int, block: int) -> int:
    """Number of blocks that so many documents fill."""
    return -(-documents // block)
