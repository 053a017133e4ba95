"""Processes that write to one runs table at the same time, as the runs of a sweep do."""

import random
import sys
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

import pytest

from train.results import lock
from train.results.table import RunsTable

from .rows import row

WRITERS = 8


def start(folder: Path, worker: int, locks: bool) -> BaseProcess:
    """A writer in a process of its own."""
    context = get_context("forkserver")  # forked from a process that has imported this module and runs no threads
    context.set_forkserver_preload([__name__])
    process = context.Process(target=write, args=(str(folder), worker, locks))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # else every process imports pytest's again
        process.start()
    return process


def write(folder: str, worker: int, locks: bool) -> None:
    """Add all rows in some order, perhaps several times, as a run that is restarted does."""
    if not locks:
        lock.fcntl.flock = no_locks
    order = random.Random()
    while True:
        mine = [*owned(worker), *owned(worker + 1)]  # each row has two writers
        order.shuffle(mine)
        for line in mine:
            RunsTable(folder).add([line])
        if order.random() < 0.5:
            return


def no_locks(*_: object) -> None:
    raise OSError("this disk has no locks")


def owned(worker: int) -> list[dict]:
    """The rows of a writer."""
    worker %= WRITERS
    components = ("go", f"own{worker}")
    return [row(f"run{worker}", sequences=size + 1, components=components, loss=worker + 1.0) for size in range(4)]
