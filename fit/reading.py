"""Reads a runs table into points: glotmix's own, or a table of yours whose columns you name."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from contracts.errors import StageError
from fit.laws.law import UNSEEN, VARIES
from fit.points import Array, Inputs, Points
from fit.table import values
from fit.table.cells import Columns
from fit.table.compare import check_hashes, equal_rows, mixed_strategies, numbered_runs, repeated
from fit.table.exclusions import usable_rows
from fit.table.files import open_table
from fit.table.mapping import POOL, Mapping, Request, map_columns


@dataclass(frozen=True, slots=True)
class Reading:
    """Points, and how they were read."""

    points: Points
    path: Path
    rows: int
    """Rows of the table."""
    mapping: Mapping
    """Which column means what."""
    places: list[str]
    """Where each point stands in the file."""
    notes: tuple[str, ...] = field(default_factory=tuple)
    """What a reader should know, a sentence each."""

    def record(self) -> dict[str, Any]:
        """As JSON takes it."""
        mapping = self.mapping
        return {
            "table": self.path.name,
            "rows": self.rows,
            "points": len(self.points),
            "n": mapping.n,
            "d": mapping.d,
            "flops": mapping.flops,
            "losses": mapping.losses,
            "shares": mapping.shares,
            "unique": mapping.pool or mapping.unique,
            "run": mapping.run,
            "notes": list(self.notes),
        }


def read_points(path: Path, **options: Any) -> Points:
    """Read a runs table.

    Args:
        path: CSV, JSON lines or Parquet, or the folder of a runs table.
        options: what `fit.table.mapping.Request` lists, such as n="params", d="tokens", loss_column="loss".

    Raises:
        ConfigError: a column is missing, or an option cannot be.
        StageError: a value cannot be; names the row.
    """
    return read(path, Request(**options)).points


def read(path: Path, request: Request | None = None) -> Reading:
    """The same, with what a command tells about it."""
    request = request or Request()
    path = Path(path)
    table = open_table(path)
    mapping = map_columns(table.names, request)
    columns = table.read(mapping.numbers, mapping.texts)
    try:
        return to_points(path, columns, mapping, request)
    except StageError as error:
        raise StageError(f"{path}: {error}") from error


def to_points(path: Path, columns: Columns, mapping: Mapping, request: Request) -> Reading:
    """Points out of columns: rows that cannot be used are left out and counted, values that cannot be are errors."""
    kept = usable_rows(columns, mapping, request)
    used, excluded = kept.columns, dict(kept.excluded)
    values.check_cells(used, mapping)
    check_hashes(used, mapping, request)
    n, d = values.scales(used, mapping)
    losses = values.losses(used, mapping)
    shares, scaled = values.shares(used, mapping)
    unique = values.unique(used, mapping, shares)
    runs, unnamed = numbered_runs(used, mapping)
    everything = np.concatenate([n[:, None], d[:, None], shares, losses], axis=1)
    again = repeated(used, mapping, runs, everything) if request.need_losses else np.zeros(len(n), bool)
    if again.any():
        excluded["measured twice, with the same result"] = int(again.sum())
    notes = _row_notes(used, mapping, everything, scaled, unnamed)
    names = (POOL,) if mapping.pool else tuple(mapping.shares)
    inputs, more = _components(Inputs(n, d, shares, unique, names), request)
    targets, losses, dropped = _targets(mapping, losses, request)
    points = Points(inputs, losses, targets, runs, np.ones(len(n)), excluded).take(~again)
    return Reading(
        points=replace(points, identity=identity_of(points)),
        path=path,
        rows=len(columns),
        mapping=mapping,
        places=[used.at(int(index)) for index in np.flatnonzero(~again)],
        notes=(*notes, *more, *dropped, *_scales(points)),
    )


def _row_notes(columns: Columns, mapping: Mapping, everything: Array, scaled: int, unnamed: int) -> list[str]:
    found = []
    if mapping.run is None and (equal := equal_rows(everything)):
        found.append(
            f"{equal} rows are equal to earlier ones; all count, as no column says which run they are of (--run)"
        )
    if scaled:
        found.append(f"shares of {scaled} rows did not sum to 1 exactly (within {values.TOLERANCE}) and were scaled")
    if unnamed:
        found.append(f"{unnamed} rows name no run; each counts as one of its own")
    if note := mixed_strategies(columns, mapping):
        found.append(note)
    return found


def identity_of(points: Points) -> str:
    """Hash of what is fitted: names and values, not where they came from."""
    found = hashlib.sha256(json.dumps([points.components, points.targets, points.losses.shape]).encode())
    inputs = points.inputs
    for part in (inputs.n, inputs.d, inputs.shares, inputs.unique, points.losses, points.runs):
        found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()


def _components(inputs: Inputs, request: Request) -> tuple[Inputs, list[str]]:
    """The components asked for, with share 0 where they have no column; by default those that some row has."""
    known = inputs.components
    if request.components is None:
        used = [c for c, share in zip(known, inputs.shares.T, strict=True) if (share > 0).any()]
        unused = [c for c in known if c not in used]
        note = [f"no row has a share of {', '.join(unused)}: left out of the mixture"] if unused else []
        return _chosen(inputs, used), note
    return _chosen(inputs, request.components if known else ()), []


def _chosen(inputs: Inputs, wanted: Sequence[str]) -> Inputs:
    rows = len(inputs)
    shares, unique = np.zeros((rows, len(wanted))), np.full((rows, len(wanted)), np.inf)
    for place, component in enumerate(wanted):
        if component in inputs.components:
            column = inputs.components.index(component)
            shares[:, place], unique[:, place] = inputs.shares[:, column], inputs.unique[:, column]
    return Inputs(inputs.n, inputs.d, shares, unique, tuple(wanted))


def _targets(mapping: Mapping, losses: Array, request: Request) -> tuple[tuple[str, ...], Array, list[str]]:
    """Targets that some row has a loss on; one asked for by name must have one."""
    measured = [bool(np.isfinite(column).any()) for column in losses.T]
    names = list(mapping.losses)
    absent = [name for name, there in zip(names, measured, strict=True) if not there]
    if not absent or not request.need_losses:
        return tuple(names), losses, []
    if request.targets is not None and (named := [name for name in absent if name in request.targets]):
        raise StageError(f"--targets {', '.join(named)}: no row that is used has a loss on it; leave it out")
    kept = tuple(name for name in names if name not in absent)
    told = [name for name in absent if name != UNSEEN or request.targets is not None]
    note = [f"no row has a loss on {', '.join(told)}: left out of the targets"] if told else []
    return kept, losses[:, measured], note


def _scales(points: Points) -> list[str]:
    found = []
    for symbol, what, given in (("N", "model size", points.inputs.n), ("D", "number of tokens", points.inputs.d)):
        if given.max() / given.min() <= VARIES:
            found.append(
                f"all points have the same {what} (within {VARIES - 1:.0%}): nothing can be said of other {symbol}"
            )
    return found
