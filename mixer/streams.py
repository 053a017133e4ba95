"""The stream of each component on disk: which document stands where, as arrays that tasks map into memory."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.languages import PARALLEL
from contracts.tables import files_of
from mixer.pack import Concatenated, Packed
from pipelines.frames import scan

ARRAYS: dict[type, tuple[str, ...]] = {
    Concatenated: ("documents", "epochs", "ends"),
    Packed: ("documents", "starts", "ends", "owner", "epochs"),
}


def read_pool(pool: Path, component: str, longest: int | None = None) -> pl.DataFrame:
    """The training documents of a component: id, file, start, tokens, bytes.

    Args:
        pool: folder of the tokens stage.
        component: its name.
        longest: leave out documents of more tokens.
    """
    table = scan(files_of(pool / "tokenized")).filter(pl.col("component") == component)
    if longest is not None:
        table = table.filter(pl.col("tokens") <= longest)
    return table.select("id", "file", "start", "tokens", "bytes").collect()


class BuildStreams(PipelineStep):
    """Task c lays out component number c; memory: about 120 bytes a document and epoch."""

    type = "glotmix"
    name = "streams"

    def __init__(self, pool: Path, output: Path, components: list[tuple[str, int]], length: int, seed: int) -> None:
        super().__init__()
        self.pool, self.output, self.components, self.length, self.seed = pool, output, components, length, seed

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the arrays of one component."""
        component, epochs = self.components[rank]
        kind = Packed if component == PARALLEL else Concatenated
        rows = read_pool(self.pool, component, self.length if kind is Packed else None)
        counts = rows["tokens"].to_numpy().astype(np.int64)
        stream: Any = kind.build(rows["id"].to_list(), counts, self.length, self.seed, epochs)
        folder = self.output / component
        for name in ARRAYS[kind]:
            save_array(folder / f"{name}.npy", getattr(stream, name))
        save_array(folder / "file.npy", rows["file"].to_numpy())
        save_array(folder / "start.npy", rows["start"].to_numpy())
        save_array(folder / "bytes.npy", rows["bytes"].to_numpy())
        save_array(folder / "ids.npy", np.array(rows["id"].to_list(), dtype=np.bytes_))
        yield from ()


def save_array(path: Path, array: np.ndarray) -> None:
    """Write an array as .npy atomically."""
    with atomic_path(path) as temporary, open(temporary, "wb") as handle:
        np.save(handle, array)


def load_fact(folder: Path, component: str, name: str) -> np.ndarray:
    """A fact of each document of a component, mapped from disk: file, start, bytes or ids (as ASCII)."""
    array: np.ndarray = np.load(folder / component / f"{name}.npy", mmap_mode="r")
    return array


def load_stream(folder: Path, component: str, length: int) -> Concatenated | Packed:
    """The stream of a component, its arrays mapped from disk."""
    kind = Packed if component == PARALLEL else Concatenated
    arrays = {name: np.load(folder / component / f"{name}.npy", mmap_mode="r") for name in ARRAYS[kind]}
    stream: Concatenated | Packed = kind(**arrays, length=length)
    return stream
