import json
from pathlib import Path

from pipelines.config import CorpusConfig
from pipelines.corpus import corpus, without_own_results
from pipelines.executor_config import ExecutorConfig
from pipelines.sources.config import DirectorySource

ONE = ExecutorConfig(workers=1)


def program(number: int) -> str:
    head = f"def scale_{number}(values):\n"
    return head + f'    """Scale by {number}."""\n    return [value * {number} for value in values]\n'


def test_a_run_inside_its_own_source_never_reads_its_results(tmp_path):
    (tmp_path / "a.py").write_text(program(1))
    config = CorpusConfig(sources=[{"type": "directory", "name": "here", "path": "."}])
    output = tmp_path / "results [1]" / "corpus"
    first = corpus(config, tmp_path, output, ONE)
    again = corpus(config, tmp_path, output, ONE)
    assert again.skipped
    assert again.manifest.identity == first.manifest.identity
    assert first.manifest.counts["documents"]["files"] == 1
    assert first.manifest.counts["rejected"]["files"] == 0


def test_only_directories_that_hold_the_output_are_changed(tmp_path):
    inside = DirectorySource(name="a", path=".")
    beside = DirectorySource(name="b", path="elsewhere")
    changed = without_own_results((inside, beside), tmp_path, tmp_path / "out")
    assert changed[0].exclude == (*inside.exclude, "out/**")
    assert changed[1] == beside


def test_the_number_of_tasks_depends_on_the_input_only(tmp_path):
    (tmp_path / "src").mkdir()
    for i in range(30):
        (tmp_path / "src" / f"f{i}.py").write_text(program(i) * 3)
    source = {"type": "directory", "name": "src", "path": "src"}
    config = CorpusConfig(sources=[source], slice_bytes=2000)
    results = [
        corpus(config, tmp_path, tmp_path / f"out{n}" / "corpus", ExecutorConfig(workers=n)).manifest for n in (1, 2)
    ]
    assert results[0].identity == results[1].identity
    assert [len(list(Path(tmp_path / f"out{n}" / "corpus" / "documents").iterdir())) for n in (1, 2)] == [10, 10]


def test_licences_that_are_no_spdx_expression_are_counted_and_named(tmp_path):
    licences = ["MIT", "Apache 2", None, "GPLv3", "Apache 2", ["MIT", "Apache 2"]]
    rows = [{"path": f"{i}.py", "content": program(i) * 3, "licence": found} for i, found in enumerate(licences)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    columns = {"path": "path", "licence": "licence"}
    source = {"type": "jsonl", "name": "a", "path": "a.jsonl", "columns": columns}
    made = corpus(CorpusConfig(sources=[source], dedup={"near": False}), tmp_path, tmp_path / "out" / "corpus", ONE)
    named = ["Apache 2", "GPLv3", "MIT AND (Apache 2)"]
    assert made.manifest.counts["licences"] == {"unknown": 1, "no_spdx": 4, "no_spdx_named": named}
