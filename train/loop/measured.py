"""What the runs of a sweep measured, as one file that is the same whenever they are trained: costs left out."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from contracts.errors import StageError
from contracts.files import atomic_path
from contracts.runs import COSTS
from train.results.table import RunsTable
from train.run_folder import RUN
from train.sweep.folder import SweepFolder
from train.sweep.rows import Row


def measured(folder: SweepFolder, rows: Sequence[Row]) -> pl.DataFrame:
    """The points of the listed runs, by run and tokens; what earlier plans had trained stays in the runs table only.

    Args:
        folder: of the sweep.
        rows: its list, all finished.

    Raises:
        StageError: a finished run has no point in the table.
    """
    table = RunsTable(folder.runs).read(require_same_tokenizer=True)
    ids = {run_id_of(folder, row): row for row in rows}
    found = table.filter(pl.col("run_id").is_in(list(ids))).drop(*(name for name in COSTS if name in table.columns))
    missing = sorted(set(ids) - set(found["run_id"]))
    if missing:
        row = ids[missing[0]]
        raise StageError(
            f"{folder.runs}: no point of run {row.index} ({row.rung}, {row.mixture}), although it counts as finished; "
            f"remove {folder.done(row)}, and the same command trains it again"
        )
    return found.sort("run_id", "tokens")


def run_id_of(folder: SweepFolder, row: Row) -> str:
    """The id in the runs table of a finished run.

    Raises:
        StageError: its folder does not say.
    """
    path = folder.run(row) / RUN
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["run_id"])
    except (OSError, ValueError, KeyError) as error:
        raise StageError(
            f"{path}: cannot be read ({error}); remove {folder.done(row)}, and the same command trains the run again"
        ) from error


def write_measured(path: Path, frame: pl.DataFrame) -> None:
    """Write the points, whole or not at all."""
    with atomic_path(path) as temporary:
        frame.write_parquet(temporary, compression="zstd", statistics=False)


def counts_of(frame: pl.DataFrame, rows: Sequence[Row]) -> dict[str, Any]:
    """What a manifest counts of them."""
    sizes = {
        row["rung"]: {
            "n_parameters": row["n_parameters"],
            "runs": row["runs"],
            "points": row["points"],
            "tokens": row["tokens"],
            "epochs": row["epochs"],
        }
        for row in frame.group_by("rung", "n_parameters")
        .agg(
            pl.col("run_id").n_unique().alias("runs"),
            pl.len().alias("points"),
            pl.col("tokens").max(),
            pl.max_horizontal(pl.col("^epochs_.*$").max()).max().alias("epochs"),
        )
        .sort("n_parameters")
        .to_dicts()
    }
    return {
        "runs": len(rows),
        "points": len(frame),
        "mixtures": len({row.mixture for row in rows}),
        "n_parameters": int(frame["n_parameters"].max()),  # type: ignore[arg-type]
        "tokens": int(frame["tokens"].max()),  # type: ignore[arg-type]
        "by_size": sizes,
    }
