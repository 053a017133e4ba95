"""The last step: candidates of a pair of languages, proposed by either side."""

from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from pairing.candidates.arrays import load
from pairing.candidates.layout import Layout


class MergeCandidates(PipelineStep):
    """One task a block of the first language: memory is its candidates, about 200 bytes a document."""

    type = "glotmix"
    name = "merge candidates"

    def __init__(self, layout: Layout, output: Path) -> None:
        super().__init__()
        self.layout, self.output = layout, output

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the candidates of task `rank`: numbers of documents `a` and `b`, unique, sorted by both."""
        language_a, language_b, number = self.layout.pair_blocks[rank]
        found = [load(self.layout.pairs((language_a, number), language_b), "forward")]
        first = number * self.layout.size
        for block in self.layout.blocks:
            if block[0] == language_b:
                backward = load(self.layout.pairs(block, language_a), "backward")
                found.append(backward[slice(*np.searchsorted(backward[:, 0], [first, first + self.layout.size]))])
        pairs = np.unique(np.concatenate(found), axis=0)
        with atomic_path(self.output / f"{language_a}-{language_b}-{number:05d}.parquet") as path:
            pl.DataFrame({"a": pairs[:, 0], "b": pairs[:, 1]}).write_parquet(path)
        yield from ()
