"""Names of a stream's files, and reading them: numpy and the standard library only."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from mixer.streams.sequences import Concatenated, Packed

STREAM = "stream.json"
"""Facts of a stream, written last of what does not depend on the epoch."""

FACTS = ("ids", "file", "start", "tokens", "bytes")
"""One entry a document: id (ASCII), token file, first token in it, tokens, bytes."""

EPOCH_TEXT = ("documents", "ends")
EPOCH_PACKED = ("documents", "ends", "firsts")
"""Arrays of an epoch, see `mixer.streams.sequences`."""

Load = Callable[[Path], np.ndarray]


def array_path(folder: Path, name: str) -> Path:
    """The file of an array that does not depend on the epoch."""
    return folder / f"{name}.npy"


def epoch_path(folder: Path, epoch: int, name: str) -> Path:
    """The file of an array of an epoch."""
    return folder / f"epoch-{epoch:04d}-{name}.npy"


def records_of(folder: Path, epochs: int) -> list[Path]:
    """The records of a stream and of its first epochs; each is written after the arrays that it names."""
    return [folder / STREAM, *(epoch_record(folder, epoch) for epoch in range(epochs))]


def epoch_record(folder: Path, epoch: int) -> Path:
    """The record of an epoch."""
    return folder / f"epoch-{epoch:04d}.json"


def map_array(path: Path) -> np.ndarray:
    """An array mapped from disk, as a plain array over the map."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def load(folder: Path, name: str) -> np.ndarray:
    """An array that does not depend on the epoch, mapped from disk."""
    return map_array(array_path(folder, name))


@dataclass(frozen=True, slots=True)
class StreamRef:
    """A component of a mixture and where its stream lies.

    Attributes:
        component: mixture component.
        folder: the stream's folder.
        tokens: tokens of one epoch.
        packed: sequences of one epoch, for documents that are never cut; else None.
    """

    component: str
    folder: Path
    tokens: int
    packed: int | None

    def open(self, length: int, load_array: Load = map_array) -> Concatenated | Packed:
        """The reader of the stream, for sequences of `length` tokens; `load_array` opens a file."""
        if self.packed is None:
            return Concatenated(length, self.tokens, partial(self._text, load_array))
        return Packed(length, self.packed, partial(self._pairs, load_array))

    def fact(self, name: str) -> np.ndarray:
        """A fact of each document, mapped from disk: one of FACTS."""
        return load(self.folder, name)

    def _text(self, load_array: Load, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        documents, ends = (load_array(epoch_path(self.folder, epoch, name)) for name in EPOCH_TEXT)
        return documents, ends

    def _pairs(self, load_array: Load, epoch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        documents, ends, firsts = (load_array(epoch_path(self.folder, epoch, name)) for name in EPOCH_PACKED)
        return documents, ends, firsts


def stream_paths(ref: StreamRef, epochs: int) -> list[Path]:
    """The files that reading so many epochs of a stream takes."""
    names = EPOCH_TEXT if ref.packed is None else EPOCH_PACKED
    facts = [array_path(ref.folder, name) for name in FACTS]
    return facts + [epoch_path(ref.folder, epoch, name) for epoch in range(epochs) for name in names]
