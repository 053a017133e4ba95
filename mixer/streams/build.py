"""The stream of a component on disk: its documents, and for each epoch which of them stands where.

A stream depends on the pool, the component, the sequence length, the seed, the choice of unique tokens and the
curriculum, and on nothing else of a mixture: mixtures that agree in these share it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts.errors import PlanError
from contracts.files import atomic_path, checksum, write_json
from contracts.languages import PARALLEL, is_parallel
from contracts.manifest import CODE_VERSION, digest
from contracts.tables import files_of
from mixer.planning.supply import Supply
from mixer.streams.files import EPOCH_PACKED, EPOCH_TEXT, STREAM, array_path, epoch_path, epoch_record, load
from mixer.streams.pack import (
    DOCUMENTS,
    SEQUENCES,
    best_fit,
    best_fit_in_order,
    choose_unique,
    lay_out,
    lay_out_packed,
    order_of,
)
from mixer.streams.shuffle import keys
from pipelines.frames import scan

COLUMNS = ("id", "file", "start", "tokens", "bytes")
PAIR_COLUMNS = ("pair_id", "program_keys", "program_tokens")
"""What a stream takes from the tokenized table; the second for translation pairs only."""


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """What decides a stream.

    Attributes:
        pool: identity of the tokens stage.
        component: mixture component.
        length: tokens in a sequence.
        seed: of the mixture.
        unique_tokens: how many of its tokens to use at most; None: all.
        column: column that orders the documents; None: random order.
        descending: largest first.
    """

    pool: str
    component: str
    length: int
    seed: int
    unique_tokens: int | None = None
    column: str | None = None
    descending: bool = False

    @property
    def name(self) -> str:
        """Folder of the stream: component and a hash of everything that decides it."""
        return f"{self.component.replace('->', '-')}-{digest([CODE_VERSION, asdict(self)])[:16]}"


def read_pool(pool: Path, component: str) -> pl.LazyFrame:
    """The rows of a component's documents in the tokenized table; `parallel` is all directions."""
    rows = scan(files_of(pool / "tokenized"))
    wanted = pl.col("component").str.contains("->", literal=True) if component == PARALLEL else None
    return rows.filter(pl.col("component") == component if wanted is None else wanted)


def build_stream(pool: Path, tables: Path, root: Path, spec: StreamSpec) -> None:
    """Write what does not depend on the epoch, unless it is there; memory: about 200 bytes a document, 500 a pair.

    Args:
        pool: folder of the tokens stage.
        tables: output folder of the run, for the columns of a curriculum.
        root: folder of streams.
        spec: which stream.

    Raises:
        PlanError: the curriculum's column is not there or is no number; unique_tokens is less than the first document
            drawn has.
    """
    folder = root / spec.name
    if sound(folder / STREAM):
        return
    for record in folder.glob("epoch-*.json"):  # epochs of a damaged stream are made anew too
        record.unlink(missing_ok=True)
    columns = (*COLUMNS, *PAIR_COLUMNS) if is_parallel(spec.component) else COLUMNS
    rows, lost = _usable(read_pool(pool, spec.component).select(columns).collect(), spec)
    width = max((len(i) for i in rows["id"]), default=1)
    arrays: dict[str, np.ndarray] = {
        "ids": np.fromiter(rows["id"], f"S{width}", rows.height),
        "keys": keys(rows["id"]),
        **{name: rows[name].to_numpy() for name in ("file", "start", "tokens", "bytes")},
    }
    if spec.column is not None:
        arrays["rank"] = _ranks(rows, tables, spec)
    facts: dict[str, Any] = {"documents": rows.height, "tokens": int(rows["tokens"].cast(pl.Int64).sum())}
    if is_parallel(spec.component):
        bins = (
            best_fit_in_order(arrays["tokens"], spec.length, arrays["rank"], arrays["keys"])
            if "rank" in arrays
            else best_fit(arrays["tokens"], spec.length)
        )
        arrays["bins"] = bins.astype(np.int32)
        arrays["filled"] = np.bincount(bins, weights=arrays["tokens"]).astype(np.int64)
        facts["packed"] = len(arrays["filled"])
        if "rank" in arrays:
            arrays["sequence_rank"] = np.bincount(bins, weights=arrays["rank"]) / np.bincount(bins)
    facts |= {"unique_tokens": _unique(rows, spec.component), **lost}
    _save(folder / STREAM, {array_path(folder, name): array for name, array in arrays.items()}, spec, facts)


def _usable(rows: pl.DataFrame, spec: StreamSpec) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rows that can stand in a sequence and belong to the choice; and what is too long."""
    long = rows.filter(pl.lit(is_parallel(spec.component)) & (pl.col("tokens") > spec.length))
    lost = {"lost_documents": long.height, "lost_tokens": int(long["tokens"].cast(pl.Int64).sum())}
    if lost["lost_documents"]:
        rows = rows.filter(pl.col("tokens") <= spec.length)
    if spec.unique_tokens is None or not rows.height:
        return rows, lost
    programs = _programs(rows, spec.component)
    chosen = choose_unique(
        keys(rows["pair_id" if is_parallel(spec.component) else "id"]),
        keys(programs["key"]),
        programs["row"].to_numpy().astype(np.int64),
        programs["tokens"].to_numpy().astype(np.int64),
        spec.unique_tokens,
        spec.seed,
    )
    if not chosen.any():
        key, held = f"mix.components.{spec.component}.unique_tokens", _unique(rows, spec.component)
        raise PlanError(
            f"{key}={spec.unique_tokens} is less than the first document drawn has; the pool holds {held:,} unique "
            "tokens. Raise it, or try another mix.seed"
        )
    return rows.filter(pl.Series(chosen)), lost


def _programs(rows: pl.DataFrame, component: str) -> pl.DataFrame:
    """One row a program: row of its document, key, tokens. Code documents are one program each."""
    rows = rows.with_row_index("row")
    if not is_parallel(component):
        return rows.select("row", pl.col("id").alias("key"), "tokens")
    each = rows.select("row", pl.col("program_keys").alias("key"), pl.col("program_tokens").alias("tokens"))
    return each.filter(pl.col("key").list.len() > 0).explode("key", "tokens")


def _unique(rows: pl.DataFrame, component: str) -> int:
    """Tokens with each program counted once, by the first 64 bits of the hash of its key."""
    if not is_parallel(component):
        return int(rows["tokens"].cast(pl.Int64).sum())
    programs = _programs(rows, component)
    _, first = np.unique(keys(programs["key"]), return_index=True)
    return int(programs["tokens"].to_numpy()[first].sum(dtype=np.int64))


def _curriculum_table(tables: Path, spec: StreamSpec) -> tuple[pl.LazyFrame, str]:
    """The table that a curriculum's column stands in, and the key of its rows."""
    if is_parallel(spec.component):
        return scan(files_of(tables / "pairs" / "pairs")), "pair_id"
    return scan(files_of(tables / "corpus" / "documents")), "id"


def check_column(tables: Path, spec: StreamSpec) -> None:
    """Refuse a curriculum by a column that is not there.

    Raises:
        PlanError: the table has no such column of numbers or true/false; lists those it has.
    """
    if spec.column is None:
        return
    table, _ = _curriculum_table(tables, spec)
    fitting = [name for name, kind in table.collect_schema().items() if kind.is_numeric() or kind == pl.Boolean]
    if spec.column not in fitting:
        option = f"mix.curriculum.{'pairs' if is_parallel(spec.component) else 'documents'}"
        raise PlanError(
            f"{option}={spec.column}: no such column of numbers or true/false; there are {', '.join(fitting)}"
        )


def _ranks(rows: pl.DataFrame, tables: Path, spec: StreamSpec) -> np.ndarray:
    """The place of each document by its column, equal values alike, rows without a value last: float64."""
    check_column(tables, spec)
    table, key = _curriculum_table(tables, spec)
    values = table.select(key, pl.col(str(spec.column)).cast(pl.Float64).fill_nan(None).alias("value")).collect()
    ordered = rows.select(key).join(values, on=key, how="left", maintain_order="left")["value"]
    places = ordered.rank("dense", descending=spec.descending).fill_null(rows.height + 1)
    return places.cast(pl.Float64).to_numpy()


def build_epoch(root: Path, spec: StreamSpec, epoch: int) -> None:
    """Write the arrays of one epoch, unless they are there; memory: about 100 bytes a document."""
    folder = root / spec.name
    names = EPOCH_PACKED if is_parallel(spec.component) else EPOCH_TEXT
    record = epoch_record(folder, epoch)
    if sound(record):
        return
    tokens = load(folder, "tokens")
    rank = load(folder, "rank") if spec.column is not None else None
    order = order_of(np.asarray(load(folder, "keys")), DOCUMENTS, spec.seed, epoch, rank)
    arrays: list[np.ndarray]
    if is_parallel(spec.component):
        number = len(load(folder, "filled"))
        rank = load(folder, "sequence_rank") if spec.column is not None else None
        places = order_of(np.arange(number, dtype=np.uint64), SEQUENCES, spec.seed, epoch, rank)
        documents, ends, firsts = lay_out_packed(order, tokens, load(folder, "bins"), places)
        arrays = [documents.astype(np.int32), ends.astype(np.int32), firsts]
    else:
        arrays = [order.astype(np.int32), lay_out(order, tokens)]
    paths = [epoch_path(folder, epoch, name) for name in names]
    _save(record, dict(zip(paths, arrays, strict=True)), spec, {"epoch": epoch})


def _save(record: Path, arrays: Mapping[Path, np.ndarray], spec: StreamSpec, facts: Mapping[str, Any]) -> None:
    """Write arrays, and then a record of them: what is there without one does not count."""
    record.unlink(missing_ok=True)
    for path, array in arrays.items():
        save_array(path, array)
    checksums = {path.name: checksum(path) for path in arrays}
    write_json(record, {"spec": asdict(spec), "facts": dict(facts), "checksums": checksums})


def sound(record: Path) -> bool:
    """Whether a record is there and its arrays are what it says; each state of a record is read once in a process."""
    try:
        return _read_sound(record, record.stat().st_mtime_ns)
    except FileNotFoundError:
        return False


@lru_cache(maxsize=65_536)
def _read_sound(record: Path, _written: int) -> bool:
    try:
        checksums = json.loads(record.read_text(encoding="utf-8"))["checksums"]
        return all(checksum(record.parent / name) == found for name, found in checksums.items())
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def read_supply(root: Path, spec: StreamSpec) -> Supply:
    """What a stream that was built holds."""
    folder = root / spec.name
    facts = json.loads((folder / STREAM).read_text(encoding="utf-8"))["facts"]
    if "packed" not in facts:
        return Supply(length=spec.length, **facts)
    filled = np.load(array_path(folder, "filled"))
    rank = load(folder, "sequence_rank") if spec.column is not None else None
    ends: dict[int, np.ndarray] = {}

    def cumulative(epoch: int) -> np.ndarray:
        if epoch not in ends:
            places = order_of(np.arange(len(filled), dtype=np.uint64), SEQUENCES, spec.seed, epoch, rank)
            ends[epoch] = np.cumsum(filled[places])
        return ends[epoch]

    return Supply(length=spec.length, filled=cumulative, **facts)


def save_array(path: Path, array: np.ndarray) -> None:
    """Write an array as .npy atomically."""
    with atomic_path(path) as temporary, open(temporary, "wb") as handle:
        np.save(handle, array)
