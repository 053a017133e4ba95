"""Predicted pairs as evaluation reads them, with the names that the gold gives their documents."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from contracts.errors import ConfigError
from contracts.tables import files_of
from pairing.evaluate.functions import LINES
from pipelines.frames import scan

COLUMNS_OF_NAMES = ("id", "source_id", "repo/path")
"""Columns of documents in which names are looked for; the first that has one counts."""

FACTS = ("id", "source_id", "repo", "path", "language")
OPTIONAL = {
    "pair_id": pl.String,
    "score": pl.Float64,
    "kind": pl.String,
    "origin": pl.String,
    "language_a": pl.String,
    "language_b": pl.String,
}
"""Columns of a table of pairs that are read where they are there."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the gold calls documents.

    Attributes:
        documents: name, id of those in the corpus that the gold names, and the column that has the name.
        rejected: name, id, reason (its step and code) of those that the corpus rejected, or for which mining let
            another document of the same language stand.
        languages: id, language of every document in the corpus.
    """

    documents: pl.DataFrame
    rejected: pl.DataFrame
    languages: pl.DataFrame


def read_table(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """A table of pairs, or of pairs of functions: the given columns, and OPTIONAL ones, null where absent.

    Args:
        path: Parquet, CSV, or a folder of Parquet.
        columns: what it must have.

    Raises:
        ConfigError: it cannot be read, or lacks a column.
    """
    try:
        frame = pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else _parquet(path, columns)
        if missing := [c for c in columns if c not in frame.columns]:
            raise ConfigError(f"{path}: lacks the column {missing[0]}; it has {', '.join(frame.columns)}")
        absent = [pl.lit(None, kind).alias(c) for c, kind in OPTIONAL.items() if c not in frame.columns]
        frame = frame.with_columns(absent).select(list(dict.fromkeys((*columns, *OPTIONAL))))
        types = {c: pl.Int64 if c in LINES else pl.String for c in columns} | OPTIONAL
        return frame.with_columns(pl.col(c).cast(kind) for c, kind in types.items()).drop_nulls(list(columns))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ConfigError(f"{path}: cannot be read as a table of pairs ({error})") from error


def _parquet(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    lazy = scan(files_of(path) if path.is_dir() else path)
    there = lazy.collect_schema().names()
    return lazy.select([c for c in there if c in columns or c in OPTIONAL]).collect()


def read_names(corpus: Path, ids: pl.Series, copies: Path | None = None) -> Names:
    """Which documents of a corpus the gold names, by id, source_id, or repository/path.

    Args:
        corpus: folder of the corpus.
        ids: what the gold names.
        copies: table of the documents that are not mined, since another one stands for them; may be absent.

    Raises:
        StageError: there is no corpus.
        ConfigError: a name means several documents.
    """
    facts = scan(files_of(corpus / "documents")).select(FACTS).collect()
    documents = _named(facts, ids)
    several = documents.filter(pl.col("name").is_duplicated()).sort("name", "id")
    if several.height:
        name = several["name"][0]
        meant = several.filter(pl.col("name") == name)["id"].to_list()
        raise ConfigError(
            f"the gold's {name!r} means {len(meant)} documents of {corpus}: {', '.join(meant[:5])}; "
            "name them by the ids of the documents table"
        )
    rejected = scan(files_of(corpus / "rejected")).select(*FACTS, "step", "reason").collect()
    gone = _named(rejected, ids, pl.concat_str("step", "reason", separator=": ").alias("reason")).drop("column")
    gone = gone.join(documents, on="name", how="anti", maintain_order="left")
    gone = gone.sort("name", "id").unique("name", keep="first", maintain_order=True)
    if copies is not None and copies.is_dir():
        reason = pl.concat_str(pl.lit("copy: "), "reason").alias("reason")
        copied = documents.join(scan(files_of(copies)).select("id", reason).collect(), on="id").drop("column")
        gone = pl.concat([gone, copied])
    return Names(documents, gone, facts.select("id", "language"))


def _named(facts: pl.DataFrame, ids: pl.Series, *more: pl.Expr) -> pl.DataFrame:
    wanted = pl.DataFrame({"name": ids})
    ways = (  # of COLUMNS_OF_NAMES
        pl.col("id"),
        pl.when(pl.col("source_id") != "").then("source_id"),
        pl.when(pl.col("path") != "").then(pl.concat_str("repo", "path", separator="/")),
    )
    found = [
        wanted.join(
            facts.select(way.alias("name"), "id", *more, pl.lit(column).alias("column")),
            on="name",
            how="inner",
            maintain_order="left",
        )
        for column, way in zip(COLUMNS_OF_NAMES, ways, strict=True)
    ]
    return pl.concat(found).unique(["name", "id"], keep="first", maintain_order=True)


def refuse_unknown(names: Names, ids: pl.Series, corpus: Path) -> None:
    """Refuse a gold of another corpus.

    Raises:
        ConfigError: not one of its ids is a document or rejected file of the corpus.
    """
    if names.documents.height or names.rejected.height or not len(ids):
        return
    there = scan(files_of(corpus / "documents")).select(FACTS).head(1).collect().to_dicts()
    example = "it has none"
    if there:
        repo, path = there[0]["repo"], there[0]["path"]
        named = (there[0]["id"], there[0]["source_id"], f"{repo}/{path}" if path else "")
        pairs = zip(COLUMNS_OF_NAMES, named, strict=True)
        example = "the first has " + ", ".join(f"{column} {value or 'empty'}" for column, value in pairs)
    raise ConfigError(
        f"0 of {len(ids):,} ids of the gold are in {corpus}: looked for {ids[0]} and the others in "
        f"{', '.join(COLUMNS_OF_NAMES)} of {names.languages.height:,} documents, and of rejected files; {example}. "
        "Give the gold of this corpus, or with --documents the corpus of this gold"
    )


def languages_of(names: Names) -> pl.DataFrame:
    """name, corpus: the language that the corpus gives each document that the gold names."""
    return names.documents.join(names.languages, on="id").select("name", pl.col("language").alias("corpus"))


def renamed(pairs: pl.DataFrame, names: Names) -> pl.DataFrame:
    """The same pairs with the gold's names in id_a and id_b, where it has any."""
    by_id = names.documents.sort("id", "name").unique("id", keep="first", maintain_order=True)
    for side in "ab":
        column = f"id_{side}"
        called = by_id.select(pl.col("id").alias(column), pl.col("name").alias("called"))
        pairs = pairs.join(called, on=column, how="left", maintain_order="left")
        pairs = pairs.with_columns(pl.coalesce("called", column).alias(column)).drop("called")
    return pairs
