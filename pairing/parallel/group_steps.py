"""The datatrove steps that make parallel documents of groups."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.pair_tables import PARALLEL_DOCUMENTS, REFUSED
from contracts.tables import ROW_GROUP_ROWS, TableWriter
from pairing.config import ParallelConfig
from pairing.parallel.group_pairs import group_pairs, read_group_matches
from pairing.parallel.group_table import group_tables
from pairing.parallel.group_text import group_text
from pairing.parallel.left_out import left_out_rows
from pairing.parallel.reading import Row, documents_at, read_pairs
from pairing.parallel.refusals import Refusal
from pairing.parallel.rows import parallel_row, refused_row
from pairing.parallel.tokens import counter
from pipelines.executor import ProgressReporter
from pipelines.frames import read, scan
from pipelines.positions import blocks


class BuildGroups(PipelineStep):
    """One task: groups out of all pairs.

    Memory: about 1 kB a pair, strings of ids for the most part; twice that where some may not stand in one text.

    Args:
        pairs: folder of the table pairs.
        positions: where the documents of pairs stand.
        output: gets the table of groups.
        inside: gets the pairs inside groups.
        left_out: gets what is left out of groups.
        config: seed, and what is refused.
    """

    type = "glotmix"
    name = "build groups"

    def __init__(
        self, pairs: Path, positions: Path, output: Path, inside: Path, left_out: Path, config: ParallelConfig
    ) -> None:
        super().__init__()
        self.pairs, self.positions, self.output, self.left_out = pairs, positions, output, left_out
        self.inside, self.config = inside, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the three tables, in row groups that a task reads without the others."""
        pairs = read_pairs(self.pairs, self.positions)
        groups, left_out = group_tables(pairs, self.config)
        made = ((self.output, groups), (self.inside, group_pairs(groups, pairs)), (self.left_out, left_out))
        for output, frame in made:
            with atomic_path(output) as path:
                frame.write_parquet(path, row_group_size=ROW_GROUP_ROWS)
        yield from ()


class WriteGroups(PipelineStep):
    """Writes a run of groups; memory: one block of texts (64 MB), and the corresponding functions of its groups.

    Args:
        corpus: folder of the corpus.
        groups: the table of groups.
        inside: the pairs inside them.
        left_out: what is left out of them; the first task tells it.
        matched: functions that correspond, and the bounds of the tasks that wrote them.
        folder: of the stage; gets parallel and refused.
        bounds: number of the first row of each task, and of all rows; never inside a group.
        first: number of the first file to write.
        config: what is asked for.
        tokenizer: counts tokens; None: they are estimated.
        progress: folder for progress.
    """

    type = "glotmix"
    name = "write groups"

    def __init__(
        self,
        corpus: Path,
        groups: Path,
        inside: Path,
        left_out: Path,
        matched: tuple[Path, list[int]],
        folder: Path,
        bounds: list[int],
        first: int,
        config: ParallelConfig,
        tokenizer: Path | None,
        progress: Path,
    ) -> None:
        super().__init__()
        self.corpus, self.groups, self.matched, self.folder = corpus, groups, matched, folder
        self.inside, self.left_out, self.bounds, self.first = inside, left_out, bounds, first
        self.config, self.tokenizer, self.progress = config, tokenizer, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the groups of rows bounds[rank] to bounds[rank + 1]."""
        first, last = self.bounds[rank], self.bounds[rank + 1]
        rows = scan(self.groups).slice(first, last - first).collect()
        matches = {}
        if self.config.max_tokens is not None:
            matches = read_group_matches(self.inside, rows["id"].to_list(), first, *self.matched)
        count, progress = counter(self.tokenizer, self.config.vocab_size), ProgressReporter(self.progress, rank)
        name = f"{self.first + rank:05d}.parquet"
        with (
            TableWriter(self.folder / "parallel" / name, PARALLEL_DOCUMENTS, size_column="bytes") as parallel,
            TableWriter(self.folder / "refused" / name, REFUSED) as refused,
        ):
            for row in left_out_rows(read(self.left_out)) if rank == 0 else ():
                refused.write(row)
            for members, documents in self._groups(rows):
                made = group_text(documents, matches, self.config, count)
                group = members["group"][0]
                if isinstance(made, Refusal):
                    ids, languages = members["id"].to_list(), members["language"].to_list()
                    refused.write(refused_row("group", group, ids, languages, made))
                else:
                    facts = {"units_dropped": made.units_dropped, "score": members["score"][0], "kind": None}
                    parallel.write(parallel_row(made.text, group, "file", facts))
                    for number, why in sorted(made.left_out.items()):
                        own = documents[number]
                        refused.write(refused_row("group", group, [own["id"]], [own["language"]], why))
                progress.add(sum(document["bytes"] for document in documents))
        yield from ()

    def _groups(self, rows: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, list[Row]]]:
        """Each group with its documents, a block of documents at a time."""
        groups = rows.partition_by("group", "root", maintain_order=True)
        sizes = pl.Series([group["bytes"].sum() for group in groups], dtype=pl.Int64).to_numpy()
        for part in blocks(sizes):
            block = pl.concat(groups[part])
            documents = iter(
                documents_at(self.corpus, block.select("file", "row").to_numpy(), self.config.max_tokens is not None)
            )
            for group in groups[part]:
                yield group, [next(documents) for _ in range(group.height)]
