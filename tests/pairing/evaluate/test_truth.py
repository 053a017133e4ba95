"""Truth has three values, and each case of it is decided as the gold says."""

import polars as pl
import pytest

from pairing.evaluate.truth import NEGATIVE, POSITIVE, SAME_LANGUAGE, UNKNOWN, distinct, judge, ordered, positives

MEMBERS = pl.DataFrame(
    [
        ("g1", "a", "go", "port", "s"),
        ("g1", "b", "python", "port", "s"),
        ("g1", "c", "python", "port", "s"),
        ("g2", "d", "go", "task", "s"),
        ("g2", "e", "java", "task", "s"),
        ("g3", "f", "go", "task", "t"),
        ("g3", "h", "rust", "task", "t"),
    ],
    schema=["group", "id", "language", "kind", "source"],
    orient="row",
)
FILES = pl.DataFrame(
    [
        ("a", "go", "s", "p"), ("b", "python", "s", "p"), ("c", "python", "s", "p"), ("d", "go", "s", "p"),
        ("e", "java", "s", "p"), ("f", "go", "t", "p"), ("h", "rust", "t", "p"), ("x", "java", "s", "p"),
        ("y", "java", "z", "q"), ("z", "go", "z", "q"),
    ],
    schema=["id", "language", "source", "pool"],
    orient="row",
).with_columns(pl.col("id").is_in(MEMBERS["id"].implode()).alias("grouped"))  # fmt: skip
IGNORED = pl.DataFrame({"id_a": ["a"], "id_b": ["e"]})


def predictions(*pairs: tuple[str, str]) -> pl.DataFrame:
    a, b = ([pair[side] for pair in pairs] for side in (0, 1))
    return pl.DataFrame({"id_a": a, "id_b": b, "score": [0.5] * len(pairs)}, schema_overrides={"score": pl.Float64})


def test_positives_are_all_pairs_of_a_group_in_two_languages():
    found = positives(MEMBERS)
    assert found.select("id_a", "id_b").rows() == [("a", "b"), ("a", "c"), ("d", "e"), ("f", "h")]
    assert found["languages"].to_list() == ["python-go", "python-go", "java-go", "go-rust"]


@pytest.mark.parametrize(
    ("pair", "truth", "source"),
    [
        (("a", "b"), POSITIVE, "s"),
        (("b", "a"), POSITIVE, "s"),
        (("a", "e"), UNKNOWN, "s"),  # ignored
        (("b", "d"), NEGATIVE, "s"),  # one pool, one source, both in groups
        (("b", "f"), UNKNOWN, "cross-source"),  # one pool, two sources
        (("a", "x"), UNKNOWN, "s"),  # one pool, one of them in no group
        (("a", "y"), NEGATIVE, "cross-source"),  # two pools
        (("y", "z"), UNKNOWN, "z"),  # one pool, neither in a group
        (("b", "c"), SAME_LANGUAGE, "s"),
    ],
)
def test_each_case_of_the_truth(pair, truth, source):
    judged = judge(distinct(predictions(pair)), FILES, positives(MEMBERS), IGNORED)
    assert judged.select("truth", "source").row(0) == (truth, source)


def test_a_pair_counts_once_with_its_highest_score_and_never_with_itself():
    found = pl.DataFrame({"id_a": ["b", "a", "a", "c"], "id_b": ["a", "b", "a", "a"], "score": [0.2, 0.9, 1.0, None]})
    assert distinct(found).rows() == [("a", "b", 0.9), ("a", "c", None)]


def test_a_scored_pair_wins_over_the_same_one_without_a_score():
    found = pl.DataFrame({"id_a": ["a", "a"], "id_b": ["b", "b"], "score": [None, 0.4]})
    assert distinct(found)["score"].to_list() == [0.4]


def test_the_smaller_id_comes_first_and_the_rest_of_a_row_stays():
    assert ordered(pl.DataFrame({"id_a": ["z"], "id_b": ["b"], "kind": ["k"]})).rows() == [("b", "z", "k")]


def test_languages_go_with_their_ids():
    pairs = pl.DataFrame(
        {"id_a": ["z", "a"], "id_b": ["b", "y"], "language_a": ["go", "go"], "language_b": ["rust", "java"]}
    )
    assert ordered(pairs).rows() == [("b", "z", "rust", "go"), ("a", "y", "go", "java")]


def test_only_the_pair_in_a_group_is_right_when_languages_are_columns_of_the_predictions_too():
    pairs = distinct(predictions(("a", "b")).with_columns(pl.lit("rust").alias("language_a")))
    assert judge(pairs, FILES, positives(MEMBERS), IGNORED)["languages"].to_list() == ["python-go"]
