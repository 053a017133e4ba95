"""A planned sweep, as every process that works on it sees it: the list, the template of the runs, where things lie."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import ConfigError, StageError
from contracts.manifest import digest
from mixer.layout import Layout
from train.config import TrainConfig
from train.sweep.config import SweepConfig
from train.sweep.draft import train_config
from train.sweep.folder import SweepFolder
from train.sweep.rows import Row, read_list

RUNTIME = ("attempts", "keep_checkpoints", "launch", "slurm", "device")
"""Sections of a sweep that may change after the plan was made."""


@dataclass(frozen=True, slots=True)
class Job:
    """What workers need; small and picklable.

    Attributes:
        base: folder that the paths of training configurations start from.
        root: folder of the sweep.
        corpus: output folder of the corpus.
        template: what all runs have in common.
        launch: command that trains one run on several devices; empty: in this process.
        attempts: how often a run whose process was killed is tried.
        keep_checkpoints: leave the checkpoints of finished runs.
    """

    base: Path
    root: Path
    corpus: Path
    template: dict[str, Any]
    launch: str
    attempts: int
    keep_checkpoints: bool

    @property
    def folder(self) -> SweepFolder:
        """Where everything lies."""
        return SweepFolder(self.root)

    def training(self, row: Row) -> TrainConfig:
        """The training configuration of a run; its paths start from `base`."""
        paths = {
            "output": self.folder.run(row),
            "mixture": Layout(self.corpus).mix(row.mixture),
            "runs": self.folder.runs,
        }
        relative = {name: Path(os.path.relpath(path, self.base)).as_posix() for name, path in paths.items()}
        return train_config(self.template, row, **relative)


def root_of(config: SweepConfig, base: Path) -> Path:
    """The folder of a sweep."""
    return (base / Path(config.output).expanduser()).resolve()


def plan_identity(config: SweepConfig) -> str:
    """Hash of what of a configuration decides the plan."""
    return digest(config.model_dump(mode="json", exclude={"output", *RUNTIME}))


def open_job(config: SweepConfig, base: Path) -> tuple[Job, list[Row]]:
    """A planned sweep and its list.

    Raises:
        StageError: there is no plan, or it was made from another configuration.
    """
    folder = SweepFolder(root_of(config, base))
    plan = folder.plan()
    if plan["identity"] != plan_identity(config):
        raise StageError(
            f"{folder.root}: the plan was made from another configuration than this one. Plan again, which keeps the "
            "runs that are in both: glotmix sweep plan CONFIG"
        )
    corpus = (folder.root / plan["corpus"]).resolve()
    job = Job(base, folder.root, corpus, config.train, config.launch, config.attempts, config.keep_checkpoints)
    return job, read_list(folder.list)


def chosen(rows: list[Row], index: int, count: int) -> list[Row]:
    """The rows from a number on.

    Raises:
        ConfigError: there is no such number.
    """
    if not 0 <= index < len(rows):
        raise ConfigError(f"--index {index}: the list has {len(rows)} runs, numbered 0 to {len(rows) - 1}")
    return rows[index : index + count]
