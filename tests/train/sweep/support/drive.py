"""Drives a sweep in a process of its own: python drive.py BASE RUNS WORKERS RUNNER [index]."""

import signal
import sys
from pathlib import Path

import stand_ins

from train.sweep.attempt import attempt
from train.sweep.config import SweepConfig
from train.sweep.job import open_job
from train.sweep.local import run_local

if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):  # which a shell ignores for what it starts in the background
        signal.signal(number, signal.default_int_handler)
    base, config, workers, runner, *index = sys.argv[1:]
    job, rows = open_job(SweepConfig.model_validate_json(config), Path(base))
    run = getattr(stand_ins, runner)
    try:
        if index:
            sys.stdout.write(f"{attempt(job, rows[int(index[0])], run).result.value}\n")
        else:
            sys.stdout.write(f"{len(run_local(job, rows, int(workers), run).finished)}\n")
    except KeyboardInterrupt:
        sys.exit(130)
