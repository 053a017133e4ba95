"""Starts training in processes of its own, as torchrun would: one a rank."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from train.config import TrainConfig

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(configs: list[TrainConfig], ranks: int, folder: Path, script: str = "session.py") -> list[subprocess.Popen]:
    """One process a rank, each doing all runs in order."""
    files = []
    for number, config in enumerate(configs):
        files.append(folder / f"session-{time.monotonic_ns()}-{number}.json")
        files[-1].write_text(config.model_dump_json())
    port = str(_port())
    found = []
    for rank in range(ranks):
        place = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": ranks, "LOCAL_WORLD_SIZE": ranks}
        launched = {key: str(value) for key, value in place.items()} | {
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": port,
        }
        environment = {
            **os.environ,
            **(launched if ranks > 1 else {}),
            "PYTHONPATH": str(REPOSITORY),
            "OMP_NUM_THREADS": "1",
            "PYTHONWARNINGS": "ignore",
        }
        command = [sys.executable, str(HERE / script), *map(str, files)]
        found.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
    return found


def finish(processes: list[subprocess.Popen]) -> str:
    """Wait; all must succeed."""
    told = "".join(process.communicate(timeout=240)[0].decode() for process in processes)
    assert all(process.returncode == 0 for process in processes), told
    return told


def together(configs: list[TrainConfig], ranks: int, folder: Path) -> None:
    """Do runs to their end."""
    finish(start(configs, ranks, folder))


def kill_when(processes: list[subprocess.Popen], ready: Callable[[], bool]) -> bool:
    """SIGKILL all ranks when something has come true; whether they were still at work."""
    limit = time.monotonic() + 120
    while not ready() and processes[0].poll() is None and time.monotonic() < limit:
        time.sleep(0.01)
    alive = processes[0].poll() is None
    for process in processes:
        process.send_signal(signal.SIGKILL)
    for process in processes:
        process.communicate()
    return alive
