"""What trains one run: this process, or a command that starts one process a device."""

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from contracts.errors import ConfigError, StageError
from contracts.files import atomic_path
from train.config import TrainConfig
from train.launchers import place
from train.sweep.attempt import Runner
from train.sweep.job import Job
from train.sweep.tell import tell

INTERRUPTED = 130
"""Exit code of `python -m train` that saved and stopped because it was asked to."""

LAST_LINES = 30
"""Lines of a command's output that are kept with its failure."""


def runner_of(job: Job) -> Runner:
    """How the runs of a sweep are trained."""
    return Launched(job.launch) if job.launch else in_process


def in_process(config: TrainConfig, base: Path) -> Path:
    """Train in this process, which prints how it goes.

    Raises:
        GlotmixError: the run cannot be done.
    """
    from train.trainer import train

    return train(config, base, tell)


def require_alone(environment: Mapping[str, str]) -> None:
    """Refuse to be one of several ranks: each would take the run for itself.

    Raises:
        ConfigError: a launcher or srun started several processes.
    """
    here = place(environment)
    if here.ranks > 1:
        raise ConfigError(
            f"glotmix sweep run was started as rank {here.rank} of {here.ranks}; start it once, and name the command "
            "that trains a run on several devices in `launch`: torchrun --standalone --nproc-per-node 8 -m train"
        )


class Launched:
    """Trains with a command to which the path of the run's configuration is added.

    Args:
        command: as in a shell, without pipes and variables.
    """

    def __init__(self, command: str) -> None:
        self.command = shlex.split(command)

    def __call__(self, config: TrainConfig, base: Path) -> Path:
        """Start the command and wait for it; a signal to this process is handed on to it.

        Raises:
            StageError: it ended with an error; quotes its last lines.
            KeyboardInterrupt: it was asked to stop, and has saved.
        """
        folder = base / config.output
        path, log = _written(config, base), folder / "launch.log"
        with open(log, "ab") as output:
            process = subprocess.Popen([*self.command, str(path)], stdout=output, stderr=subprocess.STDOUT)
            code, asked = _wait(process)
        if code == INTERRUPTED or (asked and code):
            raise KeyboardInterrupt(f"{self.command[0]} was asked to stop")
        if code:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
            raise StageError(f"{self.command[0]} ended with exit code {code}; its last lines:\n" + "\n".join(lines))
        return folder


def _wait(process: "subprocess.Popen[bytes]") -> tuple[int, bool]:
    """Wait for a command; its exit code, and whether it was asked to stop."""
    asked = False

    def hand_on(number: int, _: Any) -> None:
        nonlocal asked
        asked = True
        process.send_signal(number)

    main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, hand_on) for number in (signal.SIGTERM, signal.SIGINT)} if main else {}
    try:
        return process.wait(), asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if process.poll() is None:
            process.terminate()


def _written(config: TrainConfig, base: Path) -> Path:
    """The run's configuration as a file in its folder, with absolute paths."""
    data = config.model_dump(mode="json", exclude_unset=True)
    for section, names in (
        (data, ("output", "mixture", "runs", "init_from")),
        (data.get("evaluation", {}), ("validation",)),
        (data.get("evaluation", {}).get("generation", {}), ("problems",)),
    ):
        for name in names:
            if section.get(name) is not None:
                section[name] = os.path.abspath(base / section[name])
    path = base / config.output / "train.yaml"
    with atomic_path(path) as temporary:
        temporary.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path
