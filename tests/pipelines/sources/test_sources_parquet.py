"""Parquet files as sources."""

from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.errors import SourceError
from pipelines.sources import parquet
from pipelines.sources.config import ColumnMap, ParquetSource

STACK = ColumnMap(
    content="content",
    id="blob_id",
    path="path",
    repo="repo_name",
    language="language",
    licence="detected_licenses",
    commit="revision_id",
)
"""Column names of The Stack v2, with the content joined in."""


def stack(count: int) -> pa.Table:
    return pa.table(
        {
            "blob_id": [f"b{n}" for n in range(count)],
            "path": [f"/src/{n}.py" for n in range(count)],
            "repo_name": ["org/repo"] * count,
            "language": ["Python"] * count,
            "detected_licenses": pa.array(
                [["MIT", "Apache-2.0"][: n % 3] for n in range(count)], pa.list_(pa.string())
            ),
            "revision_id": ["f" * 40] * count,
            "content": [f"print({n})\n" for n in range(count)],
            "unused": [b"\xff"] * count,
        }
    )


def source(path: str = "a.parquet", columns: ColumnMap = STACK) -> ParquetSource:
    return ParquetSource(name="p", path=path, columns=columns, licence="0BSD")


def test_columns_like_the_stack(tmp_path: Path, read_all: Any) -> None:
    pq.write_table(stack(1000), tmp_path / "a.parquet", row_group_size=100)
    got = read_all(source(), slice_bytes=10_000)
    assert len(got.plan.tasks) > 2
    assert [r.position for r in got.records] == list(range(1000))
    assert [r.text for r in got.records] == [f"print({n})\n" for n in range(1000)]
    record = got.records[2]
    assert (record.source_id, record.path, record.repo, record.language) == (
        "b2",
        "src/2.py",
        "org/repo",
        "Python",
    )
    assert (record.licence, record.commit, record.archive) == ("MIT AND Apache-2.0", "f" * 40, "a.parquet")
    assert [r.licence for r in got.records[:2]] == ["0BSD", "MIT"]


def test_bad_values_cost_one_record_each(tmp_path: Path, read_all: Any) -> None:
    text = pa.array([b"ok", b"\xff\xfe", None, b"x" * 200, b"end", b"end"], pa.binary())
    ids = pa.array([b"1", b"2", b"3", b"4", b"\xff", b"6"], pa.binary())
    for kind in (pa.string(), pa.large_string()):
        size = pa.large_binary() if pa.types.is_large_string(kind) else pa.binary()
        columns = [pa.Array.from_buffers(kind, 6, a.cast(size).buffers()) for a in (text, ids)]
        pq.write_table(pa.table(columns, names=["content", "id"]), tmp_path / "a.parquet")
        records = read_all(source(columns=ColumnMap(id="id")), max_bytes=100).records
        assert [r.problem.code if r.problem else r.text for r in records] == [
            "ok", "bad_record", "bad_record", "too_large", "bad_record", "end",
        ]  # fmt: skip
        assert records[3].size == 200 and records[3].source_id == "4"


def test_binary_dictionary_and_nested_content(tmp_path: Path, read_all: Any) -> None:
    table = pa.table(
        {
            "raw": [b"\xff"],
            "dict": pa.array(["d"]).dictionary_encode(),
            "file": [{"text": "t", "size": 1}],
            "a.b": ["dotted"],
            "number": [1],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    for column, want in {"raw": b"\xff", "dict": "d", "file.text": "t", "a.b": "dotted"}.items():
        (record,) = read_all(source(columns=ColumnMap(content=column))).records
        assert want in (record.raw, record.text)
    (record,) = read_all(source(columns=ColumnMap(content="number"))).records
    assert record.problem.code == "bad_record"


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path, read_all: Any) -> None:
    pq.write_table(pa.table({"text": ["x"]}), tmp_path / "a.parquet")
    with pytest.raises(SourceError, match=r"columns.content is 'content'.*'text'"):
        read_all(source(columns=ColumnMap()))


def test_a_broken_file_among_good_ones(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "d").mkdir()
    pq.write_table(stack(3), tmp_path / "d/a.parquet")
    pq.write_table(pa.table({"other": [1, 2]}), tmp_path / "d/c.parquet")
    (tmp_path / "d/b.parquet").write_bytes(b"PAR1 no table PAR1")
    (tmp_path / "d/_SUCCESS").write_bytes(b"")
    got = read_all(source("d"))
    assert [(r.archive, r.problem.code if r.problem else "ok") for r in got.records] == [
        *[("a.parquet", "ok")] * 3,
        ("b.parquet", "bad_archive"),
        *[("c.parquet", "bad_record")] * 2,
    ]
    assert [r.archive for r in got.rejected] == ["_SUCCESS"]


def test_broken_bytes_always_give_records(tmp_path: Path, read_all: Any) -> None:
    pq.write_table(stack(5), tmp_path / "a.parquet", compression="zstd")
    whole = (tmp_path / "a.parquet").read_bytes()
    for at in range(4, len(whole), 31):
        (tmp_path / "a.parquet").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            assert read_all(source()).records
        except SourceError as error:
            assert "column" in str(error) or "nothing to read" in str(error)


def test_a_row_group_that_expands_too_far(tmp_path: Path, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MAX_ROW_GROUP", 1000)
    pq.write_table(stack(100), tmp_path / "a.parquet")
    (record,) = read_all(source()).records
    assert record.problem.code == "bomb"


def test_a_url(read_all: Any) -> None:
    with fsspec.open("memory://tables/x.parquet", "wb") as file:
        pq.write_table(stack(3), file)
    assert len(read_all(source("memory://tables")).records) == 3
