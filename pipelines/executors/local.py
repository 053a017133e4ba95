"""Tasks in processes on this machine. A worker that dies ends the phase with an error instead of hanging it."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path
from types import ModuleType
from typing import Any

import dill
from datatrove.executor.local import LocalPipelineExecutor

from contracts.errors import StageError
from pipelines.executor_config import ExecutorConfig
from pipelines.executors.guard import (
    PICKLE,
    TASK_ENVIRONMENT,
    WORKERS_LOG,
    Guarded,
    last_words,
    leave_when,
    record_failure,
    settle,
)
from pipelines.phase import Phase

PRELOAD = [
    "numpy",
    "pandas",  # pyarrow imports it, where it is installed, to convert the first list
    "pyarrow.parquet",
    "scipy.sparse.csgraph",
    "datatrove.executor.local",
    "datatrove.pipeline.dedup.minhash",
    "pipelines.ingest",
]
"""Imported once by the fork server, so that workers start in milliseconds. polars is not fork-safe: never here."""


class LocalExecutor(Guarded, LocalPipelineExecutor):
    """datatrove's local executor: knows steps, tasks and marks; the pool below drives it."""


def run(phase: Phase, folder: Path, config: ExecutorConfig, ranks: Sequence[int]) -> None:
    """Run the given ranks, a process a worker.

    Raises:
        StageError: a worker process died.
    """
    pickled, log = _write_executor(phase, folder), folder / WORKERS_LOG
    workers = min(config.local_workers(), len(ranks))
    context = multiprocessing.get_context("forkserver")
    _start_fork_server()
    pool = ProcessPoolExecutor(workers, context, initializer=_enter_worker, initargs=(str(log),))
    waiting: set[Future[None]] = set()
    queue = list(reversed(ranks))
    try:
        while queue or waiting:
            while queue and len(waiting) < 2 * workers:
                with _blank_main():
                    waiting.add(pool.submit(_run_task, pickled, queue.pop()))
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
    except BrokenProcessPool as error:
        raise StageError(
            f"a worker process of {phase.name} died, most likely for want of memory. Finished tasks are kept; run "
            f"the same command again with fewer workers (--set executor.workers=1). Log: {log}{last_words(folder)}"
        ) from error
    finally:
        _stop(pool)


def _write_executor(phase: Phase, folder: Path) -> str:
    """Pickle the phase once for all its tasks."""
    path = folder / PICKLE
    with open(path, "wb") as handle:
        dill.dump(LocalExecutor(list(phase.steps), tasks=phase.tasks, logging_dir=str(folder)), handle)
    return str(path)


def _run_task(pickled: str, rank: int) -> None:
    """Run one rank; what it raises is written down, so that nothing needs to travel back."""
    with open(pickled, "rb") as handle:
        executor: Any = dill.load(handle)  # noqa: S301 - written by this very run
    try:
        executor._run_for_rank(rank)
    except SystemExit as error:
        record_failure(Path(pickled).parent, rank, error)


def _start_fork_server() -> None:
    """Start the fork server, if it does not run yet, with the environment of tasks: numpy reads it on import."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOAD)
    before = {name: os.environ.get(name) for name in TASK_ENVIRONMENT}
    os.environ.update(TASK_ENVIRONMENT)
    # a terminal's Ctrl-C reaches the whole group: only the driver answers it, the server and its children ignore it
    main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        forkserver.ensure_running()
    finally:
        if main:
            signal.signal(signal.SIGINT, handler)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _blank_main() -> Iterator[None]:
    """Processes started in this block do not import the main program again: tasks need nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _enter_worker(log: str) -> None:
    """Set up a worker process: quiet, and gone when its driver is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    driver = multiprocessing.parent_process()
    assert driver is not None
    leave_when(driver.join)  # not the parent of the operating system: the fork server lives as long as its children
    settle(Path(log))


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the pool without waiting for tasks that still run (an interrupt or an error came first)."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(5)
        if process.is_alive():
            process.kill()
