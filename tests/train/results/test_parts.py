import json
import os
import time

import pytest

from contracts.errors import StageError
from train.results import parts
from train.results.parts import create, listed, load, path_of, remove_left

from .rows import row

KEY = ("ab12", 6400)


def test_a_point_comes_back_exactly(tmp_path):
    path = path_of(tmp_path / "points", KEY, 0)
    assert create(path, row()) is True
    assert load(path) == row()
    assert [p.name for p in path.parent.iterdir()] == ["ab12-0000000000006400-000.json"]


@pytest.mark.parametrize("links", [True, False])
def test_a_name_is_taken_once(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(parts.os, "link", lambda *_: (_ for _ in ()).throw(PermissionError("no hard links")))
    path = path_of(tmp_path, KEY, 0)
    assert create(path, row()) is True
    assert create(path, row(loss=9.0)) is False
    assert load(path) == row()
    assert len(list(tmp_path.iterdir())) == 1


def test_the_last_revision_of_each_point_is_listed(tmp_path):
    for key, revision in ((("b", 5), 0), (KEY, 2), (KEY, 0), (KEY, 1), (("b", 40), 0)):
        create(path_of(tmp_path, key, revision), row())
    (tmp_path / ".tmp-1").touch()
    (tmp_path / ".nfs0001").touch()
    assert list(listed(tmp_path).items()) == [(KEY, 2), (("b", 5), 0), (("b", 40), 0)]
    assert listed(tmp_path / "absent") == {}


@pytest.mark.parametrize("name", ["notes.txt", "ab12-6400-0.json", "ab12-0000000000006400-000.json~"])
def test_another_file_among_the_points_is_named(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(StageError, match=f"{name}: not a point of a runs table"):
        listed(tmp_path)


def broken(text: str) -> list[str]:
    data = json.loads(text)
    longer = {**data["row"], "more": 0.5}
    return [
        "",
        text[: len(text) // 2],
        "[]",
        "\xff\xfe",
        json.dumps({"row": data["row"]}),
        text.replace('"steps": 10', '"steps": 11'),
        json.dumps({"digest": parts.digest(longer), "row": longer}),
        json.dumps({"digest": parts.digest([]), "row": []}),
    ]


@pytest.mark.parametrize("number", range(8))
def test_a_damaged_point_is_named_with_the_cure(tmp_path, number):
    path = path_of(tmp_path, KEY, 0)
    create(path, row())
    text = path.read_text()
    path.write_text(broken(text)[number], encoding="latin-1")
    with pytest.raises(StageError, match=r"ab12-0{12}6400-000\.json: .*\. Copy it from a backup, or remove it"):
        load(path)


def test_only_old_temporary_files_are_removed(tmp_path):
    for name, age in ((".tmp-old", 7200), (".tmp-new", 10), ("kept", 7200)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    remove_left(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".tmp-new", "kept"]


def test_a_row_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(ValueError):
        create(path_of(tmp_path, KEY, 0), row() | {"loss_go": float("nan")})
    assert list(tmp_path.iterdir()) == []
