"""One run of a sweep: under its lock, once, with what went wrong written down."""

import gc
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from contracts.errors import GlotmixError
from contracts.files import remove_tree
from train.config import TrainConfig
from train.sweep.job import Job
from train.sweep.lock import Owner, acquire
from train.sweep.rows import Row

Runner = Callable[[TrainConfig, Path], Path]
"""Trains one run; the folder of its configuration's paths is the second argument."""

LOST = 75
"""Exit code of a process whose run another one took over (sysexits.h: EX_TEMPFAIL)."""

CHECKPOINTS = "checkpoints"
"""What a run's folder keeps to go on from; not needed once it is finished."""


class Result(Enum):
    """How an attempt ended."""

    FINISHED = "finished"
    SKIPPED = "finished before"
    BUSY = "another process works on it"
    KILLED = "is tried again"
    FAILED = "failed"
    BROKEN = "failed, and the process should end"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended, what there is to say about it, and how long it took."""

    result: Result
    detail: str = ""
    seconds: float = 0.0


def attempt(job: Job, row: Row, runner: Runner) -> Attempt:
    """Do one run unless it is done or another process does it.

    A run that raises is noted as failed. An interrupt passes through: the run has saved, and goes on where it stopped
    when it is tried again.

    Args:
        job: the sweep.
        row: the run.
        runner: trains it.
    """
    folder = job.folder
    if folder.is_done(row):
        return Attempt(Result.SKIPPED)
    lock = acquire(folder.lock(row), _lost)
    if isinstance(lock, Owner):
        return Attempt(Result.BUSY, str(lock))
    with lock:
        if folder.is_done(row):  # finished between the first look and the lock
            return Attempt(Result.SKIPPED)
        return _locked(job, row, runner)


def _locked(job: Job, row: Row, runner: Runner) -> Attempt:
    started = time.monotonic()
    try:
        config = job.training(row)
        runner(config, job.base)
    except Exception as error:  # noqa: BLE001 - whatever a run raises must not end the others
        seconds = time.monotonic() - started
        note = job.folder.fail(row, type(error).__name__, str(error), traceback.format_exc(), seconds)
        # a GPU, or torch's groups of processes, may be left unusable by an error that nobody expected
        result = Result.FAILED if isinstance(error, GlotmixError) else Result.BROKEN
        return Attempt(result, f"{note['error']}: {note['message']}", seconds)
    finally:
        gc.collect()
    seconds = time.monotonic() - started
    job.folder.finish(row, seconds)
    if not job.keep_checkpoints:
        remove_tree(job.folder.run(row) / CHECKPOINTS)
    return Attempt(Result.FINISHED, seconds=seconds)


def killed(job: Job, row: Row, how: str, seconds: float, tries: dict[str, int]) -> Attempt:
    """Note that the process of a run died, as its parent saw it; whether the run is tried again.

    Args:
        job: the sweep.
        row: the run.
        how: its process ended.
        seconds: that the attempt took.
        tries: how often the process of each run died in this call; counted up.
    """
    message = f"its process {how}; most likely for want of memory. Log: {job.folder.logs}"
    job.folder.fail(row, "Killed", message, "", seconds)
    tries[row.run_id] = tries.get(row.run_id, 0) + 1
    result = Result.KILLED if tries[row.run_id] < job.attempts else Result.FAILED
    return Attempt(result, message, seconds)


def _lost() -> None:
    """Another process took this one for dead and trains the run: writing on would spoil its files."""
    sys.stderr.write("another process took over this run; this one ends\n")
    sys.stderr.flush()
    os._exit(LOST)
