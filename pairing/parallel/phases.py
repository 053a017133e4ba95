"""The phases that make parallel documents: locate, prepare, draw directions, write; groups out of the same pairs."""

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from pairing.config import ParallelConfig
from pairing.parallel.counts import programs_left_out
from pairing.parallel.group_steps import BuildGroups, WriteGroups
from pairing.parallel.locate import LocatePairs
from pairing.parallel.reading import scan_positions
from pairing.parallel.steps import DrawDirections, PrepareParallel, WriteParallel
from pipelines.executor import Phase
from pipelines.frames import read
from pipelines.positions import blocks, file_of
from pipelines.stage import StageContext

Made = dict[str, list[Path]]
"""Files by table."""

MATCHED = "matched"
"""Folder of the work folder with the functions that correspond."""


def write_parallel(
    context: StageContext, config: ParallelConfig, corpus: Path, pairs: Path, tokenizer: Path | None
) -> tuple[Made, dict[str, int]]:
    """Align the functions of all pairs, and write parallel documents.

    Args:
        context: of the stage.
        config: what is asked for.
        corpus: folder of the corpus.
        pairs: folder of the table pairs.
        tokenizer: counts tokens; None: they are estimated.

    Returns:
        the files of unit_pairs, unpaired_units, parallel and refused; and how many pairs, pairs of functions and
        groups (and programs that are left out of them) were offered, by level, as far as parallel documents of them
        are asked for.
    """
    places = context.work / "positions"
    context.run(Phase("positions", [LocatePairs(corpus, pairs, places)], 1))
    positions = scan_positions(places).select("bytes_a", "bytes_b").collect()
    sizes = (positions["bytes_a"] + positions["bytes_b"]).to_numpy().astype(np.int64)
    bounds = _bounds(sizes, config.task_bytes)
    tasks = len(bounds) - 1
    _write_pairs(context, config, corpus, pairs, tokenizer, bounds, float(sizes.sum()))
    numbers, offered = list(range(tasks)), {}
    pairs_written = any(form != "group" for form in config.forms)
    unit_pairs = [file_of(context.folder / "unit_pairs", number) for number in numbers]
    if pairs_written and "file" in config.levels:
        offered["file"] = len(sizes)
    if pairs_written and "function" in config.levels:
        offered["function"] = sum(pq.read_metadata(path).num_rows for path in unit_pairs)
    if "group" in config.forms:
        more, offered["group"] = _write_groups(context, config, corpus, pairs, tokenizer, bounds)
        numbers += more
    made = {table: [file_of(context.folder / table, n) for n in numbers] for table in ("parallel", "refused")}
    unpaired = [file_of(context.folder / "unpaired_units", number) for number in range(tasks)]
    return {"unit_pairs": unit_pairs, "unpaired_units": unpaired, **made}, offered


def _bounds(sizes: np.ndarray, limit: int) -> list[int]:
    """Where the runs of at most so many bytes begin, and the end; at least one run, which may be empty."""
    return [0, *(part.stop for part in blocks(sizes, limit))] if len(sizes) else [0, 0]


def _write_pairs(
    context: StageContext,
    config: ParallelConfig,
    corpus: Path,
    pairs: Path,
    tokenizer: Path | None,
    bounds: list[int],
    size: float,
) -> None:
    work, tasks = context.work, len(bounds) - 1
    items, drawn = work / "items", work / "directions.npy"
    prepare = PrepareParallel(
        corpus,
        pairs,
        work / "positions",
        context.folder,
        items,
        work / MATCHED,
        bounds,
        config,
        tokenizer,
        context.progress("align"),
    )
    context.run(Phase("align", [prepare], tasks, size))
    if config.directions == "balanced":
        context.run(Phase("directions", [DrawDirections(items, drawn, tasks, config.seed)], 1))
    counts = [pq.read_metadata(file_of(items, number)).num_rows for number in range(tasks)]
    starts = np.cumsum([0, *counts]).tolist()
    chosen = drawn if config.directions == "balanced" else None
    step = WriteParallel(items, starts, chosen, context.folder, config, context.progress("parallel"))
    context.run(Phase("parallel", [step], tasks, size))


def _write_groups(
    context: StageContext,
    config: ParallelConfig,
    corpus: Path,
    pairs: Path,
    tokenizer: Path | None,
    aligned: list[int],
) -> tuple[list[int], int]:
    """Write the groups; the numbers of their files, and how many groups and programs left out of them there are."""
    table, inside, left_out = (context.work / f"{name}.parquet" for name in ("groups", "group_pairs", "left_out"))
    build = BuildGroups(pairs, context.work / "positions", table, inside, left_out, config)
    context.run(Phase("groups", [build], 1))
    rows = read(table, columns=["group", "root", "bytes"])
    groups = rows.group_by("group", "root", maintain_order=True).agg(pl.len(), pl.col("bytes").sum())
    ends = np.cumsum([0, *groups["len"].to_list()])
    bounds = [int(ends[number]) for number in _bounds(groups["bytes"].to_numpy(), config.task_bytes)]
    first, tasks = len(aligned) - 1, len(bounds) - 1
    progress, matched = context.progress("group"), (context.work / MATCHED, aligned)
    step = WriteGroups(
        corpus, table, inside, left_out, matched, context.folder, bounds, first, config, tokenizer, progress
    )
    context.run(Phase("group", [step], tasks, float(rows["bytes"].sum())))
    numbers = list(range(first, first + tasks))
    lost = programs_left_out(table, [file_of(context.folder / "parallel", number) for number in numbers])
    return numbers, groups.height + pq.read_metadata(left_out).num_rows + lost
