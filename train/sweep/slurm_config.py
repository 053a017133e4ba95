"""The section `slurm` of a sweep."""

from pydantic import Field

from contracts.config import StrictModel


class SlurmConfig(StrictModel):
    """What the job array asks the cluster for."""

    partition: str = ""
    """Partition; empty: the cluster's default."""
    time: str = "24:00:00"
    """Time limit of a task, in Slurm's format."""
    nodes: int = Field(default=1, ge=1)
    """Machines of a task; more than one needs `launch`."""
    gpus_per_node: int = Field(default=1, ge=0)
    """GPUs on each machine; 0: none are asked for."""
    cpus_per_task: int = Field(default=8, ge=1)
    """Cores on each machine."""
    mem_gb: int | None = Field(default=None, ge=1)
    """Memory on each machine, in GB; null: the cluster's default."""
    limit: int | None = Field(default=None, ge=1)
    """Tasks at the same time; null: as many as the cluster lets."""
    runs_per_task: int = Field(default=1, ge=1)
    """Runs that a task does one after the other: for small runs, so that start-up is paid once."""
    max_array_size: int = Field(default=1001, ge=2)
    """The cluster's MaxArraySize (1001 unless it was changed): array numbers stay below it, more tasks become several
    arrays."""
    stop_seconds: int = Field(default=120, ge=0)
    """A task is told to save and stop so many seconds before its time is over."""
    venv_path: str = ""
    """`activate` script of the environment to source on the nodes; empty: they inherit this one."""
    sbatch_args: dict[str, str] = Field(default_factory=dict)
    """Further sbatch options, by long name without dashes."""
    setup: tuple[str, ...] = ()
    """Shell lines before the run, such as: module load cuda."""
