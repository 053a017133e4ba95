"""What is true of a pair of functions: the gold is partial, so only predictions that touch a gold function count.

A prediction touches the gold when one of its functions has a known counterpart in the other's document; it is right
when it names that counterpart. Pure functions over data frames.
"""

import polars as pl

from pairing.evaluate.truth import NEGATIVE, POSITIVE, UNKNOWN

KEYS = ("function_a", "function_b")
LINES = ("start_line_a", "end_line_a", "start_line_b", "end_line_b")


def keyed(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of functions with one key a function (document, first and last line), the smaller first.

    Args:
        pairs: id_a, id_b and LINES, and whatever stands beside them.
    """
    keys = [pl.concat_str(f"id_{s}", f"start_line_{s}", f"end_line_{s}", separator=":") for s in "ab"]
    found = pairs.with_columns(keys[0].alias(KEYS[0]), keys[1].alias(KEYS[1]))
    swapped = pl.col(KEYS[0]) > pl.col(KEYS[1])
    names = [(f"{stem}_a", f"{stem}_b") for stem in ("id", "function")]
    exchanged = [
        expression
        for a, b in names
        for expression in (
            pl.when(swapped).then(pl.col(b)).otherwise(pl.col(a)).alias(a),
            pl.when(swapped).then(pl.col(a)).otherwise(pl.col(b)).alias(b),
        )
    ]
    return found.with_columns(exchanged).drop(LINES)


def judge_functions(predicted: pl.DataFrame, gold: pl.DataFrame) -> pl.DataFrame:
    """Predicted pairs of functions with what is true of them.

    Args:
        predicted: id_a, id_b, LINES and score.
        gold: id_a, id_b, LINES, languages and source.

    Returns:
        each pair once, keyed, with score, truth, languages and source (both null where truth is unknown).
    """
    found = keyed(predicted).sort(*KEYS, "score", descending=[False, False, True], nulls_last=True)
    found = found.unique(list(KEYS), keep="first", maintain_order=True)
    true = true_functions(gold)
    facts = ["languages", "source"]
    # a known counterpart of this function in that document
    forward = true.select(pl.col("function_a").alias("function"), pl.col("id_b").alias("other"), *facts)
    backward = true.select(pl.col("function_b").alias("function"), pl.col("id_a").alias("other"), *facts)
    touched = pl.concat([forward, backward]).unique(["function", "other"], keep="first", maintain_order=True)
    for side, other in (("a", "b"), ("b", "a")):
        named = touched.rename(
            {"function": f"function_{side}", "other": f"id_{other}"} | {f: f"{f}_{side}" for f in facts}
        )
        found = found.join(named, on=[f"function_{side}", f"id_{other}"], how="left", maintain_order="left")
    right = true.select(*KEYS, pl.lit(True).alias("right"))
    found = found.join(right, on=KEYS, how="left", maintain_order="left")
    facts_found = [pl.coalesce(f"{f}_a", f"{f}_b").alias(f) for f in facts]
    truth = (
        pl.when(pl.col("right").is_not_null())
        .then(pl.lit(POSITIVE))
        .when(pl.coalesce("languages_a", "languages_b").is_not_null())
        .then(pl.lit(NEGATIVE))
        .otherwise(pl.lit(UNKNOWN))
    )
    return found.select("id_a", "id_b", *KEYS, "score", truth.alias("truth"), *facts_found)


def true_functions(gold: pl.DataFrame) -> pl.DataFrame:
    """The gold's pairs of functions, keyed, each once."""
    return keyed(gold).unique(list(KEYS), keep="first", maintain_order=True)
