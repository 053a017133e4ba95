"""From documents to sparse TF-IDF vectors, as datatrove phases: features, frequencies, vectors.

A task holds one file of documents, or one block of vectors (about 3 kB a document), or the frequency tables
(16 MB a language).
"""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from scipy.sparse import csr_array

from contracts.files import atomic_path
from contracts.languages import LANGUAGE_NAMES
from pairing.catalogue import COLUMNS, SCHEMA, read_catalogue
from pairing.config import PairsConfig
from pairing.features import SPACE, bag, inverse_document_frequency, weigh
from pipelines.executor import ProgressReporter
from pipelines.frames import read
from pipelines.positions import file_of


def save_arrays(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays to one .npz file atomically."""
    with atomic_path(path) as temporary, open(temporary, "wb") as handle:
        np.savez(handle, **arrays)  # type: ignore[arg-type]


class ExtractFeatures(PipelineStep):
    """Bags of features of one file's documents; empty ones for text that is no code."""

    type = "glotmix"
    name = "features"

    def __init__(self, documents: Path, output: Path, config: PairsConfig, progress: Path) -> None:
        super().__init__()
        self.documents, self.output, self.config, self.progress = documents, output, config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the bags of file `rank` and the facts of its documents."""
        progress = ProgressReporter(self.progress, rank)
        indices, counts, lengths = [], [], []
        with pq.ParquetFile(file_of(self.documents, rank)) as file:
            for batch in file.iter_batches(batch_size=200, columns=["language", "content"]):
                for language, value in zip(batch["language"].to_pylist(), batch["content"], strict=True):
                    content = value.as_buffer().to_pybytes()
                    mined = language in LANGUAGE_NAMES and len(content) <= self.config.max_document_bytes
                    found, times = bag(content) if mined else (_NONE, _NONE)
                    indices.append(found)
                    counts.append(times)
                    lengths.append(len(found))
                    progress.add(len(content))
        save_arrays(
            self.output / f"{rank:05d}.npz",
            indices=np.concatenate([_NONE, *indices]),
            counts=np.concatenate([_NONE, *counts]),
            lengths=np.array(lengths, np.int64),
        )
        yield from ()


_NONE = np.empty(0, np.uint32)


class CountFrequencies(PipelineStep):
    """One task a language: its catalogue, and in how many of its documents each feature occurs."""

    type = "glotmix"
    name = "frequencies"

    def __init__(self, documents: Path, features: Path, output: Path, config: PairsConfig) -> None:
        super().__init__()
        self.documents, self.features, self.output, self.config = documents, features, output, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write catalogue and frequencies of language number `rank`."""
        language = LANGUAGE_NAMES[rank]
        frequency = np.zeros(SPACE, np.int32)
        frames = []
        for path in sorted(self.features.glob("*.npz")):
            number = int(path.stem)
            facts = read(file_of(self.documents, number), columns=list(COLUMNS))
            mined = pl.col("bytes") <= self.config.max_document_bytes
            if self.config.skip_tests:
                mined &= ~pl.col("is_test")
            facts = facts.with_row_index("row").with_columns(
                pl.lit(number, pl.Int64).alias("file"), pl.col("row").cast(pl.Int64), mined.alias("mined")
            )
            chosen = facts.filter(pl.col("language") == language)
            if not chosen.height:
                continue
            frames.append(chosen)
            with np.load(path) as arrays:
                inside = np.zeros(facts.height, bool)
                inside[chosen.filter("mined")["row"].to_numpy()] = True
                frequency += np.bincount(
                    arrays["indices"][np.repeat(inside, arrays["lengths"])], minlength=SPACE
                ).astype(np.int32)
        catalogue = pl.concat(frames or [pl.DataFrame(schema=SCHEMA)]).select(list(SCHEMA))
        with atomic_path(self.output / f"{language}.parquet") as temporary:
            catalogue.write_parquet(temporary)
        save_arrays(
            self.output / f"{language}.npz",
            frequency=frequency,
            documents=np.array([int(catalogue["mined"].sum())]),
        )
        yield from ()


def load_frequency(folder: Path, language: str) -> np.ndarray:
    """In how many documents of the language each feature occurs, int32 (SPACE,)."""
    with np.load(folder / f"{language}.npz") as arrays:
        frequency: np.ndarray = arrays["frequency"]
        return frequency


def load_idf(folder: Path) -> np.ndarray:
    """Inverse document frequency over the documents of all languages, float32 (SPACE,)."""
    total, documents = np.zeros(SPACE, np.int64), 0
    for language in LANGUAGE_NAMES:
        with np.load(folder / f"{language}.npz") as arrays:
            total += arrays["frequency"]
            documents += int(arrays["documents"][0])
    return inverse_document_frequency(total, documents)


class BuildVectors(PipelineStep):
    """One task a block of one language: normalised TF-IDF vectors."""

    type = "glotmix"
    name = "vectors"

    def __init__(
        self, features: Path, catalogue: Path, output: Path, blocks: list[tuple[str, int]], size: int
    ) -> None:
        super().__init__()
        self.features, self.catalogue, self.output, self.blocks, self.size = features, catalogue, output, blocks, size

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the vectors of block number `rank`."""
        language, block = self.blocks[rank]
        catalogue = read_catalogue(self.catalogue, language).slice(block * self.size, self.size)
        idf = load_idf(self.catalogue)
        indices, weights, lengths = [], [], []
        for (number,), part in catalogue.group_by("file", maintain_order=True):
            with np.load(self.features / f"{number:05d}.npz") as arrays:
                ends = np.cumsum(arrays["lengths"])
                every, counts = arrays["indices"], arrays["counts"]
            starts = ends - np.diff(np.r_[0, ends])
            for row, mined in part.select("row", "mined").iter_rows():
                found = every[starts[row] : ends[row]] if mined else _NONE
                weight = weigh(counts[starts[row] : ends[row]], idf[found]) if mined else _NONE.astype(np.float32)
                kept = weight > 0
                norm = float(np.sqrt(np.dot(weight, weight))) or 1.0
                indices.append(found[kept].astype(np.int32))
                weights.append(weight[kept] / np.float32(norm))
                lengths.append(int(kept.sum()))
        save_arrays(
            self.output / f"{language}-{block:05d}.npz",
            indices=np.concatenate([np.empty(0, np.int32), *indices]),
            data=np.concatenate([np.empty(0, np.float32), *weights]),
            indptr=np.r_[0, np.cumsum(lengths)].astype(np.int64),
        )
        yield from ()


def load_vectors(folder: Path, language: str, block: int) -> csr_array:
    """The vectors of a block: float32 CSR of shape (documents, SPACE), rows of length 1 or 0."""
    with np.load(folder / f"{language}-{block:05d}.npz") as arrays:
        indptr = arrays["indptr"]
        return csr_array((arrays["data"], arrays["indices"], indptr), shape=(len(indptr) - 1, SPACE))
