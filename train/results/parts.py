"""The points of a runs table on disk: one small JSON file each, which never changes once it is there.

A file appears whole under a name that no other file can take, so any number of writers need no lock. A row that takes
the place of another is a file with the next revision number.
"""

import json
import os
import re
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from contracts.errors import StageError
from contracts.files import TEMPORARY_PREFIX
from contracts.manifest import digest
from train.results.union import Row, completed

NAME = re.compile(r"([0-9A-Za-z]+)-(\d{16})-(\d{3})\.json")
"""Run, tokens, revision."""

LEFT_SECONDS = 3600.0
"""Age at which a temporary file belongs to a process that is gone: writing one takes less than a second."""

Key = tuple[str, int]
"""Run and tokens."""


def path_of(folder: Path, key: Key, revision: int) -> Path:
    """The file of a point."""
    return folder / f"{key[0]}-{key[1]:016d}-{revision:03d}.json"


def listed(folder: Path) -> dict[Key, int]:
    """The last revision of every point; a folder that is not there has none.

    Raises:
        StageError: a file in it is no point.
    """
    found: dict[Key, int] = {}
    for name in os.listdir(folder) if folder.is_dir() else ():
        match = NAME.fullmatch(name)
        if match:
            key = match[1], int(match[2])
            found[key] = max(found.get(key, 0), int(match[3]))
        elif not name.startswith("."):  # temporary files; and what NFS keeps of files removed while they are read
            raise StageError(f"{folder / name}: not a point of a runs table; move it elsewhere")
    return dict(sorted(found.items()))


def load(path: Path) -> dict[str, Any]:
    """The row in a file.

    Raises:
        StageError: the file is damaged; names it and what to do.
    """
    try:
        data = json.loads(path.read_bytes())
        row, known = data["row"], data["digest"]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"not a point ({error})") from error
    if digest(row) != known:
        raise _damaged(path, "its row is not the one that was written")
    try:
        return completed(row)
    except (ValueError, TypeError) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, why: str) -> StageError:
    return StageError(f"{path}: {why}. Copy it from a backup, or remove it and measure that run again")


def create(path: Path, row: Row) -> bool:
    """Write a point, unless a file of that name is there; returns whether it was written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{TEMPORARY_PREFIX}{uuid.uuid4().hex[:12]}"
    text = json.dumps({"digest": digest(dict(row)), "row": dict(row)}, ensure_ascii=False, allow_nan=False)
    try:
        with open(temporary, "w", encoding="utf-8") as handle:
            handle.write(text + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        return _claim(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _claim(temporary: Path, path: Path) -> bool:
    """Give a finished file its name, unless that is taken."""
    try:
        os.link(temporary, path)  # fails where the name is taken, on NFS too, while a rename would replace
    except FileExistsError:
        return False
    except OSError:  # a disk without hard links: two writers of the same point in the same moment leave the last one's
        if path.exists():
            return False
        os.replace(temporary, path)
    return True


def remove_left(folder: Path) -> None:
    """Remove what killed processes left in a folder; others may be writing, so only what is old."""
    for left in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink()
