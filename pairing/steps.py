"""The datatrove steps of pairing that join blocks of documents: candidates and matches."""

from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.languages import language_pairs
from contracts.schema import LINKS, PAIRS
from contracts.tables import TableWriter
from pairing.candidates import candidates, compare
from pairing.catalogue import read_catalogue
from pairing.config import PairsConfig
from pairing.match import mutual_best, pair_id
from pairing.vectors import load_frequency, load_vectors
from pipelines.frames import read

BlockPair = tuple[str, int, str, int]
"""(language a, block of a, language b, block of b)."""


class FindCandidates(PipelineStep):
    """Compares one block of one language with one block of another; memory: two blocks of vectors."""

    type = "glotmix"
    name = "pair candidates"

    def __init__(
        self, vectors: Path, catalogue: Path, output: Path, work: list[BlockPair], config: PairsConfig
    ) -> None:
        super().__init__()
        self.vectors, self.catalogue, self.output, self.work, self.config = vectors, catalogue, output, work, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the candidates of block pair number `rank`, by document numbers within the language."""
        language_a, block_a, language_b, block_b = self.work[rank]
        a = load_vectors(self.vectors, language_a, block_a)
        b = load_vectors(self.vectors, language_b, block_b)
        common = [load_frequency(self.catalogue, x) > self.config.max_postings for x in (language_a, language_b)]
        limits = (common[0], common[1], self.config.index_features, self.config.top_k)
        parts = [
            np.stack([rows_a[found[:, 0]], rows_b[found[:, 1]]], axis=1)
            for rows_a, rows_b in self._groups(language_a, block_a, language_b, block_b)
            for found in [candidates(a[rows_a], b[rows_b], *limits)]
        ]
        pairs = np.concatenate(parts)
        cosine, shared = compare(a, b, pairs)
        strong = cosine >= self.config.min_cosine  # weaker ones match nobody: what is below could win no mutual best
        pairs, cosine, shared = pairs[strong], cosine[strong], shared[strong]
        size = self.config.block_documents
        found = pl.DataFrame(
            {"a": pairs[:, 0] + block_a * size, "b": pairs[:, 1] + block_b * size, "cosine": cosine, "shared": shared}
        )
        with atomic_path(self.output / f"{language_a}-{language_b}-{block_a:05d}-{block_b:05d}.parquet") as path:
            found.write_parquet(path)
        yield from ()

    def _groups(
        self, language_a: str, block_a: int, language_b: str, block_b: int
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Row numbers of both blocks that may be paired with one another: all, or tests and the rest apart."""
        size = self.config.block_documents
        tests = [
            read_catalogue(self.catalogue, x).slice(block * size, size)["is_test"].to_numpy()
            for x, block in ((language_a, block_a), (language_b, block_b))
        ]
        if not self.config.tests_apart:
            return [(np.arange(len(tests[0])), np.arange(len(tests[1])))]
        return [(np.flatnonzero(tests[0] == flag), np.flatnonzero(tests[1] == flag)) for flag in (False, True)]


class MatchPairs(PipelineStep):
    """One task a language pair: mutual best among all its candidates, given pairs first."""

    type = "glotmix"
    name = "match"

    def __init__(
        self, candidates: Path, catalogue: Path, given: Path, folder: Path, positions: Path, config: PairsConfig
    ) -> None:
        super().__init__()
        self.candidates, self.catalogue, self.given = candidates, catalogue, given
        self.folder, self.positions, self.config = folder, positions, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the pairs of language pair number `rank`, and where their documents stand."""
        language_a, language_b = language_pairs()[rank]
        facts_a, facts_b = (read_catalogue(self.catalogue, x) for x in (language_a, language_b))
        given = self._given(language_a, language_b, facts_a, facts_b)
        mined = self._mined(language_a, language_b, given)
        pairs = pl.concat([given, mined], how="diagonal").sort("a", "b")
        pairs = _with_facts(pairs, facts_a, "a", language_a)
        pairs = _with_facts(pairs, facts_b, "b", language_b)
        pairs = pairs.with_columns(
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
        with atomic_path(self.positions / name) as path:
            pairs.select("pair_id", "file_a", "row_a", "bytes_a", "file_b", "row_b", "bytes_b").write_parquet(path)
        yield from ()

    def _given(self, language_a: str, language_b: str, facts_a: pl.DataFrame, facts_b: pl.DataFrame) -> pl.DataFrame:
        every = read(self.given)
        forward = every.filter((pl.col("language_a") == language_a) & (pl.col("language_b") == language_b))
        backward = every.filter((pl.col("language_a") == language_b) & (pl.col("language_b") == language_a))
        backward = backward.rename({"id_a": "id_b", "id_b": "id_a"})
        pairs = pl.concat([forward, backward], how="diagonal_relaxed").unique(["id_a", "id_b"], maintain_order=True)
        number_a = facts_a.with_row_index("a").select("a", pl.col("id").alias("id_a"))
        number_b = facts_b.with_row_index("b").select("b", pl.col("id").alias("id_b"))
        joined = pairs.join(number_a, on="id_a").join(number_b, on="id_b")
        return joined.select(
            pl.col("a").cast(pl.Int64),
            pl.col("b").cast(pl.Int64),
            "score",
            "kind",
            pl.lit("given").alias("origin"),
            pl.lit(None, pl.Float32).alias("cosine"),
            pl.lit(None, pl.Int32).alias("shared_features"),
        )

    def _mined(self, language_a: str, language_b: str, given: pl.DataFrame) -> pl.DataFrame:
        files = sorted(self.candidates.glob(f"{language_a}-{language_b}-*.parquet"))
        if not files:
            return given.clear()
        found = pl.concat([read(f) for f in files])
        found = found.filter(~pl.col("a").is_in(given["a"].implode()) & ~pl.col("b").is_in(given["b"].implode()))
        chosen = mutual_best(found["a"].to_numpy(), found["b"].to_numpy(), found["cosine"].to_numpy())
        return found[chosen].select(
            pl.col("a").cast(pl.Int64),
            pl.col("b").cast(pl.Int64),
            pl.col("cosine").cast(pl.Float64).alias("score"),
            pl.lit(None, pl.String).alias("kind"),
            pl.lit("mined").alias("origin"),
            "cosine",
            pl.col("shared").cast(pl.Int32).alias("shared_features"),
        )


def _with_facts(pairs: pl.DataFrame, facts: pl.DataFrame, side: str, language: str) -> pl.DataFrame:
    names = {c: f"{c}_{side}" for c in ("id", "file", "row", "path", "bytes", "licence", "contaminated")}
    chosen = facts[pairs[side].to_numpy()].select(list(names)).rename(names)
    return pairs.hstack(chosen).with_columns(pl.lit(language).alias(f"language_{side}"))
