"""The datatrove steps of pairing that join blocks: candidates, matches, and what is written about each pair."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.languages import language_pairs
from contracts.schema import PAIRS, PARALLEL_DOCUMENTS, UNIT_PAIRS
from contracts.tables import TableWriter
from pairing.align import align
from pairing.candidates import candidates, compare
from pairing.catalogue import read_catalogue
from pairing.config import PairsConfig
from pairing.match import mutual_best, pair_id
from pairing.parallel import ParallelText, Program, parallel_texts
from pairing.vectors import load_frequency, load_idf, load_vectors
from pipelines.executor import ProgressReporter
from pipelines.positions import blocks, fetch, file_of

FUNCTION_KINDS = ("function", "method", "constructor")
"""Kinds of units that are aligned."""

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
        self, candidates: Path, catalogue: Path, given: Path, tables: Path, positions: Path, config: PairsConfig
    ) -> None:
        super().__init__()
        self.candidates, self.catalogue, self.given = candidates, catalogue, given
        self.tables, self.positions, self.config = tables, positions, config

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
        if self.config.require_licence:
            pairs = pairs.filter("licence_known")
        with TableWriter(self.tables / f"{rank:05d}.parquet", PAIRS) as writer:
            writer.write_table(pairs.select(PAIRS.names).to_arrow())
        with atomic_path(self.positions / f"{rank:05d}.parquet") as path:
            pairs.select("pair_id", "file_a", "row_a", "bytes_a", "file_b", "row_b", "bytes_b").write_parquet(path)
        yield from ()

    def _given(self, language_a: str, language_b: str, facts_a: pl.DataFrame, facts_b: pl.DataFrame) -> pl.DataFrame:
        every = pl.read_parquet(self.given)
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
        found = pl.concat([pl.read_parquet(f) for f in files])
        found = found.filter(~pl.col("a").is_in(given["a"].implode()) & ~pl.col("b").is_in(given["b"].implode()))
        chosen = mutual_best(found["a"].to_numpy(), found["b"].to_numpy(), found["cosine"].to_numpy())
        return (
            found[chosen]
            .filter(pl.col("cosine") >= self.config.min_cosine)
            .select(
                pl.col("a").cast(pl.Int64),
                pl.col("b").cast(pl.Int64),
                pl.col("cosine").cast(pl.Float64).alias("score"),
                pl.lit(None, pl.String).alias("kind"),
                pl.lit("mined").alias("origin"),
                "cosine",
                pl.col("shared").cast(pl.Int32).alias("shared_features"),
            )
        )


def _with_facts(pairs: pl.DataFrame, facts: pl.DataFrame, side: str, language: str) -> pl.DataFrame:
    names = {c: f"{c}_{side}" for c in ("id", "file", "row", "bytes", "licence", "contaminated")}
    chosen = facts[pairs[side].to_numpy()].select(list(names)).rename(names)
    return pairs.hstack(chosen).with_columns(pl.lit(language).alias(f"language_{side}"))


class WriteParallel(PipelineStep):
    """Aligns functions and writes parallel documents for one run of pairs; memory: one block of texts (64 MB)."""

    type = "glotmix"
    name = "align and write"

    def __init__(
        self,
        corpus: Path,
        positions: Path,
        catalogue: Path,
        folder: Path,
        bounds: list[int],
        config: PairsConfig,
        progress: Path,
    ) -> None:
        super().__init__()
        self.corpus, self.positions, self.catalogue, self.folder = corpus, positions, catalogue, folder
        self.bounds, self.config, self.progress = bounds, config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write unit pairs and parallel documents of pairs number bounds[rank] to bounds[rank + 1]."""
        pairs = read_positions(self.positions).slice(self.bounds[rank], self.bounds[rank + 1] - self.bounds[rank])
        idf = load_idf(self.catalogue) if self.config.align_functions else np.empty(0, np.float32)
        progress = ProgressReporter(self.progress, rank)
        sizes = (pairs["bytes_a"] + pairs["bytes_b"]).to_numpy()
        name = f"{rank:05d}.parquet"
        with (
            TableWriter(self.folder / "unit_pairs" / name, UNIT_PAIRS) as unit_pairs,
            TableWriter(self.folder / "parallel" / name, PARALLEL_DOCUMENTS, size_column="bytes") as parallel,
        ):
            for part in blocks(sizes):
                for pair, a, b in self._texts(pairs[part]):
                    for row in self._unit_pairs(pair, a, b, idf):
                        unit_pairs.write(row)
                    for row in _parallel_rows(pair, a, b, self.config.forms):
                        parallel.write(row)
                    progress.add(a["bytes"] + b["bytes"])
        yield from ()

    def _texts(self, pairs: pl.DataFrame) -> Iterator[tuple[str, dict[str, object], dict[str, object]]]:
        """(pair id, facts of a, facts of b) with content and units."""
        sides = [pairs.select(f"file_{s}", f"row_{s}").to_numpy() for s in "ab"]
        columns = ["id", "language", "licence", "bytes", "content"]
        documents = [fetch(self.corpus / "documents", side, columns).to_pylist() for side in sides]
        units = self._units(np.concatenate(sides), {d["id"] for side in documents for d in side})
        for number, pair in enumerate(pairs["pair_id"].to_list()):
            a, b = (side[number] for side in documents)
            yield pair, {**a, "units": units.get(a["id"], [])}, {**b, "units": units.get(b["id"], [])}

    def _units(self, positions: np.ndarray, ids: set[str]) -> dict[str, list[dict[str, object]]]:
        if not self.config.align_functions:
            return {}
        files = [file_of(self.corpus / "units", int(n)) for n in np.unique(positions[:, 0])]
        columns = ["document_id", "name", "start_line", "end_line", "outer_start_line", "start_byte", "end_byte"]
        frame = (
            pl.scan_parquet(files)
            .filter(pl.col("kind").is_in(FUNCTION_KINDS) & pl.col("has_body"))
            .filter(pl.col("document_id").is_in(list(ids)))
            .select(columns)
            .collect()
        )
        found: dict[str, list[dict[str, object]]] = {}
        for row in frame.iter_rows(named=True):
            found.setdefault(row["document_id"], []).append(row)
        return found

    def _unit_pairs(
        self, pair: str, a: dict[str, object], b: dict[str, object], idf: np.ndarray
    ) -> Iterator[dict[str, object]]:
        sides = []
        for document in (a, b):
            content = str(document["content"]).encode()
            units = document["units"]
            assert isinstance(units, list)
            sides.append((units, [content[u["start_byte"] : u["end_byte"]] for u in units]))
        (units_a, texts_a), (units_b, texts_b) = sides
        for i, j, score in align(texts_a, texts_b, idf, self.config.min_unit_cosine):
            row: dict[str, object] = {"pair_id": pair, "id_a": a["id"], "id_b": b["id"], "score": score}
            for side, unit in (("a", units_a[i]), ("b", units_b[j])):
                for column in ("start_line", "end_line", "outer_start_line", "name"):
                    row[f"{column}_{side}"] = unit[column]
            yield row


def read_positions(folder: Path) -> pl.DataFrame:
    """Where the documents of every pair stand, in the order of the pairs tables."""
    return pl.concat([pl.read_parquet(f) for f in sorted(folder.glob("*.parquet"))])


def _parallel_rows(
    pair: str, a: dict[str, object], b: dict[str, object], forms: tuple[str, ...]
) -> Iterator[dict[str, object]]:
    programs = [Program(str(x["id"]), str(x["language"]), str(x["content"])) for x in (a, b)]
    licences = {a["id"]: a["licence"], b["id"]: b["licence"]}
    for direction, text in parallel_texts(programs[0], programs[1], forms):
        yield {
            "id": _parallel_id(pair, direction, text),
            "form": text.form,
            "direction": direction,
            "level": "file",
            "pair_id": pair,
            "id_source": text.id_source,
            "id_target": text.id_target,
            "source_start": text.source[0],
            "source_end": text.source[1],
            "target_start": text.target[0],
            "target_end": text.target[1],
            "licence_source": licences.get(text.id_source),
            "licence_target": licences.get(text.id_target),
            "bytes": len(text.content.encode()),
            "content": text.content,
        }


def _parallel_id(pair: str, direction: str, text: ParallelText) -> str:
    return pair_id(f"{pair}:{text.form}:{direction}", f"{text.id_source}>{text.id_target}")
