"""Steps of a few lines for tests of executors; importable by name in every process that runs tasks."""

import os
import signal
import sys
import time
from pathlib import Path

from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from loguru import logger


class Tiny(PipelineStep):
    """Base: writes one file a rank into `folder` and counts how often it ran there."""

    type = "test"
    name = "tiny"

    def __init__(self, folder: Path, ranks: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.folder, self.ranks = folder, ranks

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Misbehave on the chosen ranks, write on all others."""
        with open(self.folder / f"{rank}.runs", "a") as handle:
            handle.write("x")
        if rank in self.ranks and not (self.folder / "mended").exists():
            self.misbehave()
        (self.folder / f"{rank}.out").write_text(f"{rank} of {world_size}, {os.environ.get('OMP_NUM_THREADS')}")
        yield from ()

    def misbehave(self) -> None:
        """What the step does on the chosen ranks."""


class Fails(Tiny):
    """Raises, with text that no encoding likes, at a line that holds a secret."""

    def misbehave(self) -> None:
        password = "-".join(("open", "sesame"))
        raise ValueError("bad \udcff record " + str(len(password)))


class Exits(Tiny):
    """Leaves the process as a library that calls sys.exit does."""

    def misbehave(self) -> None:
        sys.exit(0)


class Panics(Tiny):
    """Raises what is no Exception, as a panic in Rust does."""

    def misbehave(self) -> None:
        raise type("PanicException", (BaseException,), {})("index out of bounds")


class Killed(Tiny):
    """Ends as the kernel ends a process that takes too much memory."""

    def misbehave(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Hangs(Tiny):
    """Says which process it is in, and stays there."""

    def misbehave(self) -> None:
        (self.folder / "pid").write_text(str(os.getpid()))
        time.sleep(600)


class Prints(Tiny):
    """Talks on every channel."""

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Print and log."""
        sys.stdout.write("noise on stdout\n")
        sys.stderr.write("noise on stderr\n")
        logger.error("noise in the log")
        yield from super().run(data, rank, world_size)


def spilled(logs: Path) -> list[str]:
    """Logs below a folder in which the secret of `Fails` can be read."""
    return [str(p) for p in logs.rglob("*") if p.is_file() and b"open-sesame" in p.read_bytes()]
