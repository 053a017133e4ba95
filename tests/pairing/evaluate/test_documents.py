"""Predictions and gold of a small run: names, languages, what was lost before mining."""

import polars as pl
import pytest

from contracts.errors import ConfigError
from contracts.pair_tables import COPIES
from contracts.tables import write_rows
from pairing.evaluate.documents import judge_documents, lost
from pairing.evaluate.gold import Gold
from pairing.evaluate.measure import curve, total
from pairing.evaluate.predictions import read_names, read_table
from pairing.evaluate.truth import positives

NONE = pl.DataFrame(schema={"id_a": pl.String, "id_b": pl.String})


def gold_of(*rows: tuple[str, str, str]) -> Gold:
    frame = pl.DataFrame(rows, schema=["group", "id", "language"], orient="row")
    return Gold(frame.with_columns(pl.lit("").alias("kind"), pl.lit("gold").alias("source")), NONE, None)


def whole(*programs: str) -> list[tuple[str, str, str]]:
    return [(p, f"r/src/{p}.{x}", x) for p in programs for x in ("python", "java", "go")]


def judged(run, gold: Gold):
    names = read_names(run.root / "corpus", gold.ids())
    return judge_documents(read_table(run.root / "pairs" / "pairs", ("id_a", "id_b")), gold, names)


def test_a_gold_may_name_documents_by_repository_and_path(small_run):
    found = judged(small_run, gold_of(*whole("heap", "roman", "sieve", "queue")))
    score = total(found.pairs, found.true.height)
    assert (score.right, score.predicted, score.gold) == (12, 13, 12)  # sieve in Java beside heap in Go is wrong
    assert found.lost.height == 0


def test_pairs_of_documents_that_the_gold_does_not_know_are_not_scored_and_half_known_ones_are_wrong(small_run):
    found = judged(small_run, gold_of(*whole("heap")))
    assert dict(found.pairs["truth"].value_counts().rows()) == {"positive": 3, "negative": 1, "unknown": 9}
    assert found.pairs.filter(pl.col("truth") == "negative")["listed"].to_list() == [False]


def test_a_gold_pair_without_a_document_in_the_corpus_is_lost_with_the_reason(small_run):
    gone = [("g", "r/src/lost.go", "go"), ("g", "r/src/never.java", "java"), ("g", "r/src/heap.python", "python")]
    found = judged(small_run, gold_of(*gone))
    assert found.true.height == 3
    assert {r["reason"]: (r["documents"], r["pairs"]) for r in found.lost.to_dicts()} == {
        "gate: generated": (1, 2),
        "not in the corpus, nor rejected": (1, 1),
    }


def test_the_language_of_the_corpus_counts_where_the_gold_says_another(small_run):
    rows = [("heap", name, {"go": "rust"}.get(x, x)) for _, name, x in whole("heap")]
    rows += [("roman", "r/src/roman.python", "python"), ("roman", "r/src/sieve.python", "java")]
    found = judged(small_run, gold_of(*rows))
    assert found.corrected.rows() == [("r/src/heap.go", "rust", "go"), ("r/src/sieve.python", "java", "python")]
    assert set(found.true["languages"]) == {"python-java", "python-go", "java-go"}
    score = total(found.pairs, found.true.height)
    assert (score.right, score.gold) == (3, 4)  # roman and sieve in Python cannot be found: lost, not forgotten
    assert found.lost.rows() == [("one language in the corpus", 2, 1)]


def test_given_pairs_and_the_gold_pairs_that_they_are_do_not_count_in_the_curve(small_run):
    gold = gold_of(*whole("heap", "roman", "sieve", "queue"))
    names = read_names(small_run.root / "corpus", gold.ids())
    predicted = read_table(small_run.root / "pairs" / "pairs", ("id_a", "id_b"))
    heap = {small_run.ids["heap", language] for language in ("python", "java", "go")}
    brought = pl.col("id_a").is_in(heap) & pl.col("id_b").is_in(heap)
    given = predicted.with_columns(
        pl.when(brought).then(pl.lit("given")).otherwise("origin").alias("origin"),
        pl.when(brought).then(None).otherwise("score").alias("score"),
    )
    rows, left = judge_documents(given, gold, names).mined()
    assert (rows.height, left) == (10, 9)
    assert curve(rows, left)["right"].max() == 9
    rows, left = judge_documents(predicted, gold, names).mined()
    assert (rows.height, left) == (13, 12)


def test_a_gold_whose_groups_are_of_one_language_in_the_corpus_is_refused(small_run):
    gold = gold_of(("g", "r/src/heap.python", "python"), ("g", "r/src/roman.python", "go"))
    with pytest.raises(ConfigError, match=r"no group .* in two; 1 have .* r/src/roman.python: python, not go"):
        judged(small_run, gold)


def test_a_gold_pair_of_a_copy_is_lost_to_the_document_that_stands_for_it(small_run, tmp_path):
    gold = gold_of(*whole("heap"))
    copy = small_run.ids["heap", "go"]
    row = {"id": copy, "representative_id": "x", "language": "go", "reason": "equal_features", "similarity": 1.0}
    write_rows(tmp_path / "copies" / "00000.parquet", COPIES, [row])
    names = read_names(small_run.root / "corpus", gold.ids(), tmp_path / "copies")
    assert lost(positives(gold.members), names).rows() == [("copy: equal_features", 1, 2)]


def test_names_that_fit_nothing_point_to_the_corpus(small_run):
    predicted = read_table(small_run.root / "pairs" / "pairs", ("id_a", "id_b"))
    with pytest.raises(ConfigError, match=r"no predicted pair names a document of the gold.*--documents"):
        judge_documents(predicted, gold_of(*whole("heap")), None)


def test_languages_that_nobody_gives_are_asked_for():
    predicted = pl.DataFrame({"id_a": ["r/src/heap.go"], "id_b": ["elsewhere"]}).with_columns(
        pl.lit(None, kind).alias(c)
        for c, kind in (("score", pl.Float64), ("language_a", pl.String), ("language_b", pl.String))
    )
    with pytest.raises(ConfigError, match="language of 1 predicted documents is unknown, the first is elsewhere"):
        judge_documents(predicted, gold_of(*whole("heap")), None)


def test_a_table_without_ids_is_refused_with_its_columns(tmp_path):
    (tmp_path / "t.csv").write_text("x,y\n1,2\n")
    with pytest.raises(ConfigError, match="lacks the column id_a; it has x, y"):
        read_table(tmp_path / "t.csv", ("id_a", "id_b"))
