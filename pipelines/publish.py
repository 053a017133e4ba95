"""The last phase of the corpus: the final tables, duplicates out, reasons in."""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.schema import DOCUMENTS, REJECTED, UNITS
from contracts.tables import TableWriter
from pipelines.config import DedupConfig
from pipelines.dedup.exact import read_losers
from pipelines.frames import read
from pipelines.positions import file_of, filtered, without_rows
from pipelines.progress import ProgressReporter


class PublishTables(PipelineStep):
    """File r of each final table out of file r of the ingested ones; memory: one row group a table."""

    type = "glotmix"
    name = "publish tables"

    def __init__(self, work: Path, folder: Path, config: DedupConfig, progress: Path) -> None:
        super().__init__()
        self.work, self.folder, self.config, self.progress = work, folder, config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write documents, units and rejected of this rank."""
        losers = self._losers(rank)
        rows = losers["row"].to_numpy().astype(np.int64)
        name = f"{rank:05d}.parquet"
        progress = ProgressReporter(self.progress, rank)
        ingested = self.work / "ingest"
        with (
            pq.ParquetFile(file_of(ingested / "documents", rank)) as file,
            TableWriter(self.folder / "documents" / name, DOCUMENTS) as documents,
        ):
            for table in filtered(file, rows):
                documents.write_table(table)
                progress.add(table.nbytes)
        with (
            pq.ParquetFile(file_of(ingested / "units", rank)) as file,
            TableWriter(self.folder / "units" / name, UNITS) as units,
        ):
            for table in without_rows(file, "row", rows):
                units.write_table(table.drop_columns(["row"]))
        with (
            pq.ParquetFile(file_of(ingested / "rejected", rank)) as file,
            TableWriter(self.folder / "rejected" / name, REJECTED) as rejected,
        ):
            for table in filtered(file, np.empty(0, np.int64)):
                rejected.write_table(table)
            if losers.height:
                rejected.write_table(self._rejected_duplicates(rank, losers).to_arrow())
        yield from ()

    def _losers(self, rank: int) -> pl.DataFrame:
        """This file's duplicates of both kinds; a survivor that fell later is replaced by its own survivor."""
        exact = read_losers(self.work / "exact", rank).with_columns(
            pl.lit("exact").alias("step"),
            pl.lit("exact_duplicate").alias("reason"),
            pl.lit(None, pl.Float64).alias("threshold"),
        )
        if not self.config.near:
            return exact.sort("row")
        near = read_losers(self.work / "near" / "losers")
        replaced = dict(near.select("id", "duplicate_of").iter_rows())
        exact = exact.with_columns(pl.col("duplicate_of").replace(replaced))
        own = near.filter(pl.col("file") == rank).with_columns(
            pl.lit("near").alias("step"),
            pl.lit("near_duplicate").alias("reason"),
            pl.lit(self.config.threshold).alias("threshold"),
        )
        return pl.concat([exact, own]).sort("row")

    def _rejected_duplicates(self, rank: int, losers: pl.DataFrame) -> pl.DataFrame:
        shared = [c for c in REJECTED.names if c in DOCUMENTS.names]
        documents = read(file_of(self.work / "ingest" / "documents", rank), columns=shared)
        rows = documents.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
        joined = losers.drop("id", "file").join(rows, on="row", how="left", maintain_order="left")
        return joined.with_columns(pl.lit("").alias("detail")).select(REJECTED.names)
