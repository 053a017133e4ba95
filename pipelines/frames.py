"""Parquet into polars by exact path: characters such as `[` in a folder's name are never read as patterns."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl


def read(file: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """One file, the given columns only."""
    return pl.read_parquet(file, columns=list(columns) if columns else None, glob=False)


def scan(files: Path | Sequence[Path]) -> pl.LazyFrame:
    """One file or several of one table, read when the query runs."""
    return pl.scan_parquet([files] if isinstance(files, Path) else list(files), glob=False)
