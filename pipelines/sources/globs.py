"""Glob patterns over posix paths: which files a source includes and excludes."""

import fnmatch
import re
from collections.abc import Sequence

MAX_PATTERN = 1000
"""Characters in one pattern; no real one comes near it."""

_NEVER = re.compile(r"(?!)")

MAGIC = re.compile(r"[*?\[]")
"""The characters that make a path a glob."""


def check_pattern(pattern: str) -> str:
    """Return the pattern if it can be used.

    Raises:
        ValueError: it is empty, too long, holds a NUL, or has a `.`, `..` or empty component.
    """
    parts = pattern.strip("/").split("/")
    if "\0" in pattern or len(pattern) > MAX_PATTERN or any(part in ("", ".", "..") for part in parts):
        raise ValueError(
            f"pattern {pattern[:80]!r}: allowed are globs such as '*.py', 'src' or 'src/**/*.c', at most "
            f"{MAX_PATTERN} characters, without empty, '.' or '..' components; correct the pattern"
        )
    return pattern


class PathPattern:
    """One pattern anchored at the root; a component `**` stands for any number of folders.

    Works component by component and goes back to the last `**` only, so that no path, however made, takes
    more than (components of the path) x (components of the pattern) steps.
    """

    def __init__(self, pattern: str, below: bool = True) -> None:
        """Compile the pattern.

        Args:
            pattern: the glob.
            below: also match everything below a folder that matches.
        """
        parts = pattern.strip("/").split("/")
        while below and parts and parts[-1] == "**":
            parts.pop()
        self._below = below
        self._parts = [None if part == "**" else re.compile(fnmatch.translate(part)) for part in parts]

    def matches(self, path: Sequence[str]) -> bool:
        """Tell whether the pattern matches the components of a path."""
        at = here = 0
        back: tuple[int, int] | None = None
        while not self._done(at, here, len(path)):
            part = self._parts[at] if at < len(self._parts) else _NEVER
            if part is None:
                at, back = at + 1, (at + 1, here)
            elif here < len(path) and part.match(path[here]):
                at, here = at + 1, here + 1
            elif back is not None and back[1] < len(path):
                back = (back[0], back[1] + 1)
                at, here = back
            else:
                return False
        return True

    def _done(self, at: int, here: int, length: int) -> bool:
        return at == len(self._parts) and (self._below or here == length)


class _Patterns:
    """Several patterns; those without a slash are matched against each component."""

    def __init__(self, patterns: Sequence[str]) -> None:
        anchored = [p for p in patterns if "/" in p.rstrip("/") or p.rstrip("/") == "**"]
        names = [fnmatch.translate(p.rstrip("/")) for p in patterns if p not in anchored]
        self._anchored = [PathPattern(p) for p in anchored]
        self._name = re.compile("|".join(names)) if names else None

    def match(self, path: str) -> bool:
        parts = path.split("/")
        if self._name is not None and any(self._name.match(part) for part in parts):
            return True
        return any(pattern.matches(parts) for pattern in self._anchored)


class PathFilter:
    """Decides by include and exclude patterns; case counts, the path is relative and posix.

    A pattern without a slash matches one component at any depth, any other is anchored at the root; both also
    match what lies below a folder that matches.
    """

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        """Compile the patterns once."""
        self._include = None if "**" in include else _Patterns(include)
        self._exclude = _Patterns(exclude)

    def excluded(self, path: str) -> bool:
        """Tell whether a file or folder is excluded."""
        return self._exclude.match(path)

    def keeps(self, path: str) -> bool:
        """Tell whether a file is included and not excluded."""
        return (self._include is None or self._include.match(path)) and not self.excluded(path)
