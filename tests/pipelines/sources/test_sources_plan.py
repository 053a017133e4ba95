"""The plan: deterministic, complete, and true to its input."""

import dataclasses
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import ConfigError, SourceError
from pipelines.sources.config import ArchiveSource, DirectorySource, GitSource, JsonlSource
from pipelines.sources.plan import SourcePlan, identity, plan
from pipelines.sources.read import read_slice

DIRECTORY = DirectorySource(name="d", path="d")


def tree(root: Path, names: list[str]) -> None:
    for number, name in enumerate(names):
        path = root / "d" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * (number % 3))


def test_the_plan_depends_on_the_input_only(tmp_path: Path) -> None:
    names = [f"{n % 5}/{n}.py" for n in range(100)] + ["é.py", "Z.py"]
    plans = []
    for where, order in (("one", names), ("two", names[::-1])):
        tree(tmp_path / where, order)
        for path in (tmp_path / where / "d").rglob("*.py"):
            path.write_text(path.name)
        plans.append(plan([DIRECTORY], tmp_path / where, slice_bytes=3000))
    assert plans[0] == plans[1]
    members = [name for item in plans[0].slices for name in item.members or ()]
    assert members == sorted(names, key=os.fsencode)
    assert len(plans[0].tasks) > 5


def test_order_does_not_come_from_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, [f"{n % 5}/{n}" for n in range(50)])
    first = plan([DIRECTORY], tmp_path)
    real = os.scandir

    class Reversed:
        def __init__(self, path: str) -> None:
            self._entries = list(real(path))[::-1]

        def __enter__(self) -> list[Any]:
            return self._entries

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(os, "scandir", Reversed)
    assert plan([DIRECTORY], tmp_path) == first


def test_identity_sees_changes_but_no_times(tmp_path: Path, repo: Any) -> None:
    tree(tmp_path, ["a.py", "b.py", "c.py"])
    repo.commit(a_py="one")
    (tmp_path / "j.jsonl").write_text('{"content": "x"}')
    sources = [DIRECTORY, GitSource(name="g", path="repo"), JsonlSource(name="j", path="j.jsonl")]

    def state() -> tuple[str, str]:
        made = plan(sources, tmp_path)
        return identity(made, sources, tmp_path), identity(made, sources, tmp_path, False)

    first = state()
    os.utime(tmp_path / "d/a.py", (1, 1))
    assert state() == first
    (tmp_path / "d/b.py").write_text("y")  # the same size
    second = state()
    assert second[1] == first[1] and second[0] != first[0]
    (tmp_path / "d/b.py").write_text("longer")
    third = state()
    assert all(new != old for new, old in zip(third, second, strict=True))
    repo.commit(a_py="two")
    assert all(new != old for new, old in zip(state(), third, strict=True))
    assert first[0].startswith("content:") and first[1].startswith("listing:")


def test_a_new_broken_entry_changes_the_identity(tmp_path: Path) -> None:
    tree(tmp_path, ["a.py"])
    seen = set()
    for change in (
        lambda path: None,
        lambda path: path.symlink_to("a.py"),
        lambda path: (path.unlink(), os.mkfifo(path)),
        lambda path: path.rename(path.with_name("moved")),
    ):
        change(tmp_path / "d/broken")
        seen.add(identity(plan([DIRECTORY], tmp_path), [DIRECTORY], tmp_path, False))
    assert len(seen) == 4


def test_only_bytes_that_would_be_checksummed_count(tmp_path: Path, repo: Any, monkeypatch: Any) -> None:
    tree(tmp_path, ["a.py", "b.py"])
    repo.commit(large_py="x" * 1000)
    sources = [DIRECTORY, GitSource(name="g", path="repo")]
    made = plan(sources, tmp_path)
    assert (made.total_bytes, made.checksum_bytes) == (1001, 1)
    for limit, kind in ((1, "listing"), (2, "content")):
        monkeypatch.setattr("pipelines.sources.identity.CHECKSUM_BYTES", limit)
        assert identity(made, sources, tmp_path).startswith(kind)


@pytest.mark.parametrize("path", ["{base}/d/*.zip", "d/*.zip", "./d/[ab].zip", "d/../*/?.zip"])
def test_a_base_directory_is_no_pattern(tmp_path: Path, path: str) -> None:
    base = tmp_path / "run[1]*?"
    for folder in (base / "d", tmp_path / "run1xx" / "d"):
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            archive.writestr(folder.parent.name, "")
    source = ArchiveSource(name="z", path=path.replace("{base}", "../*") if "{" in path else path)
    made = plan([source], base)
    records = [r for item in made.slices for r in read_slice(item, [source], base, 10)]
    want = {"run[1]*?", "run1xx"} if "{" in path else {"run[1]*?"}
    assert {r.path for r in records} == want


def test_empty_files_make_tasks_of_bounded_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.sources.slices.MAX_SLICE_MEMBERS", 10)
    tree(tmp_path, [str(n) for n in range(55)])
    assert [len(item.members or ()) for item in plan([DIRECTORY], tmp_path).slices] == [10] * 5 + [5]


def test_several_sources(tmp_path: Path, read_all: Any) -> None:
    tree(tmp_path, ["a.py"])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.py", "")
    got = read_all(DIRECTORY, ArchiveSource(name="z", path="a.zip"))
    assert [(r.source, r.path) for r in got.records] == [("d", "a.py"), ("z", "b.py")]
    assert got.plan.files == 2 and len(got.plan.tasks) == 1


def test_misuse(tmp_path: Path) -> None:
    tree(tmp_path, ["a.py"])
    with pytest.raises(ConfigError, match="slice_bytes: 0"):
        plan([DIRECTORY], tmp_path, slice_bytes=0)
    with pytest.raises(ConfigError, match="used twice"):
        plan([DIRECTORY, DIRECTORY], tmp_path)
    made = plan([DIRECTORY], tmp_path)
    for bad in ("", "[]", "{}", made.to_json().replace('"directory"', '"elsewhere"')):
        with pytest.raises(SourceError, match="plan the sources again"):
            SourcePlan.from_json(bad)
    (item,) = made.slices
    for wrong in (dataclasses.replace(item, source=5), dataclasses.replace(item, kind="zip")):
        with pytest.raises(SourceError, match="plan the sources again"):
            read_slice(wrong, [DIRECTORY], tmp_path, 10)
