"""The datatrove step that writes what a pair gives: aligned functions and parallel documents."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.schema import PARALLEL_DOCUMENTS, UNIT_PAIRS
from contracts.tables import TableWriter
from pairing.align import align
from pairing.config import PairsConfig
from pairing.match import pair_id
from pairing.parallel import ParallelText, Program, parallel_texts
from pairing.vectors import load_idf
from pipelines.executor import ProgressReporter
from pipelines.frames import scan
from pipelines.positions import blocks, fetch, file_of

Row = dict[str, Any]

FUNCTION_KINDS = ("function", "method", "constructor")
"""Kinds of units that are aligned."""


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
        first, last = self.bounds[rank], self.bounds[rank + 1]
        pairs = scan_positions(self.positions).slice(first, last - first).collect()
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

    def _texts(self, pairs: pl.DataFrame) -> Iterator[tuple[str, Row, Row]]:
        """(pair id, facts of a, facts of b) with content and units."""
        sides = [pairs.select(f"file_{s}", f"row_{s}").to_numpy() for s in "ab"]
        columns = ["id", "language", "licence", "bytes", "content"]
        documents = [fetch(self.corpus / "documents", side, columns).to_pylist() for side in sides]
        units = self._units(np.concatenate(sides), {d["id"] for side in documents for d in side})
        for number, pair in enumerate(pairs["pair_id"].to_list()):
            a, b = (side[number] for side in documents)
            yield pair, {**a, "units": units.get(a["id"], [])}, {**b, "units": units.get(b["id"], [])}

    def _units(self, positions: np.ndarray, ids: set[str]) -> dict[str, list[Row]]:
        if not self.config.align_functions:
            return {}
        files = [file_of(self.corpus / "units", int(n)) for n in np.unique(positions[:, 0])]
        columns = ["document_id", "name", "start_line", "end_line", "outer_start_line", "start_byte", "end_byte"]
        frame = (
            scan(files)
            .filter(pl.col("kind").is_in(FUNCTION_KINDS) & pl.col("has_body"))
            .filter(pl.col("document_id").is_in(list(ids)))
            .select(columns)
            .collect()
        )
        found: dict[str, list[Row]] = {}
        for row in frame.iter_rows(named=True):
            found.setdefault(row["document_id"], []).append(row)
        return found

    def _unit_pairs(self, pair: str, a: Row, b: Row, idf: np.ndarray) -> Iterator[Row]:
        sides = []
        for document in (a, b):
            content = str(document["content"]).encode()
            units = document["units"]
            assert isinstance(units, list)
            sides.append((units, [content[u["start_byte"] : u["end_byte"]] for u in units]))
        (units_a, texts_a), (units_b, texts_b) = sides
        for i, j, score in align(texts_a, texts_b, idf, self.config.min_unit_cosine):
            row: Row = {"pair_id": pair, "id_a": a["id"], "id_b": b["id"], "score": score}
            for side, unit in (("a", units_a[i]), ("b", units_b[j])):
                for column in ("start_line", "end_line", "outer_start_line", "name"):
                    row[f"{column}_{side}"] = unit[column]
            yield row


def scan_positions(folder: Path) -> pl.LazyFrame:
    """Where the documents of every pair stand, in the order of the pairs tables; a task reads its own rows only."""
    return scan(sorted(folder.glob("*.parquet")))


def _parallel_rows(pair: str, a: Row, b: Row, forms: tuple[str, ...]) -> Iterator[Row]:
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
