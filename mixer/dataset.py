"""Reads a mixture back: numpy and the standard library only, so that any trainer can use it.

Sequence k is a pure function of k. To resume, go on at the number of sequences that were consumed, with any number of
ranks and workers.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mixer.streams.files import array_path, map_array
from mixer.streams.sequences import Spans
from mixer.streams.token_files import MAX_MAPPED, TokenFiles
from mixer.streams.view_files import ORDER, PADDING, ViewOrder, stream_refs

MANIFEST = "manifest.json"

IGNORE = -100
"""Label of a position that is not trained on: what torch's cross entropy ignores."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training example.

    Attributes:
        input: int64 (sequence_length - 1,), the tokens but the last.
        labels: int64 (sequence_length - 1,), the tokens but the first; IGNORE where nothing is to be learnt.
        ends: int64, the ends of the documents in `input`, the last one its length: bounds for masking attention.
    """

    input: np.ndarray
    labels: np.ndarray
    ends: np.ndarray


class _Sequences(Protocol):
    def tokens(self, sequence: int) -> np.ndarray: ...
    def span_ends(self, sequence: int) -> np.ndarray: ...
    def padding(self, sequence: int) -> int: ...
    def component(self, sequence: int) -> int: ...
    def layout(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]: ...


class MixtureDataset:
    """The sequences of a mixture, mapped from disk: of shards, or of a view and the pool it names.

    A map-style dataset for any loader: it has a length, takes an index, and can be copied into worker processes.

    Args:
        folder: a finished mixture (with manifest.json).

    Raises:
        FileNotFoundError: the mixture, or the pool of a view, is not finished.
        ValueError: a file has not the size that the manifest says, or the pool is another one than the view's.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        counts = self.manifest["counts"]
        self.sequence_length = int(counts["sequence_length"])
        self.pad_id, self.end_id = int(counts["pad_id"]), int(counts["end_id"])
        self.vocab_size = int(counts["vocab_size"])
        self.dtype = np.dtype(f"<u{counts['bytes_per_token']}")
        self.components: tuple[str, ...] = tuple(counts["components"])
        self.sequences_per_shard = int(counts["sequences_per_shard"])
        self._length = int(counts["sequences"])
        self._sequences = self._open()

    def _open(self) -> _Sequences:
        kind = _Shards if self.manifest["counts"]["output"] == "shards" else _View
        return kind(self.folder, self.manifest, self.dtype)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, sequence: int) -> np.ndarray:
        """The tokens of a sequence: unsigned integers, (sequence_length,)."""
        return self._sequences.tokens(self._check(sequence))

    def span_ends(self, sequence: int) -> np.ndarray:
        """Ends of the spans in a sequence, in tokens from its start (int64): documents, cuts and padding."""
        return self._sequences.span_ends(self._check(sequence))

    def component(self, sequence: int) -> str:
        """The component that a sequence belongs to."""
        return self.components[self._sequences.component(self._check(sequence))]

    def padding(self, sequence: int) -> int:
        """Tokens of padding at the end of a sequence."""
        return self._sequences.padding(self._check(sequence))

    def layout(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        """What `component` and `padding` say of sequences first to last - 1, as arrays in memory.

        Returns:
            places in `components`, and tokens of padding: integers, (last - first,) each.

        Raises:
            IndexError: the mixture has no such range.
        """
        if not 0 <= first <= last <= self._length:
            raise IndexError(f"sequences {first} to {last} of {self._length}")
        return self._sequences.layout(int(first), int(last))

    def example(self, sequence: int, mask_document_ends: bool = False) -> Example:
        """Input and labels of a sequence.

        Args:
            sequence: its number.
            mask_document_ends: do not train on the first token of a document given the end of the one before.
        """
        tokens = self[sequence].astype(np.int64)
        ends = self.span_ends(sequence)
        labels = tokens[1:].copy()
        padding = self._sequences.padding(sequence)
        if padding:
            labels[len(labels) - padding :] = IGNORE
        if mask_document_ends:
            labels[ends[:-1] - 1] = IGNORE
        inside = np.minimum(ends, len(labels))
        return Example(tokens[:-1], labels, inside[: np.searchsorted(inside, len(labels)) + 1])

    def share(self, rank: int = 0, ranks: int = 1, worker: int = 0, workers: int = 1, start: int = 0) -> range:
        """The numbers of the sequences that one worker of one rank reads, in order.

        All ranks and workers together read every sequence from `start` on once; ranks take turns at every sequence,
        the workers of a rank at every sequence of the rank.

        Args:
            rank: of this process.
            ranks: how many there are.
            worker: of this process, inside its rank.
            workers: how many each rank has.
            start: sequences consumed before, by all ranks together.

        Raises:
            ValueError: a number is out of its range.
        """
        if not (0 <= rank < ranks and 0 <= worker < workers and 0 <= start <= len(self)):
            raise ValueError(
                f"rank {rank} of {ranks}, worker {worker} of {workers}, start {start} of {len(self)}: ranks and "
                "workers count from 0, start is at most the number of sequences"
            )
        return range(start + rank + ranks * worker, len(self), ranks * workers)

    def read(
        self, rank: int = 0, ranks: int = 1, worker: int = 0, workers: int = 1, start: int = 0
    ) -> Iterator[np.ndarray]:
        """The tokens of the sequences of `share`, in order."""
        return (self[k] for k in self.share(rank, ranks, worker, workers, start))

    def __getstate__(self) -> dict[str, Any]:
        """Without the maps, which would be copied out of the disk into every worker process."""
        return {key: value for key, value in self.__dict__.items() if key != "_sequences"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Map the files anew."""
        self.__dict__.update(state)
        self._sequences = self._open()

    def _check(self, sequence: int) -> int:
        if not 0 <= sequence < self._length:
            raise IndexError(f"sequence {sequence} of {self._length}")
        return int(sequence)


def state_of(manifest: Path) -> tuple[int, int]:
    """What changes when a manifest is written anew: the file itself, and its time."""
    facts = manifest.stat()
    return facts.st_ino, facts.st_mtime_ns


def require_same(manifest: Path, state: tuple[int, int]) -> None:
    """Refuse to read on in a folder that was made anew since it was opened: files are mapped when they are needed.

    Raises:
        ValueError: the manifest is another one, or gone.
    """
    try:
        same = state_of(manifest) == state
    except FileNotFoundError:
        same = False
    if not same:
        raise ValueError(f"{manifest.parent}: was made anew while it was read; open the dataset again")


class _Maps:
    """Files mapped from disk, MAX_MAPPED at a time: each map holds a file descriptor."""

    def __init__(self) -> None:
        self._mapped: dict[Path, np.ndarray] = {}

    def __contains__(self, path: Path) -> bool:
        return path in self._mapped

    def get(self, path: Path, dtype: np.dtype[Any] | None = None) -> np.ndarray:
        """A .npy file, or one of plain values of a type."""
        found = self._mapped.get(path)
        if found is None:
            if len(self._mapped) >= MAX_MAPPED:
                self._mapped.pop(next(iter(self._mapped)))
            found = map_array(path) if dtype is None else np.asarray(np.memmap(path, dtype=dtype, mode="r"))
            self._mapped[path] = found
        return found


class _Shards:
    """Sequences that lie on disk as they are read."""

    def __init__(self, folder: Path, manifest: dict[str, Any], dtype: np.dtype[Any]) -> None:
        counts = manifest["counts"]
        self.folder, self.dtype = folder, dtype
        self.length, self.size = int(counts["sequence_length"]), int(counts["sequences_per_shard"])
        self._manifest = state_of(folder / MANIFEST)
        self.sizes = {entry["path"]: int(entry["bytes"]) for entry in manifest["files"]}
        self._maps = _Maps()

    def tokens(self, sequence: int) -> np.ndarray:
        shard, row = divmod(sequence, self.size)
        tokens = self._map(f"{shard:05d}.ds", self.dtype)
        return tokens[row * self.length : (row + 1) * self.length]

    def span_ends(self, sequence: int) -> np.ndarray:
        shard, row = divmod(sequence, self.size)
        ends = self._map(f"{shard:05d}.ds.index", np.dtype("<u8"))
        low, high = row * self.length, (row + 1) * self.length
        # in the index's own type: another one makes numpy copy the whole of it
        first, last = np.searchsorted(ends, np.array([low, high], ends.dtype), side="right")
        found: np.ndarray = ends[first:last].astype(np.int64) - low
        return found

    def padding(self, sequence: int) -> int:
        return int(self._map(PADDING, None)[sequence])

    def component(self, sequence: int) -> int:
        return int(self._map(ORDER, None)[sequence])

    def layout(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        return self._map(ORDER, None)[first:last], self._map(PADDING, None)[first:last]

    def _map(self, name: str, dtype: np.dtype[Any] | None) -> np.ndarray:
        path = self.folder / name
        if path not in self._maps:
            require_same(self.folder / MANIFEST, self._manifest)
            size = path.stat().st_size
            if size != self.sizes[name]:
                raise ValueError(f"{path}: {size} bytes, the manifest says {self.sizes[name]}; mix again")
        return self._maps.get(path, dtype)


class _View:
    """Sequences that are put together from the pool as they are read."""

    def __init__(self, folder: Path, manifest: dict[str, Any], dtype: np.dtype[Any]) -> None:
        counts = manifest["counts"]
        self.length, self.pad_id, self.dtype = int(counts["sequence_length"]), int(counts["pad_id"]), dtype
        pool = folder / counts["pool"]
        state = state_of(pool / MANIFEST)
        made_from = json.loads((pool / MANIFEST).read_text(encoding="utf-8"))["identity"]
        if made_from != manifest["inputs"]["tokens"]:
            raise ValueError(f"{folder}: the pool {pool} was made anew since; make the view again with --force")
        self._refs = stream_refs(folder, counts)
        self._order = ViewOrder(folder, len(self._refs))
        if len(self._order.components) != counts["sequences"]:
            raise ValueError(
                f"{folder / ORDER}: not {counts['sequences']} sequences long; make the view again with --force"
            )
        self._maps = _Maps()
        self._streams = [ref.open(self.length, self._maps.get) for ref in self._refs]
        self._files = TokenFiles(pool, dtype, partial(require_same, pool / MANIFEST, state))
        self._last: tuple[int, Spans] | None = None

    def tokens(self, sequence: int) -> np.ndarray:
        spans = self._spans(sequence)
        folder = self._refs[self.component(sequence)].folder
        files, starts = (self._maps.get(array_path(folder, name)) for name in ("file", "start"))
        tokens = np.full(self.length, self.pad_id, self.dtype)
        parts = (spans.document, spans.token_start, spans.start, spans.end)
        for document, offset, begin, end in zip(*(part.tolist() for part in parts), strict=True):
            if document >= 0:
                tokens[begin:end] = self._files.read(int(files[document]), int(starts[document]) + offset, end - begin)
        return tokens

    def span_ends(self, sequence: int) -> np.ndarray:
        return self._spans(sequence).end.astype(np.int64)

    def padding(self, sequence: int) -> int:
        spans = self._spans(sequence)
        return int(spans.end[-1] - spans.start[-1]) if spans.document[-1] < 0 else 0

    def component(self, sequence: int) -> int:
        return int(self._order.components[sequence])

    def layout(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        components = self._order.components[first:last]
        padding = np.zeros(last - first, np.int64)
        if first < last:
            low = self._order.before(first)
            high = low + np.bincount(components, minlength=len(low))
            for number in np.flatnonzero(high > low).tolist():
                ordinals = int(low[number]), int(high[number])
                padding[components == number] = self._streams[number].padding(*ordinals)
        return components, padding

    def _spans(self, sequence: int) -> Spans:
        """The spans of a sequence; the last ones are kept, since tokens and ends are asked for together."""
        if self._last is None or self._last[0] != sequence:
            ordinal = self._order.ordinal(sequence)
            self._last = sequence, self._streams[self.component(sequence)].spans(ordinal, ordinal + 1)
        return self._last[1]
