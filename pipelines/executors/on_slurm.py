"""Tasks as Slurm job arrays, by datatrove's Slurm executor; the driver waits for their marks."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from datatrove.executor.base import DistributedEnvVars
from datatrove.executor.slurm import SlurmPipelineExecutor

from contracts.errors import ConfigError, StageError
from pipelines.executor_config import ExecutorConfig
from pipelines.executors.guard import PICKLE, TASK_ENVIRONMENT, Guarded
from pipelines.phase import Phase

SILENT_SECONDS = 1800.0
"""How long squeue may fail in a row (a controller restarts) before the wait is given up."""


CANCEL_SECONDS = 300.0
"""How long cancelled jobs of an earlier run may take to leave the queue."""

JOBS = "jobs"
"""Ids of the submitted jobs, one a line, in the folder of the phase."""


class SlurmExecutor(Guarded, SlurmPipelineExecutor):
    """datatrove's Slurm executor, without srun, scontrol and its follow-up job: a task here is one process."""

    def launch_merge_stats(self) -> None:
        """Nothing to submit: the driver waits for the tasks itself."""

    def get_distributed_env(self, node_rank: int = -1) -> DistributedEnvVars:
        """As datatrove's, with the node list as Slurm gives it: no task here spans nodes."""
        return DistributedEnvVars(
            datatrove_node_ips=os.environ.get("SLURM_JOB_NODELIST", ""),
            datatrove_cpus_per_task=str(self.cpus_per_task),
            datatrove_mem_per_cpu=str(self.mem_per_cpu_gb),
            datatrove_gpus_on_node="0",
            datatrove_executor="SLURM",
        )

    def get_launch_file_contents(self, sbatch_args: dict, run_script: str) -> str:
        """As datatrove's, with this very interpreter by its path, paths with blanks allowed, one thread a library."""
        python = "python" if self.venv_path else shlex.quote(sys.executable)
        pickled = shlex.quote(self.logging_dir.resolve_paths(PICKLE))
        settings = " ".join(f"{name}={value}" for name, value in TASK_ENVIRONMENT.items())
        quoted = {k: f'"{v}"' if " " in str(v) else v for k, v in sbatch_args.items()}
        script: str = super().get_launch_file_contents(
            quoted, f"env {settings} {python} -m datatrove.tools.launch_pickled_pipeline {pickled}"
        )
        return script


def run(phase: Phase, folder: Path, config: ExecutorConfig, ranks: Sequence[int]) -> None:
    """Submit the phase's unfinished ranks and wait until they are done or gone.

    Raises:
        ConfigError: this machine cannot submit jobs.
        StageError: Slurm refused the job, or stopped answering.
    """
    for program in ("sbatch", "squeue"):
        if not shutil.which(program):
            raise ConfigError(f"executor.kind is slurm, but {program} is not on the PATH; use local or ray here")
    jobs = _Jobs(folder / JOBS)
    jobs.end(config.slurm.poll_seconds)  # a driver that was killed could not: two runs must not share a rank
    executor = _make(phase, folder, config, jobs)
    try:
        # straight to launch_job: run() would think itself inside an array when the shell holds SLURM_ARRAY_TASK_ID
        executor.launch_job()
        _wait(executor, str(executor.job_id), config.slurm.poll_seconds)
        jobs.forget()
    except subprocess.CalledProcessError as error:
        raise StageError(
            f"sbatch refused the job of {phase.name} (its message is above); look at executor.slurm. "
            f"Script: {folder / 'launch_script.slurm'}"
        ) from error
    except BaseException:  # an interrupt above all: nobody would look at what those jobs make
        jobs.cancel()
        raise


class _Jobs:
    """Takes job ids from sbatch's answers and keeps them in a file (a phase may need several arrays)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def ids(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").split() if self.path.exists() else []

    def __call__(self, answer: str) -> str:
        job = answer.split()[-1]
        with open(self.path, "a", encoding="utf-8") as handle:
            handle.write(f"{job}\n")
        return job

    def cancel(self) -> None:
        if self.ids and shutil.which("scancel"):
            subprocess.run(["scancel", *self.ids], check=False, capture_output=True)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)

    def end(self, poll_seconds: float) -> None:
        """Cancel the jobs of an earlier driver and wait until they are gone.

        Raises:
            StageError: they stay in the queue.
        """
        self.cancel()
        patience = time.monotonic() + CANCEL_SECONDS
        while self.ids and any(_queued(job) is not False for job in self.ids):
            if time.monotonic() > patience:
                raise StageError(f"jobs of an earlier run are still queued; end them: scancel {' '.join(self.ids)}")
            time.sleep(poll_seconds)
        self.forget()


def _make(phase: Phase, folder: Path, config: ExecutorConfig, jobs: _Jobs) -> SlurmExecutor:
    slurm = config.slurm
    return SlurmExecutor(
        list(phase.steps),
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
        job_id_retriever=jobs,
        with_srun=False,
    )


def _wait(executor: SlurmExecutor, job: str, poll_seconds: float) -> None:
    """Wait until every rank left its mark, or the last job is gone from the queue (it starts after all others)."""
    gone_since: float | None = None
    answered = time.monotonic()
    while executor.get_incomplete_ranks():
        time.sleep(poll_seconds)
        queued = _queued(job)
        now = time.monotonic()
        if queued is None:
            if now - answered > SILENT_SECONDS:
                raise StageError(f"squeue has failed for {SILENT_SECONDS:.0f} s; job {job} may still run")
            continue
        answered = now
        if queued:
            gone_since = None
            continue
        # allow the shared disk a moment to show the last marks
        gone_since = gone_since or now
        if now - gone_since > 3 * poll_seconds:
            return


def _queued(job: str) -> bool | None:
    """Whether a job waits or runs; None if squeue could not say."""
    answer = subprocess.run(["squeue", "--noheader", "--jobs", job], capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return bool(answer.stdout.strip())
    return False if "invalid job id" in answer.stderr.lower() else None
