"""The texts to tokenise, read out of documents and parallel documents, cut where a program begins or ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.files import atomic_path
from contracts.languages import ARROW
from contracts.tables import files_of
from mixer.layout import FILE_LEVEL
from mixer.tokens.fim import PLAIN, Piece
from pipelines.frames import read, scan

WHOLE: Final = "text"
"""The form of a document that stands alone."""

ROWS = 64
"""Rows that are turned into Python objects at once."""

HELD: Final = "S32"
"""A document's id as bytes."""


class Text(NamedTuple):
    """One text to tokenise, as pieces that are encoded each by itself.

    Attributes:
        sources: numbers of the pieces that are source programs: one, none, or of a group several.
        target: number of the piece that is the target program; -1 where there is none.
    """

    id: str
    component: str
    bytes: int
    pieces: tuple[Piece, ...]
    form: str = WHOLE
    arrangement: str = PLAIN
    pair_id: str = ""
    sources: tuple[int, ...] = ()
    target: int = -1

    @property
    def programs(self) -> tuple[int, ...]:
        """Numbers of the pieces that are programs of a translation pair."""
        return self.sources if self.target < 0 else (*self.sources, self.target)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of documents or of parallel documents."""

    kind: Literal["documents", "parallel"]
    path: Path


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows are wanted.

    Attributes:
        side: train or validation.
        split: folder of the split stage.
        held: file of held-out ids; see `write_held`.
        forms: of parallel documents.
        left_out: directions of parallel documents that are not wanted, inside groups neither.
        levels: of parallel documents.
    """

    side: Literal["train", "validation"]
    split: Path
    held: Path
    forms: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    levels: tuple[str, ...] = (FILE_LEVEL,)


def sources_of(corpus: Path, parallel: Path) -> list[Source]:
    """Every file of documents, then every file of parallel documents."""
    documents = [Source("documents", f) for f in files_of(corpus / "documents")]
    return [*documents, *(Source("parallel", f) for f in files_of(parallel / "parallel"))]


def bytes_of(sources: list[Source]) -> float:
    """Bytes of all their texts, for the progress bar."""
    return float(sum(read(s.path, columns=["bytes"])["bytes"].sum() for s in sources))


def held_out(split: Path) -> pl.DataFrame:
    """The ids on the validation side, sorted."""
    rows = scan(files_of(split / "split")).filter(pl.col("split") == "validation")
    return rows.select("id").sort("id").collect(engine="streaming")


def write_held(split: Path, path: Path) -> None:
    """Write the held-out ids as a sorted array, which tasks map into memory: 32 bytes a held-out document."""
    with atomic_path(path) as temporary, open(temporary, "wb") as handle:
        np.save(handle, np.array(held_out(split)["id"].to_list(), dtype=HELD))


def texts(source: Source, wanted: Selection) -> Iterator[Text]:
    """The wanted texts of a file in its order; memory: a row group, read only where it holds a wanted row."""
    return _documents(source.path, wanted) if source.kind == "documents" else _parallel(source.path, wanted)


def _documents(path: Path, wanted: Selection) -> Iterator[Text]:
    """Documents; the split table has the same rows in the same order."""
    mask = (read(wanted.split / "split" / path.name, columns=["split"])["split"] == wanted.side).to_numpy()
    columns, start = ["id", "language", "bytes", "content"], 0
    with pq.ParquetFile(path) as file:
        if file.metadata.num_rows != len(mask):
            raise ValueError(f"{path}: {file.metadata.num_rows} rows, and {len(mask)} in the split table")
        for group in range(file.num_row_groups):
            count = file.metadata.row_group(group).num_rows
            for identity, language, size, content in _rows(file, group, columns, mask[start : start + count]):
                yield Text(identity, language, size, (content,))
            start += count


def _parallel(path: Path, wanted: Selection) -> Iterator[Text]:
    """Parallel documents in the wanted forms."""
    held = np.load(wanted.held, mmap_mode="r")
    facts = ["form", "level", "direction", "languages", "ids"]
    columns = ["id", "direction", "bytes", "form", "pair_id", "content", "starts", "ends", "target_start"]
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows: Any = pl.from_arrow(file.read_row_group(group, columns=facts))
            mask = (rows["form"].is_in(wanted.forms) & rows["level"].is_in(wanted.levels)).to_numpy().copy()
            mask &= ~rows.select(in_any(wanted.left_out).alias("out"))["out"].to_numpy()
            mask &= _is_held(rows, held) == (wanted.side == "validation")
            for row in _rows(file, group, columns, mask):
                yield _cut(*row)


def _rows(file: pq.ParquetFile, group: int, columns: list[str], mask: np.ndarray) -> Iterator[tuple[Any, ...]]:
    """The rows of a row group where the mask is set, as values of these columns."""
    if not mask.any():
        return
    start = 0
    for batch in file.iter_batches(ROWS, row_groups=[group], columns=columns, use_threads=False):
        wanted = mask[start : start + batch.num_rows]
        start += batch.num_rows
        if wanted.any():
            rows = batch if wanted.all() else batch.filter(pa.array(wanted))  # most batches are taken whole
            yield from zip(*(rows[name].to_pylist() for name in columns), strict=True)


def _is_held(rows: pl.DataFrame, held: np.ndarray) -> np.ndarray:
    """Whether the programs of each row are held out; all of a pair or group stand on one side of the split."""
    if not len(held) or not rows.height:
        return np.zeros(rows.height, bool)
    ids = np.array(rows["ids"].list.first().to_list(), dtype=HELD)
    place = np.minimum(np.searchsorted(held, ids), len(held) - 1)
    found: np.ndarray = held[place] == ids
    return found


def translates(direction: str) -> pl.Expr:
    """Whether a row of the table parallel translates in a direction.

    It is the row's own, or that of two programs of a group, of which the second need not follow the first at once.
    """
    first, second = direction.split(ARROW)
    languages = pl.col("languages")
    places = [languages.list.eval(pl.element() == name).list.arg_max() for name in (first, second)]
    inside = languages.list.contains(first) & languages.list.contains(second) & (places[0] < places[1])
    return (pl.col("direction") == direction) | ((pl.col("form") == "group") & inside)


def in_any(directions: Iterable[str]) -> pl.Expr:
    """Whether a row translates in one of these directions."""
    return pl.any_horizontal([pl.lit(False), *map(translates, directions)])


def _cut(
    identity: str,
    direction: str,
    size: int,
    form: str,
    pair_id: str,
    content: str,
    starts: list[int],
    ends: list[int],
    target_start: int,
) -> Text:
    """A parallel document cut at the ends of its programs, so that each is a piece of its own."""
    raw, cuts = content.encode(), [cut for span in zip(starts, ends, strict=True) for cut in span]
    pieces = tuple(raw[a:b].decode() for a, b in pairwise([0, *cuts, len(raw)]))
    numbers = tuple(range(1, len(pieces), 2))
    sources, target = (numbers, -1) if target_start < 0 else (numbers[:-1], numbers[-1])
    return Text(identity, direction, size, pieces, form, pair_id=pair_id, sources=sources, target=target)
