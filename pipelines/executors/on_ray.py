"""Tasks on a Ray cluster, by datatrove's Ray executor."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datatrove.executor.ray import RayPipelineExecutor
from datatrove.utils.stats import PipelineStats
from loguru import logger

from contracts.errors import ConfigError, StageError
from pipelines.executor_config import ExecutorConfig
from pipelines.executors.guard import (
    DRIVER_LOG,
    TASK_ENVIRONMENT,
    WORKERS_LOG,
    Guarded,
    leave_when,
    record_failure,
    settle,
)
from pipelines.phase import Phase

OBJECT_STORE_BYTES = 100_000_000
"""Object store of a cluster of our own: results travel in files, so near the least that Ray takes (75 MB)."""


class RayExecutor(Guarded, RayPipelineExecutor):
    """Runs each task in a fork of the process that Ray's actor keeps for it.

    datatrove runs tasks on Ray in a multiprocessing pool, which waits for ever for a process that was killed; here the
    pool's process only waits for its child, so it can say how the child ended.
    """

    def _run_for_rank(self, rank: int, local_rank: int = 0, node_rank: int = -1) -> PipelineStats:
        folder = Path(self.logging_dir.resolve_paths(""))
        child = os.fork()
        if child == 0:
            leave_when(_parent_ended)
            settle(folder / WORKERS_LOG)
            try:
                super()._run_for_rank(rank, local_rank, node_rank)
            except SystemExit as error:
                record_failure(folder, rank, error)
            finally:
                os._exit(0)
        leave_when(_parent_ended)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code:
            killed = ChildProcessError(f"its process ended with exit code {code}, most likely for want of memory")
            record_failure(folder, rank, killed)
        if not self.is_rank_completed(rank):
            raise StageError(f"task {rank} did not finish")  # or datatrove would merge statistics that are not there
        return PipelineStats()


def _parent_ended() -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)


def run(phase: Phase, folder: Path, config: ExecutorConfig, ranks: Sequence[int]) -> None:
    """Run the phase's unfinished ranks on the cluster.

    Raises:
        ConfigError: Ray is not installed, no cluster answers, or the cluster can never run a task.
    """
    _connect(config)
    executor = RayExecutor(
        list(phase.steps),
        tasks=phase.tasks,
        workers=config.workers or -1,
        logging_dir=str(folder),
        mem_per_cpu_gb=config.ray_memory_gb,
        ray_remote_kwargs={"runtime_env": {"env_vars": TASK_ENVIRONMENT}},
    )
    # datatrove swallows what happens outside of steps (a module that a node lacks) but for a line in its log
    sink = logger.add(
        folder / DRIVER_LOG, level="DEBUG", format="{message}", filter=lambda r: r["function"] == "task_done"
    )
    try:
        executor.run()
    finally:
        logger.remove(sink)


def _connect(config: ExecutorConfig) -> None:
    try:
        import ray
    except ImportError as error:
        raise ConfigError("executor.kind is ray, but Ray is not installed: pip install 'glotmix[ray]'") from error
    if ray.is_initialized():
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    options: dict[str, Any] = {"address": config.ray_address, "log_to_driver": False, "logging_level": "ERROR"}
    if config.ray_address == "local":
        options |= {
            "num_cpus": config.local_workers(),
            "include_dashboard": False,
            "object_store_memory": OBJECT_STORE_BYTES,
        }
    try:
        ray.init(**options)
    except (ConnectionError, ValueError) as error:
        raise ConfigError(
            f"executor.ray_address: {config.ray_address!r}: no Ray cluster answers there ({error}). Start one with "
            "ray start --head, or use ray_address: local"
        ) from error
    if config.ray_address == "local":
        _refuse_impossible(config, ray.cluster_resources())


def _refuse_impossible(config: ExecutorConfig, resources: dict[str, float]) -> None:
    """Ray waits for ever for a node that is large enough; on one machine none will come."""
    memory = resources.get("memory", 0.0)
    if memory < config.ray_memory_gb * 1024**3:
        raise ConfigError(
            f"executor.ray_memory_gb: {config.ray_memory_gb}: this machine has {memory / 1024**3:.1f} GB for tasks; "
            "lower it"
        )
