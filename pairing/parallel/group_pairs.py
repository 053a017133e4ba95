"""Which pairs connect the programs of each group: a table in the order of the groups. Pure functions over frames."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from pairing.parallel.fit import Match
from pairing.parallel.matched import matches_of
from pipelines.frames import scan

SCHEMA: Final = {"first": pl.Int64, "number": pl.Int64, "row_a": pl.Int64, "row_b": pl.Int64}
"""Numbers: of the row of the table of groups at which the group begins, of the pair, of the rows of its programs."""


def group_pairs(groups: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of which both programs stand in one group, as `SCHEMA` says.

    Args:
        groups: as `group_table.SCHEMA` says.
        pairs: all, in their order.
    """
    key = ["group", "root"]
    rows = groups.select(*key, "id").with_row_index("row_a")
    rows = rows.with_columns(pl.col("row_a").min().over(key).alias("first"))
    found = pairs.select("id_a", "id_b").with_row_index("number").join(rows, left_on="id_a", right_on="id")
    found = found.join(rows.select(*key, row_b="row_a", id_b="id"), on=[*key, "id_b"])
    return found.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort("first", "number")


def read_group_matches(
    table: Path, ids: Sequence[str], first: int, folder: Path, bounds: Sequence[int]
) -> dict[tuple[str, str], list[Match]]:
    """Corresponding functions of the pairs inside some groups, by the ids of a and b.

    Args:
        table: of the pairs of groups.
        ids: of the programs, a run of rows of the table of groups.
        first: number of the first of these rows.
        folder: matches, see `matched`.
        bounds: of their tasks.
    """
    inside = (pl.col("first") >= first) & (pl.col("first") < first + len(ids))
    rows = scan(table).filter(inside).select("number", "row_a", "row_b").collect().sort("number")
    found = matches_of(folder, bounds, rows["number"].to_list())
    return {(ids[a - first], ids[b - first]): own for (_, a, b), own in zip(rows.iter_rows(), found, strict=True)}
