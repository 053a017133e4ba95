"""Folders that are either whole or absent: filled under a temporary name, flushed, then renamed."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracts.errors import StageError
from contracts.files import TEMPORARY_PREFIX


def check_folder(target: Path, *inputs: Path, option: str) -> None:
    """Refuse a folder that cannot be made, before any work is done.

    Args:
        target: folder to write, which must not exist or be empty.
        inputs: folders that are read.
        option: what names the target.

    Raises:
        StageError: it holds something, is no folder, or lies inside one that is read.
    """
    resolved = target.resolve()
    for folder in inputs:
        if resolved.is_relative_to(folder.resolve()):
            raise StageError(f"{option} {target}: inside {folder}, which would no longer match its manifest")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StageError(f"{option} {target}: exists and is not an empty folder; remove it or name another")


@contextmanager
def whole_folder(target: Path, option: str) -> Iterator[Path]:
    """A folder beside the target that becomes it when the block ends without an error.

    What a killed process left of it is removed by the next one with the same target.

    Args:
        target: absolute path of a folder that does not exist or is empty.
        option: what names it.

    Raises:
        StageError: another process is writing it.
    """
    work = target.parent / f"{TEMPORARY_PREFIX}{target.name}"
    work.mkdir(parents=True, exist_ok=True)
    with open(work / "lock", "w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StageError(f"{option} {target}: another process is writing it") from error
        try:
            files = work / "files"
            shutil.rmtree(files, ignore_errors=True)
            files.mkdir()
            yield files
            _to_disk(files)
            files.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _to_disk(folder: Path) -> None:
    """Flush every file, so that a crash after the rename loses nothing."""
    for path in folder.rglob("*"):
        if path.is_file():
            with open(path, "rb+") as handle:
                os.fsync(handle.fileno())
