"""The step that turns bags into vectors for the search, block by block: memory is a block (about 6 kB a document)."""

from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from scipy.sparse import csr_array

from contracts.languages import LANGUAGE_NAMES
from pairing.candidates.arrays import load, save
from pairing.candidates.bags import read_bags
from pairing.candidates.layout import Layout
from pairing.candidates.signatures import band_keys
from pairing.candidates.weights import WIDTH, normalised, places, rarity
from pairing.duplicates import read_copies


class BuildSearchVectors(PipelineStep):
    """One task a block: its vectors, the same by feature, and the band keys of its documents."""

    type = "glotmix"
    name = "search vectors"

    def __init__(self, layout: Layout, bags: Path, copies: Path, bands: tuple[int, int], tests_apart: bool) -> None:
        super().__init__()
        self.layout, self.bags, self.copies = layout, bags, copies
        self.bands, self.tests_apart = bands, tests_apart

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write block number `rank`."""
        block = self.layout.blocks[rank]
        first = block[1] * self.layout.size
        vectors = self._vectors(self._facts(block[0], first, self.layout.facts(block, FACTS)))
        numbers = np.repeat(np.arange(first, first + vectors.shape[0], dtype=np.int32), np.diff(vectors.indptr))
        by_feature = np.argsort(vectors.indices, kind="stable")
        filled = np.flatnonzero(np.diff(vectors.indptr))
        save(
            self.layout.vectors(block),
            indptr=vectors.indptr.astype(np.int64),
            indices=vectors.indices.astype(np.int32),
            data=vectors.data,
            posted_features=vectors.indices[by_feature].astype(np.int32),
            posted_numbers=numbers[by_feature],
            posted_weights=vectors.data[by_feature],
            key_numbers=(filled + first).astype(np.int64),
            keys=band_keys(vectors[filled], *self.bands),
        )
        yield from ()

    def _facts(self, language: str, first: int, facts: pl.DataFrame) -> pl.DataFrame:
        """The block's documents with `searched`: mined, and no copy of another one."""
        copies = read_copies(self.copies, language)["number"].to_numpy()
        inside = copies[(copies >= first) & (copies < first + facts.height)] - first
        searched = facts["mined"].to_numpy().copy()
        searched[inside] = False
        return facts.with_columns(pl.Series("searched", searched))

    def _vectors(self, facts: pl.DataFrame) -> csr_array:
        weight = load_rarity(self.copies)
        indices, lengths = [np.empty(0, np.int32)], [np.empty(0, np.int64)]
        for (file,), part in facts.group_by("file", maintain_order=True):
            bags = read_bags(self.bags, int(str(file)), part["row"].to_numpy())
            apart = part["is_test"].to_numpy() & self.tests_apart
            used = np.repeat(part["searched"].to_numpy(), bags.lengths)
            indices.append(places(bags.indices, np.repeat(apart, bags.lengths))[used])
            lengths.append(np.where(part["searched"].to_numpy(), bags.lengths, 0))
        return normalised(np.concatenate(indices), np.concatenate(lengths), weight)


FACTS = ["file", "row", "is_test", "mined"]
"""Columns of the catalogue that vectors need."""


def load_rarity(folder: Path) -> np.ndarray:
    """Weight of each place over the documents of all languages, float32 (WIDTH,)."""
    total, documents = np.zeros(WIDTH, np.int64), np.zeros(2, np.int64)
    for language in LANGUAGE_NAMES:
        here = folder / language
        total[load(here, "features")] += load(here, "frequency")
        documents += load(here, "documents")
    return rarity(total, int(documents[0]), int(documents[1]))
