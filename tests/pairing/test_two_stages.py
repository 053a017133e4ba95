"""Options of the section parallel redo the second stage only; what changes pairs redoes both."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from contracts.errors import ConfigError, StageError, StaleStageError
from contracts.manifest import MANIFEST
from mixer.layout import Layout
from mixer.recipe import Configuration
from mixer.stages import run_one
from pairing.config import ParallelConfig
from pairing.parallel.stage import parallel

from .conftest import document, write_corpus
from .stages import ONE, Made, both

ROWS = [document(x, f"{n}.x", f"value{n} = compute({n})\n") for n in range(3) for x in ("java", "rust")]
ROWS[0]["licence"], ROWS[2]["licence"] = None, "LicenseRef-own"
GIVEN = {"mine": False, "given": ("given.csv",)}


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A folder with a corpus, and pairs and parallel documents of it that are finished. Read only."""
    folder = tmp_path_factory.mktemp("finished")
    lines = [f"{a['id']},{b['id']}" for a, b in zip(ROWS[::2], ROWS[1::2], strict=True)]
    (folder / "given.csv").write_text("\n".join(["id_a,id_b", *lines]))
    made = both(folder, write_corpus(folder / "corpus", ROWS), folder, **GIVEN)
    assert not made.pairs.skipped and not made.parallel.skipped
    return folder


@pytest.fixture
def copy(finished, tmp_path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(finished, tmp_path / "copy"))


def again(folder: Path, force: bool = False, **options) -> Made:
    return both(folder, folder / "corpus", folder, force=force, **{**GIVEN, **options})


def states(made: Made) -> tuple[bool, bool]:
    """Which of the two was found finished."""
    return made.pairs.skipped, made.parallel.skipped


def refused(folder: Path) -> list[str]:
    return pl.read_parquet(folder / "parallel" / "refused" / "*.parquet")["reason"].to_list()


def test_what_is_finished_is_not_done_again(finished):
    assert states(again(finished)) == (True, True)


@pytest.mark.parametrize("name", sorted(ParallelConfig.model_fields.keys() - {"tokenizer"}))
def test_an_option_of_parallel_documents_leaves_pairs_finished(finished, name):
    values = {"align_functions": False, "min_unit_score": 0.9, "forms": ("concat", "prompt")}
    values |= {"levels": ("file", "function")}
    values |= {"directions": "balanced", "templates": {"default": "{source}{target}"}, "max_tokens": 500}
    values |= {"min_kept_share": 0.7, "vocab_size": 2048, "comments": "strip", "function_kinds": "close"}
    values |= {"min_function_score": 0.3, "refuse_contaminated": False, "refuse_licences": False, "seed": 1}
    values |= {"require_licence": True, "task_bytes": 1000}
    needed = {"min_kept_share": {"max_tokens": 500}, "vocab_size": {"max_tokens": 500}}
    needed |= {key: {"levels": ("file", "function")} for key in ("function_kinds", "min_function_score")}
    config = configuration(finished, **{name: values[name]}, **needed.get(name, {}))
    assert run_one("pairs", config, finished, Layout(finished)).skipped
    with pytest.raises(StaleStageError, match=rf"the finished parallel stage does not match[^$]*\n  {name}"):
        run_one("parallel", config, finished, Layout(finished))


def write_tokenizer(path: Path, *words: str) -> None:
    model = Tokenizer(models.WordLevel({word: n for n, word in enumerate(("[UNK]", *words))}, unk_token="[UNK]"))
    model.pre_tokenizer = pre_tokenizers.Whitespace()
    path.write_text(model.to_str())


def test_another_tokenizer_at_the_same_path_leaves_pairs_finished(copy):
    options = {"max_tokens": 500, "tokenizer": "t.json"}
    config = configuration(copy, **options)
    write_tokenizer(copy / "t.json", "value0")
    assert states(again(copy, force=True, **options)) == (True, False)
    assert states(again(copy, **options)) == (True, True)
    write_tokenizer(copy / "t.json", "value0", "value1")
    assert run_one("pairs", config, copy, Layout(copy)).skipped
    with pytest.raises(
        StaleStageError, match=r"the finished parallel stage[^$]*\n  input counting/tokenizer.json changed"
    ):
        run_one("parallel", config, copy, Layout(copy))


def test_only_parallel_documents_are_redone_for_an_option_of_theirs(copy):
    before = again(copy)
    with pytest.raises(StaleStageError, match="max_tokens: null -> 500"):
        again(copy, max_tokens=500)
    after = again(copy, force=True, max_tokens=500)
    assert states(after) == (True, False)
    assert after.pairs.manifest.identity == before.pairs.manifest.identity
    assert after.parallel.manifest.identity != before.parallel.manifest.identity
    assert states(again(copy, max_tokens=500)) == (True, True)


def test_both_are_redone_for_an_option_of_pairs_whose_required_licence_holds_for_texts_too(copy):
    with pytest.raises(StaleStageError, match="the finished pairs stage does not match"):
        again(copy, require_licence=True)
    made = again(copy, force=True, require_licence=True)
    assert states(made) == (False, False)
    assert made.pairs.manifest.counts["items"]["pair"] == {
        "offered": 3, "written": 2, "refused": {"licence_unknown": 1},
    }  # fmt: skip
    assert made.parallel.manifest.configuration["require_licence"] is True
    assert refused(copy) == ["licence_unrecognised"]
    folders = [copy / part for part in ("corpus", "pairs", "parallel")]
    parallel(ParallelConfig(require_licence=False), copy, *folders, ONE, force=True)
    assert refused(copy) == []


def test_texts_may_require_licences_that_pairs_do_not(copy):
    folders = [copy / part for part in ("corpus", "pairs", "parallel")]
    made = parallel(ParallelConfig(require_licence=True), copy, *folders, ONE, force=True)
    assert made.manifest.counts["items"]["file"]["offered"] == 3
    assert refused(copy) == ["licence_unrecognised"] * 2


def test_pairs_that_are_made_again_and_are_the_same_leave_parallel_documents_finished(copy):
    (copy / "pairs" / MANIFEST).unlink()
    assert states(again(copy)) == (False, True)


def test_each_stage_names_the_data_that_decides_in_it(finished):
    pairs, documents = (result.manifest for result in again(finished))
    assert set(pairs.inputs) == {"corpus", "model/pairing.score", "model/background", "given/0/given.csv"}
    assert set(documents.inputs) == {"corpus", "pairs", "model/pairing.align"}


def changed(folder: Path, name: str) -> None:
    """As if a stage had been made of another input."""
    path = folder / MANIFEST
    written = json.loads(path.read_text())
    written["inputs"][name] = "0" * 64
    path.write_text(json.dumps(written))


def test_other_coefficients_of_the_alignment_redo_parallel_documents_only(copy):
    changed(copy / "parallel", "model/pairing.align")
    with pytest.raises(
        StaleStageError, match=r"the finished parallel stage[^$]*\n  input model/pairing.align changed"
    ):
        again(copy)
    assert states(again(copy, force=True)) == (True, False)


def configuration(tmp_path: Path, **parallel_options) -> Configuration:
    source = {"type": "directory", "name": "s", "path": "s"}
    data = {"output": str(tmp_path), "corpus": {"sources": [source]}, "pairs": GIVEN, "parallel": parallel_options}
    return Configuration.model_validate(data)


def test_a_check_makes_nothing_and_names_the_command(copy):
    config, layout = configuration(copy), Layout(copy)
    for stage in ("pairs", "parallel"):
        assert run_one(stage, config, copy, layout, check=True).skipped
    (copy / "parallel" / MANIFEST).unlink()
    with pytest.raises(StageError, match=r"the parallel stage is not finished. Run: glotmix pairs CONFIG"):
        run_one("parallel", config, copy, layout, check=True)
    assert not (copy / "parallel" / ".work").exists()


def test_parallel_documents_of_other_pairs_or_another_corpus_are_refused(copy):
    changed(copy / "pairs", "corpus")
    with pytest.raises(StageError, match="the pairs stage was made from another corpus stage"):
        run_one("parallel", configuration(copy), copy, Layout(copy))


def test_a_tokenizer_that_cannot_count_is_refused_before_pairs_are_mined(tmp_path):
    config = configuration(tmp_path, max_tokens=100, tokenizer="none.json")
    with pytest.raises(ConfigError, match=r"parallel.tokenizer: .*none.json"):
        run_one("pairs", config, tmp_path, Layout(tmp_path))
    assert not (tmp_path / "pairs").exists()
