"""Exact duplicates: texts equal to the byte within a language; one of each survives."""

from pathlib import Path

import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from pipelines.dedup.keys import read_keys
from pipelines.frames import read

DOCUMENTS_PER_TASK = 2_000_000
"""Documents whose keys one task compares (about 600 MB)."""

SCHEMA = {
    "file": pl.Int64,
    "row": pl.Int64,
    "id": pl.String,
    "duplicate_of": pl.String,
    "value": pl.Float64,
}
"""Columns of a losers file, shared with near-duplicates: who is dropped, in favour of whom, at which similarity."""


def exact_losers(keys: pl.DataFrame, by: tuple[str, ...] = ("language", "content_hash")) -> pl.DataFrame:
    """Documents that equal one of better rank.

    Args:
        keys: as `read_keys` gives them.
        by: what makes two documents equal.

    Returns:
        rows with the columns of `SCHEMA`; `value` is 1.
    """
    best = pl.col("rank") == pl.col("rank").min().over(*by)
    survivors = keys.filter(best).select(*(pl.col(c) for c in by), pl.col("id").alias("duplicate_of"))
    losers = keys.filter(~best).join(survivors, on=list(by), how="left", nulls_equal=True)
    return (
        losers.with_columns(pl.lit(1.0).alias("value")).select(list(SCHEMA)).sort("file", "row", maintain_order=True)
    )


def tasks_for(documents: int) -> int:
    """Number of tasks for so many documents: a power of 16, since texts are dealt by the digits of their hash."""
    tasks = 1
    while documents > tasks * DOCUMENTS_PER_TASK and tasks < 4096:
        tasks *= 16
    return tasks


class FindExactDuplicates(PipelineStep):
    """Each task compares the documents whose content hash starts with its digits."""

    type = "glotmix"
    name = "exact duplicates"

    def __init__(self, documents: Path, output: Path, sources: tuple[str, ...], enabled: bool) -> None:
        super().__init__()
        self.documents, self.output, self.sources, self.enabled = documents, output, sources, enabled

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write this task's losers."""
        digits = len(f"{world_size:x}") - 1
        own = pl.col("content_hash").str.slice(0, digits) == f"{rank:0{digits}x}" if digits else None
        keys = read_keys(self.documents, self.sources, None if own is None else lambda frame: frame.filter(own))
        # the same record read twice is one document even when duplicates are wanted: ids are unique
        losers = exact_losers(keys, ("language", "content_hash") if self.enabled else ("id",))
        with atomic_path(self.output / f"{rank:05d}.parquet") as path:
            losers.write_parquet(path)
        yield from ()


def read_losers(folder: Path, file: int | None = None) -> pl.DataFrame:
    """The losers of all tasks, of one file of documents when given."""
    frame = pl.concat([read(f) for f in sorted(folder.glob("*.parquet"))])
    return frame if file is None else frame.filter(pl.col("file") == file)
