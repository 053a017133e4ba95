"""The documents of each language in order, with the small facts that pairing needs of them."""

from pathlib import Path

import polars as pl

COLUMNS = ("id", "language", "bytes", "licence", "is_test", "contaminated")


def read_catalogue(folder: Path, language: str) -> pl.DataFrame:
    """All documents of a language: file, row, COLUMNS; a document's number is its row here."""
    return pl.read_parquet(folder / f"{language}.parquet")


def block_count(documents: int, block: int) -> int:
    """Number of blocks that so many documents fill."""
    return -(-documents // block)
