"""Processes join, alone or together, and leave nothing behind."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("deepspeed")

from contracts.errors import ConfigError, StageError
from train.config import LaunchConfig
from train.distributed import join, leave, leaving, with_deepspeed
from train.signals import Stopped

REPOSITORY = Path(__file__).resolve().parents[2]
CPU = LaunchConfig(device="cpu", timeout=60)

RANK = """
import json, logging, os, sys, time
from contracts.errors import GlotmixError
from train.config import LaunchConfig
from train.distributed import join, leave, with_deepspeed
from train.failures import explained
import torch
mode, timeout = sys.argv[1], float(sys.argv[2])
config = LaunchConfig(device="cpu", timeout=timeout)
try:
    with explained():
        world = join(config)
        if mode != "bare":
            with_deepspeed(world, config)
        total = torch.tensor([float(world.rank + 1)])
        torch.distributed.all_reduce(total)
        if mode == "dies" and world.rank == 1:
            os._exit(9)
        if mode == "hangs" and world.rank == 1:
            time.sleep(timeout + 20)
        if mode in ("dies", "hangs"):
            torch.distributed.all_reduce(total)
        told = {"rank": world.rank, "ranks": world.ranks, "local": world.local_rank, "total": float(total)}
        leave()
        left = [open(f"/proc/self/task/{task}/comm").read().strip() for task in os.listdir("/proc/self/task")]
        told["threads"] = sorted({name for name in left if "gloo" in name})
except GlotmixError as error:
    told = {"error": str(error)}
print(json.dumps(told))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(mode: str, timeout: float = 60, **variables: object) -> subprocess.Popen:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("SLURM_", "DS_"))}
    environment |= {"PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    environment |= {key: str(value) for key, value in variables.items()}
    command = [sys.executable, "-c", RANK, mode, str(timeout)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told_by(process: subprocess.Popen) -> dict:
    out, err = process.communicate(timeout=120)
    lines = out.strip().splitlines()
    assert process.returncode == 0 and len(lines) == 1, (out, err)
    return json.loads(lines[0])


def together(port: int, rank: int) -> dict[str, object]:
    place = {"RANK": rank, "WORLD_SIZE": 2, "LOCAL_RANK": rank, "LOCAL_WORLD_SIZE": 2}
    return place | {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}


@pytest.fixture
def alone(monkeypatch):
    """No launcher's variables, and nothing joined before or after."""
    for name in list(os.environ):
        if name.startswith("SLURM_") or name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"):
            monkeypatch.delenv(name)
    leave()
    yield
    leave()


def test_one_process_joins_again_and_again_and_leaves_the_environment_as_it_was(alone):
    before = dict(os.environ)
    for _ in range(3):
        world = join(CPU)
        assert (world.rank, world.ranks, world.local_rank, world.local_ranks) == (0, 1, 0, 1)
        assert (world.device, world.backend) == (torch.device("cpu"), "gloo")
        assert join(CPU) is world
        assert torch.distributed.is_initialized() and os.environ["WORLD_SIZE"] == "1"
        deepspeed = with_deepspeed(world, CPU)
        assert deepspeed.comm.get_world_size() == 1
        total = torch.ones(2)
        deepspeed.comm.all_reduce(total)
        assert total.tolist() == [1, 1]
        leave()
        leave()
        assert not torch.distributed.is_initialized()
        assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("raised", "left"), [(None, True), (Stopped, True), (KeyboardInterrupt, False), (StageError, False)]
)
def test_a_run_leaves_when_it_is_through_or_stopped_but_not_after_an_error(alone, raised, left):
    with pytest.raises(raised) if raised else nullcontext(), leaving():
        join(CPU)
        if raised:
            raise raised("x")
    assert torch.distributed.is_initialized() is not left


def test_a_process_that_has_joined_does_not_change_its_device(alone):
    join(CPU)
    assert join(LaunchConfig(device="auto")).device.type == "cpu"
    with pytest.raises(ConfigError, match=r"launch.device: cuda.*has joined with cpu"):
        join(LaunchConfig(device="cuda"))


def test_a_group_of_somebody_else_is_left_alone(alone):
    torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    before = dict(os.environ)
    try:
        with pytest.raises(StageError, match="in use"):
            join(CPU)
        leave()
        assert torch.distributed.is_initialized() and dict(os.environ) == before
    finally:
        torch.distributed.destroy_process_group()


def test_contradictory_variables_are_refused_before_anything_is_joined(alone, monkeypatch):
    monkeypatch.setenv("RANK", "0")
    with pytest.raises(ConfigError, match="WORLD_SIZE: not set"):
        join(CPU)
    assert not torch.distributed.is_initialized()


def test_two_tasks_of_srun_join():
    """On one machine; the ranks that end badly below are started as torchrun does."""
    slurm = {"SLURM_JOB_ID": 7, "SLURM_STEP_ID": 0, "SLURM_NODEID": 0, "SLURM_STEP_NODELIST": "here"}
    slurm |= {"SLURM_STEP_NUM_TASKS": 2, "SLURM_STEP_TASKS_PER_NODE": "2", "MASTER_PORT": free_port()}
    ranks = [start("full", **slurm, SLURM_PROCID=rank, SLURM_LOCALID=rank) for rank in (0, 1)]
    for rank, process in enumerate(ranks):
        assert told_by(process) == {"rank": rank, "ranks": 2, "local": rank, "total": 3.0, "threads": []}


def test_it_works_with_no_compiler_no_ninja_and_no_cache_and_compiles_nothing(tmp_path):
    (tmp_path / "bin").mkdir()
    bare = str(tmp_path / "bin")
    assert shutil.which("g++", path=bare) is None and shutil.which("ninja", path=bare) is None
    process = start("full", PATH=bare, TORCH_EXTENSIONS_DIR=tmp_path / "cache", HOME=tmp_path)
    assert told_by(process) == {"rank": 0, "ranks": 1, "local": 0, "total": 1.0, "threads": []}
    assert not (tmp_path / "cache").exists()


def test_a_rank_that_dies_is_told_by_the_other_at_once():
    port, began = free_port(), time.monotonic()
    first, second = (start("dies", timeout=90, **together(port, rank)) for rank in (0, 1))
    told = told_by(first)["error"]
    assert second.wait(timeout=60) == 9
    assert "another rank has ended" in told and "the same command goes on" in told
    assert time.monotonic() - began < 80  # not at the end of the timeout


def test_a_rank_that_hangs_is_told_after_the_timeout():
    port = free_port()
    first, second = (start("hangs", timeout=8, **together(port, rank)) for rank in (0, 1))
    told = told_by(first)["error"]
    second.kill()
    second.communicate()
    assert "longer than launch.timeout" in told and "raise launch.timeout" in told


def test_ranks_that_never_come_and_ports_in_use_are_told():
    taken = socket.socket()
    taken.bind(("0.0.0.0", 0))
    taken.listen()
    lonely, orphan, blocked = (
        start("bare", timeout=3, **together(free_port(), 0)),
        start("bare", timeout=3, **together(free_port(), 1)),
        start("bare", timeout=3, **together(taken.getsockname()[1], 0)),
    )
    assert "only 1 of 2 ranks came" in told_by(lonely)["error"]
    assert "rank 0 cannot be reached at 127.0.0.1" in told_by(orphan)["error"]
    assert f"port {taken.getsockname()[1]} is taken" in told_by(blocked)["error"]
    taken.close()
