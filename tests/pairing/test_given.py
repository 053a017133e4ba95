import polars as pl
import pytest

from contracts.errors import ConfigError
from pairing.given import read_given, resolve

from .conftest import document


@pytest.fixture
def documents(corpus_of):
    """Four documents; two of them also have an id in their source."""
    rows = [
        document("python", "a.py", "x", source_id="s1"),
        document("go", "a.go", "x", source_id="s2"),
        document("go", "b.go", "x"),
        document("python", "b.py", "x"),
    ]
    return corpus_of(rows) / "documents", [r["id"] for r in rows]


def given(*pairs, **columns) -> pl.DataFrame:
    frame = pl.DataFrame(pairs, schema=["id_a", "id_b"], orient="row")
    return frame.with_columns(score=pl.lit(None, pl.Float64), kind=pl.lit(None, pl.String), **columns)


def test_ids_and_source_ids_are_found_and_unknown_ones_counted(documents):
    folder, (a, b, c, _) = documents
    pairs, unknown = resolve(given(("s1", "s2"), (a, c), ("s1", "nobody"), ("x", "y")), folder)
    assert pairs.select("id_a", "id_b", "language_a", "language_b").rows() == [
        (a, b, "python", "go"),
        (a, c, "python", "go"),
    ]
    assert unknown == 2


def test_pairs_of_one_language_are_left_out_and_counted(documents):
    folder, (a, b, c, d) = documents
    pairs, unknown = resolve(given((a, d), (b, c), (a, b)), folder)
    assert pairs.select("id_a", "id_b").rows() == [(a, b)]
    assert unknown == 2


def test_pairs_with_text_that_is_no_code_are_left_out_and_counted(corpus_of):
    rows = [document("python", "a.py", "x"), document("go", "a.go", "x"), document("english", "a.txt", "x")]
    folder, (a, b, prose) = corpus_of(rows) / "documents", [r["id"] for r in rows]
    pairs, unknown = resolve(given((a, prose), (prose, b), (a, b)), folder)
    assert pairs.select("id_a", "id_b").rows() == [(a, b)]
    assert unknown == 2
    with pytest.raises(ConfigError, match=r"Both must be code, in two languages"):
        resolve(given((a, prose)), folder)


def test_a_pair_named_twice_counts_once_and_first(documents):
    folder, (a, b, *_) = documents
    twice = given((a, b), ("s1", "s2")).with_columns(score=pl.Series([0.9, 0.1]))
    pairs, unknown = resolve(twice, folder)
    assert pairs.select("id_a", "id_b", "score").rows() == [(a, b, 0.9)]
    assert unknown == 0


def test_when_no_pair_is_in_the_corpus_the_configuration_is_wrong(documents):
    with pytest.raises(ConfigError, match=r"no pair has both sides in the corpus; the first are .*nobody"):
        resolve(given(("s1", "nobody")), documents[0])


def test_no_given_pairs_are_no_error(documents):
    pairs, unknown = resolve(read_given((), documents[0]), documents[0])
    assert (pairs.height, unknown) == (0, 0)


def test_csv_and_parquet_give_the_same(tmp_path):
    frame = pl.DataFrame({"id_a": ["a"], "id_b": ["b"], "score": [0.5], "note": ["x"]})
    frame.write_csv(tmp_path / "p.csv")
    frame.write_parquet(tmp_path / "p.parquet")
    (tmp_path / "bare.csv").write_text("id_b,id_a\n2,1\n")
    assert read_given(("p.csv",), tmp_path).equals(read_given(("p.parquet",), tmp_path))
    assert read_given(("p.csv", "bare.csv"), tmp_path).rows() == [("a", "b", 0.5, None), ("1", "2", None, None)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "none.csv: no such file"),
        ("p.csv", "id_a,other\na,b\n", r"lacks \['id_b'\]; it has \['id_a', 'other'\]"),
        ("p.parquet", "not parquet", "neither CSV nor Parquet"),
        ("p.csv", "", "neither CSV nor Parquet"),
        ("p.csv", "id_a,id_b,score\na,b,good\n", "a score is not a number"),
        ("p.csv", "id_a,id_b,score\na,b,1.5\n", "score 1.5; scores lie in 0..1"),
        ("p.csv", "id_a,id_b,score\na,b,NaN\n", "score nan; scores lie in 0..1"),
    ],
)
def test_files_that_cannot_be_used_are_configuration_errors(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ConfigError, match=message):
        read_given((name,), tmp_path)
