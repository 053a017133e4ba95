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
from mixer.lineage import lineage_frame
from mixer.streams.build import save_array
from mixer.streams.files import StreamRef
from mixer.streams.sequences import Spans
from mixer.streams.token_files import TokenFiles
from pipelines.executor import ProgressReporter
from pipelines.frames import scan


class WriteShards(PipelineStep):
    """Task s writes shard s: sequences s * size to (s + 1) * size. Memory: about twice the shard's tokens."""

    type = "glotmix"
    name = "write shards"

    def __init__(
        self,
        pool: Path,
        streams: list[StreamRef],
        order: Path,
        folder: Path,
        length: int,
        size: int,
        token_bytes: int,
        pad_id: int,
        progress: Path,
    ) -> None:
        super().__init__()
        self.pool, self.streams, self.order, self.folder = pool, streams, order, folder
        self.length, self.size = length, size
        self.token_bytes, self.pad_id, self.progress = token_bytes, pad_id, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write tokens, index and lineage of shard `rank`."""
        order, placed = np.load(self.order, mmap_mode="r"), np.load(starts_path(self.order))
        first, last = rank * self.size, min(len(order), (rank + 1) * self.size)
        dtype = np.dtype(f"<u{self.token_bytes}")
        files = TokenFiles(self.pool, dtype)
        tokens = np.full((last - first, self.length), self.pad_id, dtype)
        frames = []
        progress = ProgressReporter(self.progress, rank)
        for number, ref in enumerate(self.streams):
            places = np.flatnonzero(order[first:last] == number)
            if not len(places):
                continue
            ordinal = int(placed[rank, number])
            spans = ref.open(self.length).spans(ordinal, ordinal + len(places))
            self._fill(tokens, places, spans, ref, files)
            progress.add(float(len(places) * self.length))
            frames.append(lineage_frame(spans, ref, places + first, ordinal))
        lineage = pl.concat(frames).sort("sequence", "start")
        with TableWriter(self.folder / "lineage" / f"{rank:05d}.parquet", LINEAGE) as writer:
            writer.write_table(lineage.to_arrow())
        ends = (lineage["sequence"] - first) * self.length + lineage["end"]
        self._write(rank, tokens, ends.to_list())
        yield from ()

    def _fill(
        self, tokens: np.ndarray, places: np.ndarray, spans: Spans, stream: StreamRef, files: TokenFiles
    ) -> None:
        real = np.flatnonzero(spans.document >= 0)  # the rest stays padding
        file = stream.fact("file")[spans.document[real]]
        first = stream.fact("start")[spans.document[real]] + spans.token_start[real]
        by_file = np.lexsort((first, file))
        span = real[by_file]
        for number, position, row, begin, end in zip(
            file[by_file].tolist(),
            first[by_file].tolist(),
            places[spans.sequence[span]].tolist(),
            spans.start[span].tolist(),
            spans.end[span].tolist(),
            strict=True,
        ):
            tokens[row, begin:end] = files.read(number, position, end - begin)

    def _write(self, rank: int, tokens: np.ndarray, ends: list[int]) -> None:
        """Tokens and index through datatrove's writer, under temporary names until both are whole."""
        name = f"{rank:05d}.ds"
        # a name of its own: the worker of a killed run may still be writing
        temporary = f"{TEMPORARY_PREFIX}{uuid.uuid4().hex[:12]}-{name}"
        writer = TokenizedFile(str(self.folder), temporary, save_index=True, token_size=self.token_bytes)
        writer.write_bytes(tokens.tobytes(), doc_ends=ends)
        writer.close()
        for suffix in ("", ".index"):
            with atomic_path(self.folder / f"{name}{suffix}") as path:
                (self.folder / f"{temporary}{suffix}").rename(path)


def write_order(path: Path, order: np.ndarray, components: int, size: int) -> None:
    """The component number of every sequence, and how many of each component stand before each shard, as .npy.

    Args:
        path: where the order goes; the second array stands beside it.
        order: component numbers.
        components: how many there are.
        size: sequences in a shard.
    """
    counts = [np.bincount(order[i : i + size], minlength=components) for i in range(0, len(order), size)]
    save_array(starts_path(path), np.cumsum(counts, axis=0) - counts)
    save_array(path, order)


def starts_path(order: Path) -> Path:
    """The file with the sequences of each component before each shard: int64 (shards, components)."""
    return order.with_suffix(".starts.npy")


def padding_of(lineage: list[Path], sequences: int) -> np.ndarray:
    """The tokens of padding at the end of every sequence: int32 (sequences,).

    Args:
        lineage: files of the lineage table.
        sequences: how many there are.
    """
    padding = np.zeros(sequences, np.int32)
    for file in lineage:
        rows = scan(file).filter(pl.col("document_id") == "").select("sequence", "start", "end").collect()
        padding[rows["sequence"].to_numpy()] = (rows["end"] - rows["start"]).to_numpy()
    return padding
