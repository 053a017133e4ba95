import polars as pl
import pytest

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES, directions, in_order
from contracts.schema import VALIDATION
from mixer.config import TokenizerConfig
from mixer.tokens import validation as module
from mixer.tokens.texts import Selection, sources_of, write_held
from mixer.tokens.tokenizer import ByteDecoder
from mixer.tokens.tokenizer_stage import FILE
from mixer.tokens.validation import FORMS, EncodeHeldOut, PublishValidation, components_of, file_name, validation
from pipelines.executor_config import ExecutorConfig

from ..conftest import ONE, table
from .test_pool import OFF, folders_of, split_anew


@pytest.fixture(scope="module")
def made(demo, tmp_path_factory):
    """Validation sets of the demo run: (folder, manifest)."""
    folder = tmp_path_factory.mktemp("validation")
    return folder, validation(OFF, *folders_of(demo), folder, ONE).manifest


def held_out(layout) -> set[str]:
    return set(table(layout.split / "split").filter(pl.col("split") == "validation")["id"])


@pytest.mark.parametrize(
    ("component", "name"),
    [("python", "python.parquet"), ("python->go", "python-go.parquet"), ("web_text", "web_text.parquet")],
)
def test_a_component_has_a_file_of_its_name(component, name):
    assert file_name(component) == name


def test_every_component_of_the_corpus_has_a_file_even_an_empty_one(demo, made):
    folder, manifest = made
    components = components_of(demo.corpus, demo.parallel)
    assert components == [*LANGUAGE_NAMES, *directions()]  # the sample has programs of all in all
    assert sorted(entry.path for entry in manifest.files) == sorted(map(file_name, components))
    counts = manifest.counts["validation"]
    assert list(counts) == in_order(components)
    assert any(facts["documents"] == 0 for facts in counts.values())
    for component, facts in counts.items():
        rows = pl.read_parquet(folder / file_name(component), glob=False)
        assert rows.schema.names() == VALIDATION.names
        assert set(rows["component"]) <= {component}
        assert facts == {
            "documents": rows.height,
            "tokens": rows["tokens"].list.len().sum(),
            "bytes": rows["bytes"].sum(),
            "forms": dict(rows["form"].value_counts().iter_rows()),
        }


def test_languages_hold_their_held_out_documents_in_order_of_the_corpus(demo, made):
    folder, _ = made
    documents = table(demo.corpus / "documents")
    wanted = documents.filter(pl.col("id").is_in(list(held_out(demo))))
    decoder = ByteDecoder((demo.tokenizer / FILE).read_text())
    for language in LANGUAGE_NAMES:
        rows = pl.read_parquet(folder / file_name(language), glob=False)
        expected = wanted.filter(pl.col("language") == language)
        assert rows["id"].to_list() == expected["id"].to_list()
        assert set(rows["form"]) <= {"text"} and all(rows["seen"])
        for ids, content in zip(rows["tokens"], expected["content"], strict=True):
            assert decoder.decode(ids) == content.encode()
            assert ids[-1] == 0


def test_directions_hold_their_held_out_pairs_in_both_forms_with_spans(demo, made):
    folder, _ = made
    held, parallel = held_out(demo), table(demo.parallel / "parallel")
    text = dict(table(demo.corpus / "documents").select("id", "content").iter_rows())
    decoder = ByteDecoder((demo.tokenizer / FILE).read_text())
    expected = parallel.filter(
        (pl.col("form") != "shuffled") & pl.col("id_source").is_in(list(held)) & pl.col("id_target").is_in(list(held))
    )
    assert expected.height > 20
    facts = {row["id"]: row for row in expected.iter_rows(named=True)}
    found = pl.concat(pl.read_parquet(folder / file_name(d), glob=False) for d in directions())
    assert sorted(found["id"]) == sorted(facts)
    assert found["form"].value_counts()["count"].n_unique() == 1  # as many prompts as concatenations
    for row in found.iter_rows(named=True):
        fact, ids = facts[row["id"]], row["tokens"]
        assert (row["form"], row["component"], row["seen"]) == (fact["form"], fact["direction"], True)
        source, target = (ids[row[f"{side}_start"] : row[f"{side}_end"]] for side in ("source", "target"))
        assert decoder.decode(source) == text[fact["id_source"]].encode()
        assert decoder.decode(target) == text[fact["id_target"]].encode()
        assert row["source_start"] == 0 or row["form"] == "prompt"


def test_unseen_directions_are_marked_and_hold_the_same_pairs(demo, made, tmp_path):
    folders = split_anew(demo, tmp_path, unseen_directions=("python->go",))
    validation(OFF, *folders, tmp_path / "validation", ONE)
    unseen, opposite, before = (
        pl.read_parquet(folder / name, glob=False)
        for folder, name in (
            (tmp_path / "validation", "python-go.parquet"),
            (tmp_path / "validation", "go-python.parquet"),
            (made[0], "python-go.parquet"),
        )
    )
    assert unseen.height > 0 and not any(unseen["seen"])
    assert opposite.height == unseen.height and all(opposite["seen"])
    assert unseen.drop("seen").equals(before.drop("seen"))


def test_the_number_of_workers_changes_nothing(demo, made, tmp_path):
    again = validation(OFF, *folders_of(demo), tmp_path, ExecutorConfig(workers=2)).manifest
    assert again.identity == made[1].identity


def test_how_often_a_task_writes_changes_no_row(demo, made, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BUFFER_TOKENS", 1)  # after every text
    write_held(demo.split, tmp_path / "held.npy")
    sources = sources_of(demo.corpus, demo.parallel)
    wanted = Selection("validation", demo.split, tmp_path / "held.npy", FORMS)
    parts, places = tmp_path / "parts", (demo.tokenizer / FILE, tmp_path / "parts", OFF, tmp_path / "progress")
    components = components_of(demo.corpus, demo.parallel)
    for rank in range(len(sources)):
        list(EncodeHeldOut(sources, wanted, (), *places).run(rank=rank))
    for rank in range(len(components)):
        list(PublishValidation(parts, components, tmp_path / "sets").run(rank=rank))
    for name in map(file_name, components):
        found, expected = (pl.read_parquet(folder / name, glob=False) for folder in (tmp_path / "sets", made[0]))
        assert found.equals(expected)


def test_what_concerns_training_only_leaves_validation_as_it_is(demo, made):
    folder, _ = made
    other = TokenizerConfig(vocab_size=1024, seed=5)
    assert validation(other, *folders_of(demo), folder, ONE, check=True).skipped
    assert manifests.read(folder).configuration == {}
