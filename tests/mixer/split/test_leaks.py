import hashlib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import StageError
from contracts.pair_tables import COPIES, LINKS
from contracts.schema import NEAR_DUPLICATES, SPLIT
from contracts.tables import write_rows
from mixer.split.leaks import crossing_links, require_no_leak


def identity(number):
    return hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()


def write_world(folder, sides, texts, near=(), translations=(), parallel=(), copies=()):
    """Tables as the stages write them, with the columns that tie documents; documents and sides in two files each."""
    ids = [identity(n) for n in range(len(sides))]
    for number in (0, 1):
        own = range(number, len(sides), 2)
        documents = pl.DataFrame(
            {"id": [ids[n] for n in own], "content_hash": [f"{texts[n]:032x}" for n in own]},
            schema={"id": pl.String, "content_hash": pl.String},
        )
        path = folder / "corpus" / "documents" / f"{number:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        documents.write_parquet(path)
        rows = [
            {"id": ids[n], "language": "go", "bytes": 1, "split": sides[n], "component": "", "scope": ""} for n in own
        ]
        write_rows(folder / "split" / "split" / f"{number:05d}.parquet", SPLIT, rows)
    near_rows = [{"id_a": ids[a], "id_b": ids[b], "jaccard": 0.6} for a, b in near]
    write_rows(folder / "corpus" / "near_duplicates" / "00000.parquet", NEAR_DUPLICATES, near_rows)
    link_rows = [{"id_a": ids[a], "id_b": ids[b]} for a, b in translations]
    write_rows(folder / "pairs" / "links" / "00000.parquet", LINKS, link_rows)
    copy_rows = [
        {"id": ids[a], "representative_id": ids[b], "language": "go", "reason": "equal_features", "similarity": 1.0}
        for a, b in copies
    ]
    write_rows(folder / "pairs" / "copies" / "00000.parquet", COPIES, copy_rows)
    joined = [[ids[0]], *([ids[n] for n in group] for group in parallel)]
    path = folder / "parallel" / "parallel" / "00000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"ids": joined}).write_parquet(path)
    return folder / "corpus", folder / "pairs", folder / "parallel", folder / "split"


numbers = st.integers(0, 9)
tied = st.lists(st.tuples(numbers, numbers), max_size=8)
groups = st.lists(st.lists(numbers, min_size=1, max_size=4), max_size=4)


@settings(max_examples=30)
@given(
    st.lists(st.booleans(), min_size=10, max_size=10),
    st.lists(numbers, min_size=10, max_size=10),
    tied,
    tied,
    groups,
    tied,
)
def test_exactly_the_links_between_the_sides_are_found(
    tmp_path_factory, held, texts, near, translations, parallel, copies
):
    sides = ["validation" if h else "train" for h in held]
    folder = tmp_path_factory.mktemp("world")
    found = crossing_links(*write_world(folder, sides, texts, near, translations, parallel, copies))
    side = {identity(n): s for n, s in enumerate(sides)}
    crossing = {
        (kind, *sorted((identity(a), identity(b))))
        for kind, links in (
            ("near-duplicate", near),
            ("copy", copies),
            ("translation", translations),
            ("translation", [(group[0], other) for group in parallel for other in group[1:]]),
        )
        for a, b in links
        if held[a] != held[b]
    }
    linked = found.filter(pl.col("kind") != "equal text")
    assert sorted(linked.select("kind", "id_a", "id_b").rows()) == sorted(crossing)
    torn = {t for t in texts if len({h for h, text in zip(held, texts, strict=True) if text == t}) > 1}
    equal = found.filter(pl.col("kind") == "equal text")
    assert equal.height == len(torn)
    text_of = {identity(n): t for n, t in enumerate(texts)}
    assert {text_of[a] for a in equal["id_a"]} == {text_of[b] for b in equal["id_b"]} == torn
    assert all(side[a] == x and side[b] == y and x != y for _, a, b, x, y in found.rows())


def test_a_split_without_a_leak_passes(tmp_path):
    world = write_world(tmp_path, ["train", "train", "validation", "validation"], [1, 1, 2, 2], [(0, 1)], [(2, 3)])
    require_no_leak(*world)
    assert crossing_links(*world).height == 0


def test_a_leak_is_an_error_that_names_links_and_kinds(tmp_path):
    sides = ["train", "validation", "validation", "train"]
    world = write_world(tmp_path, sides, [1, 2, 3, 3], [(0, 1)], [(0, 1), (1, 0)], [(1, 0)])
    with pytest.raises(StageError, match=r"3 links .*equal text: 1, near-duplicate: 1, translation: 1") as error:
        require_no_leak(*world)
    assert identity(0) in str(error.value) and "(validation)" in str(error.value)


def test_a_linked_document_without_a_side_is_a_leak(tmp_path):
    corpus, pairs, parallel, split = write_world(tmp_path, ["train"] * 4, [1, 2, 3, 3], [], [(0, 1)])
    (split / "split" / "00001.parquet").unlink()
    found = crossing_links(corpus, pairs, parallel, split)
    assert found["kind"].to_list() == ["equal text", "translation"]
    assert found["side_b"].to_list().count(None) + found["side_a"].to_list().count(None) == 2


def test_a_corpus_without_a_table_of_near_duplicates_is_checked_too(tmp_path):
    corpus, pairs, parallel, split = write_world(tmp_path, ["train", "validation"], [1, 2], [], [(0, 1)])
    (corpus / "near_duplicates" / "00000.parquet").unlink()
    assert crossing_links(corpus, pairs, parallel, split)["kind"].to_list() == ["translation"]
