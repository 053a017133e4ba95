"""Which of this machine's cores and GPUs a worker may use."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

THREADS = "OMP_NUM_THREADS"
VISIBLE = "CUDA_VISIBLE_DEVICES"


def share(number: int, workers: int, environment: Mapping[str, str]) -> dict[str, str]:
    """Settings for a worker: a GPU in turn, and its part of the cores; what the user has set stays.

    Args:
        number: of the worker, from 0.
        workers: how many there are.
        environment: of this process.
    """
    found = {}
    if THREADS not in environment:
        found[THREADS] = str(max(1, len(os.sched_getaffinity(0)) // max(1, workers)))
    gpus = visible_gpus(environment)
    if gpus:
        found[VISIBLE] = gpus[number % len(gpus)]
    return found


def visible_gpus(environment: Mapping[str, str], devices: Path = Path("/dev")) -> list[str]:
    """The GPUs that this process may use, by what CUDA calls them."""
    if VISIBLE in environment:
        return [name.strip() for name in environment[VISIBLE].split(",") if name.strip()]
    numbers = sorted(int(p.name[6:]) for p in devices.glob("nvidia*") if re.fullmatch(r"nvidia\d+", p.name))
    return [str(place) for place in range(len(numbers))]  # CUDA counts from 0 what it sees
