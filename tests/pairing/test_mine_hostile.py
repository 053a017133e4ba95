"""What nobody means to mine: generated files by the thousand, empty ones, one language, files without end."""

import time
from pathlib import Path

import polars as pl
import pytest

from contracts.errors import ConfigError
from pairing.config import PairsConfig
from pairing.mine import pairs
from pipelines.config import CorpusConfig
from pipelines.corpus import corpus
from pipelines.executor_config import ExecutorConfig

from .conftest import document
from .in_process import mined, written

ONE = ExecutorConfig(workers=1)


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / "*.parquet")


def generated(count: int) -> list[dict]:
    """Handlers that differ in one number and one name, in two languages."""
    rows = []
    for n in range(count):
        python = (
            f"def handler_{n}(request):\n    code = {n}\n    return dispatch(request, code, 'generated handler')\n"
        )
        call = 'dispatch(request, code, "generated handler")'
        java = f"class H {{\n  int handler{n}(R request) {{\n    int code = {n};\n    return {call};\n  }}\n}}\n"
        rows += [document("python", f"h{n}.py", python), document("java", f"H{n}.java", java)]
    return rows


@pytest.mark.parametrize("count", [500, pytest.param(5_000, marks=pytest.mark.full)])
def test_generated_files_by_the_thousand_cost_no_more_than_others(corpus_of, tmp_path, count):
    made = corpus_of(generated(count))
    started = time.process_time()
    counts = mined(made, tmp_path / "out")
    assert time.process_time() - started < 5 + count / 50
    assert counts["candidates"]["python-java"] <= 2 * PairsConfig().top_k * count
    found = table(tmp_path / "out", "pairs")
    assert counts["pairs"] == found.height <= count
    assert found["id_a"].is_unique().all() and found["id_b"].is_unique().all()
    assert counts["match"]["scored"] <= counts["candidates"]["python-java"]


def test_documents_without_any_feature_are_nobodys_pair(corpus_of, tmp_path):
    rows = [
        document(language, f"{n}.x", text)
        for language in ("python", "go", "rust")
        for n, text in enumerate(("", " \n", "\n\n\n", "\t"))
    ]
    counts = mined(corpus_of(rows), tmp_path / "out")
    assert (counts["pairs"], counts["copies"], sum(counts["candidates"].values())) == (0, {}, 0)


def test_a_corpus_of_one_language_says_plainly_that_it_has_no_pairs(corpus_of, tmp_path):
    rows = [document("go", f"{n}.go", f"package p\nfunc f{n}() int {{ return {n} }}\n") for n in range(20)]
    counts, made = written(corpus_of(rows), tmp_path / "out")
    assert (counts["pairs"], counts["by_languages"], made["unit_pairs"], made["parallel"]) == (0, {}, 0, {})
    assert counts["match"] == {
        "scored": 0, "assigned": 0, "contradictions_cut": 0, "implied_by_groups": 0,
        "prevalence": None, "prevalence_reference": None,
    }  # fmt: skip
    tables = {
        "pairs": ("pairs", "links", "refused"),
        "parallel": ("unit_pairs", "unpaired_units", "parallel", "refused"),
    }
    for stage, names in tables.items():
        assert [table(tmp_path / "out" / stage, name).height for name in names] == [0] * len(names)


def test_a_language_with_a_single_program_is_paired_and_costs_the_others_nothing(corpus_of, tmp_path):
    topics = [
        "lake heron reed otter",
        "wheel spoke axle tyre",
        "quartz basalt granite slate",
        "violin cello flute oboe",
    ]
    texts = ["\n".join(f"{w}_total = compute_{w}({n})" for n, w in enumerate(words.split())) for words in topics]
    both = [document(x, f"{n}.x", t) for x in ("java", "rust") for n, t in enumerate(texts)]
    lone = document("go", "0.go", texts[0])
    counts = mined(corpus_of([*both, lone]), tmp_path / "out")
    assert counts["by_languages"] == {"java-rust": 4, "java-go": 1, "go-rust": 1}


FUNCTIONS = 20_000
PLAIN = {
    "min_bytes": None, "max_longest_line": None, "max_mean_line": None, "min_alphanumeric_share": None,
    "max_error_share": None, "drop_generated": False, "drop_minified": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def endless(tmp_path_factory) -> Path:
    """A corpus of one Python file of 20,000 functions, and a Go file with counterparts of three of the first."""
    folder = tmp_path_factory.mktemp("endless")
    (folder / "src").mkdir()
    lines = (f"def f{n}(x):\n    return x * {n} + helper_{n}(x)\n" for n in range(FUNCTIONS))
    (folder / "src" / "all.py").write_text("\n".join(lines))
    go = "".join(f"func f{n}(x int) int {{\n\treturn x*{n} + helper{n}(x)\n}}\n\n" for n in (700, 800, 900))
    (folder / "src" / "some.go").write_text("package p\n\n" + go)
    source = {"type": "directory", "name": "src", "path": "src"}
    config = CorpusConfig.model_validate({"sources": [source], "gates": PLAIN, "max_file_bytes": 10_000_000})
    corpus(config, folder, folder / "corpus", ONE)
    return folder / "corpus"


def test_functions_of_an_endless_file_are_all_listed_as_aligned_or_not(endless, tmp_path):
    documents = table(endless, "documents")
    ids = dict(documents.select("language", "id").iter_rows())
    given = tmp_path / "given.csv"
    given.write_text(f"id_a,id_b\n{ids['go']},{ids['python']}\n")
    started = time.process_time()
    counts, made = written(endless, tmp_path / "out", mine=False, given=(str(given),), forms=("concat",))
    assert time.process_time() - started < 20
    assert counts["pairs"] == 1
    folder = tmp_path / "out" / "parallel"
    aligned, left = table(folder, "unit_pairs"), table(folder, "unpaired_units")
    assert aligned.height == made["unit_pairs"] > 0
    assert left.filter(pl.col("id") == ids["python"]).height == FUNCTIONS - aligned.height
    assert left.filter(pl.col("id") == ids["go"]).height == 3 - aligned.height


def test_an_endless_file_is_not_mined_unless_it_is_asked_for(endless, tmp_path):
    assert table(endless, "documents")["bytes"].max() > PairsConfig().max_document_bytes
    counts = mined(endless, tmp_path / "out", min_score=0.06)
    assert (counts["pairs"], sum(counts["candidates"].values())) == (0, 0)


def test_a_precision_that_cannot_be_had_is_refused_before_any_work(tmp_path):
    beyond = PairsConfig.model_construct(min_precision=1.01)  # whatever the shipped curve reaches
    with pytest.raises(ConfigError, match=r"pairs\.min_precision"):
        pairs(beyond, tmp_path, tmp_path / "no corpus", tmp_path / "out", ONE)
    assert not (tmp_path / "out").exists()
