"""Files that are either whole or absent: written under a temporary name, flushed, then renamed."""

import json
import math
import os
import shutil
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import xxhash

from contracts.errors import ConfigError, StageError

TEMPORARY_PREFIX = ".tmp-"
"""Names that start so are never part of a result; a later run of the same stage removes them."""

CHECKSUM_BLOCK = 1 << 20

READ_IN_FOLDERS = ("runs.parquet", "runs/runs.parquet", "manifest.json", "tokens/*/manifest.json")
"""What commands read of a folder that they are given: a runs table, the results of a stage."""


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder that becomes `path` when the block ends without an error.

    The data is flushed to disk before the rename, so a crash leaves the old file, the new one or none.
    Two processes may write the same path: the names differ and the last rename wins. A link to a regular file is
    replaced by the new file; what it points to stays as it is, as with a folder that was copied by links.

    Raises:
        OSError: the path is a folder, a device or a pipe, or the folder cannot be written (full disk, no permission);
            nothing is left behind.
    """
    if what := irregular(path):
        raise OSError(f"{path}: {what}, which a file would replace; give another name")
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


def irregular(path: Path) -> str:
    """What stands in the place of a file and must not be replaced by one; empty: nothing, or a file."""
    link = path.is_symlink()
    # the standard streams are links below /dev to what programs have open, which may be a regular file
    if link and os.readlink(path).startswith("/proc/"):
        return "a link to an open file"
    try:
        mode = path.stat().st_mode
    except OSError:  # absent; whatever else is wrong with it is told when it is written
        return ""
    if stat.S_ISREG(mode):
        return ""
    kinds = ((stat.S_ISDIR, "folder"), (stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"))
    kind = next((name for test, name in kinds if test(mode)), "device")
    return f"{'a link to ' if link else ''}a {kind}"


def check_output(out: Path | None, *inputs: Path | None, option: str = "--out") -> None:
    """Refuse to write over what is read, before any work is done.

    Args:
        out: file to write; None: none.
        inputs: files, or folders of which a table or a manifest is read; None: not given.
        option: what names `out`.

    Raises:
        ConfigError: `out` is one of the inputs, also by another name or through a link, or is no regular file.
    """
    if out is None:
        return
    if what := irregular(out):
        raise ConfigError(f"{option} {out}: {what}; give the name of a file")
    for given in inputs:
        for read in () if given is None else (given, *(p for name in READ_IN_FOLDERS for p in given.glob(name))):
            if same_file(out, read):
                raise ConfigError(f"{option} {out}: is {read}, which is read; give another name")


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file that there is."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def write_json(path: Path, data: Any) -> None:
    """Write JSON atomically: two spaces, keys in the given order, one newline at the end.

    Raises:
        StageError: a number is infinite or NaN, which JSON has not; names where it stands.
        OSError: see `atomic_path`.
    """
    try:
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise StageError(f"{path}: cannot be written: {_not_finite(data) or error}") from error
    with atomic_path(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _not_finite(data: Any, key: str = "") -> str:
    """The first number that JSON cannot hold, and where it stands; empty: there is none."""
    if isinstance(data, float) and not math.isfinite(data):
        return f"{key.removeprefix('.') or 'it'} is {data}, and JSON has finite numbers only"
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list | tuple) else ()
    return next((told for name, value in inside if (told := _not_finite(value, f"{key}.{name}"))), "")


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
