"""List a folder without recursion, without following what leads out of it, and in an order of its own."""

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

from contracts.errors import SourceError
from pipelines.sources.paths import byte_order, inside, shown
from pipelines.sources.record import Problem, unreadable

Keep = Callable[[str], bool]


@dataclass(frozen=True)
class Rules:
    """What a walk lists."""

    keeps: Keep
    """Whether a file is wanted."""
    excluded: Keep
    """Whether a folder is left out."""
    follow: bool = False
    """Follow symbolic links."""
    confined: bool = True
    """Followed links must stay below the root. If not, only links to files are followed."""


def check_root(root: str) -> None:
    """Check that a folder something was listed in is still there.

    Raises:
        SourceError: it cannot be listed, or is empty, as the mount point of a file system that went away is.
    """
    try:
        with os.scandir(root) as entries:
            reason = "" if next(entries, None) else "it is empty"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    if reason:
        raise SourceError(
            f"path {shown(root)!r} held files when it was listed and is out of reach now ({reason}); bring it back "
            "and run the same command again"
        )


class Walk:
    """One listing; `files` are (path, bytes) sorted by the bytes of the path."""

    def __init__(self, root: str, rules: Rules) -> None:
        """List the folder.

        Raises:
            SourceError: the root cannot be listed, now or at the end.
        """
        self.files: list[tuple[str, int]] = []
        self.problems: list[tuple[str, Problem]] = []
        self.excluded = 0
        self._rules = rules
        self._root = root
        self._real = os.path.realpath(root)
        self._linked: set[str] = set()
        self._stack: list[tuple[str, bool]] = [("", False)]
        while self._stack:
            self._folder(*self._stack.pop())
        if any(problem.code == "unreadable" for _, problem in self.problems):
            check_root(root)
        self.files.sort(key=lambda item: byte_order(item[0]))
        self.problems.sort(key=lambda item: byte_order(item[0]))

    def _folder(self, path: str, linked: bool) -> None:
        try:
            with os.scandir(os.path.join(self._root, path)) as entries:
                found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            if not path:
                raise SourceError(
                    f"path {shown(self._root)!r} cannot be listed ({error.strerror}); "
                    "give a folder that exists and may be read"
                ) from error
            self.problems.append((path, unreadable(error, path)))
            return
        for entry in found:
            below = f"{path}/{entry.name}" if path else entry.name
            try:
                self._entry(entry, below, linked)
            except OSError as error:
                self.problems.append((below, unreadable(error, below)))

    def _entry(self, entry: os.DirEntry[str], path: str, linked: bool) -> None:
        if entry.is_symlink():
            self._link(entry, path)
        elif entry.is_dir(follow_symlinks=False):
            self._push(path, entry.path, linked)
        else:
            self._file(path, entry.stat(follow_symlinks=False))

    def _push(self, path: str, real: str, linked: bool) -> None:
        if self._rules.excluded(path):
            self.excluded += 1
            return
        if linked:
            real = os.path.realpath(real)
            if real in self._linked:
                self.problems.append((path, Problem("link", "a folder that another link reached already")))
                return
            self._linked.add(real)
        self._stack.append((path, linked))

    def _file(self, path: str, status: os.stat_result) -> None:
        if not self._rules.keeps(path):
            self.excluded += 1
        elif stat.S_ISREG(status.st_mode):
            self.files.append((path, status.st_size))
        else:
            self.problems.append((path, Problem("not_regular", "a pipe, socket or device")))

    def _link(self, entry: os.DirEntry[str], path: str) -> None:
        if self._rules.excluded(path):
            self.excluded += 1
            return
        reason = "a symbolic link; follow_symlinks is off"
        if self._rules.follow:
            reason = self._follow(entry, path)
        if reason:
            self.problems.append((path, Problem("link", reason)))

    def _follow(self, entry: os.DirEntry[str], path: str) -> str:
        try:
            real = os.path.realpath(entry.path, strict=True)
            status = os.stat(real)
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.ENOENT, errno.ENOTDIR):
                raise
            return f"a symbolic link that loops or dangles ({error.strerror})"
        if self._rules.confined and not inside(real, self._real):
            return "a symbolic link that leaves the root"
        if not stat.S_ISDIR(status.st_mode):
            self._file(path, status)
            return ""
        if not self._rules.confined:
            return "a symbolic link to a folder"
        if inside(os.path.realpath(os.path.dirname(entry.path)), real):
            return "a symbolic link that loops to a folder above it"
        self._push(path, real, linked=True)
        return ""
