"""Small document tables for tests of what comes after ingest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts.schema import DOCUMENTS
from contracts.tables import TableWriter
from pipelines.draft import content_hash, document_id
from pipelines.sources.read import SourceRecord

DEFAULTS: dict[str, Any] = {
    "source": "s", "source_id": "", "repo": "r", "archive": "", "commit": None, "licence": None, "language": "python",
    "detected_by": "extension", "encoding": "utf-8", "lines": 1, "longest_line": 1, "mean_line": 1.0,
    "alphanumeric_share": 1.0, "error_share": 0.0, "code_tokens": 1, "units": 0, "is_test": False,
    "is_vendored": False, "contaminated": None,
}  # fmt: skip


def document(content: str, path: str = "a.py", **columns: Any) -> dict[str, Any]:
    """A row of the documents table; everything that is not given is harmless."""
    raw = content.encode()
    row = {
        **DEFAULTS,
        "path": path,
        "content": content,
        "bytes": len(raw),
        "content_hash": content_hash(raw),
        **columns,
    }
    origin = SourceRecord(row["source"], path, row["repo"], row["archive"], row["source_id"])
    row.setdefault("id", document_id(origin, raw))
    return row


def write_documents(folder: Path, files: Sequence[Sequence[dict[str, Any]]], rows_a_group: int = 3) -> Path:
    """Write numbered files with several row groups each; returns the folder."""
    for number, rows in enumerate(files):
        with TableWriter(folder / f"{number:05d}.parquet", DOCUMENTS) as writer:
            for index, row in enumerate(rows):
                writer.write(row)
                if index % rows_a_group == rows_a_group - 1:
                    writer._flush()
    return folder
