"""Given pairs through the whole stage: what contradicts, repeats or lacks a licence; and without mining."""

from pathlib import Path

import polars as pl
import pytest

from pairing.match import pair_id
from pairing.match.kind import CLOSE
from report.terminal import _given

from .conftest import document
from .in_process import mined


def program(words: str) -> str:
    return "\n".join(f"{w}_total = compute_{w}({n})" for n, w in enumerate(words.split()))


ROWS = [
    document("python", "lake.py", program("lake heron reed otter"), licence=None),
    document("go", "lake.go", program("lake heron reed otter")),
    document("go", "wheel.go", program("wheel spoke axle tyre")),
    document("python", "wheel.py", program("wheel spoke axle tyre")),
    document("rust", "long.rs", "let quartz = basalt / granite;" + "\n" * 400),
    document("java", "Other.java", "class Violin extends Cello { Flute oboe; }"),
]
P, G, H, Q, LONG, OTHER = (row["id"] for row in ROWS)


@pytest.fixture
def run(corpus_of, tmp_path):
    """Runs the stage on `ROWS` with some given lines; gives (folder, counts)."""

    def made(lines: list[str], **options) -> tuple[Path, dict]:
        corpus = corpus_of(ROWS)
        (corpus / "given.csv").write_text("\n".join(["id_a,id_b,score,kind", *lines]))
        out = tmp_path / "out"
        return out, mined(corpus, out, given=("given.csv",), **options)

    return made


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / "*.parquet")


def test_contradicting_given_pairs_are_cut_counted_named_and_still_linked(run):
    out, counts = run([f"{P},{G},0.4,", f"{P},{H},0.6,", f"{H},{P},0.9,", f"{Q},{LONG},,"], mine=False)
    assert (counts["given_contradicting"], counts["given_repeated"], counts["given_not_in_corpus"]) == (1, 1, 0)
    assert counts["items"]["pair"] == {"offered": 3, "written": 2, "refused": {"contradicts_given": 1}}
    pairs, (refused,) = table(out, "pairs"), table(out, "refused").rows(named=True)
    assert {frozenset(row) for row in pairs.select("id_a", "id_b").rows()} == {frozenset((P, H)), frozenset((Q, LONG))}
    assert pairs.filter(pl.col("id_a") == P)["score"].to_list() == pytest.approx([0.6])
    assert pairs["group_id"].n_unique() == 2
    told = {name: refused[name] for name in ("level", "reason", "pair_id", "id_a", "id_b")}
    assert told == {
        "level": "pair", "reason": "contradicts_given", "pair_id": pair_id(P, G), "id_a": P, "id_b": G,
    }  # fmt: skip
    assert (refused["language_a"], refused["language_b"]) == ("python", "go") and "both go" in refused["detail"]
    links = {frozenset(row) for row in table(out, "links").rows()}
    assert links == {frozenset(pair) for pair in ((P, G), (P, H), (Q, LONG))}


def test_pairs_without_a_required_licence_are_refused_and_counted(run):
    out, counts = run([f"{H},{Q},,"], require_licence=True)
    assert counts["items"]["pair"] == {"offered": 2, "written": 1, "refused": {"licence_unknown": 1}}
    assert counts["pairs"] == 1
    (refused,) = table(out, "refused").rows(named=True)
    assert [refused[name] for name in ("level", "reason", "id_a", "id_b", "detail")] == [
        "pair", "licence_unknown", P, G, "unknown, MIT",
    ]  # fmt: skip


def test_without_mining_only_the_documents_of_given_pairs_are_listed_and_no_features_are_read(run):
    out, counts = run([f"{G},{P},,loose"], mine=False)
    assert counts["pairs"] == 1
    assert not (out / "work" / "features").exists()
    listed = [pl.read_parquet(path) for path in sorted((out / "work" / "catalogue").glob("*.parquet"))]
    assert {i for frame in listed for i in frame["id"]} == {P, G}
    (row,) = table(out, "pairs").rows(named=True)
    assert (row["origin"], row["kind"], row["similarity"], row["licence_a"]) == ("given", "loose", None, None)


def test_rows_are_counted_and_told_by_what_became_of_them(run):
    _, counts = run([f"{P},{G},,", f"{P},{Q},,", f"{H},{H},,", f"{P},nobody,,"], mine=False)
    assert {name: counts[f"given{name}"] for name in ("", "_not_in_corpus", "_one_language")} == {
        "": 4, "_not_in_corpus": 1, "_one_language": 2,
    }  # fmt: skip
    title = _given(counts, None)
    assert "; given: 4 pairs; 1 given pairs are not in the corpus; 2 given pairs are of one language" in title


def test_a_file_with_only_a_header_is_told_as_no_pairs(run):
    _, counts = run([])
    assert counts["given"] == 0 and "; given: 0 pairs" in _given(counts, None)


def test_what_given_pairs_imply_is_no_surer_than_the_weakest_of_them(run):
    out, _ = run([f"{P},{G},0.2,", f"{G},{LONG},0.3,", f"{LONG},{OTHER},,"])
    pairs = table(out, "pairs").filter(pl.col("origin") == "implied")
    scores = {frozenset(row[:2]): row[2] for row in pairs.select("id_a", "id_b", "score").iter_rows()}
    wanted = {(P, LONG): 0.2, (P, OTHER): 0.2, (G, OTHER): 0.3}
    assert scores == {frozenset(pair): pytest.approx(score) for pair, score in wanted.items()}


@pytest.mark.parametrize(("told", "expected"), [("", "close"), ("loose", "loose")])
def test_a_given_pair_without_a_kind_has_that_of_its_texts(run, told, expected):
    out, _ = run([f"{G},{P},,{told}"])
    row = table(out, "pairs").filter(pl.col("origin") == "given").row(0, named=True)
    assert row["similarity"] >= CLOSE
    assert (row["kind"], row["score"]) == (expected, None)


def test_a_given_pair_with_a_document_that_is_too_long_to_be_mined_has_neither_similarity_nor_kind(run):
    out, _ = run([f"{LONG},{Q},,", f"{OTHER},{P},,"], max_document_bytes=300)
    pairs = table(out, "pairs").filter(pl.col("origin") == "given")
    rows = {row["id_a"]: row for row in pairs.rows(named=True)}
    assert [rows[Q][name] for name in ("similarity", "names", "kind")] == [None, None, None]
    assert rows[P]["kind"] == "loose" and rows[P]["similarity"] is not None
