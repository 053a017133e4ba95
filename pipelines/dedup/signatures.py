"""MinHash signatures of code tokens, in batches, in the format that datatrove's later stages read.

datatrove's own first stage tokenises text for English, drops punctuation and digits, and works document by
document; on code that merges different programs, and it runs at a fraction of the speed.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.utils.hashing import HashConfig

from contracts.files import atomic_path
from parsers.minhash import coefficients, minhash
from parsers.tokens import shingles
from pipelines.config import DedupConfig
from pipelines.dedup.exact import read_losers
from pipelines.positions import file_of
from pipelines.progress import ProgressReporter

BATCH_BYTES = 200_000
"""Text that is shingled at once: larger batches leave the processor's cache and are slower."""


def minhash_config(config: DedupConfig) -> MinhashConfig:
    """Datatrove's configuration for the stage that finds equal bands."""
    return MinhashConfig(
        n_grams=config.shingle,
        num_buckets=config.bands,
        hashes_per_bucket=config.rows,
        seed=config.seed,
        hash_config=HashConfig(precision=32),
    )


def band_records(signatures: np.ndarray, rows: np.ndarray, band: int, width: int) -> np.ndarray:
    """The sorted records of one band as datatrove stores them: `width` hashes and the document number, all uint32.

    Args:
        signatures: uint32 (documents, bands * width).
        rows: document numbers, (documents,).
        band: which band.
        width: hashes in a band.
    """
    part = signatures[:, band * width : (band + 1) * width]
    records = np.concatenate([part, rows[:, None].astype(np.uint32)], axis=1).astype("<u4")
    order = np.lexsort(records.T[::-1])
    return np.ascontiguousarray(records[order])


class WriteSignatures(PipelineStep):
    """One signature file a band for each task's documents, exact duplicates left out."""

    type = "glotmix"
    name = "minhash signatures"

    def __init__(self, documents: Path, exact: Path, output: Path, config: DedupConfig, progress: Path) -> None:
        super().__init__()
        self.documents, self.exact, self.output = documents, exact, output
        self.config, self.progress = config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write this rank's signatures; memory: one batch and 4 * bands * rows bytes a document."""
        losers = read_losers(self.exact, rank)["row"].to_numpy()
        hashes = coefficients(self.config.bands * self.config.rows, self.config.seed)
        found, numbers = [], []
        progress = ProgressReporter(self.progress, rank)
        for rows, texts in self._batches(rank, losers):
            values, offsets = shingles(texts, self.config.shingle)
            filled = np.flatnonzero(np.diff(offsets))
            found.append(minhash(values, offsets, hashes)[filled])
            numbers.append(rows[filled])
            progress.add(sum(map(len, texts)))
        signatures = np.concatenate(found) if found else np.empty((0, len(hashes)), np.uint32)
        documents = np.concatenate(numbers) if numbers else np.empty(0, np.int64)
        for band in range(self.config.bands):
            records = band_records(signatures, documents, band, self.config.rows)
            with atomic_path(self.output / f"bucket_{band:03d}" / f"{rank:05d}.minhash.sig") as path:
                path.write_bytes(records.tobytes())
        yield from ()

    def _batches(self, rank: int, losers: np.ndarray) -> Iterator[tuple[np.ndarray, list[bytes]]]:
        """(row numbers, texts) of about BATCH_BYTES each."""
        dropped = set(losers.tolist())
        rows: list[int] = []
        texts: list[bytes] = []
        size = row = 0
        with pq.ParquetFile(file_of(self.documents, rank)) as file:
            # a row group is bounded in bytes; a batch of rows is not
            for group in range(file.num_row_groups):
                for value in file.read_row_group(group, columns=["content"]).column(0):
                    if row not in dropped:
                        text = value.as_buffer().to_pybytes()
                        rows.append(row)
                        texts.append(text)
                        size += len(text)
                    row += 1
                    if size >= BATCH_BYTES:
                        yield np.array(rows, np.int64), texts
                        rows, texts, size = [], [], 0
        if rows:
            yield np.array(rows, np.int64), texts
