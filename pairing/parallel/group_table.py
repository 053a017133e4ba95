"""Groups as a table: the programs of each in the order in which they will stand. Pure functions over frames."""

from typing import Final

import numpy as np
import polars as pl

from pairing.config import ParallelConfig
from pairing.match.connect import connect
from pairing.match.identity import group_id
from pairing.parallel.directions import draw
from pairing.parallel.left_out import LEFT_OUT, left_out
from pairing.parallel.licence_parts import compatible_parts
from pairing.parallel.refusals import refusal_of

FACTS = ("licence_a", "licence_b", "contaminated")


SCHEMA: Final = {
    "group": pl.String,
    "root": pl.Int64,
    "score": pl.Float32,
    "id": pl.String,
    "language": pl.String,
    "file": pl.Int64,
    "row": pl.Int64,
    "bytes": pl.Int64,
}
"""The table of groups; `root` tells apart groups of one name."""


def judged(pairs: pl.DataFrame, config: ParallelConfig) -> pl.DataFrame:
    """The pairs with `reason` and `detail` of why they may not stand in one text, by their own columns; null: may."""
    kinds = pairs.select(FACTS).unique()
    why = [
        refusal_of(({"licence": a, "contaminated": found}, {"licence": b, "contaminated": found}), config)
        for a, b, found in kinds.iter_rows()
    ]
    told = {name: [each and getattr(each, name) for each in why] for name in ("reason", "detail")}
    kinds = kinds.with_columns(pl.Series(name, values, pl.String) for name, values in told.items())
    return pairs.join(kinds, on=FACTS, how="left", nulls_equal=True, maintain_order="left")


def group_tables(pairs: pl.DataFrame, config: ParallelConfig) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The groups whose programs may stand in one text, and what is left out of them since it may not.

    Args:
        pairs: as `reading.read_pairs` gives them.
        config: seed, and what is refused.

    Returns:
        the table of groups, as `SCHEMA` says, and that of `left_out`.
    """
    every = judged(pairs, config)
    refused = every.filter(pl.col("reason").is_not_null())
    groups, lost = group_table(every.filter(pl.col("reason").is_null()), config.seed), pl.DataFrame(schema=LEFT_OUT)
    if refused.height:
        lost = left_out(group_table(pairs, config.seed), groups, refused)
    if config.refuse_licences:
        groups, clashing = compatible_parts(groups, pairs)
        lost = pl.concat([lost, clashing]).sort(pl.all())
    return groups, lost


def group_table(pairs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One row a program of a group, as `SCHEMA` says; the score is the lowest of the group's pairs.

    The groups are in the order of their ids, and the programs of each in an order drawn by the seed. Where pairs have
    a column `group_id`, groups are made inside it; else out of all pairs that are connected.

    Args:
        pairs: as `reading.read_pairs` gives them.
        seed: of the order.
    """
    given = pl.col("group_id").cast(pl.String).fill_null("") if "group_id" in pairs.columns else pl.lit("")
    pairs = pairs.with_columns(given.alias("given"))
    sides = [
        pairs.select(
            "given", *(pl.col(f"{name}_{side}").alias(name) for name in ("id", "language", "file", "row", "bytes"))
        )
        for side in "ab"
    ]
    programs = pl.concat(sides).unique(["given", "id"]).sort("given", "id").with_row_index("number")
    if not programs.height:
        return pl.DataFrame(schema=SCHEMA)
    numbers = [_numbers(pairs, programs, side) for side in "ab"]
    language = programs["language"].rank("dense").to_numpy().astype(np.int64) - 1
    root = connect(numbers[0], numbers[1], language, pairs["score"].fill_null(1.0).to_numpy().astype(np.float64))
    inside = root[numbers[0]] == root[numbers[1]]
    scores = pl.DataFrame({"root": root[numbers[0]][inside], "score": pairs["score"].filter(pl.Series(inside))})
    programs = programs.with_columns(pl.Series("root", root)).join(
        scores.group_by("root").agg(pl.col("score").min()), on="root", how="inner", maintain_order="left"
    )
    return _ordered(programs, seed)


def _numbers(pairs: pl.DataFrame, programs: pl.DataFrame, side: str) -> np.ndarray:
    """The number of one program of each pair: int64 (pairs,)."""
    joined = pairs.join(
        programs, left_on=["given", f"id_{side}"], right_on=["given", "id"], how="left", maintain_order="left"
    )
    found: np.ndarray = joined["number"].to_numpy()
    return found.astype(np.int64)


def _ordered(programs: pl.DataFrame, seed: int) -> pl.DataFrame:
    names = programs.group_by("root").agg(pl.col("id"), pl.col("given").first())
    group = {root: given or group_id(ids) for root, ids, given in names.iter_rows()}
    named = programs.with_columns(pl.Series("group", [group[root] for root in programs["root"]], dtype=pl.String))
    order = [draw(seed, "order", name, i) for name, i in named.select("group", "id").iter_rows()]
    ordered = named.with_columns(pl.Series("order", order, dtype=pl.Int64)).sort("group", "root", "order", "id")
    return ordered.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
