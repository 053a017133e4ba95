"""Run git on a repository nobody vouches for: its configuration starts no program and no transfer."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from contracts.errors import SourceError
from pipelines.sources.paths import shown

GIT_SECONDS = 120
"""Seconds to wait for the next output of git before it is ended: it answers in milliseconds, and a repository
may hold a pipe where git expects a file, which would never answer."""

END_SECONDS = 2
"""Seconds that a process whose output has ended is given to be gone; the system takes milliseconds."""

_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    "-c", "safe.directory=*",
    "-c", "safe.bareRepository=all",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.untrackedCache=false",
    "-c", "protocol.allow=never",
)  # fmt: skip
"""git-config(1): no hooks, no monitor program, no transport of any kind, objects as they are stored."""


def _environment(root: Path) -> dict[str, str]:
    """Return the whole environment: nothing of the caller's GIT_* variables and configuration gets in."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_CEILING_DIRECTORIES": str(root.parent),
    }


class Git:
    """A running git with pipes for input and output, ended when it lets a reader wait too long."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Watch the process."""
        assert process.stdin is not None and process.stdout is not None  # opened with pipes
        self._process, self._in, self._out = process, process.stdin, process.stdout
        self._deadline = float("inf")
        self._late = False
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._over.wait(1.0):
            if time.monotonic() > self._deadline:
                self._late = True
                self._process.kill()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        self._deadline = time.monotonic() + GIT_SECONDS
        try:
            yield
        except OSError:  # what a killed git leaves behind
            if not self._late:
                raise
        finally:
            self._deadline = float("inf")
        if self._late:
            raise SourceError(
                f"git gave no answer for {GIT_SECONDS} seconds and was ended; check that the disk of the repository "
                "answers and that none of its files is a pipe, and run the same command again"
            )

    def ask(self, line: str) -> None:
        """Send one line.

        Raises:
            OSError: the process is gone.
            SourceError: git hangs; so do all that wait for it.
        """
        with self._timed():
            self._in.write(line.encode("ascii") + b"\n")
            self._in.flush()

    def read(self, size: int) -> bytes:
        """Return so many bytes, or fewer where the output ends."""
        with self._timed():
            return self._out.read(size)

    def readline(self, limit: int) -> bytes:
        """Return one line of at most `limit` bytes."""
        with self._timed():
            return self._out.readline(limit)

    def wait(self) -> int:
        """Return the exit status once the output has ended."""
        with self._timed():
            return self._process.wait()

    def status(self) -> int | None:
        """Return the exit status of a git whose output has ended, None where it still runs."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(END_SECONDS)
        return None

    def end(self) -> None:
        """End the process and release everything."""
        self._over.set()
        self._process.kill()
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()
        self._process.wait()


@contextmanager
def git(path: Path, *arguments: str) -> Iterator[Git]:
    """Run git in the repository; it is ended when the block is left.

    `path` is a work tree, a bare repository or a `.git` folder; a repository further up is never used.

    Raises:
        SourceError: git is not installed, or the folder cannot be entered.
    """
    root = Path(os.path.realpath(path))
    try:
        process = subprocess.Popen(
            ["git", *_OPTIONS, *arguments],
            cwd=root,
            env=_environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise SourceError(
            f"path {shown(str(path))!r}: git could not be started there ({error.strerror}); "
            "install git 2.38 or later and give a repository that may be read"
        ) from error
    running = Git(process)
    try:
        yield running
    finally:
        running.end()
