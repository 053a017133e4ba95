"""Zip archives as sources."""

import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import SourceError
from pipelines.sources.config import ArchiveSource

SOURCE = ArchiveSource(name="z", path="a.zip", licence="MIT")


def make(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def patch(path: Path, old: bytes, new: bytes, count: int = -1) -> None:
    data = path.read_bytes()
    assert old in data and len(old) == len(new)
    path.write_bytes(data.replace(old, new, count))


@pytest.mark.parametrize("end", ["zip", "whl", "jar"])
def test_members(tmp_path: Path, read_all: Any, end: str) -> None:
    make(tmp_path / f"pkg-1.0.{end}", {"p/": b"", "p/a.py": b"one", "./p//b.py": b"two", "p/inner.zip": b"PK"})
    got = read_all(ArchiveSource(name="z", path=f"pkg-1.0.{end}", licence="MIT"))
    assert {(r.path, r.raw) for r in got.records} == {
        ("p/a.py", b"one"),
        ("p/b.py", b"two"),
        ("p/inner.zip", b"PK"),
    }
    assert {(r.repo, r.archive, r.licence) for r in got.records} == {("pkg-1.0", f"pkg-1.0.{end}", "MIT")}


def test_a_folder_and_a_glob_of_archives(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "d/x/one.zip", {"a.py": b"1"})
    make(tmp_path / "d/two.whl", {"a.py": b"2"})
    (tmp_path / "d/README").write_text("no archive")
    got = read_all(ArchiveSource(name="z", path="d", repo="source"))
    assert [(r.archive, r.repo, r.raw) for r in got.records] == [
        ("two.whl", "z", b"2"),
        ("x/one.zip", "z", b"1"),
    ]
    assert [(r.archive, r.path, r.problem.code) for r in got.rejected] == [("README", "", "bad_archive")]
    got = read_all(ArchiveSource(name="z", path="d/**/*.zip", repo="top_level"))
    assert [(r.archive, r.repo, r.raw) for r in got.records] == [("x/one.zip", "z/.", b"1")]


def test_unsafe_paths_links_and_duplicates(tmp_path: Path, read_all: Any) -> None:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    device = zipfile.ZipInfo("device")
    device.create_system, device.external_attr = 3, (stat.S_IFCHR | 0o666) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("../up", "/abs", "C:/x", "a\\..\\..\\b", "ok", "./ok", "nulXbyte"):
            archive.writestr(name, name)
        archive.writestr(link, "/etc/passwd")
        archive.writestr(device, "")
    patch(tmp_path / "a.zip", b"nulXbyte", b"nul\0byte")
    records = read_all(SOURCE).records
    assert [(r.path, r.problem.code if r.problem else "ok") for r in records] == [
        ("../up", "unsafe_path"),
        ("/abs", "unsafe_path"),
        ("C:/x", "unsafe_path"),
        ("a\\..\\..\\b", "unsafe_path"),
        ("ok", "ok"),
        ("ok", "duplicate_member"),
        ("nul\\x00byte", "unsafe_path"),
        ("link", "link"),
        ("device", "link"),
    ]


def test_a_bomb_by_ratio(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {"a.py": b"ok", "bomb": bytes(30_000_000), "z.py": b"after"})
    got = read_all(SOURCE)
    assert got.codes == {"a.py": "ok", "bomb": "bomb", "z.py": "bomb"}
    problem = got.records[1].problem
    assert problem.value > problem.threshold == 200


def test_a_bomb_of_members_that_share_their_bytes(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {"a": os.urandom(1_500_000)}, zipfile.ZIP_STORED)
    data = (tmp_path / "a.zip").read_bytes()
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry, count = data[start:end], 400
    names = [entry[:-1] + bytes([33 + n % 90]) for n in range(count)]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, start, 0)
    (tmp_path / "a.zip").write_bytes(data[:start] + b"".join(names) + tail)
    got = read_all(ArchiveSource(name="z", path="a.zip", max_ratio=50))
    codes = [r.problem.code for r in got.records]
    assert len(codes) == count and codes[49] != "bomb" and set(codes[50:90]) <= {"bomb", "unsafe_path"}


def test_a_bomb_by_size(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {"a": b"x" * 60, "b": b"y" * 60, "c": b""})
    got = read_all(ArchiveSource(name="z", path="a.zip", max_expanded=100))
    assert got.codes == {"a": "ok", "b": "bomb", "c": "bomb"}


def test_encrypted_and_odd_methods(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {"secret": b"x" * 9})
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))
    (record,) = read_all(SOURCE).records
    assert record.problem.code == "bad_archive" and "encrypted" in record.problem.detail
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        make(tmp_path / "a.zip", {"odd": b"x" * 9}, method)
        (record,) = read_all(SOURCE).records
        assert record.problem.code == "bad_archive" and "method" in record.problem.detail


def test_one_broken_member_does_not_cost_the_others(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {"a": b"first" * 9, "b": b"second", "c": b"third"}, zipfile.ZIP_STORED)
    patch(tmp_path / "a.zip", b"second", b"secxnd")
    got = read_all(SOURCE)
    assert got.codes == {"a": "ok", "b": "bad_archive", "c": "ok"}


def test_a_lying_size(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {"a": b"x" * 5000, "b": b"y"})
    patch(tmp_path / "a.zip", struct.pack("<L", 5000), struct.pack("<L", 50))
    assert read_all(SOURCE).codes == {"a": "bad_archive", "b": "ok"}


@pytest.mark.parametrize("cut", [0, 10, 100, -30])
def test_a_cut_archive(tmp_path: Path, read_all: Any, cut: int) -> None:
    path = make(tmp_path / "a.zip", {"a": os.urandom(200)})
    path.write_bytes(path.read_bytes()[:cut])
    (record,) = read_all(SOURCE).records
    assert (record.path, record.archive, record.problem.code) == ("", "a.zip", "bad_archive")


def test_broken_bytes_always_give_records(tmp_path: Path, read_all: Any) -> None:
    whole = make(tmp_path / "a.zip", {"a": b"one" * 20, "b": b"two" * 20}).read_bytes()
    for at in range(len(whole)):
        (tmp_path / "a.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert read_all(SOURCE).records


def test_too_many_members(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {f"{n}": b"" for n in range(20)})
    (record,) = read_all(ArchiveSource(name="z", path="a.zip", max_members=19)).records
    assert record.problem.code == "too_many_members" and record.problem.threshold == 19
    assert len(read_all(ArchiveSource(name="z", path="a.zip", max_members=20)).records) == 20


def test_a_large_zip_is_cut_and_nothing_is_lost(tmp_path: Path, read_all: Any) -> None:
    files = {f"d{n % 7}/{n}.py": os.urandom(n * 11 % 3000) for n in range(300)}
    path = make(tmp_path / "a.zip", files)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("d0/0.py", "again")
    got = read_all(SOURCE, slice_bytes=40_000)
    assert len(got.plan.tasks) > 5
    assert {r.path: r.raw for r in got.records if r.raw is not None} == files
    assert [r.path for r in got.records if r.problem] == ["d0/0.py"]
    assert [r.position for r in got.records] == list(range(301))


def test_include_and_exclude(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "a.zip", {"p/a.py": b"", "p/b.js": b"", "v/c.py": b""})
    source = ArchiveSource(name="z", path="a.zip", include=("*.py",), exclude=("v",))
    assert read_all(source).codes == {"p/a.py": "ok"}


@pytest.mark.parametrize(
    ("path", "match"),
    [("a.rar", "no known archive type"), ("gone.zip", "cannot be read"), ("d/*.zip", "holds nothing"),
     ("gone/*.zip", "does not exist"), ("d", "holds nothing")],
)  # fmt: skip
def test_paths_that_cannot_be_planned(tmp_path: Path, read_all: Any, path: str, match: str) -> None:
    (tmp_path / "a.rar").write_text("x")
    (tmp_path / "d").mkdir()
    with pytest.raises(SourceError, match=match):
        read_all(ArchiveSource(name="z", path=path))


def test_linked_archives_only_when_asked_for(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "blobs/x", {"a": b"1"})
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a.zip").symlink_to("../blobs/x")
    with pytest.raises(SourceError, match="follow_symlinks"):
        read_all(ArchiveSource(name="z", path="d"))
    assert read_all(ArchiveSource(name="z", path="d", follow_symlinks=True)).codes == {"a": "ok"}


def test_repositories_of_unsafe_members_and_odd_archive_names(tmp_path: Path, read_all: Any) -> None:
    make(tmp_path / "d/...zip", {"../../x": b"1", "top/y": b"2"})
    records = read_all(ArchiveSource(name="z", path="d", repo="top_level")).records
    assert [(r.repo, r.path) for r in records] == [("z", "../../x"), ("top", "y")]
    assert {r.repo for r in read_all(ArchiveSource(name="z", path="d")).records} == {"...zip"}
