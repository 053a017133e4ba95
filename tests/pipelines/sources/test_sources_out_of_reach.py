"""What a machine or a network fails to give is an error of the task, never a rejection that stays."""

import bz2
import errno
import gzip
import io
import lzma
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from contracts.errors import SourceError
from pipelines.sources.config import AnySource, ArchiveSource, DirectorySource, JsonlSource, ParquetSource
from pipelines.sources.plan import SourcePlan, identity, plan
from pipelines.sources.read import problem_records, read_slice

LINE = b'{"content": "x"}\n'


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO())
    return out.getvalue()


def packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "1")
    return out.getvalue()


def table() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"content": ["x"]}), out)
    return out.getvalue()


CONTAINERS: dict[str, tuple[type[Any], Callable[[], bytes]]] = {
    "a.zip": (ArchiveSource, packed),
    "a.tar": (ArchiveSource, tar),
    "a.tar.gz": (ArchiveSource, lambda: gzip.compress(tar())),
    "a.jsonl": (JsonlSource, lambda: LINE),
    "a.jsonl.gz": (JsonlSource, lambda: gzip.compress(LINE)),
    "a.jsonl.zst": (JsonlSource, lambda: zstandard.compress(LINE)),
    "a.jsonl.bz2": (JsonlSource, lambda: bz2.compress(LINE)),
    "a.jsonl.xz": (JsonlSource, lambda: lzma.compress(LINE)),
    "a.parquet": (ParquetSource, table),
}


@pytest.fixture(params=CONTAINERS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> AnySource:
    """Return a source of two archives or tables, `a` and `b`, of each kind."""
    model, make = CONTAINERS[request.param]
    (tmp_path / "d").mkdir()
    for name in (request.param, request.param.replace("a.", "b.")):
        (tmp_path / "d" / name).write_bytes(make())
    made: AnySource = model(name="s", path="d")
    return made


def first(base: Path) -> Path:
    return min((base / "d").iterdir())


def read(made: SourcePlan, source: AnySource, base: Path) -> Iterator[Any]:
    return (r for item in made.slices for r in read_slice(item, [source], base, 100))


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    """Let the system refuse to open one file."""
    real = os.open

    def opened(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith(name):
            raise OSError(code, os.strerror(code))
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", opened)


def test_a_container_that_vanished_or_was_replaced(source: AnySource, tmp_path: Path) -> None:
    made = plan([source], tmp_path)
    path = first(tmp_path)
    path.unlink()
    with pytest.raises(SourceError, match=rf"'s': '{path.name}' is listed but cannot be read \(No such file"):
        list(read(made, source, tmp_path))
    with pytest.raises(SourceError, match="is listed but cannot be read"):
        identity(made, [source], tmp_path)
    os.mkfifo(path)
    with pytest.raises(SourceError, match="no regular file any more"):
        list(read(made, source, tmp_path))
    shutil.rmtree(tmp_path / "d")
    with pytest.raises(SourceError, match="No such file"):
        list(read(made, source, tmp_path))


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES, errno.ESTALE])
def test_a_container_that_cannot_be_opened_any_more(
    source: AnySource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    made = plan([source], tmp_path)
    refuse(monkeypatch, first(tmp_path).name, code)
    with pytest.raises(SourceError, match=os.strerror(code)):
        list(read(made, source, tmp_path))


def test_a_container_that_never_could_be_opened(
    source: AnySource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = first(tmp_path)
    with monkeypatch.context() as patch:
        refuse(patch, path.name, errno.EACCES)
        made = plan([source], tmp_path)
        (rejected,) = problem_records(made, [source])
        assert (rejected.archive, rejected.problem and rejected.problem.code) == (path.name, "unreadable")
        records = list(read(made, source, tmp_path))
        assert [(r.archive, r.problem) for r in records] == [(path.name.replace("a.", "b."), None)]
        before = identity(made, [source], tmp_path)
    assert identity(plan([source], tmp_path), [source], tmp_path) != before
    refuse(monkeypatch, path.name, errno.EIO)
    with pytest.raises(SourceError, match="Input/output error"):
        plan([source], tmp_path)


def test_a_container_that_fails_while_read(source: AnySource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan([source], tmp_path)
    size = first(tmp_path).stat().st_size

    class Failing(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            self.left = getattr(self, "left", reads) - 1
            if self.left < 0:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(min(-1 if size is None else size, 1 << 20))

    monkeypatch.setattr(os, "fdopen", lambda handle, *rest, **more: Failing(handle))
    assert size > 0
    for reads in range(2 if isinstance(source, ParquetSource) else 1):
        with pytest.raises(SourceError, match="Input/output error"):
            list(read(made, source, tmp_path))
        with pytest.raises(SourceError, match="Input/output error"):
            identity(made, [source], tmp_path, checksum=True) if reads == 0 else list(read(made, source, tmp_path))


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_server_that_fails(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, make = CONTAINERS[name]
    if model is ArchiveSource:
        source: AnySource = ArchiveSource(name="s", path=f"memory://reach/{name}")
    else:
        source = model(name="s", path=f"memory://reach/{name}")
    fsspec.filesystem("memory").pipe(f"/reach/{name}", make())
    made = plan([source], tmp_path)
    assert [r.problem for r in read(made, source, tmp_path)] == [None]

    def unavailable(*rest: Any, **more: Any) -> Any:
        raise OSError("503 Service Unavailable")

    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "open", unavailable)
    with pytest.raises(SourceError, match="is listed but cannot be read"):
        list(read(made, source, tmp_path))


DIRECTORY = DirectorySource(name="s", path="d")


def folder(base: Path) -> SourcePlan:
    (base / "d/sub").mkdir(parents=True)
    for name in ("a.py", "b.py", "sub/c.py"):
        (base / "d" / name).write_text("x")
    return plan([DIRECTORY], base)


def test_a_folder_that_went_away(tmp_path: Path) -> None:
    made = folder(tmp_path)
    records = read(made, DIRECTORY, tmp_path)
    assert next(records).raw == b"x"
    shutil.rmtree(tmp_path / "d")
    with pytest.raises(SourceError, match=r"out of reach now \(No such file"):
        list(records)
    for again in (lambda: list(read(made, DIRECTORY, tmp_path)), lambda: identity(made, [DIRECTORY], tmp_path)):
        with pytest.raises(SourceError, match="out of reach now"):
            again()
    (tmp_path / "d").mkdir()  # a mount point without its file system
    with pytest.raises(SourceError, match=r"out of reach now \(it is empty"):
        list(read(made, DIRECTORY, tmp_path))


@pytest.mark.parametrize(
    ("code", "raises"),
    [(errno.EACCES, False), (errno.ENOENT, False), (errno.EIO, False)]
    + [(code, True) for code in (errno.EMFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT)],
)
def test_one_file_is_rejected_only_for_its_own_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, raises: bool
) -> None:
    made = folder(tmp_path)
    refuse(monkeypatch, "a.py", code)
    if raises:
        for act in (lambda: list(read(made, DIRECTORY, tmp_path)), lambda: identity(made, [DIRECTORY], tmp_path)):
            with pytest.raises(SourceError, match="the machine or the network failed"):
                act()
        return
    records = list(read(made, DIRECTORY, tmp_path))
    assert [r.problem.code if r.problem else "ok" for r in records] == ["unreadable", "ok", "ok"]
    assert identity(made, [DIRECTORY], tmp_path).startswith("content:")


@pytest.mark.parametrize(("code", "raises"), [(errno.EACCES, False), (errno.ESTALE, True)])
def test_a_folder_below_is_rejected_only_for_its_own_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, raises: bool
) -> None:
    folder(tmp_path)
    real = os.scandir

    def listed(path: Any) -> Any:
        if str(path).endswith("sub"):
            raise OSError(code, os.strerror(code))
        return real(path)

    monkeypatch.setattr(os, "scandir", listed)
    if raises:
        with pytest.raises(SourceError, match="the machine or the network failed"):
            plan([DIRECTORY], tmp_path)
    else:
        assert [item.path for item in plan([DIRECTORY], tmp_path).problems] == ["sub"]
