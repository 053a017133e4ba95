"""Groups whose licences do not go together all at once: the largest part that does. Pure functions over frames."""

import polars as pl

from pairing.parallel.left_out import LEFT_OUT
from pairing.parallel.licences import Verdict, judge, largest_part
from pairing.parallel.refusals import INCOMPATIBLE

NAMES = ("id", "licence")


def compatible_parts(groups: pl.DataFrame, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The groups without the programs whose licences do not go with the others', and these, as `LEFT_OUT` says.

    A part that is written has the score of its whole group.

    Args:
        groups: as `group_table.SCHEMA` says.
        pairs: all that the groups are made of, with the licences of both.
    """
    sides = [pairs.select(pl.col(f"{name}_{side}").cast(pl.String).alias(name) for name in NAMES) for side in "ab"]
    known = pl.concat(sides).unique("id", keep="first", maintain_order=True)
    every = groups.join(known, on="id", how="left", maintain_order="left")
    found = [row for part in every.partition_by("group", "root", maintain_order=True) for row in _left_out(part)]
    lost = pl.DataFrame(found, schema={"root": pl.Int64, **LEFT_OUT}, orient="row")
    key = ["group", "root", "id"]
    kept = groups.join(lost.select("group", "root", id="id_a"), on=key, how="anti", maintain_order="left")
    return kept, lost.drop("root")


def _left_out(group: pl.DataFrame) -> list[tuple[object, ...]]:
    licences = group["licence"].to_list()
    if judge(licences) is not Verdict.INCOMPATIBLE:
        return []
    kept = set(largest_part(licences))
    named = ", ".join(dict.fromkeys(licences[number] or "unknown" for number in sorted(kept)))
    rows = enumerate(group.select("root", "group", "id", "language", "licence").iter_rows())
    return [
        (root, name, own, own, language, language, INCOMPATIBLE, f"{licence}, beside {named}")
        for number, (root, name, own, language, licence) in rows
        if number not in kept
    ]
