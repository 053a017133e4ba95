"""The device of a process, or why there is none: asked of torch and the driver."""

import logging
import os
import warnings

import torch

from contracts.errors import ConfigError
from train.launchers import Place

log = logging.getLogger(__name__)


def device_for(choice: str, here: Place) -> torch.device:
    """The device that a process uses.

    Args:
        choice: launch.device: auto, cpu or cuda.
        here: place of the process; each rank of a machine takes the GPU of its number.

    Raises:
        ConfigError: no GPU though one is asked for, or more ranks on this machine than GPUs.
    """
    if choice == "cpu":
        return torch.device("cpu")
    fault = _gpu_fault()
    if fault is not None:
        if choice == "cuda":
            raise ConfigError(f"launch.device: cuda, but {fault}. To train without one: --set launch.device=cpu")
        return torch.device("cpu")
    return torch.device("cuda", gpu_number(here, torch.cuda.device_count(), os.environ.get("CUDA_VISIBLE_DEVICES")))


def gpu_number(here: Place, seen: int, visible: str | None) -> int:
    """The number of a process's GPU among those that it sees.

    Args:
        here: place of the process.
        seen: GPUs that torch sees.
        visible: CUDA_VISIBLE_DEVICES, as srun sets it where each task has GPUs of its own.

    Raises:
        ConfigError: more ranks on this machine than GPUs.
    """
    if here.launcher == "srun" and seen == 1 and visible is not None:
        return 0  # --gpus-per-task=1: every task sees its own GPU only, as number 0
    if max(here.local_ranks, here.local_rank + 1) > seen:
        raise ConfigError(
            f"{here.local_ranks} ranks on this machine, but {seen} GPUs (CUDA_VISIBLE_DEVICES="
            f"{'not set' if visible is None else visible}): start at most {seen} on it (torchrun --nproc-per-node, "
            "srun --ntasks-per-node, deepspeed slots=), or use --set launch.device=cpu"
        )
    return here.local_rank


def _gpu_fault() -> str | None:
    """Why torch has no GPU to offer; None where it has one."""
    if torch.version.cuda is None:
        return f"this torch ({torch.__version__}) is built without CUDA; install one with it (see docs/launching.md)"
    with warnings.catch_warnings(record=True) as told:  # torch warns of an old driver, and says that there is no GPU
        warnings.simplefilter("always")
        if torch.cuda.is_available():
            return None
    said = "; ".join(str(warning.message).partition("(Triggered")[0].strip() for warning in told)
    if said:
        log.warning("no GPU is used: %s", said)
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    hidden = "" if visible is None else f" (CUDA_VISIBLE_DEVICES={visible!r})"
    return f"torch {torch.__version__} with CUDA {torch.version.cuda} finds no GPU{hidden}" + (said and f": {said}")
