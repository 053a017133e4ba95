"""From features to vectors, as datatrove steps: frequencies, weights, vectors.

A task holds one file of features; or the weights (about 500 MB while they are made, 270 MB after that, whatever the
corpus); or besides them one block of vectors (about 15 kB a document; up to twice that in a
corpus of less than 500 documents, where what only one of them has counts too).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from scipy.sparse import csr_array

from contracts.files import atomic_path
from contracts.languages import LANGUAGE_NAMES
from pairing.candidates.arrays import load, save
from pairing.catalogue import COLUMNS, SCHEMA, read_catalogue
from pairing.config import PairsConfig
from pairing.features.files import Features, read_features
from pairing.score.aspects import sums
from pairing.score.shipped import background
from pairing.score.weights import KEYS, Frequencies, keys, rarity, weigh
from pipelines.frames import read
from pipelines.positions import file_of

DECLARATIONS: Final = r"\.(?:d\.[cm]?ts|pyi)$"
"""Paths of files without implementations: of 4,227 pairs mined outside known ones, 2,948 had one on exactly one side.
Of 54 of these that were read 6 were right, none of them a program: files that only re-export, and one of constants.
None of the files with known pairs is one."""


class CountFrequencies(PipelineStep):
    """One task a language: its catalogue, and in how many of its documents each key occurs."""

    type = "glotmix"
    name = "frequencies"

    def __init__(self, documents: Path, features: Path, output: Path, config: PairsConfig) -> None:
        super().__init__()
        self.documents, self.features, self.output, self.config = documents, features, output, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write catalogue and frequencies of language number `rank`."""
        language = LANGUAGE_NAMES[rank]
        frequency = np.zeros(KEYS, np.uint32)  # 270 MB of which only the pages that are touched exist
        frames = []
        for path in sorted(self.features.glob("*.npz")):
            number = int(path.stem)
            facts = self._facts(number)
            chosen = facts.filter(pl.col("language") == language)
            if not chosen.height:
                continue
            frames.append(chosen)
            found = read_features(self.features, number)
            inside = np.zeros(facts.height, bool)
            inside[chosen.filter("mined")["row"].to_numpy()] = True
            kept = np.repeat(inside, found.lengths)
            at, times = np.unique(keys(found.indices[kept], found.classes[kept]), return_counts=True)
            frequency[at] += times.astype(np.uint32)
        catalogue = pl.concat(frames or [pl.DataFrame(schema=SCHEMA)]).select(list(SCHEMA))
        with atomic_path(self.output / f"{language}.parquet") as temporary:
            catalogue.write_parquet(temporary)
        occurring = np.flatnonzero(frequency) if frames else np.empty(0, np.int64)  # 0.1 s for each empty language
        save(
            self.output / language,
            keys=occurring.astype(np.uint32),
            counts=frequency[occurring],
            documents=np.array([int(catalogue["mined"].sum())]),
        )
        yield from ()

    def _facts(self, number: int) -> pl.DataFrame:
        facts = read(file_of(self.documents, number), columns=list(COLUMNS))
        mined = pl.col("bytes") <= self.config.max_document_bytes
        if self.config.skip_tests:
            mined &= ~pl.col("is_test")
        if self.config.skip_declarations:
            mined &= ~pl.col("path").str.to_lowercase().str.contains(DECLARATIONS)
        return facts.with_row_index("row").with_columns(
            pl.lit(number, pl.Int64).alias("file"), pl.col("row").cast(pl.Int64), mined.alias("mined")
        )


class WeighKeys(PipelineStep):
    """One task: the weight of every key."""

    type = "glotmix"
    name = "weights"

    def __init__(self, catalogue: Path, output: Path) -> None:
        super().__init__()
        self.catalogue, self.output = catalogue, output

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write keys that weigh anything, and what they weigh."""
        frequencies = []
        for number, language in enumerate(LANGUAGE_NAMES):
            here = self.catalogue / language
            documents = int(load(here, "documents")[0])
            if documents:
                frequencies.append(Frequencies(number, load(here, "keys"), load(here, "counts"), documents))
        found, weight = rarity(frequencies, background())
        save(self.output, keys=found, weights=weight)
        yield from ()


class BuildVectors(PipelineStep):
    """One task a block of one language: vectors, not normalised, over keys."""

    type = "glotmix"
    name = "vectors"

    def __init__(
        self, features: Path, catalogue: Path, weights: Path, output: Path, blocks: list[tuple[str, int]], size: int
    ) -> None:
        super().__init__()
        self.features, self.catalogue, self.weights, self.output = features, catalogue, weights, output
        self.blocks, self.size = blocks, size

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the vectors of block number `rank`."""
        language, block = self.blocks[rank]
        catalogue = read_catalogue(self.catalogue, language).slice(block * self.size, self.size)
        rare = np.zeros(KEYS, np.float32)
        rare[load(self.weights, "keys")] = load(self.weights, "weights")
        columns, data_, lengths = [np.empty(0, np.int32)], [np.empty(0, np.float32)], [np.empty(0, np.int64)]
        for (number,), part in catalogue.group_by("file", maintain_order=True):
            found = read_features(self.features, int(str(number)))
            indices, values, length = _weighed(found, part["row"].to_numpy(), part["mined"].to_numpy(), rare)
            columns.append(indices)
            data_.append(values)
            lengths.append(length)
        indptr = np.r_[0, np.cumsum(np.concatenate(lengths))].astype(np.int64)
        save(
            vectors_folder(self.output, language, block),
            indices=np.concatenate(columns),
            data=np.concatenate(data_),
            indptr=indptr,
        )
        yield from ()


def _weighed(
    found: Features, rows: np.ndarray, mined: np.ndarray, rare: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keys, weights and number of entries of some documents of a file, by rows in ascending order."""
    lengths = np.zeros(len(found.lengths), np.int64)
    lengths[rows[mined]] = found.lengths[rows[mined]]
    kept = np.repeat(lengths > 0, found.lengths)
    key = keys(found.indices[kept], found.classes[kept])
    weight = rare[key]
    heavy = weight > 0
    values = weigh(found.counts[kept][heavy], weight[heavy], found.classes[kept][heavy])
    owner = np.repeat(np.arange(len(lengths)), lengths)[heavy]
    counts = np.bincount(owner, minlength=len(lengths))
    return key[heavy].astype(np.int32), values, counts[rows]


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of a block.

    Attributes:
        rows: float32 (documents, KEYS) with sorted keys.
        squares: float64 (documents, len(SIMILARITIES)), squared lengths as a whole and in each aspect.
    """

    rows: csr_array
    squares: np.ndarray


def vectors_folder(folder: Path, language: str, block: int) -> Path:
    """Folder of the vectors of a block."""
    return folder / f"{language}-{block:05d}"


def load_vectors(folder: Path, language: str, block: int) -> Vectors:
    """The vectors of a block."""
    here = vectors_folder(folder, language, block)
    indptr = np.array(load(here, "indptr"))
    data, indices = np.array(load(here, "data")), np.array(load(here, "indices"))
    rows = csr_array((data, indices, indptr), shape=(len(indptr) - 1, KEYS))
    return Vectors(rows, sums(csr_array((data * data, indices, indptr), shape=rows.shape)))
