"""The step that lists the documents of given pairs, where nothing is mined and no others are needed."""

from pathlib import Path

import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pairing.catalogue import COLUMNS, SCHEMA
from pipelines.frames import read, scan


class ListGiven(PipelineStep):
    """One task: a catalogue of each language with the documents of given pairs alone.

    Memory: these, and the ids of one file.

    Args:
        documents: the documents table.
        given: the given pairs, by ids of the corpus.
        output: folder of the catalogues.
    """

    type = "glotmix"
    name = "list given"

    def __init__(self, documents: Path, given: Path, output: Path) -> None:
        super().__init__()
        self.documents, self.given, self.output = documents, given, output

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the catalogues, of all languages."""
        pairs = read(self.given)
        wanted = pl.concat([pairs["id_a"], pairs["id_b"]]).unique().implode()
        found = [pl.DataFrame(schema=SCHEMA)]
        for path in files_of(self.documents):
            rows = scan(path).select(COLUMNS).with_row_index("row").filter(pl.col("id").is_in(wanted)).collect()
            place = {"file": pl.lit(int(path.stem), pl.Int64), "mined": pl.lit(value=False)}
            found.append(rows.with_columns(pl.col("row").cast(pl.Int64), **place).select(list(SCHEMA)))
        every = pl.concat(found)
        for language in LANGUAGE_NAMES:
            with atomic_path(self.output / f"{language}.parquet") as path:
                every.filter(pl.col("language") == language).write_parquet(path)
        yield from ()
