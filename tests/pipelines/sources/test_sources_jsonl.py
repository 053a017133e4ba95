"""JSON lines as sources."""

import gzip
import io
import json
import sys
import types
from pathlib import Path
from typing import Any

import fsspec
import pytest
import zstandard

from contracts.errors import SourceError
from pipelines.sources import jsonl
from pipelines.sources.config import ColumnMap, JsonlSource
from pipelines.sources.lines import lines
from pipelines.sources.tables import licence_of, lookup

COLUMNS = ColumnMap(content="text", id="meta.id", path="meta.path", repo="repo", language="lang", licence="lic")


def source(path: str = "a.jsonl", **more: Any) -> JsonlSource:
    return JsonlSource(name="j", path=path, **{"columns": ColumnMap(content="text"), **more})


def row(text: Any, **more: Any) -> str:
    return json.dumps({"text": text, **more})


def test_columns(tmp_path: Path, read_all: Any) -> None:
    data = row("x", meta={"id": 7, "path": "/a/../b.py"}, repo="r", lang="Python", lic=["MIT", "A OR B", "MIT"])
    (tmp_path / "a.jsonl").write_text(data + "\n" + row("y"))
    one, two = read_all(source(columns=COLUMNS, licence="BSD-3-Clause")).records
    assert (one.text, one.source_id, one.path, one.repo, one.language) == ("x", "7", "b.py", "r", "Python")
    assert (one.licence, two.licence) == ("MIT AND (A OR B)", "BSD-3-Clause")
    assert (two.source_id, two.path, two.repo, two.language, two.position) == ("", "", "j", None, 1)
    assert (one.archive, one.raw, one.size) == ("a.jsonl", None, 1)


def test_bad_lines_cost_one_record_each(tmp_path: Path, read_all: Any) -> None:
    bad = [
        b"{", b"[1]", b"null", b'"text"', b'{"text": 1}', b'{"other": "x"}', b'{"text": null}', b'{"text": "\xff"}',
        b"[" * 100_000, b'{"text": ' + b"9" * 5000 + b"}", b"\0", row("x", meta={"path": "a\0"}).encode(),
        row("x", meta={"path": "a" * 5000}).encode(),
    ]  # fmt: skip
    first, last = b"\xef\xbb\xbf" + row("ok").encode(), row("end").encode()
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([first, *bad, b"", last]))
    records = read_all(source(columns=ColumnMap(content="text", path="meta.path"))).records
    codes = [r.problem.code if r.problem else r.text for r in records]
    assert codes == ["ok", *["bad_record"] * 11, "unsafe_path", "unsafe_path", "end"]
    assert records[-1].position == len(bad) + 2


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"content": "txet"}, r"columns\.content is 'txet', which no record has; .* 'meta\.path', 'text' \(did you "),
        ({"content": "text", "id": "meta.pth"}, r"columns\.id is 'meta\.pth', .* \(did you mean 'meta\.path'\?\)"),
        ({"content": "text", "licence": "text.lic"}, r"columns\.licence is 'text\.lic', which no record has"),
    ],
)
def test_a_column_that_no_record_has_is_refused_before_anything_is_read(tmp_path, read_all, columns, message) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.jsonl").write_text("not JSON\n" + json.dumps({"meta": {"path": "a.py"}, "text": "x"}))
    (tmp_path / "d" / "b.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(SourceError, match=message):
        read_all(source("d", columns=ColumnMap(**columns)))


def test_a_column_that_only_the_last_record_of_the_last_file_has_is_there(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.jsonl").write_text(row("x") + "\n" + row("y", meta=None))
    (tmp_path / "d" / "b.jsonl").write_text(row("z") + "\n" + row("w", meta=[{}, {"id": None}]))
    got = read_all(source("d", columns=ColumnMap(content="text", id="meta.id")))
    assert [r.text for r in got.records] == ["x", "y", "z", "w"]


def test_files_without_a_record_say_nothing_about_columns(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "a.jsonl").write_text("[1]\nnot JSON\n")
    assert [r.problem.code for r in read_all(source(columns=COLUMNS)).records] == ["bad_record"] * 2


def test_a_lone_surrogate_is_kept_for_the_encoding_check(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a\\ud800b", "meta": {"path": "p\\udfff"}}\n{"text": "b", "n": NaN}\n')
    one, two = read_all(source(columns=ColumnMap(content="text", path="meta.path"))).records
    assert one.text == "a\ud800b" and one.size == 5 and one.path == "p\\udfff"
    assert two.text == "b"


def test_nothing_is_lost_over_parts(tmp_path: Path, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "PART_BYTES", {"plain": 10_000, "compressed": 500})
    data = "".join(row(f"t{n}") + "\n" for n in range(3000)).encode()
    for name, packed in {
        "a.jsonl": data,
        "a.jsonl.gz": gzip.compress(data),
        "a.ndjson.zst": zstandard.compress(data),
    }.items():
        (tmp_path / name).write_bytes(packed)
        got = read_all(source(name), slice_bytes=10_000)
        assert len(list(got.plan.slices)) > 2
        assert sorted(r.position for r in got.records) == list(range(3000))
        assert {r.text for r in got.records} == {f"t{n}" for n in range(3000)}


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_cut_file_is_one_problem(tmp_path: Path, read_all: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(jsonl, "PART_BYTES", {"plain": 10_000, "compressed": 3000})
    data = "".join(row(f"{n * 7919 % 10007} {n}") + "\n" for n in range(20_000)).encode()
    packed = gzip.compress(data) if name.endswith("gz") else zstandard.compress(data)
    (tmp_path / name).write_bytes(packed[: len(packed) * 2 // 3])
    got = read_all(source(name))
    problems = [r for r in got.records if r.problem]
    assert len(list(got.plan.slices)) > 4 and len(got.records) > 1000
    assert [(r.problem.code, r.position) for r in problems if r.problem] == [("bad_archive", -1)]


def test_a_bomb(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "a.jsonl.zst").write_bytes(zstandard.compress(bytes(100_000_000)))
    (record,) = read_all(source("a.jsonl.zst")).records
    assert record.problem.code == "bomb"


class _Chunks(io.BytesIO):
    """Gives a few bytes at a time and knows the largest line that was held."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 5, 5))


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"a\nb", b"a\nb\n", b"\n\na" * 9, b"x" * 40 + b"\ny", b"ab\n" + b"z" * 50]
)
def test_lines(data: bytes) -> None:
    want = [line for line in data.split(b"\n")]
    if not want[-1]:
        want.pop()
    got = list(lines(_Chunks(data), limit=20))
    assert [number for number, _, _ in got] == list(range(len(want)))
    assert [line for _, line, _ in got] == [line if len(line) <= 20 else None for line in want]
    assert [length for _, _, length in got] == [len(line) for line in want]


def test_an_overlong_line(tmp_path: Path, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "lines", lambda stream: lines(stream, limit=1000))
    (tmp_path / "a.jsonl").write_text(row("x" * 2000) + "\n" + row("ok"))
    long, ok = read_all(source()).records
    assert long.problem.code == "too_large" and long.size > 2000 and ok.text == "ok"


def test_too_large_content(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "a.jsonl").write_text(row("é" * 6))
    (record,) = read_all(source(), max_bytes=11).records
    assert record.problem.code == "too_large" and (record.size, record.text) == (12, None)


def test_folders_urls_and_globs(tmp_path: Path, read_all: Any) -> None:
    memory = fsspec.filesystem("memory")
    for name in ("d/b.jsonl", "d/a.jsonl.gz", "d/sub/c.jsonl"):
        data = row(name).encode()
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(data) if name.endswith("gz") else data
        (tmp_path / name).write_bytes(packed)
        memory.pipe(f"/{name}", packed)
    (tmp_path / "d/notes.txt").write_text("x")
    names = ["d/a.jsonl.gz", "d/b.jsonl", "d/sub/c.jsonl"]
    for path in ("d", "memory://d"):
        got = read_all(source(path))
        assert [(r.text, "d/" + r.archive) for r in got.records] == [(name, name) for name in names]
    assert [r.text for r in read_all(source("d/*.jsonl")).records] == names[1:2]
    assert [r.text for r in read_all(source("memory://d/*.jsonl")).records] == names[1:2]
    (record,) = read_all(source("memory://d/b.jsonl")).records
    assert (record.text, record.archive) == ("d/b.jsonl", "b.jsonl")


@pytest.mark.parametrize(
    "url",
    [
        "memory://nothing/x.jsonl",
        "memory://nothing/",
        "nosuch://user:secret@x/y.jsonl?token=secret",
        "memory://nothing/*.jsonl",
        "https://user:secret@[bad/x",
    ],
)
def test_urls_that_fail(read_all: Any, url: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_all(source(url))
    assert "secret" not in str(caught.value)


def test_lookup_and_licences() -> None:
    record = {"a.b": 1, "a": {"b": 2, "c": [{"d": "x"}, {"d": "y"}, [{"d": "z"}]]}}
    assert lookup(record, "a.b") == 1
    assert lookup(record, "a.c.d") == ["x", "y"]
    assert lookup(record, "a.q") is None and lookup(record, "q.r") is None
    assert licence_of([]) is None and licence_of("") is None and licence_of({"a": 1}) is None
    assert licence_of(["MIT"]) == "MIT" and licence_of(["MIT", None, "0BSD"]) == "MIT AND 0BSD"


def test_a_remote_file_that_fails_while_read(read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.filesystem("memory").pipe("/f/a.jsonl", row("x").encode())

    class ClientError(Exception):
        pass

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ClientError("reset")

    monkeypatch.setitem(sys.modules, "aiohttp", types.SimpleNamespace(ClientError=ClientError))
    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "open", lambda *rest, **more: Failing())
    with pytest.raises(SourceError, match=r"'a.jsonl' is listed but cannot be read \(ClientError"):
        read_all(source("memory://f/a.jsonl"))
