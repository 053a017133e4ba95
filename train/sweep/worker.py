"""A worker process: trains the runs that its parent names, one after the other, so that start-up is paid once."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from train.sweep.attempt import Result, Runner, attempt
from train.sweep.job import Job
from train.sweep.rows import Row
from train.sweep.tally import line, title
from train.sweep.tell import tell

SAVE_SECONDS = 120.0
"""How long a worker whose parent is gone may take to save."""


def work(orders: Connection, job: Job, runner: Runner, log: str) -> None:
    """Take rows from a pipe and answer with how each ended, until the pipe ends or a run leaves the process unusable.

    Args:
        orders: rows in, attempts out.
        job: the sweep.
        runner: trains one run.
        log: file that takes what the run and libraries print.
    """
    _settle(log)
    try:
        while True:
            row: Row = orders.recv()
            tell(f"{title(row)}: begins; its folder: {job.folder.run(row)}")
            found = attempt(job, row, runner)
            tell(line(row, found))
            orders.send(found)
            if found.result is Result.BROKEN:
                return
    except (EOFError, BrokenPipeError):
        return  # nothing is left to do, or nobody is there any more to tell
    except KeyboardInterrupt:
        return  # asked to stop; the run has saved


def _settle(log: str) -> None:
    os.setpgid(0, 0)  # a terminal's Ctrl-C reaches the parent only, which asks each worker once
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.close(descriptor)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SAVE_SECONDS)
    os._exit(1)
