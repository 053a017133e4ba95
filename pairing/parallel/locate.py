"""The step that looks up where the documents of pairs stand, so that later ones read just those."""

from pathlib import Path

import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.tables import files_of
from pairing.parallel.reading import PLACES
from pairing.where import where
from pipelines.frames import read


class LocatePairs(PipelineStep):
    """One task; memory: the places of all paired documents, about 150 bytes each, and the ids of one file.

    Args:
        corpus: folder of the corpus.
        pairs: folder of the table pairs.
        positions: gets a file for each of the table's, row by row.
    """

    type = "glotmix"
    name = "locate pairs"

    def __init__(self, corpus: Path, pairs: Path, positions: Path) -> None:
        super().__init__()
        self.corpus, self.pairs, self.positions = corpus, pairs, positions

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write all files."""
        tables = files_of(self.pairs)
        ids = [read(file, columns=["id_a", "id_b"]) for file in tables]
        places = where(self.corpus / "documents", pl.concat([frame[side] for frame in ids for side in frame.columns]))
        del ids
        for file in tables:
            found = read(file, columns=["pair_id", "id_a", "id_b"])
            for side in "ab":
                of_side = places.rename({name: f"{name}_{side}" for name in places.columns})
                found = found.join(of_side, on=f"id_{side}", how="left", maintain_order="left")
            with atomic_path(self.positions / file.name) as path:
                found.select(PLACES).write_parquet(path)
        yield from ()
