"""The step that writes the tables of pairs."""

from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from scipy.sparse import csr_array, vstack

from contracts.languages import language_pairs
from contracts.pair_tables import LINKS, PAIRS
from contracts.tables import TableWriter
from pairing.catalogue import read_catalogue
from pairing.config import PairsConfig
from pairing.match.identity import pair_id
from pairing.match.kind import kinds
from pairing.score.components import COMPONENTS, component_cosines
from pairing.score.vectors import load_vectors
from pairing.score.weights import similarity
from pipelines.frames import read


class WritePairs(PipelineStep):
    """One task a language pair; memory: the vectors of its paired documents (about 15 kB each) and one block."""

    type = "glotmix"
    name = "write pairs"

    def __init__(
        self,
        decided: Path,
        vectors: Path,
        catalogue: Path,
        given: Path,
        folder: Path,
        config: PairsConfig,
    ) -> None:
        super().__init__()
        self.decided, self.vectors, self.catalogue, self.given = decided, vectors, catalogue, given
        self.folder, self.config = folder, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the pairs of language pair number `rank`."""
        language_a, language_b = language_pairs()[rank]
        pairs = read(self.decided / f"{language_a}-{language_b}.parquet")
        pairs = self._compared(pairs, language_a, language_b)
        pairs = _with_facts(pairs, read_catalogue(self.catalogue, language_a), "a", language_a)
        pairs = _with_facts(pairs, read_catalogue(self.catalogue, language_b), "b", language_b)
        # a given document may be too long to be mined, and has no features
        compared = pl.when(pl.col("mined_a") & pl.col("mined_b")).then(pl.col(*COMPONENTS, "similarity", "kind"))
        pairs = self._with_given(pairs.with_columns(compared)).with_columns(
            (pl.col("licence_a").is_not_null() & pl.col("licence_b").is_not_null()).alias("licence_known"),
            (pl.col("contaminated_a") | pl.col("contaminated_b")).alias("contaminated"),
            (pl.min_horizontal("bytes_a", "bytes_b") / pl.max_horizontal("bytes_a", "bytes_b")).alias("length_ratio"),
            pl.struct("id_a", "id_b")
            .map_elements(lambda ids: pair_id(ids["id_a"], ids["id_b"]), return_dtype=pl.String)
            .alias("pair_id"),
        )
        name = f"{rank:05d}.parquet"
        with TableWriter(self.folder / "links" / name, LINKS) as writer:
            writer.write_table(pairs.select(LINKS.names).to_arrow())
        if self.config.require_licence:
            pairs = pairs.filter("licence_known")
        with TableWriter(self.folder / "pairs" / name, PAIRS) as writer:
            writer.write_table(pairs.select(PAIRS.names).to_arrow())
        yield from ()

    def _compared(self, pairs: pl.DataFrame, language_a: str, language_b: str) -> pl.DataFrame:
        """Pairs with their similarity (also of those that were no candidates), components and kind."""
        if not pairs.height or not self.vectors.is_dir():  # nothing was mined: given pairs are not compared
            nothing = [pl.lit(None, pl.Float32).alias(name) for name in COMPONENTS]
            return pairs.with_columns(*nothing, pl.lit(None, pl.String).alias("kind"))
        a, squares_a = self._rows(language_a, pairs["a"].to_numpy())
        b, squares_b = self._rows(language_b, pairs["b"].to_numpy())
        columns = np.unique(np.r_[a.indices, b.indices, 0])  # given documents may all be without a known feature
        a, b = _renamed(a, columns), _renamed(b, columns)
        cosines = component_cosines(a, b, columns.astype(np.uint32))
        alike = similarity(np.asarray((a * b).sum(axis=1)).ravel(), squares_a, squares_b)
        return pairs.with_columns(
            *(pl.Series(name, cosines[:, i]) for i, name in enumerate(COMPONENTS)),
            pl.Series("similarity", alike),
            pl.Series("kind", kinds(alike), pl.String),
        )

    def _rows(self, language: str, numbers: np.ndarray) -> tuple[csr_array, np.ndarray]:
        """Vectors of documents in the order given, and their squared lengths; one block in memory at a time."""
        size = self.config.block_documents
        wanted, inverse = np.unique(numbers, return_inverse=True)
        rows, squares = [], []
        for block in np.unique(wanted // size).tolist():
            found = load_vectors(self.vectors, language, block)
            inside = wanted[wanted // size == block] - block * size
            rows.append(found.rows[inside])
            squares.append(found.squares[inside, 0])
        stacked = csr_array(vstack(rows))[inverse]
        stacked.sort_indices()
        return stacked, np.concatenate(squares)[inverse]

    def _with_given(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Score of given pairs as it was given; so is the kind, if it was, else it is that of their texts."""
        forward = read(self.given).select("id_a", "id_b", "score", "kind")
        backward = forward.select(pl.col("id_b").alias("id_a"), pl.col("id_a").alias("id_b"), "score", "kind")
        told = pl.concat([forward, backward]).unique(["id_a", "id_b"], keep="first", maintain_order=True)
        told = told.rename({"score": "given_score", "kind": "given_kind"})
        return pairs.join(told, on=["id_a", "id_b"], how="left", maintain_order="left").with_columns(
            pl.when("given").then("given_score").otherwise("score").alias("score"),
            pl.when("given").then(pl.coalesce("given_kind", "kind")).otherwise("kind").alias("kind"),
            pl.when("given")
            .then(pl.lit("given"))
            .when("implied")
            .then(pl.lit("implied"))
            .otherwise(pl.lit("mined"))
            .alias("origin"),
        )


def _renamed(matrix: csr_array, columns: np.ndarray) -> csr_array:
    """The matrix over some columns only, which hold all of its entries."""
    indices = np.searchsorted(columns, matrix.indices).astype(np.int32)
    return csr_array((matrix.data, indices, matrix.indptr), shape=(matrix.shape[0], len(columns)))


def _with_facts(pairs: pl.DataFrame, facts: pl.DataFrame, side: str, language: str) -> pl.DataFrame:
    names = {c: f"{c}_{side}" for c in ("id", "path", "bytes", "licence", "contaminated", "mined")}
    chosen = facts[pairs[side].to_numpy()].select(list(names)).rename(names)
    return pairs.hstack(chosen).with_columns(pl.lit(language).alias(f"language_{side}"))
