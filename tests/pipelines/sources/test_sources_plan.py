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
    assert plans[0] == plans[1] and plans[0].fingerprint == plans[1].fingerprint
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


def test_fingerprint_and_identity_see_changes_but_no_times(tmp_path: Path, repo: Any) -> None:
    tree(tmp_path, ["a.py", "b.py", "c.py"])
    repo.commit(a_py="one")
    (tmp_path / "j.jsonl").write_text('{"content": "x"}')
    sources = [DIRECTORY, GitSource(name="g", path="repo"), JsonlSource(name="j", path="j.jsonl")]

    def state() -> tuple[str, str, str]:
        made = plan(sources, tmp_path)
        return made.fingerprint, identity(made, sources, tmp_path), identity(made, sources, tmp_path, False)

    first = state()
    os.utime(tmp_path / "d/a.py", (1, 1))
    assert state() == first
    (tmp_path / "d/b.py").write_text("y")  # the same size
    second = state()
    assert (second[0], second[2]) == (first[0], first[2]) and second[1] != first[1]
    (tmp_path / "d/b.py").write_text("longer")
    third = state()
    assert all(new != old for new, old in zip(third, second, strict=True))
    repo.commit(a_py="two")
    assert all(new != old for new, old in zip(state(), third, strict=True))
    assert first[1].startswith("content:") and first[2].startswith("listing:")


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
