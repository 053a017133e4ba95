"""Runs the tasks of a phase with datatrove's executors, so that a failure is always seen and never spreads.

What the wrapping adds: a task that fails is recorded and leaves its siblings alone; a worker that dies (out of
memory) ends the phase with an error instead of hanging it; finished means that every task left its mark, whatever
the executor returned; the step list is pickled once, not once a task; logs of the host application stay untouched,
because tasks always run in processes of their own.
"""

import json
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dill
from datatrove.executor.base import PipelineExecutor
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.executor.ray import RayPipelineExecutor
from datatrove.executor.slurm import SlurmPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.stats import PipelineStats

from contracts.errors import ConfigError, StageError
from contracts.files import remove_tree, write_json
from pipelines.executor_config import ExecutorConfig

PRELOAD = ["numpy", "pyarrow.parquet", "datatrove.executor.local", "datatrove.pipeline.dedup.minhash"]
"""Imported once by the fork server, so that workers start in milliseconds. polars is not fork-safe: never here."""

SINGLE_THREAD = ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS")
"""Tasks are the unit of parallelism: the libraries inside a task use one thread."""

MAX_FAILURES = 8
"""After so many failed tasks no further one is started: a full disk need not be met a thousand times."""

POLL_SECONDS = 0.25

Observer = Callable[[str, float, float], None]
"""Called with (phase, work done, work in all) while a phase runs."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A list of datatrove steps to run over `tasks` ranks.

    Attributes:
        name: unique in its stage; names the log folder.
        steps: the pipeline. Steps hold small, picklable attributes only.
        tasks: how many ranks; a function of the input, never of the workers.
        work: size of all the work in the unit the steps report progress in (bytes), for the progress bar.
    """

    name: str
    steps: Sequence[PipelineStep]
    tasks: int
    work: float = 0.0


@dataclass(frozen=True, slots=True)
class PhaseReport:
    """How a phase went: seconds of wall time and the largest resident memory of one of its processes in bytes."""

    name: str
    tasks: int
    seconds: float
    peak_bytes: int


class ProgressReporter:
    """Lets a step say how far its task is, at most twice a second, in a file the driver reads."""

    def __init__(self, folder: Path, rank: int) -> None:
        self.path = folder / f"{rank:05d}"
        self.done = 0.0
        self._next = 0.0

    def add(self, amount: float) -> None:
        """Count finished work (bytes)."""
        self.done += amount
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.5
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(str(int(self.done)))


def _record(folder: Path, rank: int, error: BaseException) -> None:
    write_json(
        folder / "failures" / f"{rank:05d}.json",
        {"rank": rank, "error": type(error).__name__, "message": str(error)[:2000]},
    )


class _Guarded:
    """Mixed into datatrove's executors: a failing rank is written down instead of raised."""

    logging_dir: Any

    def _run_for_rank(self, rank: int, local_rank: int = 0, node_rank: int = -1) -> PipelineStats:
        folder = Path(self.logging_dir.resolve_paths(""))
        failure = folder / "failures" / f"{rank:05d}.json"
        try:
            # rank 1 on: datatrove prints informational logs of the first local rank to the terminal
            stats: PipelineStats = super()._run_for_rank(rank, max(1, local_rank), node_rank)  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001 - whatever a step raises is recorded, and raised by the driver
            _record(folder, rank, error)
            return PipelineStats()
        failure.unlink(missing_ok=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        write_json(folder / "peak" / f"{rank:05d}.json", peak)
        return stats


class LocalExecutor(_Guarded, LocalPipelineExecutor):
    """datatrove's local executor; `_LocalPool` drives it, a process a worker."""


class RayExecutor(_Guarded, RayPipelineExecutor):
    """datatrove's Ray executor."""


class SlurmExecutor(_Guarded, SlurmPipelineExecutor):
    """datatrove's Slurm executor, without its follow-up job that merges statistics."""

    def launch_merge_stats(self) -> None:
        """Nothing to submit: the driver waits for the tasks itself."""


def run_phase(phase: Phase, logs: Path, config: ExecutorConfig, observe: Observer | None = None) -> PhaseReport:
    """Run the tasks of a phase that are not done yet and wait for all of them.

    Args:
        phase: what to run.
        logs: folder for this phase's logs and completion marks, on a disk that all workers share.
        config: where to run it.
        observe: told about progress.

    Raises:
        StageError: tasks failed or a worker died; those that finished are kept for the next run.
        ConfigError: the executor is not available here.
    """
    folder = logs / phase.name
    _refuse_other_shape(phase, folder)
    remove_tree(folder / "failures")
    started = time.monotonic()
    executor = _make_executor(phase, folder, config)
    if executor.get_incomplete_ranks():
        watcher = _Watcher(phase, folder, observe)
        with watcher:
            if isinstance(executor, LocalExecutor):
                _run_local(executor, folder, config.local_workers())
            elif isinstance(executor, RayExecutor):
                _run_ray(executor, config)
            else:
                _run_slurm(executor, folder, config)
        _raise_for_missing(phase, folder, executor)
    peaks = [json.loads(p.read_text()) for p in (folder / "peak").glob("*.json")]
    return PhaseReport(phase.name, phase.tasks, time.monotonic() - started, max(peaks, default=0))


def _refuse_other_shape(phase: Phase, folder: Path) -> None:
    """Completion marks name ranks only: they mean nothing for another number of tasks, so such marks are removed."""
    shape = {"tasks": phase.tasks, "steps": [type(step).__name__ for step in phase.steps]}
    path = folder / "shape.json"
    if path.exists() and json.loads(path.read_text()) != shape:
        remove_tree(folder)
    if not path.exists():
        write_json(path, shape)


def _make_executor(phase: Phase, folder: Path, config: ExecutorConfig) -> PipelineExecutor:
    steps = list(phase.steps)
    if config.kind == "local":
        return LocalExecutor(steps, tasks=phase.tasks, workers=config.local_workers(), logging_dir=str(folder))
    if config.kind == "ray":
        return RayExecutor(
            steps,
            tasks=phase.tasks,
            workers=config.workers or -1,
            logging_dir=str(folder),
            mem_per_cpu_gb=config.ray_memory_gb,
        )
    slurm = config.slurm
    return SlurmExecutor(
        steps,
        tasks=phase.tasks,
        time=slurm.time,
        partition=slurm.partition,
        cpus_per_task=slurm.cpus_per_task,
        mem_per_cpu_gb=slurm.mem_per_cpu_gb,
        workers=config.workers or -1,
        job_name=f"glotmix-{phase.name}",
        qos=slurm.qos or None,
        venv_path=slurm.venv_path or None,
        sbatch_args=dict(slurm.sbatch_args),
        max_array_size=slurm.max_array_size,
        tasks_per_job=slurm.tasks_per_job,
        logging_dir=str(folder),
    )


def _enter_worker(log: str) -> None:
    """Set up a worker process: one thread a library, quiet, and gone when its driver is gone."""
    for name in SINGLE_THREAD:
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(descriptor, sys.stderr.fileno() if sys.stderr else 2)
    parent = os.getppid()

    def leave_with_parent() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=leave_with_parent, daemon=True).start()
    import pyarrow

    pyarrow.set_cpu_count(1)


def _run_pickled(path: str, rank: int) -> None:
    with open(path, "rb") as handle:
        executor: Any = dill.load(handle)  # noqa: S301 - written by this very run
    executor._run_for_rank(rank, 1)


def _run_local(executor: LocalExecutor, folder: Path, workers: int) -> None:
    ranks = executor.get_incomplete_ranks()
    pickled = folder / "executor.pik"
    with open(pickled, "wb") as handle:
        dill.dump(executor, handle)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    pool = ProcessPoolExecutor(
        min(workers, len(ranks)), context, initializer=_enter_worker, initargs=(str(folder / "workers.log"),)
    )
    waiting: set[Future[None]] = set()
    queue = list(reversed(ranks))
    try:
        while queue or waiting:
            # few in flight: after too many failures nothing further is started
            while queue and len(waiting) < 2 * workers:
                waiting.add(pool.submit(_run_pickled, str(pickled), queue.pop()))
            done, waiting = wait(waiting, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
            if len(list((folder / "failures").glob("*.json"))) >= MAX_FAILURES:
                queue.clear()
    except BrokenProcessPool as error:
        raise StageError(
            f"a worker process of {folder.name} was killed, most likely for want of memory. Finished tasks are kept; "
            f"run the same command again with fewer workers (--set executor.workers=1). Log: {folder / 'workers.log'}"
        ) from error
    finally:
        _stop(pool)


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the pool without waiting for tasks that still run (an interrupt or an error came first)."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(5)


def _run_ray(executor: RayExecutor, config: ExecutorConfig) -> None:
    try:
        import ray
    except ImportError as error:
        raise ConfigError("executor.kind is ray, but Ray is not installed: pip install 'glotmix[ray]'") from error
    if not ray.is_initialized():
        local = config.ray_address == "local"
        ray.init(
            address=None if local else config.ray_address,
            num_cpus=config.local_workers() if local else None,
            log_to_driver=False,
            include_dashboard=False,
        )
    executor.run()


def _run_slurm(executor: SlurmExecutor, folder: Path, config: ExecutorConfig) -> None:
    for program in ("sbatch", "squeue"):
        if not shutil.which(program):
            raise ConfigError(f"executor.kind is slurm, but {program} is not on the PATH; use local or ray here")
    # straight to launch_job: run() would think itself inside an array when the shell holds SLURM_ARRAY_TASK_ID
    executor.launch_job()
    job = str(executor.job_id)
    gone_since: float | None = None
    while executor.get_incomplete_ranks():
        time.sleep(config.slurm.poll_seconds)
        answer = subprocess.run(
            ["squeue", "--noheader", "--jobs", job],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode == 0 and answer.stdout.strip():
            gone_since = None
            continue
        # no longer queued: allow the shared disk a moment to show the last marks
        gone_since = gone_since or time.monotonic()
        if time.monotonic() - gone_since > 3 * config.slurm.poll_seconds:
            return


def _raise_for_missing(phase: Phase, folder: Path, executor: PipelineExecutor) -> None:
    """Whatever the executor said: done means that every rank left its mark."""
    missing = executor.get_incomplete_ranks(skip_completed=True)
    if not missing:
        return
    failures = [json.loads(p.read_text()) for p in sorted((folder / "failures").glob("*.json"))]
    if failures:
        first = failures[0]
        reason = f"first error, task {first['rank']}: {first['error']}: {first['message']}"
    else:
        reason = "they left neither a result nor an error: look into the logs"
    raise StageError(
        f"{phase.name}: {len(missing)} of {phase.tasks} tasks did not finish; {reason}\n"
        f"Finished tasks are kept: mend the cause and run the same command again. Logs: {folder / 'logs'}"
    )


class _Watcher:
    """Adds up the progress that tasks report and tells the observer, from a thread of its own."""

    def __init__(self, phase: Phase, folder: Path, observe: Observer | None) -> None:
        self.phase, self.folder, self.observe = phase, folder, observe
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        remove_tree(self.folder / "progress")
        if self.observe:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        if self.observe:
            self._thread.join()

    def _watch(self) -> None:
        assert self.observe is not None
        finished = False
        while not finished:
            finished = self._stopped.wait(POLL_SECONDS)
            self.observe(self.phase.name, *self._state())

    def _state(self) -> tuple[float, float]:
        completed = {p.name for p in (self.folder / "completions").glob("*")}
        if not self.phase.work:
            return float(len(completed)), float(self.phase.tasks)
        share = self.phase.work / self.phase.tasks
        done = share * len(completed)
        for path in (self.folder / "progress").glob("*"):
            if path.name not in completed:
                done += min(share, float(path.read_text() or 0))
        return min(done, self.phase.work), self.phase.work
