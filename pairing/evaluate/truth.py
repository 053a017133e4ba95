"""What is true of a pair of documents: positive, negative or unknown. Pure functions over data frames.

A pair is positive when both documents stand in one group of the gold. It is unknown, and not scored, when the gold
says so, or when both documents come from one pool and nobody compared them: their sources differ, or one of them
stands in no group. Every other pair is negative.
"""

import polars as pl

from contracts.languages import LANGUAGE_NAMES

POSITIVE, NEGATIVE, UNKNOWN, SAME_LANGUAGE = "positive", "negative", "unknown", "same language"

CROSS_SOURCE = "cross-source"
"""The source of a wrong pair whose documents come from two."""

PAIR = ("id_a", "id_b")


def ordered(pairs: pl.DataFrame) -> pl.DataFrame:
    """The same rows with the smaller id first, and its language with it; other columns stay as they are."""
    swapped = pl.col("id_a") > pl.col("id_b")
    sides = [
        (f"{stem}_a", f"{stem}_b") for stem in ("id", "language") if {f"{stem}_a", f"{stem}_b"} <= set(pairs.columns)
    ]
    return pairs.with_columns(
        pl.when(swapped).then(pl.col(there)).otherwise(pl.col(here)).alias(here)
        for pair in sides
        for here, there in (pair, pair[::-1])
    )


def language_pair(a: str, b: str) -> pl.Expr:
    """Two columns of languages as one name, such as python-go, in the order of the languages."""
    ranks = {name: rank for rank, name in enumerate(LANGUAGE_NAMES)}
    first, second = (pl.col(c).replace_strict(ranks, default=len(ranks), return_dtype=pl.Int64) for c in (a, b))
    forward, backward = pl.concat_str(a, b, separator="-"), pl.concat_str(b, a, separator="-")
    return pl.when(first <= second).then(forward).otherwise(backward)


def positives(members: pl.DataFrame) -> pl.DataFrame:
    """Every pair of one group's documents in two languages.

    Args:
        members: group, id, language, kind, source.

    Returns:
        id_a, id_b, languages, source, kind; each pair once, the smaller id first, in order.
    """
    joined = members.join(members.select("group", "id", "language"), on="group", suffix="_other")
    joined = joined.filter((pl.col("id") < pl.col("id_other")) & (pl.col("language") != pl.col("language_other")))
    return (
        joined.select(
            pl.col("id").alias("id_a"),
            pl.col("id_other").alias("id_b"),
            language_pair("language", "language_other").alias("languages"),
            "source",
            "kind",
        )
        .sort(*PAIR)
        .unique(list(PAIR), keep="first", maintain_order=True)
    )


def distinct(predicted: pl.DataFrame) -> pl.DataFrame:
    """Predictions with the smaller id first, each pair once with its highest score; a document with itself is none.

    Args:
        predicted: id_a, id_b, score and whatever stands beside them.
    """
    found = ordered(predicted).filter(pl.col("id_a") != pl.col("id_b"))
    return found.sort(*PAIR, "score", descending=[False, False, True], nulls_last=True).unique(
        list(PAIR), keep="first", maintain_order=True
    )


def judge(predicted: pl.DataFrame, files: pl.DataFrame, true: pl.DataFrame, ignored: pl.DataFrame) -> pl.DataFrame:
    """Predictions with what is true of them.

    Args:
        predicted: as `distinct` gives them.
        files: id, language, source, pool, grouped (stands in a group) of every document that is predicted.
        true: as `positives` gives them.
        ignored: id_a, id_b (the smaller first) of pairs that are neither right nor wrong.

    Returns:
        the predictions with truth, languages, source (of both, or cross-source) and gold_kind (of positives).
    """
    found = predicted
    for side in "ab":
        named = {c: f"{c}_{side}" for c in ("id", "language", "source", "pool", "grouped")}
        dropped = [c for c in named.values() if c in found.columns and c != f"id_{side}"]
        found = found.drop(dropped).join(
            files.select(list(named)).rename(named), on=f"id_{side}", how="left", maintain_order="left"
        )
    known = true.select(*PAIR, pl.col("kind").alias("gold_kind"), pl.lit(True).alias("right"))
    found = found.join(known, on=PAIR, how="left", maintain_order="left")
    found = found.join(
        ignored.unique().with_columns(pl.lit(True).alias("ignored")), on=PAIR, how="left", maintain_order="left"
    )
    one_source = pl.col("source_a") == pl.col("source_b")
    compared = one_source & pl.col("grouped_a") & pl.col("grouped_b")
    unknown = pl.col("ignored").is_not_null() | ((pl.col("pool_a") == pl.col("pool_b")) & ~compared)
    truth = (
        pl.when(pl.col("language_a") == pl.col("language_b"))
        .then(pl.lit(SAME_LANGUAGE))
        .when(pl.col("right").is_not_null())
        .then(pl.lit(POSITIVE))
        .when(unknown)
        .then(pl.lit(UNKNOWN))
        .otherwise(pl.lit(NEGATIVE))
    )
    source = pl.when(one_source | pl.col("right").is_not_null()).then("source_a").otherwise(pl.lit(CROSS_SOURCE))
    return found.with_columns(
        truth.alias("truth"), source.alias("source"), language_pair("language_a", "language_b").alias("languages")
    ).drop("right", "ignored")
