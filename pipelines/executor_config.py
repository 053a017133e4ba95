"""Where and how wide the tasks of a stage run; never part of what they compute."""

import os
from typing import Literal

from pydantic import Field, model_validator

from contracts.config import StrictModel


class SlurmConfig(StrictModel):
    """What datatrove's Slurm executor needs to know; used when `kind` is slurm."""

    partition: str = ""
    """Partition to submit to; required for slurm."""
    time: str = "20:00:00"
    """Time limit of a job, in Slurm's format."""
    cpus_per_task: int = Field(default=1, ge=1)
    """Cores a task gets."""
    mem_per_cpu_gb: int = Field(default=2, ge=1)
    """Memory a core gets, in GB: tasks stay under 2 GB by design."""
    tasks_per_job: int = Field(default=1, ge=1)
    """Tasks that one array job does in turn; raise it on clusters that limit the size of arrays."""
    max_array_size: int = Field(default=1001, ge=1)
    """Largest job array the cluster takes (Slurm's MaxArraySize, 1001 unless it was changed)."""
    venv_path: str = ""
    """`activate` script of the environment to source on the nodes; empty: the nodes inherit this one."""
    qos: str = ""
    """Quality of service; empty: the cluster's default."""
    sbatch_args: dict[str, str] = Field(default_factory=dict)
    """Further sbatch options, by long name without dashes."""
    poll_seconds: float = Field(default=10.0, gt=0)
    """How often to look for finished tasks."""


class ExecutorConfig(StrictModel):
    """How tasks run. Changing anything here never changes a byte of the result."""

    kind: Literal["local", "ray", "slurm"] = "local"
    """local (processes on this machine), ray (a running cluster) or slurm (job arrays on a shared disk)."""
    workers: int = Field(default=0, ge=0)
    """Tasks that run at the same time; 0: as many as this process may use cores (slurm: no limit)."""
    ray_address: str = "auto"
    """Address of the Ray cluster; `local` starts one on this machine. Used when `kind` is ray."""
    ray_memory_gb: int = Field(default=2, ge=1)
    """Memory that Ray reserves for a task, in GB. Used when `kind` is ray."""
    slurm: SlurmConfig = SlurmConfig()

    @model_validator(mode="after")
    def _complete(self) -> "ExecutorConfig":
        if self.kind == "slurm" and not self.slurm.partition:
            raise ValueError("executor.slurm.partition is required when executor.kind is slurm")
        return self

    def local_workers(self) -> int:
        """Processes to start on this machine."""
        return self.workers or len(os.sched_getaffinity(0))
