"""Writes shards: token bytes and span ends in datatrove's format, and the lineage of every span."""

import uuid
from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.tokens.tokenizer import TokenizedFile

from contracts.files import TEMPORARY_PREFIX, atomic_path
from contracts.schema import LINEAGE
from contracts.tables import TableWriter
from mixer.order import ordinals
from mixer.pack import Spans
from mixer.streams import load_stream
from pipelines.executor import ProgressReporter


class TokenFiles:
    """The token files of the pool, mapped into memory as they are needed."""

    def __init__(self, pool: Path, dtype: np.dtype[np.unsignedinteger]) -> None:
        self.pool, self.dtype = pool, dtype
        self._open: dict[int, np.ndarray] = {}

    def read(self, file: int, start: int, count: int) -> np.ndarray:
        """`count` tokens of a file from `start` on."""
        if file not in self._open:
            path = self.pool / "tokens" / f"{file:05d}.bin"
            self._open[file] = np.memmap(path, dtype=self.dtype, mode="r")
        return self._open[file][start : start + count]


class WriteShards(PipelineStep):
    """Task s writes shard s: sequences s * size to (s + 1) * size. Memory: about twice the shard's tokens."""

    type = "glotmix"
    name = "write shards"

    def __init__(
        self,
        pool: Path,
        streams: Path,
        order: Path,
        folder: Path,
        components: list[str],
        length: int,
        size: int,
        token_bytes: int,
        pad_id: int,
        progress: Path,
    ) -> None:
        super().__init__()
        self.pool, self.streams, self.order, self.folder = pool, streams, order, folder
        self.components, self.length, self.size = components, length, size
        self.token_bytes, self.pad_id, self.progress = token_bytes, pad_id, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write tokens, index and lineage of shard `rank`."""
        order = np.load(self.order, mmap_mode="r")
        first, last = rank * self.size, min(len(order), (rank + 1) * self.size)
        dtype = np.dtype(f"<u{self.token_bytes}")
        files = TokenFiles(self.pool, dtype)
        tokens = np.full((last - first, self.length), self.pad_id, dtype)
        frames = []
        progress = ProgressReporter(self.progress, rank)
        for number, component in enumerate(self.components):
            places = np.flatnonzero(order[first:last] == number)
            if not len(places):
                continue
            ordinal = int(np.count_nonzero(order[:first] == number))
            stream = load_stream(self.streams, component, self.length)
            spans = stream.spans(ordinal, ordinal + len(places))
            self._fill(tokens, places, spans, component, files)
            progress.add(float(len(places) * self.length))
            frames.append(self._lineage(spans, component, places + first, ordinal))
        lineage = pl.concat(frames).sort("sequence", "start")
        with TableWriter(self.folder / "lineage" / f"{rank:05d}.parquet", LINEAGE) as writer:
            writer.write_table(lineage.select(LINEAGE.names).to_arrow())
        ends = (lineage["sequence"] - first) * self.length + lineage["end"]
        self._write(rank, tokens, ends.to_list())
        yield from ()

    def _fill(self, tokens: np.ndarray, places: np.ndarray, spans: Spans, component: str, files: TokenFiles) -> None:
        folder = self.streams / component
        file, start = (np.load(folder / f"{n}.npy", mmap_mode="r") for n in ("file", "start"))
        rows = places[spans.sequence]
        for row, begin, end, document, offset in zip(
            rows.tolist(),
            spans.start.tolist(),
            spans.end.tolist(),
            spans.document.tolist(),
            spans.token_start.tolist(),
            strict=True,
        ):
            if document >= 0:
                tokens[row, begin:end] = files.read(int(file[document]), int(start[document]) + offset, end - begin)

    def _lineage(self, spans: Spans, component: str, sequences: np.ndarray, ordinal: int) -> pl.DataFrame:
        ids = pl.read_parquet(self.streams / component / "ids.parquet")["id"]
        padding = spans.document < 0
        names = ids.gather(np.where(padding, 0, spans.document))
        return pl.DataFrame(
            {
                "sequence": sequences[spans.sequence],
                "component": pl.repeat(component, len(spans.sequence), eager=True),
                "ordinal": spans.sequence + ordinal,
                "epoch": spans.epoch.astype(np.int32),
                "start": spans.start.astype(np.int32),
                "end": spans.end.astype(np.int32),
                "document_id": names.zip_with(pl.Series(~padding), pl.repeat("", len(padding), eager=True)),
                "token_start": spans.token_start.astype(np.int32),
                "ends_document": spans.ends_document,
            }
        )

    def _write(self, rank: int, tokens: np.ndarray, ends: list[int]) -> None:
        """Tokens and index through datatrove's writer, under temporary names until both are whole."""
        name = f"{rank:05d}.ds"
        temporary = f"{TEMPORARY_PREFIX}{uuid.uuid4().hex[:12]}-{name}"  # a killed run's worker may still write its own
        writer = TokenizedFile(str(self.folder), temporary, save_index=True, token_size=self.token_bytes)
        writer.write_bytes(tokens.tobytes(), doc_ends=ends)
        writer.close()
        for suffix in ("", ".index"):
            with atomic_path(self.folder / f"{name}{suffix}") as path:
                (self.folder / f"{temporary}{suffix}").rename(path)


def write_order(path: Path, order: np.ndarray) -> None:
    """The mixture index: the component number of every sequence, as .npy."""
    with atomic_path(path) as temporary, open(temporary, "wb") as handle:
        np.save(handle, order)


def mixture_index(order: np.ndarray, components: list[str]) -> pl.DataFrame:
    """One row a sequence: sequence, component, ordinal inside the component."""
    names = np.array(components, dtype=object)
    return pl.DataFrame(
        {
            "sequence": np.arange(len(order), dtype=np.int64),
            "component": pl.Series(names[order].tolist(), dtype=pl.String),
            "ordinal": ordinals(order, len(components)),
        }
    )
