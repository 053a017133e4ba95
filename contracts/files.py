"""Files that are either whole or absent: written under a temporary name, flushed, then renamed."""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import xxhash

TEMPORARY_PREFIX = ".tmp-"
"""Names that start so are never part of a result; a later run of the same stage removes them."""

CHECKSUM_BLOCK = 1 << 20


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder that becomes `path` when the block ends without an error.

    The data is flushed to disk before the rename, so a crash leaves the old file, the new one or none.
    Two processes may write the same path: the names differ and the last rename wins.

    Raises:
        OSError: the folder cannot be written (full disk, no permission); nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{TEMPORARY_PREFIX}{path.name}-{uuid.uuid4().hex[:12]}"
    try:
        yield temporary
        with open(temporary, "rb+") as handle:
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):  # the first error is the one to tell
            temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, data: Any) -> None:
    """Write JSON atomically: two spaces, keys in the given order, one newline at the end."""
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def checksum(path: Path) -> str:
    """xxh3-128 of a file's bytes, as 32 hexadecimal digits (stable across versions and machines)."""
    digest = xxhash.xxh3_128()
    with open(path, "rb") as handle:
        while block := handle.read(CHECKSUM_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def remove_others(folder: Path, keep: set[Path], ignore: tuple[str, ...] = ()) -> list[Path]:
    """Remove every file below a folder that is not in `keep`: what an earlier, different run left there.

    Args:
        folder: the stage's output folder.
        keep: absolute or folder-relative paths as `folder.rglob` gives them.
        ignore: names of direct sub-folders and files that are not touched.

    Returns:
        the files removed.
    """
    removed = []
    for path in sorted(folder.rglob("*")):
        if path.relative_to(folder).parts[0] in ignore or path in keep:
            continue
        if path.is_file() or path.is_symlink():
            path.unlink()
            removed.append(path)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and path.relative_to(folder).parts[0] not in ignore and not any(path.iterdir()):
            path.rmdir()
    return removed


def remove_tree(path: Path) -> None:
    """Remove a folder and all below it; a missing one is fine."""
    shutil.rmtree(path, ignore_errors=True)
