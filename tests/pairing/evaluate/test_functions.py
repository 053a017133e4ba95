"""Functions: the gold is partial, so only what touches it is scored."""

import polars as pl

from pairing.evaluate.functions import LINES, judge_functions, true_functions
from pairing.evaluate.measure import total
from pairing.evaluate.truth import NEGATIVE, POSITIVE, UNKNOWN

COLUMNS = ["id_a", *LINES[:2], "id_b", *LINES[2:]]
GOLD = pl.DataFrame(
    [("a", 1, 5, "b", 10, 15), ("d", 1, 2, "c", 7, 9)], schema=COLUMNS, orient="row"
).with_columns(pl.lit("python-go").alias("languages"), pl.lit("s").alias("source"))  # fmt: skip


def judged(*rows):
    predicted = pl.DataFrame([(*row, 0.5) for row in rows], schema=[*COLUMNS, "score"], orient="row")
    return judge_functions(predicted, GOLD)


def test_each_case():
    found = judged(
        ("b", 10, 15, "a", 1, 5),  # right, in the other order
        ("a", 1, 5, "b", 20, 22),  # the counterpart in b is another one
        ("a", 7, 8, "b", 10, 15),  # the same from the other side
        ("a", 1, 5, "c", 7, 9),  # nothing is known about a's function in c
        ("a", 7, 8, "b", 30, 31),  # neither is in the gold
        ("c", 7, 9, "d", 1, 2),
    )
    truths = {(r["function_a"], r["function_b"]): r["truth"] for r in found.to_dicts()}
    assert truths == {
        ("a:1:5", "b:10:15"): POSITIVE,
        ("a:1:5", "b:20:22"): NEGATIVE,
        ("a:7:8", "b:10:15"): NEGATIVE,
        ("a:1:5", "c:7:9"): UNKNOWN,
        ("a:7:8", "b:30:31"): UNKNOWN,
        ("c:7:9", "d:1:2"): POSITIVE,
    }
    score = total(found, true_functions(GOLD).height)
    assert (score.right, score.predicted, score.gold) == (2, 4, 2)


def test_the_same_pair_in_both_orders_counts_once():
    assert judged(("a", 1, 5, "b", 10, 15), ("b", 10, 15, "a", 1, 5)).height == 1


def test_slices_of_a_scored_function_are_those_of_the_gold():
    found = judged(("a", 1, 5, "b", 20, 22)).row(0, named=True)
    assert (found["languages"], found["source"]) == ("python-go", "s")
