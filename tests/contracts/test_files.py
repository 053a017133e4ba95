import errno
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import files
from contracts.errors import ConfigError, StageError
from contracts.files import atomic_path, check_output, checksum, remove_others, remove_tree, write_json


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def test_a_file_appears_whole_with_its_folders(tmp_path):
    with atomic_path(tmp_path / "a" / "b.txt") as temporary:
        temporary.write_text("new")
        assert temporary.parent == tmp_path / "a"
        assert temporary.name.startswith(files.TEMPORARY_PREFIX)
        assert not (tmp_path / "a" / "b.txt").exists()
    assert names(tmp_path) == ["a", "a/b.txt"]
    assert (tmp_path / "a" / "b.txt").read_text() == "new"


@pytest.mark.parametrize(
    "failure", [RuntimeError("stop"), KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left")]
)
def test_an_error_inside_leaves_nothing_and_keeps_the_old_file(tmp_path, failure):
    (tmp_path / "x").write_text("old")
    with pytest.raises(type(failure)), atomic_path(tmp_path / "x") as temporary:
        temporary.write_text("half")
        raise failure
    assert names(tmp_path) == ["x"]
    assert (tmp_path / "x").read_text() == "old"


def test_a_block_that_writes_nothing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "x"):
        pass
    assert names(tmp_path) == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_a_disk_that_refuses_keeps_the_old_file_and_tells_why(tmp_path, monkeypatch, call, code):
    (tmp_path / "x").write_text("old")

    def refuse(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files.os, call, refuse)
    with pytest.raises(OSError) as caught:
        write_json(tmp_path / "x", {"a": 1})
    monkeypatch.undo()
    assert caught.value.errno == code
    assert names(tmp_path) == ["x"]
    assert (tmp_path / "x").read_text() == "old"


def test_when_cleaning_up_fails_too_the_first_error_is_told(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "unlink")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OSError) as caught, atomic_path(tmp_path / "x") as temporary:
        temporary.write_text("half")
        raise OSError(errno.ENOSPC, "full")
    assert caught.value.errno == errno.ENOSPC


def test_a_folder_that_cannot_be_made_is_an_error_before_the_block(tmp_path):
    (tmp_path / "file").write_text("")
    entered = []
    with pytest.raises(OSError), atomic_path(tmp_path / "file" / "x"):
        entered.append(1)
    assert entered == []


def test_of_two_writers_the_last_to_finish_wins_and_both_are_whole(tmp_path):
    path, barrier = tmp_path / "x", threading.Barrier(2)

    def write(text: str) -> None:
        for _ in range(20):
            barrier.wait()
            with atomic_path(path) as temporary:
                temporary.write_text(text * 1000)

    writers = [threading.Thread(target=write, args=(t,)) for t in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_text() in ("a" * 1000, "b" * 1000)
    assert names(tmp_path) == ["x"]


def test_json_keeps_the_order_of_keys_and_text_as_it_is(tmp_path):
    write_json(tmp_path / "x.json", {"b": 1, "a": ["é", None]})
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert "é" in text
    assert list(json.loads(text)) == ["b", "a"]


def test_json_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(TypeError):
        write_json(tmp_path / "x.json", {"a": object()})
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"a": {"b": [1.0, float("nan")]}}, "a.b.1 is nan"),
        ([float("inf")], "0 is inf"),
        (float("-inf"), "it is -inf"),
    ],
)
def test_a_number_that_json_has_not_is_an_error_that_says_where(tmp_path, data, where):
    (tmp_path / "x.json").write_text("old")
    with pytest.raises(StageError, match=where):
        write_json(tmp_path / "x.json", data)
    assert names(tmp_path) == ["x.json"]
    assert (tmp_path / "x.json").read_text() == "old"


def put_something(path: Path, kind: str) -> None:
    target = path.with_name("behind")
    if kind.endswith("pipe"):
        os.mkfifo(target)
    elif kind.endswith("folder"):
        target.mkdir()
    if kind.startswith("link to"):
        path.symlink_to("/proc/self/fd/1" if kind.endswith("open file") else target)
    else:
        target.rename(path)


@pytest.mark.parametrize("kind", ["pipe", "folder", "link to a pipe", "link to a folder", "link to an open file"])
def test_what_is_no_file_is_neither_replaced_nor_written(tmp_path, kind):
    path = tmp_path / "out.json"
    put_something(path, kind)
    before = (names(tmp_path), path.lstat().st_mode)
    with pytest.raises(OSError, match=f"{kind.split()[-1]}, which a file would replace"):
        write_json(path, {"a": 1})
    with pytest.raises(ConfigError, match=r"--to .*give the name of a file"):
        check_output(path, option="--to")
    assert (names(tmp_path), path.lstat().st_mode) == before


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path, exists):
    if exists:
        (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_json(tmp_path / "link", [1])
    assert not (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "link").read_text()) == [1]
    assert (tmp_path / "real").exists() == exists
    assert not exists or (tmp_path / "real").read_text() == "old"


@pytest.mark.parametrize("name", ["in.csv", "sub/../in.csv", "link", "hard", "table"])
def test_an_output_that_is_an_input_is_refused_by_any_name(tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / "in.csv").write_text("precious")
    (tmp_path / "link").symlink_to("in.csv")
    os.link(tmp_path / "in.csv", tmp_path / "hard")
    (tmp_path / "runs.parquet").symlink_to("in.csv")
    given = tmp_path if name == "table" else tmp_path / "in.csv"
    out = tmp_path / ("runs.parquet" if name == "table" else name)
    with pytest.raises(ConfigError, match=r"--out .*which is read"):
        check_output(out, None, given)
    with pytest.raises(ConfigError, match="which is read"):
        check_output(tmp_path / "in.csv", out)
    assert (tmp_path / "in.csv").read_text() == "precious"


@pytest.mark.parametrize("out", [None, "new.json", "old.json", "absent/new.json"])
def test_an_output_of_its_own_is_fine_also_in_the_folder_that_is_read(tmp_path, out):
    for name in ("in.csv", "old.json", "runs.parquet"):
        (tmp_path / name).write_text(name)
    check_output(None if out is None else tmp_path / out, tmp_path / "in.csv", tmp_path, None, tmp_path / "absent")
    assert names(tmp_path) == ["in.csv", "old.json", "runs.parquet"]


def test_the_checksum_is_the_published_one_of_xxh3(tmp_path):
    (tmp_path / "empty").touch()
    assert checksum(tmp_path / "empty") == "99aa06d3014798d86001c324468d497f"


@given(st.integers(0, 5_000), st.data())
def test_a_checksum_changes_with_any_byte(tmp_path_factory, size, data):
    path = tmp_path_factory.getbasetemp() / "checksum"
    content = bytearray(os.urandom(size + 1))
    path.write_bytes(content)
    before = checksum(path)
    assert checksum(path) == before
    content[data.draw(st.integers(0, size))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    assert checksum(path) != before


def test_a_checksum_reads_files_larger_than_a_block(tmp_path, monkeypatch):
    (tmp_path / "x").write_bytes(bytes(range(256)) * 50)
    whole = checksum(tmp_path / "x")
    monkeypatch.setattr(files, "CHECKSUM_BLOCK", 100)
    assert checksum(tmp_path / "x") == whole


def test_what_is_not_kept_goes_with_emptied_folders(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").touch()
    folder = tmp_path / "stage"
    for name in ("keep.txt", "old.txt", "sub/keep.txt", "sub/old.txt", "gone/old.txt", ".work/log", ".lock"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "link").symlink_to(outside)
    removed = remove_others(folder, {folder / "keep.txt", folder / "sub" / "keep.txt"}, ignore=(".work", ".lock"))
    assert names(folder) == [".lock", ".work", ".work/log", "keep.txt", "sub", "sub/keep.txt"]
    assert {p.relative_to(folder).as_posix() for p in removed} == {"old.txt", "sub/old.txt", "gone/old.txt", "link"}
    assert (outside / "precious").exists()


def test_removing_a_tree_that_is_not_there_is_fine(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    remove_tree(tmp_path / "a")
    remove_tree(tmp_path / "a")
    assert names(tmp_path) == []
