"""Joins the processes of a run: torch.distributed, the device of this process, and DeepSpeed on top."""

import importlib
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist

from contracts.errors import ConfigError, StageError
from train.config import LaunchConfig
from train.failures import explanation
from train.launchers import Place, place
from train.placement import device_for
from train.signals import Stopped


@dataclass(frozen=True, slots=True)
class World:
    """This process among those of its run, and its device.

    Attributes:
        rank: number of this process.
        ranks: how many there are.
        local_rank: number of this process on its machine.
        local_ranks: how many are on it.
        device: where its model lives.
    """

    rank: int
    ranks: int
    local_rank: int
    local_ranks: int
    device: torch.device

    @property
    def backend(self) -> str:
        """What the ranks speak with each other: nccl among GPUs, else gloo."""
        return "nccl" if self.device.type == "cuda" else "gloo"


@dataclass(slots=True)
class _Joined:
    """What `join` made, so that `leave` can undo it."""

    world: World
    environment: dict[str, str | None]


_joined: _Joined | None = None


def join(config: LaunchConfig) -> World:
    """Join the run that the environment names (see `launchers`), or be one process alone.

    One process uses no port: many runs can be side by side on one machine. Called again, it gives the same world.

    Args:
        config: device and timeout.

    Raises:
        ConfigError: contradictory variables, a GPU that is not there, or another device than before.
        StageError: other ranks did not come in time, or cannot be reached.
    """
    global _joined
    if _joined is not None:
        return _again(_joined.world, config)
    here = place(os.environ)
    device = device_for(config.device, here)
    world = World(here.rank, here.ranks, here.local_rank, here.local_ranks, device)
    before = _publish(here, device)
    try:
        # before there is a group: default arguments in DeepSpeed keep the group of its import for ever, and with it
        # gloo's threads, which abort the process now and then while Python ends
        _import_deepspeed(required=False)
        _initialise(world, here, config)
    except BaseException:
        _restore(before)
        raise
    _joined = _Joined(world, before)
    return world


def leave() -> None:
    """Undo `join`; without one, nothing. Ranks need not call it at the same time."""
    global _joined
    if _joined is None:
        return
    comm = sys.modules.get("deepspeed.comm.comm")
    if comm is not None and comm.cdb is not None and dist.is_initialized():
        comm.destroy_process_group()  # also what DeepSpeed keeps of the groups, which would be stale in the next run
    elif dist.is_initialized():
        dist.destroy_process_group()
    _restore(_joined.environment)
    _joined = None


@contextmanager
def leaving() -> Iterator[None]:
    """`leave` when the block is through, or the run was stopped, which all ranks are after the same step.

    Not after an error or a user's second Ctrl-C: other ranks may wait in a collective operation, and leaving for them.
    """
    try:
        yield
    except Stopped:
        leave()
        raise
    leave()


def with_deepspeed(world: World, config: LaunchConfig) -> Any:
    """DeepSpeed, ready for its `initialize`: quiet, and on a CPU without the op that it would compile.

    Args:
        world: as joined.
        config: as given to `join`.

    Raises:
        ConfigError: DeepSpeed is not installed.
        StageError: it was loaded in this process for another kind of device.
    """
    deepspeed = _import_deepspeed()
    loaded = deepspeed.get_accelerator().device_name()
    if loaded != world.device.type:
        raise StageError(
            f"launch.device: {world.device.type}, but DeepSpeed was loaded for {loaded} in this process already; "
            "start a new one"
        )
    if world.device.type == "cpu":
        _without_compiler(deepspeed)
    deepspeed.init_distributed(
        dist_backend=world.backend, timeout=timedelta(seconds=config.timeout), auto_mpi_discovery=False, verbose=False
    )
    return deepspeed


def _again(world: World, config: LaunchConfig) -> World:
    wanted = world.device.type if config.device == "auto" else config.device
    if wanted != world.device.type:
        raise ConfigError(
            f"launch.device: {wanted}, but this process has joined with {world.device.type}; start a new one for it"
        )
    return world


def _publish(here: Place, device: torch.device) -> dict[str, str | None]:
    """Set the variables that DeepSpeed reads, which a plain process and srun lack; what they were before."""
    wanted = {
        "RANK": str(here.rank),
        "WORLD_SIZE": str(here.ranks),
        # DeepSpeed takes it for the number of the GPU: 0 where Slurm shows each task its own only
        "LOCAL_RANK": str(device.index if device.type == "cuda" else here.local_rank),
        "LOCAL_WORLD_SIZE": str(here.local_ranks),
        "DS_ACCELERATOR": device.type,
        # anyone may listen where nobody calls: a process alone has an in-memory store
        "MASTER_ADDR": here.address or "127.0.0.1",
        "MASTER_PORT": str(here.port or 0),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    return before


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _initialise(world: World, here: Place, config: LaunchConfig) -> None:
    if dist.is_initialized():
        raise StageError("torch.distributed is in use in this process already; start a new one for this run")
    options: dict[str, Any] = {"timeout": timedelta(seconds=config.timeout)}
    if world.device.type == "cuda":
        torch.cuda.set_device(world.device)
    if world.ranks == 1:
        options |= {"store": dist.HashStore(), "rank": 0, "world_size": 1}
    else:
        options |= {"init_method": "env://", "rank": world.rank, "world_size": world.ranks}
        if world.device.type == "cuda":
            options["device_id"] = world.device  # connects at once: a rank that is not reached is known now
    try:
        dist.init_process_group(world.backend, **options)
    except (RuntimeError, ValueError) as error:  # dist's errors are RuntimeErrors
        who = f"rank {world.rank} of {world.ranks}" + (f", rank 0 at {here.address}:{here.port}" if here.port else "")
        raise StageError(f"{who}: {explanation(error) or error}") from error


def _import_deepspeed(required: bool = True) -> Any:
    logging.getLogger("DeepSpeed").setLevel(logging.ERROR)
    try:
        deepspeed: Any = importlib.import_module("deepspeed")
    except Exception as error:
        if not required:
            return None  # a run without DeepSpeed does not need it; one with it meets the error again
        if not isinstance(error, ModuleNotFoundError):
            raise
        raise ConfigError(explanation(error) or str(error)) from error
    logging.getLogger("DeepSpeed").setLevel(logging.ERROR)  # importing it sets the level anew
    return deepspeed


def _without_compiler(deepspeed: Any) -> None:
    """Have DeepSpeed use gloo among CPU processes, not an op of its own that it compiles at the first start.

    The table is private, and asked with `.get`: an empty one says that nothing can be compiled, and spares the probing
    for compilers that the first look at it starts.
    """
    table = vars(deepspeed.ops).get("__compatible_ops__")
    if isinstance(table, dict):
        table["deepspeed_shm_comm"] = False
    else:
        deepspeed.ops.__compatible_ops__ = {}
