"""What refused pairs leave out of groups, so that nothing is lost without a reason. Pure functions over frames."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from pairing.parallel.refusals import Refusal
from pairing.parallel.rows import Row, refused_row

LEFT_OUT: Final = {
    "group": pl.String,
    "id_a": pl.String,
    "id_b": pl.String,
    "language_a": pl.String,
    "language_b": pl.String,
    "reason": pl.String,
    "detail": pl.String,
}
"""The table of what is left out: a group by its first and last program, or one program of it, which is then both."""


def left_out(whole: pl.DataFrame, kept: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """One row a group of which no program is kept, one a program that is left out of any other; as `LEFT_OUT` says.

    A program whose pairs are refused in part stays, by the others.

    Args:
        whole: the table of groups out of all pairs.
        kept: that out of the pairs that may stand in one text.
        refused: the other pairs, with reason and detail.
    """
    key = ["group", "id"] if "group_id" in refused.columns else ["id"]
    lost = whole.join(kept, on=key, how="anti", maintain_order="left")
    some = whole.join(kept, on=key, how="semi").select("group", "root").unique()
    told = _reasons(refused, key)
    programs = lost.join(some, on=["group", "root"], how="semi", maintain_order="left")
    programs = programs.join(told, on=key, how="inner", maintain_order="left").select(
        "group", *_ends(pl.col("id"), pl.col("id"), pl.col("language"), pl.col("language")), "reason",
        detail=pl.format("with {}: {}", "other", "detail").str.strip_suffix(": "),
    )  # fmt: skip
    groups = lost.join(some, on=["group", "root"], how="anti", maintain_order="left")
    groups = groups.join(told, on=key, how="inner", maintain_order="left")
    ends = _ends(pl.col("id").first(), pl.col("id").last(), pl.col("language").first(), pl.col("language").last())
    why = [pl.col(name).sort_by("reason", "detail").first() for name in ("reason", "detail")]
    groups = groups.group_by("group", "root", maintain_order=True).agg(*ends, *why).drop("root")
    return pl.concat([programs, groups]).select(list(LEFT_OUT)).sort(pl.all())


def _ends(id_a: pl.Expr, id_b: pl.Expr, language_a: pl.Expr, language_b: pl.Expr) -> list[pl.Expr]:
    found = {"id_a": id_a, "id_b": id_b, "language_a": language_a, "language_b": language_b}
    return [expression.alias(name) for name, expression in found.items()]


def _reasons(refused: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """For each program of refused pairs the first of their reasons, and the program that it is about."""
    if "group_id" in refused.columns:
        refused = refused.rename({"group_id": "group"})
    wanted = [name for name in key if name != "id"]
    sides = [
        refused.select(*wanted, "reason", "detail", id=f"id_{own}", other=f"id_{other}") for own, other in ("ab", "ba")
    ]
    return pl.concat(sides).sort(pl.all()).unique(key, keep="first", maintain_order=True)


def left_out_rows(table: pl.DataFrame) -> Iterator[Row]:
    """The rows of the table refused."""
    for row in table.iter_rows(named=True):
        ids, languages = [row["id_a"], row["id_b"]], [row["language_a"], row["language_b"]]
        yield refused_row("group", row["group"], ids, languages, Refusal(row["reason"], detail=row["detail"]))
