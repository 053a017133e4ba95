import polars as pl
import pytest

from contracts.tables import files_of
from mixer.tokens.texts import Selection, Source, held_out, sources_of, texts, write_held

from ..conftest import table

FORMS = ("concat", "prompt", "shuffled")


@pytest.fixture(scope="module")
def select(demo, tmp_path_factory):
    """Makes selections of the demo run."""
    held = tmp_path_factory.mktemp("texts") / "held.npy"
    write_held(demo.split, held)

    def make(side, forms=FORMS, left_out=()) -> Selection:
        return Selection(side, demo.split, held, forms, left_out)

    return make


def everything(demo, wanted) -> list:
    return [text for source in sources_of(demo.corpus, demo.parallel) for text in texts(source, wanted)]


def test_both_sides_together_are_every_document_and_every_parallel_document_in_all_forms(demo, select):
    train, held = everything(demo, select("train")), everything(demo, select("validation"))
    documents, parallel = table(demo.corpus / "documents"), table(demo.parallel / "parallel")
    assert sorted(text.id for text in [*train, *held]) == sorted([*documents["id"], *parallel["id"]])
    contents = dict(pl.concat([documents.select("id", "content"), parallel.select("id", "content")]).iter_rows())
    assert all("".join(text.pieces) == contents[text.id] for text in [*train, *held])
    sides = dict(table(demo.split / "split").select("id", "split").iter_rows())
    for side, found in (("train", train), ("validation", held)):
        assert {sides[text.id] for text in found if text.form == "text"} == {side}


@pytest.mark.parametrize("form", FORMS)
def test_only_the_wanted_forms_and_directions_are_read(demo, select, form):
    left_out = ("python->go", "go->python")
    found = [t for t in everything(demo, select("train", (form,), left_out)) if t.form != "text"]
    assert {t.form for t in found} == {form}
    assert len({t.component for t in found}) == 40
    assert not {t.component for t in found} & {*left_out}


def test_programs_are_pieces_of_their_own(demo, select):
    text = dict(table(demo.corpus / "documents").select("id", "content").iter_rows())
    sides = {r["id"]: r for r in table(demo.parallel / "parallel").iter_rows(named=True)}
    found = [t for t in everything(demo, select("train")) if t.pair_id]
    for t in found:
        row = sides[t.id]
        assert [t.pieces[place] for place in t.programs] == [text[identity] for identity in row["ids"]]
        assert (t.target == -1) == (not row["id_target"]) and (not t.sources) == (not row["id_source"])
    assert {(t.sources, t.target) for t in found} == {((1,), 3), ((1,), -1), ((), 1)}


def test_an_empty_program_is_an_empty_piece(demo, select, tmp_path):
    rows = table(demo.parallel / "parallel").filter(pl.col("form") == "concat").head(1)
    row = rows.to_dicts()[0] | {
        "content": "a\n",
        "source_start": 0,
        "source_end": 0,
        "target_start": 0,
        "target_end": 1,
        "starts": [0, 0],
        "ends": [0, 1],
    }
    side = "train" if row["id_source"] not in set(held_out(demo.split)["id"]) else "validation"
    pl.DataFrame([row], schema=rows.schema).write_parquet(tmp_path / "00000.parquet")
    (found,) = texts(Source("parallel", tmp_path / "00000.parquet"), select(side))
    assert (found.pieces, found.sources, found.target) == (("", "", "", "a", "\n"), (1,), 3)


@pytest.mark.parametrize("kind", ["documents", "parallel"])
@pytest.mark.parametrize("side", ["train", "validation"])
def test_row_groups_change_nothing(demo, select, tmp_path, kind, side):
    folder = demo.corpus / "documents" if kind == "documents" else demo.parallel / "parallel"
    path = max(files_of(folder), key=lambda f: f.stat().st_size)
    pl.read_parquet(path, glob=False).write_parquet(tmp_path / path.name, row_group_size=3)
    expected = list(texts(Source(kind, path), select(side)))
    assert list(texts(Source(kind, tmp_path / path.name), select(side))) == expected
    assert kind == "parallel" or len(expected) > 0


def test_where_nothing_is_held_out_all_pairs_are_for_training(demo, tmp_path):
    (tmp_path / "split").mkdir()
    for file in files_of(demo.split / "split"):
        pl.read_parquet(file, glob=False).with_columns(split=pl.lit("train")).write_parquet(
            tmp_path / "split" / file.name
        )
    write_held(tmp_path, tmp_path / "held.npy")
    found = everything(demo, Selection("train", tmp_path, tmp_path / "held.npy", FORMS))
    assert len(found) == table(demo.corpus / "documents").height + table(demo.parallel / "parallel").height
    assert everything(demo, Selection("validation", tmp_path, tmp_path / "held.npy", FORMS)) == []


def test_a_split_of_other_documents_is_refused(demo, select, tmp_path):
    path = max(files_of(demo.corpus / "documents"), key=lambda f: f.stat().st_size)
    pl.read_parquet(path, glob=False).head(1).write_parquet(tmp_path / path.name)
    with pytest.raises(ValueError, match=r"1 rows, and \d+ in the split table"):
        list(texts(Source("documents", tmp_path / path.name), select("train")))
