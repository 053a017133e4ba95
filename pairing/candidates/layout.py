"""Which blocks of documents there are and where their parts lie."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from contracts.languages import LANGUAGE_NAMES
from pairing.candidates.arrays import load
from pairing.candidates.sparse import ranges
from pairing.candidates.weights import WIDTH
from pipelines.frames import scan

Block = tuple[str, int]
"""(language, number of the block): a run of documents in the order of the language's catalogue."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Folders and sizes that every step knows; small and picklable.

    Attributes:
        work: folder of everything below.
        catalogue: folder of the catalogues.
        documents: number of documents of each language that has any.
        size: documents of a block.
    """

    work: Path
    catalogue: Path
    documents: dict[str, int]
    size: int

    @property
    def languages(self) -> list[str]:
        """Languages with documents, in the order of languages."""
        return [x for x in LANGUAGE_NAMES if self.documents.get(x)]

    @property
    def blocks(self) -> list[Block]:
        """All blocks, by language."""
        return [(x, i) for x in self.languages for i in range(-(-self.documents[x] // self.size))]

    @property
    def pair_blocks(self) -> list[tuple[str, str, int]]:
        """(language a, language b, block of a) for each pair of languages."""
        return [(a, b, i) for a, b in combinations(self.languages, 2) for x, i in self.blocks if x == a]

    def others(self, language: str) -> list[str]:
        """The languages that a document of this one is compared with."""
        return [x for x in self.languages if x != language]

    def facts(self, block: Block, columns: list[str]) -> pl.DataFrame:
        """Columns of the catalogue for the documents of a block."""
        language, number = block
        frame = scan(self.catalogue / f"{language}.parquet").select(columns).slice(number * self.size, self.size)
        return frame.collect()

    def vectors(self, block: Block) -> Path:
        """Folder of a block's vectors and band keys."""
        return self.work / "blocks" / name(block)

    def lists(self, block: Block, language: str) -> Path:
        """Folder of the nearest documents of another language for each document of a block."""
        return self.work / "lists" / name(block) / language

    def pairs(self, block: Block, language: str) -> Path:
        """Folder of a block's candidates in another language."""
        return self.work / "supported" / name(block) / language

    def rows(self, language: str, numbers: np.ndarray) -> csr_array:
        """Vectors of some documents of a language, in the order given (ascending): float32 CSR (numbers, WIDTH)."""
        indices, data, lengths = [np.empty(0, np.int32)], [np.empty(0, np.float32)], [np.empty(0, np.int64)]
        for block, part in _by_block(numbers, self.size):
            folder = self.vectors((language, block))
            indptr = load(folder, "indptr")
            starts, length = indptr[part], indptr[part + 1] - indptr[part]
            chosen = ranges(starts, length)
            indices.append(load(folder, "indices")[chosen])
            data.append(load(folder, "data")[chosen])
            lengths.append(length)
        indptr = np.r_[0, np.cumsum(np.concatenate(lengths))]
        return csr_array((np.concatenate(data), np.concatenate(indices), indptr), shape=(len(numbers), WIDTH))

    def nearest(self, language: str, numbers: np.ndarray, other: str, top: int) -> tuple[np.ndarray, np.ndarray]:
        """The first `top` entries of the lists of some documents (ascending numbers): columns and scores."""
        columns, scores = [np.empty((0, top), np.int32)], [np.empty((0, top), np.float32)]
        for block, part in _by_block(numbers, self.size):
            folder = self.lists((language, block), other)
            columns.append(load(folder, "numbers")[part, :top])
            scores.append(load(folder, "scores")[part, :top])
        return np.concatenate(columns), np.concatenate(scores)


def name(block: Block) -> str:
    """A block's name in paths."""
    return f"{block[0]}-{block[1]:05d}"


def _by_block(numbers: np.ndarray, size: int) -> list[tuple[int, np.ndarray]]:
    """(block, row numbers inside it) of ascending document numbers."""
    blocks = numbers // size
    return [(int(b), numbers[blocks == b] - b * size) for b in np.unique(blocks)]
