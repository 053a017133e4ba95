"""Folders as sources."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import SourceError
from pipelines.sources import directory
from pipelines.sources.config import DirectorySource
from pipelines.sources.plan import plan
from pipelines.sources.read import read_slice


def write(root: Path, *names: str, text: str = "x") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_files_in_byte_order_without_excluded_ones(tmp_path: Path, read_all: Any) -> None:
    write(tmp_path / "d", "b.py", "a/z.py", "a.py", "é.py", ".git/config", "x/node_modules/y.js", "Z.py")
    got = read_all(DirectorySource(name="d", path="d", licence="MIT", commit="abc"))
    assert [r.path for r in got.records] == ["Z.py", "a.py", "a/z.py", "b.py", "é.py"]
    assert {(r.source, r.repo, r.licence, r.commit, r.raw) for r in got.records} == {("d", "d", "MIT", "abc", b"x")}
    assert got.plan.excluded == {"d": 2}


def test_top_level_folders_as_repositories(tmp_path: Path, read_all: Any) -> None:
    write(tmp_path / "d", "one/a.py", "one/b/c.py", "d/a.py", "root.py")
    got = read_all(DirectorySource(name="d", path="d", repo="top_level"))
    assert {(r.repo, r.path) for r in got.records} == {
        ("one", "a.py"),
        ("one", "b/c.py"),
        ("d", "a.py"),
        ("d/.", "root.py"),
    }


def test_links_are_problems_and_pipes_do_not_block(tmp_path: Path, read_all: Any) -> None:
    write(tmp_path / "d", "a.py")
    write(tmp_path, "secret")
    (tmp_path / "d/loop").symlink_to(".")
    (tmp_path / "d/out").symlink_to("../secret")
    (tmp_path / "d/in").symlink_to("a.py")
    os.mkfifo(tmp_path / "d/pipe")
    got = read_all(DirectorySource(name="d", path="d"))
    assert got.codes == {"a.py": "ok", "loop": "link", "out": "link", "in": "link", "pipe": "not_regular"}


def test_followed_links_stay_inside_and_end(tmp_path: Path, read_all: Any) -> None:
    write(tmp_path / "d", "a.py", "sub/b.py")
    write(tmp_path, "secret/s.py")
    for name, target in {
        "loop": ".",
        "sub/up": "..",
        "out": "../secret",
        "outfile": "../secret/s.py",
        "in.py": "a.py",
        "dir": "sub",
        "dir2": "sub",
        "gone": "nothing",
        "self": "self",
    }.items():
        (tmp_path / "d" / name).symlink_to(target)
    codes = read_all(DirectorySource(name="d", path="d", follow_symlinks=True)).codes
    ok = {path for path, code in codes.items() if code == "ok"}
    assert {"a.py", "in.py", "sub/b.py"} <= ok and len(ok & {"dir/b.py", "dir2/b.py"}) == 1
    assert {path for path, code in codes.items() if code == "link"} >= {
        "loop", "sub/up", "out", "outfile", "gone", "self",
    }  # fmt: skip


def test_links_cannot_multiply(tmp_path: Path, read_all: Any) -> None:
    for level in range(12):
        write(tmp_path / "d", f"{level}/f.py")
        for name in "xy":
            (tmp_path / f"d/{level}/{name}").symlink_to(f"../{level + 1}")
    write(tmp_path / "d", "12/f.py")
    got = read_all(DirectorySource(name="d", path="d", follow_symlinks=True))
    assert len(got.records) + len(got.rejected) < 100


def test_vanished_grown_and_replaced_since_the_plan(tmp_path: Path) -> None:
    write(tmp_path / "d", "gone.py", "grown.py", "pipe.py", "link.py", "dir/in.py", "ok.py")
    write(tmp_path, "secret/in.py", text="secret")
    source = DirectorySource(name="d", path="d")
    made = plan([source], tmp_path, max_file_bytes=10)
    (tmp_path / "d/gone.py").unlink()
    (tmp_path / "d/grown.py").write_text("x" * 11)
    for name in ("pipe.py", "link.py", "dir/in.py"):
        (tmp_path / "d" / name).unlink()
    os.mkfifo(tmp_path / "d/pipe.py")
    (tmp_path / "d/link.py").symlink_to("ok.py")
    (tmp_path / "d/dir").rmdir()
    (tmp_path / "d/dir").symlink_to("../secret")
    records = [r for item in made.slices for r in read_slice(item, [source], tmp_path, 10)]
    assert {r.path: r.problem.code if r.problem else "ok" for r in records} == {
        "dir/in.py": "link",
        "gone.py": "unreadable",
        "grown.py": "too_large",
        "link.py": "link",
        "ok.py": "ok",
        "pipe.py": "not_regular",
    }


def test_too_large_is_not_read(tmp_path: Path, read_all: Any) -> None:
    write(tmp_path / "d", "a.py", text="x" * 100)
    (record,) = read_all(DirectorySource(name="d", path="d"), max_bytes=99).records
    assert record.problem and (record.problem.value, record.problem.threshold) == (100, 99)
    assert record.raw is None and record.size == 100
    (record,) = read_all(DirectorySource(name="d", path="d"), max_bytes=100).records
    assert record.raw == b"x" * 100


def test_a_file_that_may_not_be_read(tmp_path: Path, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "d", "a.py", "b.py")
    real = os.open

    def refuse(path: str, *rest: Any) -> int:
        if str(path).endswith("a.py"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr(directory.os, "open", refuse)
    got = read_all(DirectorySource(name="d", path="d"))
    assert got.codes == {"a.py": "unreadable", "b.py": "ok"}
    assert got.records[0].problem.value == errno.EACCES


def test_a_folder_that_may_not_be_listed(tmp_path: Path, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "d", "a.py", "closed/b.py")
    real = os.scandir

    def refuse(path: str) -> Any:
        if str(path).rstrip("/").endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert read_all(DirectorySource(name="d", path="d")).codes == {"a.py": "ok", "closed": "unreadable"}
    with pytest.raises(SourceError, match="cannot be listed"):
        read_all(DirectorySource(name="d", path="d/closed"))


def test_names_that_are_not_utf8(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "d").mkdir()
    with open(os.path.join(os.fsencode(tmp_path / "d"), b"caf\xe9\n.py"), "w") as file:
        file.write("x")
    (record,) = read_all(DirectorySource(name="d", path="d")).records
    assert record.path == "caf\\xe9\n.py" and record.raw == b"x"


@pytest.mark.parametrize(("path", "match"), [("missing", "does not exist"), ("file", "not a folder")])
def test_a_path_that_is_no_folder(tmp_path: Path, read_all: Any, path: str, match: str) -> None:
    write(tmp_path, "file")
    with pytest.raises(SourceError, match=match):
        read_all(DirectorySource(name="d", path=path))


def test_nothing_to_read(tmp_path: Path, read_all: Any) -> None:
    write(tmp_path / "d", ".git/x")
    with pytest.raises(SourceError, match="holds nothing to read"):
        read_all(DirectorySource(name="d", path="d"))
