"""Reports what a run does to TensorBoard and Weights & Biases, where the configuration asks for it.

A run has a trunk and branches, so the same step comes more than once: each of them is a series of its own. After a
restart steps are reported again, and replace what was reported of them before.
"""

import importlib
import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from contracts.errors import ConfigError
from train.config import TrackingConfig

TRUNK, POINTS = "trunk", "points"


def series_of(end: int | None) -> str:
    """The series of a leg: of the trunk (None), or of the branch that ends after so many steps."""
    return TRUNK if end is None else f"branch-{end:09d}"


class Tracker(Protocol):
    """Takes numbers, step by step."""

    def log(self, step: int, values: Mapping[str, float], series: str = TRUNK) -> None:
        """Report numbers by name.

        Args:
            step: optimizer steps done.
            values: numbers.
            series: TRUNK, a branch as `series_of` names it, or POINTS for what was measured at points.
        """

    def close(self) -> None:
        """Bring all to disk."""


def require_installed(config: TrackingConfig) -> None:
    """Refuse a tracker whose package is missing; cheap, for every rank before work begins.

    Raises:
        ConfigError: names the option and the command that installs the package.
    """
    wanted = {"tensorboard": config.tensorboard, "wandb": config.wandb is not None}
    for package, on in wanted.items():
        if on and not _installed(package):
            raise ConfigError(
                f"tracking.{package} needs the package {package}, which is not installed: pip install "
                f"'glotmix[tracking]'. Or leave the option out"
            )


def _installed(package: str) -> bool:
    """A folder wandb/ or tensorboard/ where Python looks is no package."""
    found = find_spec(package)
    return found is not None and found.origin is not None


def open_trackers(
    config: TrackingConfig, folder: Path, run: str, facts: Mapping[str, Any] | None = None
) -> "Trackers":
    """The trackers of a run; one process of it opens them.

    Args:
        config: which.
        folder: of the run; gets tensorboard/ and wandb/.
        run: its id, under which a restart goes on.
        facts: shown beside its curves.

    Raises:
        ConfigError: a package is missing, or Weights & Biases refuses.
    """
    require_installed(config)
    found: list[Tracker] = []
    if config.tensorboard:
        found.append(TensorBoard(folder / "tensorboard"))
    if config.wandb is not None:
        found.append(WeightsAndBiases(config.wandb, folder, run, facts or {}))
    return Trackers(found)


class Trackers:
    """Several trackers as one, or none.

    Args:
        trackers: them.
    """

    def __init__(self, trackers: list[Tracker]) -> None:
        self.trackers = trackers

    def log(self, step: int, values: Mapping[str, float], series: str = TRUNK) -> None:
        """See Tracker."""
        for tracker in self.trackers:
            tracker.log(step, values, series)

    def close(self) -> None:
        """See Tracker."""
        for tracker in self.trackers:
            tracker.close()


class TensorBoard:
    """Event files, a folder for each series, which TensorBoard shows as runs.

    Args:
        folder: of the series.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, Any] = {}

    def log(self, step: int, values: Mapping[str, float], series: str = TRUNK) -> None:
        """See Tracker."""
        writer = self._writers.get(series)
        if writer is None:
            from torch.utils.tensorboard import SummaryWriter

            # what an earlier process reported from this step on is hidden
            writer = self._writers[series] = SummaryWriter(str(self.folder / series), purge_step=step)
        for name, value in values.items():
            writer.add_scalar(name, value, step)

    def close(self) -> None:
        """See Tracker."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()


class WeightsAndBiases:
    """A run at Weights & Biases, which a restart goes on with.

    Args:
        project: its project.
        folder: gets wandb/.
        run: its id and name.
        facts: its configuration there.

    Raises:
        ConfigError: it cannot be opened: no key, no network.
    """

    def __init__(self, project: str, folder: Path, run: str, facts: Mapping[str, Any]) -> None:
        self._wandb: Any = importlib.import_module("wandb")
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._run: Any = self._wandb.init(
                project=project,
                id=run,
                name=run,
                dir=str(folder),
                config=dict(facts),
                resume="allow",
                reinit="create_new",  # several runs may be trained in one process
                settings=self._wandb.Settings(console="off"),
            )
            # a step of ours for the horizontal axis: theirs may not go back, as ours does from a branch to the trunk
            self._run.define_metric("*", step_metric="step")
        except self._wandb.Error as error:
            raise ConfigError(
                f"tracking.wandb: {project}: {str(error).rstrip('.')}. Log in with: wandb login; or set "
                "WANDB_MODE=offline and send the run later with: wandb sync"
            ) from error

    def log(self, step: int, values: Mapping[str, float], series: str = TRUNK) -> None:
        """See Tracker; if the service fails, a warning, and no more is reported."""
        if self._run is None:
            return
        try:
            self._run.log({"step": step, **{f"{series}/{name}": value for name, value in values.items()}})
        except (self._wandb.Error, OSError) as error:
            self._run = None
            warnings.warn(f"nothing more is reported to Weights & Biases: {error}", stacklevel=2)

    def close(self) -> None:
        """See Tracker."""
        if self._run is not None:
            self._run.finish()
            self._run = None
