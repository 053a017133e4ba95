"""Sweeps as tests need them: configurations, and planned lists without a corpus."""

from dataclasses import dataclass
from pathlib import Path

from contracts.config import validate
from contracts.files import write_json
from train.sweep.config import SweepConfig
from train.sweep.folder import PLAN, SweepFolder
from train.sweep.job import Job, open_job, plan_identity
from train.sweep.rows import Row, write_list

TRAIN = {"batch_tokens": 2048, "engine": {"backend": "torch"}, "checkpoints": {"export": "none"}}


def sweep(**options) -> SweepConfig:
    """A sweep over the pool beside it; options replace whole sections."""
    base = {"output": "sweep", "corpus": "run.yaml", "train": TRAIN}
    grid = {"rungs": ["0.2M"], "points": [[4096]], "mixtures": [{"proportions": {"python": 1.0}}]}
    source = {} if {"list", "design"} & set(options) else {"grid": grid}
    return validate(SweepConfig, {**base, **source, **options}, "sweep")


@dataclass(frozen=True)
class Queue:
    """A planned sweep without a corpus: for what happens after the plan."""

    job: Job
    rows: list[Row]
    base: Path
    config: SweepConfig

    @property
    def folder(self) -> SweepFolder:
        return self.job.folder

    def journal(self, name: str = "trained") -> list[int]:
        """The seeds of the runs that were trained, as often as they were."""
        path = self.base / name
        return sorted(map(int, path.read_text().split())) if path.exists() else []


def make_queue(base: Path, runs: int, **options) -> Queue:
    config = sweep(corpus="none.yaml", **options)
    folder = SweepFolder(base / "sweep")
    rows = [
        Row(
            index=number,
            run_id=f"{number:016x}",
            rung="0.2M",
            shape=None,
            n_parameters=213_568,
            tokens=(4096,),
            mixture="sweep-python-0123456789ab",
            proportions={"python": 1.0},
            components={},
            strategy="none",
            seed=number,
            data_seed=0,
            epochs={"python": 0.5},
            flops=1e9 * (number + 1),
            gpu_hours=None,
        )
        for number in range(runs)
    ]
    write_list(folder.list, rows)
    write_json(folder.root / PLAN, {"identity": plan_identity(config), "corpus": "../out"})
    job, listed = open_job(config, base)
    return Queue(job, listed, base, config)
