"""Runners that do something else than train: write a line, wait, fail, die."""

import os
import signal
import time
from pathlib import Path

from contracts.errors import StageError
from train.config import TrainConfig


def note(config: TrainConfig, base: Path, name: str = "trained") -> Path:
    """Append the seed to a file, in one write."""
    handle = os.open(base / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, f"{config.seed}\n".encode())
    os.close(handle)
    return base / config.output


def odd_ones_fail(config: TrainConfig, base: Path) -> Path:
    if config.seed % 2 and not (base / "mended").exists():
        raise StageError(f"seed {config.seed} is odd")
    return note(config, base)


def one_breaks_the_process(config: TrainConfig, base: Path) -> Path:
    note(config, base, f"pid-{os.getpid()}")
    if config.seed == 2:
        raise RuntimeError("CUDA error: device-side assert triggered")
    return note(config, base)


def killed_once(config: TrainConfig, base: Path) -> Path:
    note(config, base, "begun")
    if config.seed == 1 and not (base / "killed").exists():
        (base / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return note(config, base)


def always_killed(config: TrainConfig, base: Path) -> Path:
    note(config, base, "begun")
    if config.seed == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return note(config, base)


def waits_for_a_file(config: TrainConfig, base: Path) -> Path:
    """Like training: an interrupt is answered after it was saved."""
    note(config, base, "begun")
    try:
        while not (base / "go").exists():
            time.sleep(0.02)
    except KeyboardInterrupt:
        note(config, base, "saved")
        raise
    return note(config, base)
