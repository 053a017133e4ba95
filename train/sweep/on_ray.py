"""A sweep on a Ray cluster: a task a run; Ray keeps its processes, so start-up is paid once in each."""

import os
import signal
import threading
import time
from collections.abc import Sequence
from typing import Any

from contracts.errors import ConfigError
from train.sweep.attempt import Attempt, Result, Runner, attempt, killed
from train.sweep.job import Job
from train.sweep.rows import Row
from train.sweep.tally import Observe, Tally

POLL_SECONDS = 1.0


def run_ray(
    job: Job,
    rows: Sequence[Row],
    address: str,
    gpus: float,
    runner: Runner,
    observe: Observe | None = None,
) -> Tally:
    """Do all runs that are not done yet, the longest first, and wait for them.

    Args:
        job: the sweep; its folder and the corpus lie on a disk that all machines share, under the same path.
        rows: its list.
        address: of the cluster; local starts one on this machine.
        gpus: that a run takes; 0 takes a core.
        runner: trains one run.
        observe: told how each run ended.

    Raises:
        ConfigError: Ray is not installed, no cluster answers, or it can never run a task.
        KeyboardInterrupt: tasks were asked to stop and have saved.
    """
    ray = _connect(address, gpus)
    done = job.folder.all_done()
    tally = Tally(skipped=[row for row in rows if row.run_id in done])
    queue = sorted((row for row in rows if row.run_id not in done), key=lambda row: -row.flops)
    task = ray.remote(num_cpus=1, num_gpus=gpus, max_retries=0)(_task)
    begun, waiting = time.monotonic(), {}
    for row in queue:
        waiting[task.remote(job, row, runner)] = row
    tries: dict[str, int] = {}
    try:
        while waiting:
            ready, _ = ray.wait(list(waiting), num_returns=1, timeout=POLL_SECONDS)
            for reference in ready:
                row = waiting.pop(reference)
                found = _outcome(ray, reference)
                if not isinstance(found, Attempt):
                    found = killed(job, row, found, time.monotonic() - begun, tries)
                tally.add(row, found)
                if found.result is Result.KILLED:
                    waiting[task.remote(job, row, runner)] = row
                if observe:
                    observe(row, found, tally.over, len(rows))
    except KeyboardInterrupt:
        for reference in waiting:
            ray.cancel(reference)  # an interrupt in the task, which saves
        ray.wait(list(waiting), num_returns=len(waiting), timeout=120)
        raise
    return tally


def _task(job: Job, row: Row, runner: Runner) -> Attempt:
    """One run, in a process that Ray keeps."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return attempt(job, row, runner)


def _outcome(ray: Any, reference: Any) -> Attempt | str:
    """How a task ended: its answer, or how its process died."""
    try:
        found: Attempt = ray.get(reference)
        return found
    except ray.exceptions.TaskCancelledError as error:
        raise KeyboardInterrupt("a task was cancelled") from error
    except ray.exceptions.RayError as error:
        return f"died ({type(error).__name__}: {str(error).strip().splitlines()[0][:300]})"


def _connect(address: str, gpus: float) -> Any:
    try:
        import ray
    except ImportError as error:
        raise ConfigError("--ray: Ray is not installed: pip install 'glotmix[ray]'") from error
    if not ray.is_initialized():
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # tasks without a GPU see none; Ray warns that this will change
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        options: dict[str, Any] = {"address": address, "log_to_driver": False, "logging_level": "ERROR"}
        if address == "local":
            options["include_dashboard"] = False
        try:
            ray.init(**options)
        except (ConnectionError, ValueError) as error:
            raise ConfigError(
                f"--ray {address}: no Ray cluster answers there ({error}). Start one with ray start --head, or use "
                "--ray local"
            ) from error
    there = ray.cluster_resources().get("GPU", 0.0)
    if gpus > there:
        raise ConfigError(f"--gpus {gpus:g}: the Ray cluster has {there:g} GPUs; --gpus 0 trains on cores")
    return ray
