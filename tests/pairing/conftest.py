"""A corpus of a few documents, written as the corpus stage writes it."""

import hashlib
from pathlib import Path

import pytest

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES
from contracts.schema import DOCUMENTS, UNITS
from contracts.tables import write_rows

FACTS = {
    "source": "test", "source_id": "", "repo": "r", "archive": "", "commit": None, "licence": "MIT",
    "detected_by": "extension", "encoding": "utf-8", "lines": 1, "longest_line": 1, "mean_line": 1.0,
    "alphanumeric_share": 1.0, "error_share": 0.0, "code_tokens": 1, "units": 0, "is_test": False,
    "is_vendored": False, "contaminated": None,
}  # fmt: skip


def document(language: str, name: str, content: str, **facts) -> dict:
    identity = hashlib.blake2b(f"{language}/{name}".encode(), digest_size=16).hexdigest()
    row = {**FACTS, "id": identity, "path": name, "language": language, "content": content}
    return {**row, "bytes": len(content.encode()), "content_hash": identity, **facts}


def write_corpus(folder: Path, rows: list[dict]) -> Path:
    """documents and units in one file each, and a manifest with the counts that pairing reads."""
    write_rows(folder / "documents" / "00000.parquet", DOCUMENTS, rows)
    write_rows(folder / "units" / "00000.parquet", UNITS, [])
    counts = {x: {"files": sum(r["language"] == x for r in rows)} for x in LANGUAGE_NAMES}
    by_language = {x: n for x, n in counts.items() if n["files"]}
    files = sorted(folder.rglob("*.parquet"))
    manifest = manifests.build("corpus", folder, files, {}, {}, {"documents": {"by_language": by_language}}, {})
    manifests.write(folder, manifest)
    return folder


@pytest.fixture
def corpus_of(tmp_path):
    return lambda rows: write_corpus(tmp_path / "corpus", rows)
