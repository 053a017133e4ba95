"""Pairs that the user brings: read, resolved to documents of the corpus, checked."""

from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from contracts.errors import ConfigError
from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pairing.given_paths import PLACE, by_place, nameless, place_columns
from pipelines.frames import scan

MAX_NAMED = 5

KINDS = ("close", "loose")
"""Kinds of pairs."""

COLUMNS: Final = ("id_a", "id_b", "score", "kind", "repo_a", "path_a", "repo_b", "path_b")
"""Columns of a file of given pairs; it may have others, which are not read."""

NEAR: Final = 0.75
"""Likeness (difflib's ratio) from which a column is taken for a misspelt one: `scor`, `knd` and `kinds` are, `id` and
`note` are not."""


class Given(NamedTuple):
    """What the user's pairs are in the corpus.

    Attributes:
        pairs: id_a, id_b, score, kind, language_a, language_b, in the order of the files; no two name the same
            documents, and none contradicts another.
        not_in_corpus: how many have a side that is no code of the corpus.
        one_language: how many have both sides in the corpus, in one language; a document with itself too.
        repeated: how many name the documents of an earlier one, in whichever order.
        contradicting: id_a, id_b, language_a, language_b and detail of those that would bring two documents of one
            language into a group.
    """

    pairs: pl.DataFrame
    not_in_corpus: int
    one_language: int
    repeated: int
    contradicting: pl.DataFrame

    @property
    def total(self) -> int:
        """Rows in the user's files."""
        left_out = self.not_in_corpus + self.one_language + self.repeated + self.contradicting.height
        return self.pairs.height + left_out


def read_given(paths: tuple[str, ...], base: Path) -> pl.DataFrame:
    """All given pairs: id_a, id_b (strings), score (Float64, null if none), kind (string, null if none).

    Where a file names documents by repository and path, those stand beside them, see `given_paths`.

    Raises:
        ConfigError: a file is missing, has another format, lacks what names documents, has a misspelt column, or holds
            a score that is no number in 0..1.
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
        _refuse_misspelt(frame.columns, path)
        if sides := nameless(frame.columns):
            missing = " and ".join(f"id_{side} (or repo_{side} and path_{side})" for side in sides)
            raise ConfigError(f"pairs.given: {path} lacks {missing}; it has {frame.columns}")
        for column in ("id_a", "id_b", "score", "kind"):
            if column not in frame.columns:
                frame = frame.with_columns(pl.lit(None).alias(column))
        frames.append(_typed(frame, path))
    return pl.concat(frames, how="diagonal")


def _refuse_misspelt(columns: list[str], path: Path) -> None:
    """A column that is none of those that are read, and near one that the file lacks, was meant as that one."""
    sides = [f"{name}_{side}" for side in nameless(columns) for name in ("id", *PLACE)]
    lacking = [name for name in (*sides, "score", "kind") if name not in columns]
    for column in columns:
        meant = get_close_matches(column.strip().lower(), lacking, 1, NEAR) if column not in COLUMNS else []
        if meant:
            raise ConfigError(
                f"pairs.given: {path}: column {column!r} is not read; did you mean {meant[0]}? Rename it: columns "
                f"that are read are {', '.join(COLUMNS)}"
            )


def _typed(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    try:
        typed = frame.select(
            pl.col("id_a", "id_b", "kind", *place_columns(frame.columns)).cast(pl.String),
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
    return typed.select("id_a", "id_b", "score", "kind", *place_columns(frame.columns))


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
    """Replace ids, source_ids and places by ids of the corpus, and leave out what cannot be used.

    Of pairs that name the same documents, in whichever order, the first one counts. Of pairs that contradict each
    other, by which a group would hold two documents of one language, those with the higher score stay, and of equals
    the first in the files. A pair without a score is as sure as one with 1.

    Args:
        given: as `read_given` gives it.
        documents: the documents table.

    Raises:
        ConfigError: none of the given pairs is in the corpus, a source_id or place names several documents, or a place
            no file that the corpus read.
    """
    given = by_place(given, documents)
    if not given.height:
        return Given(_nothing(given), 0, 0, 0, _nothing(given).select(*ENDS, detail=pl.lit("")))
    by_name = _by_name(given, documents)
    pairs = given
    for side in "ab":
        named = by_name.rename({"name": f"id_{side}", "id": f"found_{side}", "language": f"language_{side}"})
        pairs = pairs.join(named, on=f"id_{side}", how="left", maintain_order="left")
    there = pairs.filter(pl.col("found_a").is_not_null() & pl.col("found_b").is_not_null())
    usable = there.filter(pl.col("language_a") != pl.col("language_b"))
    absent, one_language = given.height - there.height, there.height - usable.height
    if not usable.height:
        example = given.head(MAX_NAMED).select("id_a", "id_b").rows()
        raise ConfigError(
            f"pairs.given: no pair can be used: {absent:,} are not in the corpus with both sides, and "
            f"{one_language:,} are of one language; the first are {example}. Both must be code, in two languages"
        )
    usable = usable.with_columns(pl.col("found_a").alias("id_a"), pl.col("found_b").alias("id_b"))
    ends = (pl.min_horizontal("id_a", "id_b").alias("first"), pl.max_horizontal("id_a", "id_b").alias("second"))
    unique = usable.with_columns(ends).unique(["first", "second"], keep="first", maintain_order=True)
    kept, contradicting = consistent(unique.drop("found_a", "found_b", "first", "second"))
    return Given(kept, absent, one_language, usable.height - unique.height, contradicting)


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

    Each pair in turn joins the groups of its documents or is cut: by score, the highest first and none as 1, then in
    the order given. So what stands against a pair that is cut are pairs before it.

    Args:
        pairs: id_a, id_b, score, language_a, language_b; unique.
    """
    group: dict[str, dict[str, str]] = {}
    details: list[str | None] = [None] * pairs.height
    rows = pairs.select(ENDS).rows()
    scores = pairs["score"].fill_null(1.0).to_list()
    for number in sorted(range(pairs.height), key=lambda n: -scores[n]):  # stable: of equals the first
        id_a, id_b, language_a, language_b = rows[number]
        one, other = group.setdefault(id_a, {language_a: id_a}), group.setdefault(id_b, {language_b: id_b})
        if one is other:
            continue
        if both := one.keys() & other.keys():
            details[number] = _contradiction(one, other, min(both))
            continue
        one |= other
        group |= dict.fromkeys(other.values(), one)
    told = pl.Series("detail", details, pl.String)
    return pairs.filter(told.is_null()), pairs.select(*ENDS, told).filter(told.is_not_null())


def _contradiction(one: dict[str, str], other: dict[str, str], language: str) -> str:
    """Which documents of a language would stand in one group, and what goes before the pair."""
    return (
        f"{one[language]} and {other[language]}, both {language}, would be in one group; pairs with a higher score, "
        "or an equal one and earlier in the files, go first (no score counts as 1)"
    )
