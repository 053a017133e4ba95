"""Pairs that the user brings: read, resolved to documents of the corpus, checked."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from contracts.errors import ConfigError
from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pairing.match.connect import connect
from pipelines.frames import scan

MAX_NAMED = 5

KINDS = ("close", "loose")
"""Kinds of pairs."""


class Given(NamedTuple):
    """What the user's pairs are in the corpus.

    Attributes:
        pairs: id_a, id_b, score, kind, language_a, language_b, in the order of the files; no two name the same
            documents, and none contradicts another.
        not_in_corpus: how many have a side that is no code of the corpus, or both in one language.
        repeated: how many name the documents of an earlier one, in whichever order.
        contradicting: id_a, id_b, language_a, language_b and detail of those that would bring two documents of one
            language into a group.
    """

    pairs: pl.DataFrame
    not_in_corpus: int
    repeated: int
    contradicting: pl.DataFrame


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
    other = typed.filter(~pl.col("kind").is_in(KINDS))
    if other.height:
        raise ConfigError(f"pairs.given: {path}: kind {other['kind'][0]!r}; it is close or loose, or left empty")
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


def resolve(given: pl.DataFrame, documents: Path) -> Given:
    """Replace ids and source_ids by ids of the corpus, and leave out what cannot be used.

    Of pairs that name the same documents, in whichever order, the first one counts. Of pairs that contradict each
    other, by which a group would hold two documents of one language, the surer ones stay, one without a score before
    any other, and of equals the first.

    Args:
        given: as `read_given` gives it.
        documents: the documents table.

    Raises:
        ConfigError: none of the given pairs is in the corpus, or a source_id names several documents.
    """
    if not given.height:
        return Given(_nothing(given), 0, 0, _nothing(given).select(*ENDS, detail=pl.lit("")))
    by_name = _by_name(given, documents)
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
    ends = (pl.min_horizontal("id_a", "id_b").alias("first"), pl.max_horizontal("id_a", "id_b").alias("second"))
    unique = usable.with_columns(ends).unique(["first", "second"], keep="first", maintain_order=True)
    kept, contradicting = consistent(unique.drop("found_a", "found_b", "first", "second"))
    return Given(kept, given.height - usable.height, usable.height - unique.height, contradicting)


ENDS = ("id_a", "id_b", "language_a", "language_b")


def _nothing(given: pl.DataFrame) -> pl.DataFrame:
    return given.with_columns(pl.lit("").alias("language_a"), pl.lit("").alias("language_b"))


def _by_name(given: pl.DataFrame, documents: Path) -> pl.DataFrame:
    """Documents that pairs name: name (id or source_id), id, language."""
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
    return by_name


def consistent(pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs whose groups hold one document of a language at most, and those that are cut for it with the reason.

    Args:
        pairs: id_a, id_b, score, language_a, language_b; unique.
    """
    names = pl.concat([pairs.select(id=f"id_{side}", language=f"language_{side}") for side in "ab"])
    documents = names.unique("id", keep="first", maintain_order=True).with_row_index("number")
    number = dict(documents.select("id", "number").iter_rows())
    a, b = (np.array([number[i] for i in pairs[f"id_{side}"]], np.int64) for side in "ab")
    order = np.lexsort((np.arange(pairs.height), -pairs["score"].fill_null(1.0).to_numpy()))
    surer = np.empty(pairs.height)
    surer[order] = -np.arange(pairs.height)
    language = documents["language"].rank("dense").to_numpy().astype(np.int64) - 1
    root = connect(a, b, language, surer)
    inside = pl.Series(root[a] == root[b], dtype=pl.Boolean)
    ids, languages = documents["id"].to_list(), documents["language"].to_list()
    groups: dict[int, dict[str, str]] = {}
    for one, group in enumerate(root.tolist()):
        groups.setdefault(group, {})[languages[one]] = ids[one]
    cut = (root[a] != root[b]).nonzero()[0].tolist()
    details = [_contradiction(groups[int(root[a[i]])], groups[int(root[b[i]])]) for i in cut]
    reasons = pl.Series("detail", details, pl.String)
    return pairs.filter(inside), pairs.filter(~inside).select(ENDS).with_columns(reasons)


def _contradiction(one: dict[str, str], other: dict[str, str]) -> str:
    """What two groups have both, by language: the documents that would stand in one group."""
    both = min(language for language in one if language in other)
    return f"{one[both]} and {other[both]} are both {both}, and surer or earlier given pairs keep them apart"
