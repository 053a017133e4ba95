"""The datatrove steps that make parallel documents of pairs: prepare, draw directions, write."""

from pathlib import Path

import numpy as np
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.pair_tables import PARALLEL_DOCUMENTS, REFUSED, UNIT_PAIRS, UNPAIRED_UNITS
from contracts.tables import TableWriter
from pairing.config import ParallelConfig
from pairing.parallel.aligning import alignments, matches, unit_pair_rows, unpaired_rows
from pairing.parallel.directions import balanced
from pairing.parallel.items import Item, Pair, facts_of, items_of, texts_of
from pairing.parallel.matched import Matches
from pairing.parallel.options import pair_forms
from pairing.parallel.prepared import PREPARED, prepared_row, read_items, read_keys
from pairing.parallel.reading import pairs_of, read_pairs
from pairing.parallel.rows import parallel_row
from pairing.parallel.tokens import counter
from pipelines.executor import ProgressReporter
from pipelines.positions import blocks, file_of


class PrepareParallel(PipelineStep):
    """Aligns functions and prepares what becomes parallel documents, for one run of pairs.

    Memory: one block of texts (64 MB), a row group of what is written (16 MB).

    Args:
        corpus: folder of the corpus.
        pairs: folder of the table pairs.
        positions: where the documents of pairs stand.
        folder: of the stage; gets unit_pairs, unpaired_units and refused.
        work: gets the items.
        matched: gets the functions that correspond.
        bounds: number of the first pair of each task, and of all pairs.
        config: what is asked for.
        tokenizer: counts tokens; None: they are estimated.
        progress: folder for progress.
    """

    type = "glotmix"
    name = "align and prepare"

    def __init__(
        self,
        corpus: Path,
        pairs: Path,
        positions: Path,
        folder: Path,
        work: Path,
        matched: Path,
        bounds: list[int],
        config: ParallelConfig,
        tokenizer: Path | None,
        progress: Path,
    ) -> None:
        super().__init__()
        self.corpus, self.pairs, self.positions = corpus, pairs, positions
        self.folder, self.work, self.matched = folder, work, matched
        self.bounds, self.config, self.tokenizer, self.progress = bounds, config, tokenizer, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Prepare pairs number bounds[rank] to bounds[rank + 1]."""
        first, last = self.bounds[rank], self.bounds[rank + 1]
        pairs = read_pairs(self.pairs, self.positions, first, last - first)
        count, progress = counter(self.tokenizer, self.config.vocab_size), ProgressReporter(self.progress, rank)
        name, matched = f"{rank:05d}.parquet", Matches()
        with (
            TableWriter(self.folder / "unit_pairs" / name, UNIT_PAIRS) as unit_pairs,
            TableWriter(self.folder / "unpaired_units" / name, UNPAIRED_UNITS) as unpaired_units,
            TableWriter(self.folder / "refused" / name, REFUSED) as refused,
            TableWriter(self.work / name, PREPARED, size_column="bytes") as items,
        ):
            for part in blocks((pairs["bytes_a"] + pairs["bytes_b"]).to_numpy()):
                block = list(pairs_of(self.corpus, pairs[part], self.config.align_functions))
                aligned = alignments([(a, b) for _, a, b in block], self.config)
                for (row, a, b), alignment in zip(block, aligned, strict=True):
                    for unit_pair in unit_pair_rows(row["pair_id"], a, b, alignment):
                        unit_pairs.write(unit_pair)
                    for unit in unpaired_rows(row["pair_id"], a, b, alignment):
                        unpaired_units.write(unit)
                    found = matches(alignment)
                    matched.add(found)
                    pair = Pair(row["pair_id"], a, b, row["score"], row["kind"], found)
                    for made in items_of(pair, self.config, count) if pair_forms(self.config.forms) else ():
                        if isinstance(made, Item):
                            items.write(prepared_row(made))
                        else:
                            refused.write(made)
                    progress.add(a["bytes"] + b["bytes"])
        matched.save(self.matched, rank)
        yield from ()


class DrawDirections(PipelineStep):
    """One task: which items are written from the first language to the second; see `prepared.read_keys` for memory."""

    type = "glotmix"
    name = "draw directions"

    def __init__(self, work: Path, output: Path, tasks: int, seed: int) -> None:
        super().__init__()
        self.work, self.output, self.tasks, self.seed = work, output, tasks, seed

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write a bool for each item, in the order of all files."""
        keys = read_keys([file_of(self.work, number) for number in range(self.tasks)])
        with atomic_path(self.output) as path, open(path, "wb") as handle:
            np.save(handle, balanced(keys, self.seed))
        yield from ()


class WriteParallel(PipelineStep):
    """Writes the items of a file in their forms and directions; memory: a row group of items and one of documents.

    Args:
        work: folder of the items.
        starts: number of the first item of each file.
        directions: what was drawn; None: both directions are written.
        folder: of the stage; gets parallel.
        config: forms and templates.
        progress: folder for progress.
    """

    type = "glotmix"
    name = "write parallel documents"

    def __init__(
        self,
        work: Path,
        starts: list[int],
        directions: Path | None,
        folder: Path,
        config: ParallelConfig,
        progress: Path,
    ) -> None:
        super().__init__()
        self.work, self.starts, self.directions, self.folder = work, starts, directions, folder
        self.config, self.progress = config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the items of file number `rank`."""
        drawn = None if self.directions is None else np.load(self.directions, mmap_mode="r")
        progress = ProgressReporter(self.progress, rank)
        with TableWriter(
            self.folder / "parallel" / f"{rank:05d}.parquet", PARALLEL_DOCUMENTS, size_column="bytes"
        ) as parallel:
            for number, item in enumerate(read_items(file_of(self.work, rank)), self.starts[rank]):
                ahead = (True, False) if drawn is None else (bool(drawn[number]),)
                for text in texts_of(item, ahead, self.config):
                    parallel.write(parallel_row(text, item.pair_id, item.level, facts_of(item), item.item))
                progress.add(len(item.a.text) + len(item.b.text))
        yield from ()
