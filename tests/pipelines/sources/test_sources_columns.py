"""Column maps are checked alike in both kinds of tables, and in JSON lines by their start only."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.errors import SourceError
from pipelines.sources import jsonl
from pipelines.sources.config import ColumnMap, JsonlSource, ParquetSource

RECORDS = [
    {"text": "x", "a.b": "1", "meta": {"id": "i", "license": "MIT", "in": {"path": "a.py"}}, "more": [{"sha": "f"}]}
]

CASES = [
    ({}, ""),
    ({"id": "a.b"}, ""),
    ({"id": "meta.id", "licence": "meta.license", "path": "meta.in.path", "commit": "more.sha"}, ""),
    ({"licence": "meta"}, ""),
    ({"content": "txet"}, r"columns\.content is 'txet', which no .* \(did you mean 'text'\?\)"),
    ({"licence": "meta.licens"}, r"columns\.licence is 'meta\.licens', .* \(did you mean 'meta\.license'\?\)"),
    ({"path": "meta.in.pth"}, r"columns\.path is 'meta\.in\.pth', .* \(did you mean 'meta\.in\.path'\?\)"),
    ({"commit": "more.sh"}, r"columns\.commit is 'more\.sh', .* \(did you mean 'more\.sha'\?\)"),
    ({"repo": "meta.in.path.x"}, r"columns\.repo is 'meta\.in\.path\.x'"),
    ({"repo": "text.x"}, r"columns\.repo is 'text\.x'"),
    ({"repo": "zzz"}, r"'zzz', .* the source has 'text', 'a\.b', 'meta\.id', 'meta\.license', 'meta\.in\.path', 'mo"),
]
"""Column maps, and what the error says; nothing: there is none."""


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
@pytest.mark.parametrize(("columns", "message"), CASES, ids=str)
def test_a_column_map_is_checked_alike_in_every_kind_of_table(tmp_path, read_all, kind, columns, message) -> None:
    made: JsonlSource | ParquetSource
    mapped = ColumnMap(**{"content": "text", **columns})
    if kind == "jsonl":
        (tmp_path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
        made = JsonlSource(name="t", path="a.jsonl", columns=mapped)
    else:
        pq.write_table(pa.Table.from_pylist(RECORDS), tmp_path / "a.parquet")
        made = ParquetSource(name="t", path="a.parquet", columns=mapped)
    if message:
        with pytest.raises(SourceError, match=message):
            read_all(made)
    else:
        assert [record.text for record in read_all(made).records] == ["x"]


def lines_of(path: Path, count: int, last: dict[str, Any]) -> None:
    """Records with text and license; the last one has more."""
    rows = [{"text": "x", "license": "MIT"}] * (count - 1) + [{"text": "x", **last}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize(
    ("bound", "columns", "message"),
    [
        ("CHECK_RECORDS", {"repo": "origin"}, ""),  # may be there later, and is
        ("CHECK_BYTES", {"repo": "origin"}, ""),
        ("CHECK_FILES", {"repo": "origin"}, ""),
        ("CHECK_RECORDS", {"repo": "nowhere"}, ""),
        (
            "CHECK_RECORDS",
            {"id": "number"},
            r"'number', which no record has; the start of the source has",
        ),
        ("CHECK_BYTES", {"id": "number"}, r"columns\.id is 'number'"),
        ("CHECK_FILES", {"id": "number"}, r"columns\.id is 'number'"),
        ("CHECK_RECORDS", {"licence": "licence"}, r"columns\.licence is 'licence', .* \(did you mean 'license'\?\)"),
        ("CHECK_RECORDS", {"licence": "license", "commit": "licence"}, ""),  # the near name is another's
        (None, {"repo": "nowhere"}, r"columns\.repo is 'nowhere', which no record has; the source has"),
        (None, {"repo": "origin", "id": "number"}, ""),
    ],
    ids=str,
)
def test_only_the_start_of_json_lines_is_searched_for_columns(
    tmp_path, read_all, monkeypatch, bound, columns, message
) -> None:
    if bound:
        monkeypatch.setattr(jsonl, bound, {"CHECK_RECORDS": 5, "CHECK_BYTES": 300, "CHECK_FILES": 1}[bound])
    (tmp_path / "d").mkdir()
    lines_of(tmp_path / "d" / "a.jsonl", 5 if bound == "CHECK_FILES" else 30, {})
    lines_of(tmp_path / "d" / "b.jsonl", 30, {"origin": "r", "number": 7})
    made = JsonlSource(name="t", path="d", columns=ColumnMap(content="text", **columns))
    if message:
        with pytest.raises(SourceError, match=message):
            read_all(made)
        return
    repos = [record.repo for record in read_all(made).records]
    assert repos[-1] == ("r" if columns.get("repo") == "origin" else "t")
