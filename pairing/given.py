"""Pairs that the user brings: read, resolved to documents of the corpus, checked."""

from pathlib import Path

import polars as pl

from contracts.errors import ConfigError
from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pipelines.frames import scan

MAX_NAMED = 5


def read_given(paths: tuple[str, ...], base: Path) -> pl.DataFrame:
    """All given pairs: id_a, id_b (strings), score (Float64, null if none), kind (string, null if none).

    Raises:
        ConfigError: a file is missing, has another format, lacks id_a or id_b, or holds a score that is no number
            in 0..1.
    """
    frames = [pl.DataFrame(schema={"id_a": pl.String, "id_b": pl.String, "score": pl.Float64, "kind": pl.String})]
    for name in paths:
        path = base / name
        if not path.is_file():
            raise ConfigError(f"pairs.given: {path}: no such file")
        try:
            frame = pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise ConfigError(f"pairs.given: {path}: neither CSV nor Parquet ({error})") from error
        missing = {"id_a", "id_b"} - set(frame.columns)
        if missing:
            raise ConfigError(f"pairs.given: {path} lacks {sorted(missing)}; it has {frame.columns}")
        for column in ("score", "kind"):
            if column not in frame.columns:
                frame = frame.with_columns(pl.lit(None).alias(column))
        frames.append(_typed(frame, path))
    return pl.concat(frames)


def _typed(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    try:
        typed = frame.select(
            pl.col("id_a", "id_b", "kind").cast(pl.String),
            pl.col("score").cast(pl.Float64),
        )
    except pl.exceptions.PolarsError as error:
        raise ConfigError(f"pairs.given: {path}: a score is not a number ({error})") from error
    wrong = typed.filter(~pl.col("score").is_between(0, 1))
    if wrong.height:  # also NaN
        raise ConfigError(f"pairs.given: {path}: score {wrong['score'][0]}; scores lie in 0..1, or are left empty")
    return typed.select("id_a", "id_b", "score", "kind")


def _refuse_ambiguous(by_name: pl.DataFrame) -> None:
    """A source_id that several sources use names no document."""
    several = by_name.group_by("name").agg(pl.len(), pl.col("id").sort()).filter(pl.col("len") > 1).sort("name")
    if several.height:
        name, count, ids = several.row(0)
        raise ConfigError(
            f"pairs.given: {several.height} names mean more than one document; {name!r} is the source_id of {count}, "
            f"with the ids {', '.join(ids[:MAX_NAMED])}. Give the documents' ids (column id of documents)"
        )


def resolve(given: pl.DataFrame, documents: Path) -> tuple[pl.DataFrame, int]:
    """Replace ids and source_ids by ids of the corpus.

    Args:
        given: as `read_given` gives it.
        documents: the documents table.

    Returns:
        the pairs both of whose sides are code of the corpus in different languages, unique; and how many are not.

    Raises:
        ConfigError: none of the given pairs is in the corpus, or a source_id names several documents.
    """
    if not given.height:
        return given.with_columns(pl.lit("").alias("language_a"), pl.lit("").alias("language_b")), 0
    names = pl.concat([given["id_a"], given["id_b"]]).unique().implode()
    known = (
        scan(files_of(documents))
        .select("id", "source_id", "language")
        .filter(pl.col("language").is_in(LANGUAGE_NAMES))
        .filter(pl.col("id").is_in(names) | pl.col("source_id").is_in(names))
        .collect()
    )
    by_name = pl.concat(
        [
            known.select(pl.col("id").alias("name"), "id", "language"),
            known.filter(pl.col("source_id") != "").select(pl.col("source_id").alias("name"), "id", "language"),
        ]
    ).unique(["name", "id"], maintain_order=True)
    _refuse_ambiguous(by_name)
    pairs = given
    for side in "ab":
        named = by_name.rename({"name": f"id_{side}", "id": f"found_{side}", "language": f"language_{side}"})
        pairs = pairs.join(named, on=f"id_{side}", how="left", maintain_order="left")
    usable = pairs.filter(
        pl.col("found_a").is_not_null()
        & pl.col("found_b").is_not_null()
        & (pl.col("language_a") != pl.col("language_b"))
    )
    if not usable.height:
        example = given.head(MAX_NAMED).select("id_a", "id_b").rows()
        raise ConfigError(
            f"pairs.given: no pair has both sides in the corpus; the first are {example}. Both must be code, in two "
            "languages"
        )
    usable = usable.with_columns(pl.col("found_a").alias("id_a"), pl.col("found_b").alias("id_b"))
    return usable.drop("found_a", "found_b").unique(["id_a", "id_b"], keep="first", maintain_order=True), (
        given.height - usable.height
    )
