"""Read the blobs of one commit through `git cat-file --batch`, in step with it whatever it answers."""

from contextlib import ExitStack
from pathlib import Path

from contracts.errors import SourceError
from pipelines.sources.gitcmd import Git, git
from pipelines.sources.paths import shown
from pipelines.sources.record import Problem, too_large

_CHUNK = 1 << 16
_NO_BLOB = Problem("unreadable", "the object is missing or no blob; check with git fsck")
_BROKEN = Problem("unreadable", "git cat-file could not give the object; check with git fsck")


class _StrayedError(Exception):
    """The answer is not one to the question, or is cut short: nothing that follows can be trusted."""


class Blobs:
    """Asks one git for blob after blob; where a broken object ends it, another one is asked for the rest."""

    def __init__(self, root: Path, source: str, commit: str, max_bytes: int) -> None:
        """Note what to read; git is started with the first blob.

        Args:
            root: the repository.
            source: name of the source, for messages.
            commit: full id of the commit, which every git is asked for first.
            max_bytes: bytes one blob may have.
        """
        self._root, self._source, self._commit, self._max_bytes = root, source, commit, max_bytes
        self._stack = ExitStack()
        self._process: Git | None = None

    def read(self, blob: str) -> bytes | Problem:
        """Return the content of a blob, or why there is none.

        Raises:
            SourceError: git cannot be started, is killed or hangs, or the commit is not there any more.
        """
        process = self._process or self._start()
        try:
            return self._answer(process, blob, b"blob")
        except _StrayedError:
            self._refuse_killed(process)
            self.close()
            return _BROKEN

    def check(self) -> None:
        """Ask for the commit anew: are objects missing, or is the whole repository out of reach?

        Raises:
            SourceError: the commit is not there any more.
        """
        self.close()
        self._start()

    def close(self) -> None:
        """End git."""
        self._process = None
        self._stack.close()

    def _start(self) -> Git:
        process = self._stack.enter_context(git(self._root, "cat-file", "--batch"))
        try:
            answer = self._answer(process, self._commit, b"commit")
        except _StrayedError:
            answer = _BROKEN
        if isinstance(answer, Problem) and answer.code != "too_large":
            raise SourceError(
                f"source {self._source!r}: path {shown(str(self._root))!r} held commit {self._commit} when it was "
                "listed and does not give it now; bring the repository back (check with git fsck) and run the "
                "same command again"
            )
        self._process = process
        return process

    def _refuse_killed(self, process: Git) -> None:
        """A git that ended by itself met a broken object; one that was killed says nothing about the object."""
        code = process.status()
        if code is not None and code < 0:
            raise SourceError(
                f"source {self._source!r}: git cat-file was killed by signal {-code}; free memory or mend what "
                "killed it and run the same command again"
            )

    def _answer(self, process: Git, name: str, kind: bytes) -> bytes | Problem:
        """Ask for one object and take the whole answer, used or not: the next one starts right after it."""
        try:
            process.ask(name)
        except OSError as error:
            raise _StrayedError from error
        header = process.readline(_CHUNK)
        got, *rest = header.split() or [b""]
        if got != name.encode("ascii") or not header.endswith(b"\n"):
            raise _StrayedError
        if len(rest) != 2 or not rest[1].isdigit():  # `<id> missing`: no content follows
            return _NO_BLOB
        body = _body(process, int(rest[1]), self._max_bytes)
        return body if rest[0] == kind else _NO_BLOB


def _body(process: Git, size: int, max_bytes: int) -> bytes | Problem:
    """Take the content and the newline after it; what is too large is thrown away chunk by chunk."""
    data, left = b"", size
    if size <= max_bytes:
        data = process.read(size)
        left -= len(data)
    while size > max_bytes and left and (chunk := process.read(min(left, _CHUNK))):
        left -= len(chunk)
    if left or process.read(1) != b"\n":
        raise _StrayedError
    return too_large(size, max_bytes) if size > max_bytes else data
