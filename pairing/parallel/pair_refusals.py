"""The step that tells which pairs do not stand in the table pairs, and why."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.languages import language_pairs
from contracts.pair_tables import LINKS, REFUSED
from contracts.tables import TableWriter
from pairing.catalogue import read_catalogue
from pairing.match import pair_id
from pairing.parallel.refusals import CONTRADICTING, LICENCE_UNKNOWN, Refusal
from pairing.parallel.rows import Row, refused_row
from pipelines.frames import read
from pipelines.positions import file_of

LEVEL = "pair"
"""Level of these rows: they are no pairs of the table, and nothing is offered of them at other levels."""


class RefusePairs(PipelineStep):
    """One task: pairs without a required licence, and given pairs that contradict others.

    The latter become links too: they are translations all the same, and must not be torn by a split.
    Memory: the links of two languages, and their catalogues.

    Args:
        folder: of the stage; has links and pairs of every two languages, gets a file of refused and one of links.
        catalogue: facts of documents.
        contradicting: given pairs that were cut.
        number: of the file of refused.
    """

    type = "glotmix"
    name = "refuse pairs"

    def __init__(self, folder: Path, catalogue: Path, contradicting: Path, number: int) -> None:
        super().__init__()
        self.folder, self.catalogue, self.contradicting, self.number = folder, catalogue, contradicting, number

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write both files."""
        cut = read(self.contradicting)
        with TableWriter(file_of(self.folder / "refused", self.number), REFUSED) as refused:
            for row in (*self._without_licence(), *contradicting_rows(cut)):
                refused.write(row)
        with TableWriter(file_of(self.folder / "links", len(language_pairs())), LINKS) as links:
            links.write_table(cut.select(LINKS.names).to_arrow())
        yield from ()

    def _without_licence(self) -> Iterator[Row]:
        for number, languages in enumerate(language_pairs()):
            every, kept = (read(file_of(self.folder / table, number)) for table in ("links", "pairs"))
            gone = every.join(kept.select(LINKS.names), on=LINKS.names, how="anti", maintain_order="left")
            if not gone.height:
                continue
            for side, language in zip("ab", languages, strict=True):
                facts = read_catalogue(self.catalogue, language).select(
                    pl.col("id").alias(f"id_{side}"), pl.col("licence").alias(f"licence_{side}")
                )
                gone = gone.join(facts, on=f"id_{side}", how="left", maintain_order="left")
            for row in gone.iter_rows(named=True):
                named = ", ".join(row[f"licence_{side}"] or "unknown" for side in "ab")
                ids = [row["id_a"], row["id_b"]]
                yield refused_row(LEVEL, pair_id(*ids), ids, languages, Refusal(LICENCE_UNKNOWN, detail=named))


def contradicting_rows(cut: pl.DataFrame) -> Iterator[Row]:
    """The rows of given pairs that were cut: id_a, id_b, language_a, language_b, detail."""
    for row in cut.iter_rows(named=True):
        ids, languages = [row["id_a"], row["id_b"]], [row["language_a"], row["language_b"]]
        yield refused_row(LEVEL, pair_id(*ids), ids, languages, Refusal(CONTRADICTING, detail=row["detail"]))
