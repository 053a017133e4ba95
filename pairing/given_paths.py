"""Given pairs that name a document by its repository and its path there: replaced by its id."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import polars as pl

from contracts.errors import ConfigError
from contracts.tables import files_of
from pipelines.frames import scan

PLACE: Final = ("repo", "path")
"""Columns of documents that tell where a file stands; of a side of a pair with _a or _b behind them."""

MAX_NAMED: Final = 5


def place_columns(columns: Collection[str]) -> list[str]:
    """Which columns of a file of given pairs tell places: both of a side, or none of it."""
    sides = [[f"{name}_{side}" for name in PLACE] for side in "ab"]
    return [name for side in sides if set(side) <= set(columns) for name in side]


def nameless(columns: Collection[str]) -> list[str]:
    """The sides of which a file has no column that names documents."""
    places = place_columns(columns)
    return [side for side in "ab" if f"id_{side}" not in columns and f"path_{side}" not in places]


def by_place(given: pl.DataFrame, documents: Path) -> pl.DataFrame:
    """The pairs with ids where places were given and no id; of files that were rejected a text that is no id.

    Memory: the places that are named.

    Args:
        given: id_a, id_b and others; repo_a and path_a, repo_b and path_b, where a file had them.
        documents: the documents table.

    Raises:
        ConfigError: a place names several documents, or no file that the corpus read.
    """
    if not place_columns(given.columns):
        return given
    for side in "ab":
        if f"path_{side}" not in given.columns:
            given = given.with_columns(pl.lit(None, pl.String).alias(f"{name}_{side}") for name in PLACE)
    sides = [
        given.filter(pl.col(f"id_{side}").is_null()).select(pl.col(f"{name}_{side}").alias(name) for name in PLACE)
        for side in "ab"
    ]
    named = pl.concat(sides).drop_nulls().unique().sort(PLACE)
    found = _found(named, documents) if named.height else named.with_columns(id=pl.lit(""))
    for side in "ab":
        ids = found.rename({name: f"{name}_{side}" for name in PLACE} | {"id": "found"})
        given = given.join(ids, on=[f"{name}_{side}" for name in PLACE], how="left", maintain_order="left")
        given = given.with_columns(pl.coalesce(f"id_{side}", "found").alias(f"id_{side}")).drop("found")
    return given.drop(f"{name}_{side}" for name in PLACE for side in "ab")


def _found(named: pl.DataFrame, documents: Path) -> pl.DataFrame:
    """Places with their ids: repo, path, id."""
    there = _those(documents, named, "id").sort(*PLACE, "id")
    several = there.group_by(PLACE, maintain_order=True).agg("id").filter(pl.col("id").list.len() > 1)
    if several.height:
        repo, path, ids = several.row(0)
        raise ConfigError(
            f"pairs.given: {several.height:,} places name more than one document; repo {repo!r}, path {path!r} is "
            f"that of {len(ids)}, with the ids {', '.join(ids[:MAX_NAMED])}. Give the documents' ids there: id_a, id_b"
        )
    absent = named.join(there, on=PLACE, how="anti", maintain_order="left")
    rejected = documents.parent / "rejected"
    gone = _those(rejected, absent).unique(maintain_order=True) if rejected.is_dir() else absent.clear()
    unknown = absent.join(gone, on=PLACE, how="anti", maintain_order="left")
    if unknown.height:
        raise ConfigError(_nothing(unknown, documents))
    gone = gone.with_columns(id=pl.format("{}/{} (rejected)", *PLACE))
    return pl.concat([there.select(*PLACE, "id"), gone.select(*PLACE, "id")])


def _those(table: Path, named: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Rows of a table that stand at these places: these, and the columns."""
    rows = scan(files_of(table)).select(*PLACE, *columns)
    return rows.join(named.lazy(), on=PLACE, how="semi").collect(engine="streaming")


def _nothing(unknown: pl.DataFrame, documents: Path) -> str:
    repo, path = unknown.row(0)
    rows = scan(files_of(documents)).filter(pl.col("path") == path).select(pl.col("repo").unique().sort())
    others = rows.collect()["repo"].to_list()
    there = f"that path is in {', '.join(map(repr, others[:MAX_NAMED]))}" if others else "no document has that path"
    return (
        f"pairs.given: {unknown.height:,} places name no file that the corpus read; the first is repo {repo!r}, path "
        f"{path!r} ({there}). They are the columns repo and path of documents: glotmix inspect CORPUS/documents "
        "--columns repo,path"
    )
