"""Every candidate pair is compared exactly: Jaccard similarity over the sets of token shingles.

Banding alone joins many pairs below its own threshold; more than a third of what it would drop is no duplicate.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from parsers.tokens import jaccard, shingles
from pipelines.config import DedupConfig
from pipelines.dedup.candidates import SCHEMA as EDGES
from pipelines.dedup.signatures import BATCH_BYTES
from pipelines.frames import scan
from pipelines.positions import BLOCK_BYTES, blocks, fetch
from pipelines.progress import ProgressReporter

EDGES_AT_ONCE = 4000
"""Edges whose sizes are looked up together, before they are cut into blocks by the bytes of their documents."""

SCHEMA = {**EDGES, "jaccard": pl.Float64}


def shingle_sets(texts: list[bytes], width: int) -> list[np.ndarray]:
    """The sorted, distinct shingles of each text (uint64)."""
    sets: list[np.ndarray] = []
    sizes = np.array([len(t) for t in texts], np.int64)
    for part in blocks(sizes, BATCH_BYTES):
        values, offsets = shingles(texts[part], width)
        sets += [np.unique(values[a:b]) for a, b in pairwise(offsets)]
    return sets


class VerifyCandidates(PipelineStep):
    """Task r verifies the edges whose better document stands in file r."""

    type = "glotmix"
    name = "verify candidates"

    def __init__(self, documents: Path, edges: Path, output: Path, config: DedupConfig, progress: Path) -> None:
        super().__init__()
        self.documents, self.edges, self.output = documents, edges, output
        self.config, self.progress = config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the edges of at least `link_threshold`; memory: about ten times the text of one block (64 MB)."""
        scanned = [scan(f) for f in sorted(self.edges.glob("*.parquet"))]
        edges = pl.concat(scanned).filter(pl.col("file_a") == rank).unique().sort(list(EDGES)).collect()
        progress = ProgressReporter(self.progress, rank)
        parts = [pl.DataFrame(schema=SCHEMA)]
        for start in range(0, edges.height, EDGES_AT_ONCE):
            part = edges.slice(start, EDGES_AT_ONCE)
            parts.append(self._compare(part))
            progress.add(part.height)
        kept = pl.concat(parts).filter(pl.col("jaccard") >= self.config.link_threshold)
        with atomic_path(self.output / f"{rank:05d}.parquet") as path:
            kept.write_parquet(path)
        yield from ()

    def _compare(self, edges: pl.DataFrame) -> pl.DataFrame:
        a = edges.select("file_a", "row_a").to_numpy()
        b = edges.select("file_b", "row_b").to_numpy()
        positions, inverse = np.unique(np.concatenate([a, b]), axis=0, return_inverse=True)
        inverse = inverse.reshape(2, -1)
        sizes = fetch(self.documents, positions, ["bytes"])["bytes"].to_numpy()
        result = np.empty(edges.height)
        both = sizes[inverse[0]] + sizes[inverse[1]]
        for part in blocks(both, BLOCK_BYTES):
            used, local = np.unique(inverse[:, part], return_inverse=True)
            local = local.reshape(2, -1)
            column = fetch(self.documents, positions[used], ["content"])["content"]
            sets = shingle_sets([v.as_buffer().to_pybytes() for v in column], self.config.shingle)
            result[part] = [jaccard(sets[i], sets[j]) for i, j in local.T]
        return edges.with_columns(pl.Series("jaccard", result))
