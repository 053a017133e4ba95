"""What became of every pair, pair of functions and group, counted from the tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from contracts.errors import StageError
from pairing.config import ParallelConfig
from pairing.parallel.options import pair_forms
from pipelines.frames import scan


def parallel_counts(
    parallel: list[Path], refused: list[Path], offered: Mapping[str, int], config: ParallelConfig
) -> dict[str, Any]:
    """Documents by form, level and direction; and at each level what was offered, written and refused.

    Args:
        parallel: files of the table.
        refused: files of the table.
        offered: pairs, pairs of functions and groups that there are (file, function, group; programs that are left
            out of groups too), as far as they are asked for.
        config: forms.

    Raises:
        StageError: what was written and refused is not what was offered.
    """
    rows = scan(parallel).select("form", "level", "direction", "bytes", "pair_id", "units_dropped", "ids")
    kinds = ["form", "level", "direction"]
    facts = rows.group_by(kinds).agg(pl.len().alias("documents"), pl.col("bytes").sum()).sort(kinds).collect()
    found = {"/".join(names): {"documents": n, "bytes": size} for *names, n, size in facts.iter_rows()}
    why = scan(refused).group_by("level", "reason").len().sort("level", "reason").collect()
    items: dict[str, Any] = {}
    for level, number in sorted(offered.items(), key=_in_order):
        reasons = {reason: count for at, reason, count in why.iter_rows() if at == level}
        items[level] = item_counts(
            f"parallel documents, level {level}", number, _written(found, level, config), reasons
        )
    for level, form in (("file", pl.col("form") != "group"), ("group", pl.col("form") == "group")):
        if level in items:
            items[level]["fitted"], items[level]["units_dropped"] = _fitted(rows.filter(form))
    return {"parallel": found, "items": items}


def item_counts(what: str, offered: int, written: int, refused: dict[str, int]) -> dict[str, Any]:
    """What was offered, written and refused, by reason.

    Raises:
        StageError: it does not add up.
    """
    if offered != written + sum(refused.values()):
        raise StageError(
            f"{what}: {offered} offered, {written} written and {sum(refused.values())} refused; these must add up. "
            "glotmix is at fault: please report it"
        )
    return {"offered": offered, "written": written, "refused": refused}


def programs_left_out(groups: Path, parallel: list[Path]) -> int:
    """Programs of groups that are written which the texts do not hold.

    Args:
        groups: the table of groups.
        parallel: the files of their documents.
    """
    rows = scan([groups]).select("group", "root", "id")
    sizes = rows.group_by("group", "root").agg(pl.len().alias("size"))
    ids = pl.col("ids").list
    texts = scan(parallel).select(group="pair_id", id=ids.first(), held=ids.len())
    every = texts.join(rows, on=["group", "id"]).join(sizes, on=["group", "root"])
    return int(every.select((pl.col("size").cast(pl.Int64) - pl.col("held").cast(pl.Int64)).sum()).collect().item())


def _written(found: Mapping[str, Mapping[str, int]], level: str, config: ParallelConfig) -> int:
    """Items behind the documents of one form: each gives one for a direction, or two where programs stand alone."""
    if level == "group":
        return sum(v["documents"] for name, v in found.items() if name.startswith("group/"))
    form = pair_forms(config.forms)[0]
    documents = sum(v["documents"] for name, v in found.items() if name.startswith(f"{form}/{level}/"))
    each = (2 if form == "shuffled" else 1) * (2 if config.directions == "both" else 1)
    if documents % each:
        raise StageError(f"{form}, level {level}: {documents} documents, {each} for each item. Please report it")
    return documents // each


def _fitted(rows: pl.LazyFrame) -> tuple[int, int]:
    """Pairs or groups that lost functions to fit, and how many functions: every document of a pair lost the same."""
    lost = rows.filter(pl.col("units_dropped") > 0).group_by("pair_id").agg(pl.col("units_dropped").max())
    pairs, functions = lost.select(pl.len(), pl.col("units_dropped").sum()).collect().row(0)
    return int(pairs), int(functions)


def _in_order(item: tuple[str, int]) -> int:
    return ("file", "function", "group").index(item[0])
