"""The final tables: duplicates out, reasons in, whatever combination of deduplication is on."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from contracts.errors import StageError
from contracts.schema import DOCUMENTS, REJECTED, UNITS
from contracts.tables import read_table
from pipelines.config import CorpusConfig
from pipelines.corpus import corpus
from pipelines.executor_config import ExecutorConfig
from pipelines.stage import StageResult

BODY = "".join(f"def function_{i}(a, b):\n    return a * {i} + b\n\n" for i in range(30))
FILES = {
    "a.py": BODY,
    "same/longer.py": BODY,
    "near/also.py": BODY + "LAST = 1\n",
    "near/same.py": BODY + "LAST = 1\n",
    "other.py": "import os\n\nVALUE = os.environ.get('KEY', 'nothing')\n",
    "copy.rs": BODY,
}
"""near/same.py equals near/also.py, which is near to a.py: its survivor has to be a.py in the end."""


def make(base: Path, executor: ExecutorConfig | None = None, out: str = "out", **dedup: Any) -> StageResult:
    for name, text in FILES.items():
        (base / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (base / "s" / name).write_text(text)
    data = {
        "sources": [{"type": "directory", "name": "s", "path": "s"}],
        "slice_bytes": 3000,
        "gates": {"max_error_share": None},
        "dedup": dedup,
    }
    return corpus(CorpusConfig.model_validate(data), base, base / out, executor or ExecutorConfig(workers=1))


def tables(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    found = [read_table(folder / name).to_pylist() for name in ("documents", "units", "rejected")]
    return found[0], found[1], found[2]


CASES: list[tuple[dict[str, Any], dict[str, tuple[str, str]]]] = [
    # dedup section, path -> (reason, path of the survivor)
    (
        {},
        {
            "same/longer.py": ("exact_duplicate", "a.py"),
            "near/same.py": ("exact_duplicate", "a.py"),
            "near/also.py": ("near_duplicate", "a.py"),
        },
    ),
    (
        {"near": False},
        {"same/longer.py": ("exact_duplicate", "a.py"), "near/same.py": ("exact_duplicate", "near/also.py")},
    ),
    ({"exact": False, "near": False}, {}),
]


@pytest.mark.parametrize(("dedup", "expected"), CASES, ids=["both", "exact", "none"])
def test_duplicates_leave_with_the_survivor_that_is_really_there(
    dedup: dict[str, Any], expected: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    result = make(tmp_path, **dedup)
    documents, units, rejected = tables(tmp_path / "out")
    paths = {row["id"]: row["path"] for row in documents}
    assert {r["path"]: (r["reason"], paths[r["duplicate_of"]]) for r in rejected} == expected
    assert {row["path"] for row in documents} == FILES.keys() - expected.keys()
    for row in rejected:
        near = row["reason"] == "near_duplicate"
        assert row["threshold"] == (0.7 if near else None) and (row["value"] >= 0.7 if near else row["value"] == 1.0)
        assert row["bytes"] == len(FILES[row["path"]]) and row["language"] == "python"
    counted = {i: sum(u["document_id"] == i for u in units) for i in paths}
    assert counted == {row["id"]: row["units"] for row in documents} and len(units) == sum(counted.values())
    assert result.manifest.counts["documents"]["files"] == len(documents)
    assert result.manifest.counts["rejected"]["files"] == len(rejected)
    assert (tmp_path / "out" / "near_duplicates").exists() == dedup.get("near", True)


def test_every_file_has_the_schema_of_its_table_and_nothing_else_lies_there(tmp_path: Path) -> None:
    make(tmp_path)
    for table in (DOCUMENTS, UNITS, REJECTED):
        files = list((tmp_path / "out" / table.name).iterdir())
        assert files and all(pq.read_schema(f).equals(table.schema, check_metadata=True) for f in files)
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "documents", "units", "rejected", "near_duplicates", "manifest.json", ".lock",
    }  # fmt: skip


def test_workers_change_no_byte(tmp_path: Path) -> None:
    identities = {make(tmp_path, ExecutorConfig(workers=n), out=f"out{n}").manifest.identity for n in (1, 2)}
    assert len(identities) == 1


def test_a_corpus_without_a_document_is_an_error_that_counts_the_reasons(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.txt").write_text("text\n")
    config = CorpusConfig.model_validate({"sources": [{"type": "directory", "name": "s", "path": "s"}]})
    with pytest.raises(StageError, match=r"not one of 1 files became a document \(language/unknown_language: 1\)"):
        corpus(config, tmp_path, tmp_path / "out", ExecutorConfig(workers=1))
    assert not (tmp_path / "out" / "manifest.json").exists()
