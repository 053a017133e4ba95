"""The step that compares candidates by all their features."""

from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from pairing.score.aspects import SIMILARITIES, sums
from pairing.score.vectors import Vectors, load_vectors
from pairing.score.weights import similarity
from pipelines.frames import read

_CHUNK = 4096


class CompareCandidates(PipelineStep):
    """Similarity of candidates; memory: a block of one language and one of another (about 15 kB a document)."""

    type = "glotmix"
    name = "compare candidates"

    def __init__(
        self, vectors: Path, candidates: Path, output: Path, work: list[tuple[str, str, int]], size: int
    ) -> None:
        super().__init__()
        self.vectors, self.candidates, self.output, self.work, self.size = vectors, candidates, output, work, size

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the similarity of the candidates of task `rank`."""
        language_a, language_b, block = self.work[rank]
        found = read(self.candidates / f"{language_a}-{language_b}-{block:05d}.parquet").select("a", "b")
        a = load_vectors(self.vectors, language_a, block)
        parts = [found.with_columns(pl.lit(0, pl.Float64).alias(name) for name in SIMILARITIES).clear()]
        for number in found.select(pl.col("b") // self.size).unique().sort("b").to_series().to_list():
            part = found.filter(pl.col("b") // self.size == number)
            b = load_vectors(self.vectors, language_b, number)
            rows = part["a"].to_numpy() - block * self.size, part["b"].to_numpy() - number * self.size
            alike = similarities(a, b, *rows)
            columns = (pl.Series(name, alike[:, i]) for i, name in enumerate(SIMILARITIES))
            parts.append(part.with_columns(columns))
        with atomic_path(self.output / f"{language_a}-{language_b}-{block:05d}.parquet") as path:
            pl.concat(parts).write_parquet(path)
        yield from ()


def similarities(a: Vectors, b: Vectors, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
    """Similarity of pairs of rows as a whole and in each aspect, float64 (pairs, len(SIMILARITIES))."""
    product = np.zeros((len(rows_a), len(SIMILARITIES)))
    for start in range(0, len(rows_a), _CHUNK):
        part = slice(start, start + _CHUNK)
        product[part] = sums((a.rows[rows_a[part]] * b.rows[rows_b[part]]).tocsr())
    return similarity(product, a.squares[rows_a], b.squares[rows_b])
