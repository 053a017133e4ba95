import polars as pl
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from contracts.errors import ConfigError
from contracts.schema import REJECTED
from contracts.tables import write_rows
from pairing.given import consistent, read_given, resolve

from .conftest import document, filled


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
    folder, (a, b, c, d) = documents
    found = resolve(given(("s1", "s2"), (d, c), ("s1", "nobody"), ("x", "y")), folder)
    assert found.pairs.select("id_a", "id_b", "language_a", "language_b").rows() == [
        (a, b, "python", "go"),
        (d, c, "python", "go"),
    ]
    assert (found.not_in_corpus, found.one_language, found.repeated, found.contradicting.height) == (2, 0, 0, 0)


def test_pairs_of_one_language_are_left_out_and_counted(documents):
    folder, (a, b, c, d) = documents
    found = resolve(given((a, d), (b, c), (a, b), (a, "s1"), (a, "nobody"), ("nobody", "nobody")), folder)
    assert found.pairs.select("id_a", "id_b").rows() == [(a, b)]
    assert (found.one_language, found.not_in_corpus) == (3, 2)  # a document with itself too
    with pytest.raises(ConfigError, match=r"0 are not in the corpus with both sides, and 2 are of one language"):
        resolve(given((a, d), (b, c)), folder)


def test_pairs_with_text_that_is_no_code_are_left_out_and_counted(corpus_of):
    rows = [document("python", "a.py", "x"), document("go", "a.go", "x"), document("english", "a.txt", "x")]
    folder, (a, b, prose) = corpus_of(rows) / "documents", [r["id"] for r in rows]
    found = resolve(given((a, prose), (prose, b), (a, b)), folder)
    assert found.pairs.select("id_a", "id_b").rows() == [(a, b)]
    assert (found.not_in_corpus, found.one_language) == (2, 0)
    with pytest.raises(ConfigError, match=r"Both must be code, in two languages"):
        resolve(given((a, prose)), folder)


def test_a_pair_named_again_in_whichever_order_counts_once_and_first(documents):
    folder, (a, b, *_) = documents
    again = given((b, a), ("s1", "s2"), (a, "s2")).with_columns(score=pl.Series([0.3, 0.9, 0.1]))
    found = resolve(again, folder)
    assert found.pairs.select("id_a", "id_b", "score").rows() == [(b, a, 0.3)]
    assert (found.not_in_corpus, found.repeated) == (0, 2)


@pytest.mark.parametrize(
    ("scores", "kept"),
    [
        ((None, 0.9), 0), ((0.9, None), 1), ((1.0, None), 0), ((None, 1.0), 0), ((None, None), 0), ((0.4, 0.5), 1),
        ((0.5, 0.5), 0), ((0.0, 0.0), 0),
    ],
)  # fmt: skip
def test_of_pairs_that_contradict_each_other_the_surer_one_stays_and_of_equals_the_first(documents, scores, kept):
    folder, (a, b, c, _) = documents
    pairs = [(a, b), (c, a)]
    found = resolve(given(*pairs).with_columns(score=pl.Series(scores, dtype=pl.Float64)), folder)
    assert found.pairs.select("id_a", "id_b").rows() == [pairs[kept]]
    assert found.contradicting.select("id_a", "id_b").rows() == [pairs[1 - kept]]
    told = found.contradicting["detail"][0]
    assert all(name in told for name in (b, c, "both go", "higher score", "earlier in the files", "counts as 1"))


def test_what_a_cut_pair_is_told_about_stood_there_before_it(corpus_of):
    # r and s would bring p and q together; that h is in the one group and g in the other comes of weaker pairs
    rows = [document(x, f"{n}.x", "x") for n, x in enumerate(("python", "python", "rust", "java", "go", "go"))]
    folder, (p, q, r, s, g, h) = corpus_of(rows) / "documents", [row["id"] for row in rows]
    pairs = given((p, r), (q, s), (r, s), (p, g), (q, h)).with_columns(score=pl.Series([0.9, 0.9, 0.8, 0.1, 0.1]))
    found = resolve(pairs, folder)
    assert found.contradicting.select("id_a", "id_b").rows() == [(r, s)]
    told = found.contradicting["detail"][0]
    assert p in told and q in told and g not in told and h not in told


def test_a_chain_that_joins_two_documents_of_a_language_is_cut_though_each_has_one_partner(corpus_of):
    rows = [document(x, f"{n}.x", "x") for n, x in enumerate(("python", "go", "rust", "python"))]
    folder, (p, g, r, q) = corpus_of(rows) / "documents", [row["id"] for row in rows]
    found = resolve(given((p, g), (g, r), (r, q)), folder)
    assert found.pairs.select("id_a", "id_b").rows() == [(p, g), (g, r)]
    assert found.contradicting.select("id_a", "id_b", "language_a", "language_b").rows() == [(r, q, "rust", "python")]
    assert not resolve(given((p, g), (g, r), (r, p)), folder).contradicting.height


@settings(max_examples=40, deadline=None)
@hypothesis_given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.sampled_from([0.0, 0.5, 1.0])), max_size=14)
)
def test_groups_of_given_pairs_hold_one_document_of_a_language_whatever_their_order(rows):
    names = {n: ("python", "go", "rust")[n % 3] for n in range(9)}
    unique = {(min(a, b), max(a, b)): s for a, b, s in rows if names[a] != names[b]}
    data = [(f"{a}", f"{b}", s, names[a], names[b]) for (a, b), s in unique.items()]
    schema = {
        "id_a": pl.String,
        "id_b": pl.String,
        "score": pl.Float64,
        "language_a": pl.String,
        "language_b": pl.String,
    }
    kept, cut = consistent(pl.DataFrame(data, schema=schema, orient="row"))
    assert sorted([*kept.select("id_a", "id_b").rows(), *cut.select("id_a", "id_b").rows()]) == sorted(
        row[:2] for row in data
    )
    group = {f"{n}": {f"{n}"} for n in names}
    for a, b in kept.select("id_a", "id_b").iter_rows():
        joined = group[a] | group[b]
        group |= dict.fromkeys(joined, joined)
    assert all(len({names[int(n)] for n in members}) == len(members) for members in group.values())
    for a, b in cut.select("id_a", "id_b").iter_rows():  # nothing is cut that would do no harm
        assert {names[int(n)] for n in group[a]} & {names[int(n)] for n in group[b]}


def test_when_no_pair_is_in_the_corpus_the_configuration_is_wrong(documents):
    with pytest.raises(
        ConfigError, match=r"1 are not in the corpus with both sides, and 0 are of one language; .*nobody"
    ):
        resolve(given(("s1", "nobody")), documents[0])


def test_no_given_pairs_are_no_error(documents):
    found = resolve(read_given((), documents[0]), documents[0])
    assert (found.pairs.height, *found[1:4], found.contradicting.height) == (0, 0, 0, 0, 0)


def test_csv_and_parquet_give_the_same(tmp_path):
    frame = pl.DataFrame({"id_a": ["a"], "id_b": ["b"], "score": [0.5], "note": ["x"]})
    frame.write_csv(tmp_path / "p.csv")
    frame.write_parquet(tmp_path / "p.parquet")
    (tmp_path / "bare.csv").write_text("id_b,id_a\n2,1\n")
    assert read_given(("p.csv",), tmp_path).equals(read_given(("p.parquet",), tmp_path))
    (tmp_path / "near.csv").write_text("id_a,id_b,score,scores,id,language_a,names\n1,2,0.5,9,x,go,y\n")
    assert read_given(("near.csv",), tmp_path).rows() == [("1", "2", 0.5, None)]  # none is lacking that these are near
    (tmp_path / "own.csv").write_text("id_a,id_b,path,repo,path_a\n1,2,x,y,z\n")
    assert read_given(("own.csv",), tmp_path).rows() == [("1", "2", None, None)]  # ids are enough
    assert read_given(("p.csv", "bare.csv"), tmp_path).rows() == [("a", "b", 0.5, None), ("1", "2", None, None)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "none.csv: no such file"),
        ("p.csv", "id_a,other\na,b\n", r"lacks id_b \(or repo_b and path_b\); it has \['id_a', 'other'\]"),
        ("p.csv", "id_a,path_b\na,b\n", r"lacks id_b \(or repo_b and path_b\)"),
        ("p.csv", "id_a,repos_b,path_b\na,r,b\n", "column 'repos_b' is not read; did you mean repo_b"),
        ("p.parquet", "not parquet", "neither CSV nor Parquet"),
        ("p.csv", "", "neither CSV nor Parquet"),
        ("p.csv", "id_a,id_b,score\na,b,good\n", "a score is not a number"),
        ("p.csv", "id_a,id_b,score\na,b,1.5\n", "score 1.5; scores lie in 0..1"),
        ("p.csv", "id_a,id_b,kind\na,b,Close\n", "kind 'Close'; it is close or loose, or left empty"),
        ("p.csv", "id_a,id_b,score\na,b,NaN\n", "score nan; scores lie in 0..1"),
        ("p.csv", "id_a,id_b,scor\na,b,0.5\n", "p.csv: column 'scor' is not read; did you mean score"),
        ("p.csv", "id_a,id_b,score,knd\na,b,0.5,close\n", "column 'knd' is not read; did you mean kind"),
        ("p.csv", "id_a,id_b,Score\na,b,0.5\n", "column 'Score' is not read; did you mean score"),
        ("p.csv", "id_a,id_b, kind\na,b,close\n", "column ' kind' is not read; did you mean kind"),
    ],
)
def test_files_that_cannot_be_used_are_configuration_errors(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ConfigError, match=message):
        read_given((name,), tmp_path)


@pytest.fixture
def placed(corpus_of):
    """Two repositories with the same paths; a.py stands twice in the second."""
    places = [("one", "a.py", "python"), ("one", "a.go", "go"), ("two", "a.py", "python"), ("two", "b.go", "go")]
    rows = [document(x, path, "x", id=f"id{n}", repo=repo) for n, (repo, path, x) in enumerate(places)]
    rows.append(document("python", "a.py", "again", id="id4", repo="two", source="elsewhere"))
    folder = corpus_of(rows) / "documents"
    gone = filled(REJECTED, id="ff", repo="two", path="gone.go", language="go", step="gate", reason="generated")
    write_rows(folder.parent / "rejected" / "00000.parquet", REJECTED, [gone])
    return folder, [row["id"] for row in rows]


def pairs_in(folder, text: str):
    (folder / "p.csv").write_text(text)
    return read_given(("p.csv",), folder)


def test_documents_may_be_named_by_repository_and_path(placed, tmp_path):
    folder, (a, _, _, d, _) = placed
    text = "repo_a,path_a,repo_b,path_b,score\none,a.py,two,b.go,0.5\none,a.py,two,gone.go,\none,a.py,,b.go,\n"
    found = resolve(pairs_in(tmp_path, text), folder)
    assert found.pairs.select("id_a", "id_b", "score").rows() == [(a, d, 0.5)]
    assert (found.not_in_corpus, found.total) == (2, 3)  # one was rejected, one lacks its repository


def test_ids_and_places_may_stand_side_by_side_and_ids_count_first(placed, tmp_path):
    folder, (a, b, c, d, e) = placed
    text = f"id_a,repo_b,path_b,id_b\n{a},one,a.go,\n{c},nobody,nowhere,{d}\n"
    found = resolve(pairs_in(tmp_path, text), folder)
    assert found.pairs.select("id_a", "id_b").rows() == [(a, b), (c, d)]
    (tmp_path / "q.csv").write_text(f"id_a,id_b\n{e},{b}\n")
    both = read_given(("p.csv", "q.csv"), tmp_path)
    assert both.height == 3 and resolve(both, folder).contradicting.select("id_a", "id_b").rows() == [(e, b)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "two,a.py,one,a.go",
            "1 places name more than one document; repo 'two', path 'a.py' is that of 2, with",
        ),
        ("one,a.py,two,a.go", r"1 places name no file .* repo 'two', path 'a.go' \(that path is in 'one'\)"),
        ("one,a.py,two,c.go", r"repo 'two', path 'c.go' \(no document has that path\).*glotmix inspect"),
    ],
)
def test_a_place_of_several_documents_or_of_none_is_an_error_that_says_which(placed, tmp_path, row, told):
    folder, ids = placed
    with pytest.raises(ConfigError, match=told) as caught:
        resolve(pairs_in(tmp_path, f"repo_a,path_a,repo_b,path_b\n{row}\n"), folder)
    assert all(i in str(caught.value) for i in (ids[2], ids[4])) == row.startswith("two")
