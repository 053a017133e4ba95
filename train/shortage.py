"""Out of memory: how much was wanted, how much there is, and which micro-batch would fit."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import GlotmixError
from train.config import TrainConfig

GIB = 2**30

GPU, MAIN = "the GPU", "main memory"

_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}

_GPU = re.compile(
    r"Tried to allocate (?P<wanted>[\d.]+) (?P<wanted_unit>\w+)\. GPU \d+ has a total capacity of "
    r"(?P<capacity>[\d.]+) (?P<capacity_unit>\w+)"
)
"""Of torch's CUDACachingAllocator."""

_CPU = re.compile(r"DefaultCPUAllocator: can't allocate memory: you tried to allocate (\d+) bytes")
"""Of torch's alloc_cpu.cpp."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """Memory that was not there, in bytes.

    Attributes:
        place: the GPU, or main memory.
        wanted: what was asked for last; None: not said.
        capacity: all there is; None: not said.
    """

    place: str
    wanted: int | None
    capacity: int | None


def shortage(error: BaseException) -> Shortage | None:
    """What an error says about memory; None where it is another error."""
    text = str(error)
    match = _GPU.search(text)
    if match is not None:
        return Shortage(GPU, _bytes(match, "wanted"), _bytes(match, "capacity"))
    match = _CPU.search(text)
    if match is not None:
        return Shortage(MAIN, int(match[1]), _main_memory())
    if type(error).__name__ == "OutOfMemoryError":  # torch's, with a text that is not known
        return Shortage(GPU, None, None)
    return Shortage(MAIN, None, _main_memory()) if isinstance(error, MemoryError) else None


def _bytes(match: re.Match[str], name: str) -> int:
    return int(float(match[name]) * _UNITS.get(match[f"{name}_unit"], 1))


def _main_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def advice(found: Shortage, config: TrainConfig | None, base: Path) -> str:
    """What to tell the user.

    Args:
        found: the shortage.
        config: of the run, if it is known.
        base: folder that its paths start from.
    """
    wanted = "" if found.wanted is None else f": {_size(found.wanted)} more were asked for"
    capacity = "" if found.capacity is None else f", and it has {_size(found.capacity)} in all"
    told = f"{found.place} is full{wanted}{capacity}. "
    if config is None:
        return told + "Use a smaller micro_batch"
    try:
        fits = None if found.capacity is None else _fits(found, config, base)
    except (OSError, ValueError, GlotmixError):  # no mixture, an impossible batch: that was not the question
        fits = None
    return told + _remedy(fits, config, found.place)


def _size(count: int) -> str:
    return f"{count / GIB:,.2f} GiB" if count >= GIB / 100 else f"{count:,} bytes"


@dataclass(frozen=True, slots=True)
class _Fits:
    """Micro-batches: the one that was used, and the largest that fits by the estimate; 0: none does."""

    used: int
    largest: int


def _remedy(fits: _Fits | None, config: TrainConfig, place: str) -> str:
    """A micro-batch that fits by the estimate, else what would make one fit."""
    others = ", or ".join(_others(config, place))
    if fits is None:
        return f"Use a smaller micro_batch, or {others}"
    if fits.largest == 0:
        return f"By the estimate, not even micro_batch 1 fits. Use {others}"
    if fits.largest < fits.used:
        return f"By the estimate, micro_batch {fits.largest} fits: --set micro_batch={fits.largest}"
    half = f"--set micro_batch={fits.used // 2}, or " if fits.used > 1 else ""
    return (
        f"By the estimate, micro_batch {fits.used} fits; another program may use {place} too (nvidia-smi, free). "
        f"Else use {half}{others}"
    )


def _others(config: TrainConfig, place: str) -> list[str]:
    """Options that need less memory."""
    engine = config.engine
    found = [] if engine.recompute else ["--set engine.recompute=true"]
    if engine.backend == "deepspeed":
        if engine.stage < 3:
            found.append(f"--set engine.stage={'2 or 3' if engine.stage < 2 else '3'} with several ranks")
        if engine.offload == "none" and engine.stage > 0 and place == GPU:
            found.append("--set engine.offload=cpu")
    return [*found, "a smaller model.rung"]


def _fits(found: Shortage, config: TrainConfig, base: Path) -> _Fits:
    """Ask the estimate. Imported here: a shortage is rare, and the message about a missing torch needs none of it."""
    from mixer.dataset import MixtureDataset
    from train.geometry import divide
    from train.ladder import shape_of
    from train.launchers import place
    from train.memory import largest_micro_batch

    assert found.capacity is not None
    mixture, engine = MixtureDataset(base / config.mixture), config.engine
    ranks = place(os.environ).ranks
    bf16 = engine.precision == "bf16" or (engine.precision == "auto" and found.place == GPU)
    geometry = divide(config.batch_tokens, config.micro_batch, ranks, mixture.sequence_length)
    largest = largest_micro_batch(
        shape_of(config.model),
        mixture.vocab_size,
        mixture.sequence_length,
        capacity=found.capacity,
        stage=engine.stage if engine.backend == "deepspeed" else 0,
        ranks=ranks,
        precision="bf16" if bf16 else "fp32",
        recompute=engine.recompute,
        offload=engine.offload,
        tied=config.model.tie_embeddings,
    )
    share = geometry.step_sequences // ranks
    allowed = [size for size in range(1, min(largest, share) + 1) if share % size == 0]
    return _Fits(geometry.micro_batch, max(allowed, default=0))
