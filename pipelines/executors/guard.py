"""What every executor does around a task: write a failure down instead of raising it, and keep the worker tidy."""

import os
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datatrove.executor.base import PipelineExecutor
from datatrove.utils.stats import PipelineStats

from contracts.files import write_json

SINGLE_THREAD = ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS")
"""Tasks are the unit of parallelism: the libraries inside a task use one thread."""

TASK_ENVIRONMENT = {
    **dict.fromkeys(SINGLE_THREAD, "1"),
    "TOKENIZERS_PARALLELISM": "false",
    "LOGURU_DIAGNOSE": "NO",  # tracebacks in logs show no values: those may be credentials in an address
}
"""Environment of a process that runs tasks, from its start: some of it is read on import."""

MAX_FAILURES = 8
"""After so many failed tasks no further one is started: a full disk need not be met a thousand times."""

OPEN_FILES = 4096
"""Files a task may open where the system allows it: datatrove opens one a task of the phase before."""


PICKLE = "executor.pik"
"""The pickled executor in the folder of the phase."""

WORKERS_LOG = "workers.log"
"""What task processes print, in the folder of the phase."""


DRIVER_LOG = "driver.log"
"""What a cluster said about tasks that it could not even start, in the folder of the phase."""


def last_words(folder: Path) -> str:
    """The last lines of what task processes and clusters printed, fit for a message; empty if there are none."""
    lines: list[str] = []
    for path in (folder / DRIVER_LOG, folder / WORKERS_LOG):
        if path.exists():
            lines += path.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
    return "".join(f"\n  {line[:300]}" for line in lines)


def failures(folder: Path) -> list[Path]:
    """The failure records of a phase, in order of rank."""
    return sorted((folder / "failures").glob("*.json"))


def record_failure(folder: Path, rank: int, error: BaseException) -> None:
    """Write down why a task failed; text of any origin is made fit for UTF-8."""
    while isinstance(error, UnicodeEncodeError) and error.__context__:  # datatrove could not log the real error
        error = error.__context__
    message = str(error)[:2000].encode("utf-8", "backslashreplace").decode("utf-8")
    record = {"rank": rank, "error": type(error).__name__, "message": message}
    write_json(folder / "failures" / f"{rank:05d}.json", record)


def allow_open_files() -> None:
    """Raise this process's limit of open files as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def leave_when(ended: Callable[[], object]) -> None:
    """End this process at once when `ended`, which waits in a thread of its own, returns."""

    def watch() -> None:
        ended()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def settle(log: Path) -> None:
    """Set up a process that runs tasks: quiet, one thread a library, enough open files."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):  # what a library prints must not run into the driver's output
        os.dup2(descriptor, stream)
    os.close(descriptor)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # else lost when the pool ends a worker
    os.environ.update(TASK_ENVIRONMENT)
    allow_open_files()
    import pyarrow

    pyarrow.set_cpu_count(1)


class Guarded:
    """Mixed into datatrove's executors: a failing rank is written down instead of raised."""

    logging_dir: Any

    def save_executor_as_json(self, indent: int = 4) -> None:
        """Nothing: it would spell out every attribute of every step, addresses with credentials included."""

    def _run_for_rank(self, rank: int, local_rank: int = 0, node_rank: int = -1) -> PipelineStats:
        folder = Path(self.logging_dir.resolve_paths(""))
        if len(failures(folder)) >= MAX_FAILURES:
            return PipelineStats()
        assert isinstance(self, PipelineExecutor)
        try:
            # rank 1 on: datatrove prints informational logs of the first local rank to the terminal. The method of
            # the base class: Ray's own keeps the log in a folder that all users of a node share
            stats: PipelineStats = PipelineExecutor._run_for_rank(self, rank, max(1, local_rank), node_rank)
        except (KeyboardInterrupt, SystemExit):  # a requeued Slurm job leaves so; its mark is missing, that is enough
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a step raises (a Rust panic is no Exception) is kept
            record_failure(folder, rank, error)
            return PipelineStats()
        (folder / "failures" / f"{rank:05d}.json").unlink(missing_ok=True)
        write_json(folder / "peak" / f"{rank:05d}.json", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        return stats
