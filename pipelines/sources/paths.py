"""The rules for paths that come from outside: which are safe, and how they are shown."""

import os
import re
from pathlib import Path

MAX_PATH = 4096
"""Characters in a path; PATH_MAX of Linux (linux/limits.h)."""

MAX_LABEL = 1024
"""Characters kept of a name that only labels a record (repository, licence, id)."""

_DRIVE = re.compile(r"[A-Za-z]:")
_SURROGATE = re.compile("[\ud800-\udfff]")


class UnsafePathError(Exception):
    """A path that must not be used; the message says why."""


def shown(name: str) -> str:
    r"""Return the name as valid Unicode: bytes that were not UTF-8 as `\xNN`, lone surrogates as `\uNNNN`.

    A name without such characters is returned unchanged, so a literal backslash is not doubled.
    """

    def escape(match: re.Match[str]) -> str:
        code = ord(match.group())
        return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"

    return _SURROGATE.sub(escape, name)


def label(name: str) -> str:
    """Return a name fit for a label: valid Unicode, no NUL, at most 1,024 characters."""
    return shown(name[:MAX_LABEL]).replace("\0", "\\x00")[:MAX_LABEL]


def path_label(name: str) -> str:
    """Return a path as label for a rejected record: like `label`, at most 4,096 characters."""
    return shown(name[:MAX_PATH]).replace("\0", "\\x00")[:MAX_PATH]


def byte_order(path: str) -> bytes:
    """Return the key all listings are sorted by: the bytes of the path, the same on every system."""
    return path.encode("utf-8", "surrogateescape" if _escaped_only(path) else "surrogatepass")


def _escaped_only(path: str) -> bool:
    return all(0xDC80 <= ord(char) <= 0xDCFF for char in _SURROGATE.findall(path))


def member_path(name: str) -> str:
    """Return the safe, normalised path of an archive member: relative, posix, without `.` components.

    Backslashes count as separators when the name is judged, because other systems read them so, but stay in
    the result.

    Raises:
        UnsafePathError: empty, longer than 4,096 characters, NUL, absolute, a drive letter, or `..`.
    """
    _check_text(name)
    unified = name.replace("\\", "/")
    if unified.startswith("/"):
        raise UnsafePathError("the path is absolute")
    parts = unified.split("/")
    if any(part.strip() == ".." for part in parts):
        raise UnsafePathError("the path holds '..'")
    if any(_DRIVE.match(part) for part in parts[:1]):
        raise UnsafePathError("the path starts with a drive letter")
    clean = "/".join(part for part in name.split("/") if part not in ("", "."))
    if not clean:
        raise UnsafePathError("the path is empty")
    if clean.startswith("\\") or _DRIVE.match(clean):
        raise UnsafePathError("the path is absolute once './' is removed")
    return shown(clean)


def table_path(name: str) -> str:
    """Return the normalised path of a table's record, which is only a label and never opened.

    Leading slashes, `.` and `..` are resolved as if the path started at the repository's root.

    Raises:
        UnsafePathError: longer than 4,096 characters, or NUL.
    """
    _check_text(name)
    out: list[str] = []
    for part in name.split("/"):
        if part == "..":
            del out[-1:]
        elif part not in ("", "."):
            out.append(part)
    return shown("/".join(out))


def _check_text(name: str) -> None:
    if "\0" in name:
        raise UnsafePathError("the path holds a NUL character")
    if len(name) > MAX_PATH:
        raise UnsafePathError(f"the path has {len(name)} characters, more than {MAX_PATH}")


def local(base: Path, path: str) -> Path:
    """Return a configured path below the base directory; absolute paths and `~` stay what they are."""
    return base / os.path.expanduser(path)


def inside(path: str, root: str) -> bool:
    """Tell whether a real path is the real root or below it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
