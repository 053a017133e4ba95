"""What a source gives: records, and the problems of those that could not be read."""

import errno
from dataclasses import dataclass, replace
from typing import Final

from contracts.errors import SourceError
from pipelines.sources.paths import path_label, shown

PROBLEM_CODES: Final = {
    "unreadable": "the system refused to read it, or it vanished",
    "too_large": "more bytes than the limit; not read",
    "unsafe_path": "its path must not be used",
    "link": "a link or a device, or a link that loops, dangles or leaves the root",
    "not_regular": "neither a regular file nor a folder",
    "bad_archive": "the archive, table or member is broken, encrypted or of an unknown kind",
    "bomb": "expands beyond the limits",
    "duplicate_member": "an earlier member of the archive has the same path",
    "bad_record": "the line or row is not a usable record",
    "too_many_members": "the archive has more members than allowed",
}
"""Every problem code this package gives, with its meaning."""

MACHINE_ERRORS: Final = frozenset(
    getattr(errno, name)
    for name in (
        *("EMFILE", "ENFILE", "ENOMEM", "ENOBUFS", "EAGAIN", "EINTR", "ESTALE", "ETIMEDOUT", "ENOTCONN", "ESHUTDOWN"),
        *("ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "ENETDOWN", "ENETRESET", "ENETUNREACH", "EHOSTDOWN"),
        *("EHOSTUNREACH", "EREMOTEIO", "ECOMM", "ENOLINK", "ENODEV", "EKEYEXPIRED", "ENOKEY"),
    )
    if hasattr(errno, name)
)
"""errno(3): out of handles or memory, and the file server, its connection or its ticket gone. None of it is about
one file, unlike EACCES, ENOENT or EIO."""

Number = int | float | str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not read."""

    code: str
    """One of PROBLEM_CODES."""
    detail: str
    """One sentence for a person."""
    value: Number = None
    """What was measured, in the unit of the threshold."""
    threshold: Number = None
    """The limit it broke."""


@dataclass(slots=True)
class SourceRecord:
    """One file, member, line or row; with a problem it has no content."""

    source: str
    """Name of the source."""
    path: str
    """Path in the repository, posix, valid Unicode; "" where there is none."""
    repo: str
    """Name of the repository."""
    archive: str = ""
    """Path of the archive or table file relative to the source; "" for trees."""
    source_id: str = ""
    """The record's own identifier, or ""."""
    commit: str | None = None
    """Commit the content belongs to."""
    licence: str | None = None
    """Declared SPDX expression."""
    language: str | None = None
    """Declared language."""
    raw: bytes | None = None
    """Content of a file, undecoded."""
    text: str | None = None
    """Content of a table's text column; may hold lone surrogates that JSON escapes brought in."""
    problem: Problem | None = None
    """Why there is no content."""
    size: int = 0
    """Bytes of the content (of its UTF-8 form for text); the declared size if not read, 0 if unknown."""
    position: int = -1
    """0-based line, row or member number in the archive or table; -1 for trees."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all records of one slice share; makes the records."""

    source: str
    repo: str
    archive: str = ""
    commit: str | None = None
    licence: str | None = None
    top_level: bool = False
    """Take the first path component as the repository, and what follows as the path."""

    def place(self, path: str) -> tuple[str, str]:
        """Return repository and path.

        With `top_level`, a file with no folder above it belongs to `<source>/.`, a name no folder can have.
        """
        if not self.top_level:
            return self.repo, path
        first, slash, rest = path.partition("/")
        return (first, rest) if slash else (f"{self.source}/.", path)

    def _blank(self, path: str, position: int) -> SourceRecord:
        repo, rest = self.place(path)
        return SourceRecord(self.source, rest, repo, self.archive, "", self.commit, self.licence, position=position)

    def content(self, path: str, data: bytes, position: int = -1) -> SourceRecord:
        """Return a record with content; the path must be safe already."""
        record = self._blank(path, position)
        record.raw, record.size = data, len(data)
        return record

    def failed(self, path: str, problem: Problem, size: int = 0, position: int = -1) -> SourceRecord:
        """Return a record with a problem; the path may be anything."""
        record = self._blank(path_label(path), position)
        if problem.code == "unsafe_path":  # such a path names no repository
            record.path, record.repo = path_label(path), self.repo
        record.problem = replace(problem, detail=path_label(problem.detail))
        record.size = max(size, 0)
        return record


def too_large(size: int, limit: int) -> Problem:
    """Return the problem of content with more bytes than the limit."""
    return Problem("too_large", f"{size} bytes, more than {limit}", size, limit)


def unreadable(error: OSError, path: str) -> Problem:
    """Return the problem of a failed system call on one file or folder, its detail without the path.

    Raises:
        SourceError: the machine or the network failed, so the next try may well succeed.
    """
    if error.errno in MACHINE_ERRORS:
        raise SourceError(
            f"path {shown(path)!r} cannot be read now ({error.strerror}); the machine or the network failed, not "
            "the file: mend that and run the same command again"
        ) from error
    return Problem("unreadable", error.strerror or type(error).__name__, error.errno)
