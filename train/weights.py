"""Initial weights: a pure function of seed, name and shape, the same for every ZeRO stage and number of ranks."""

import hashlib
from collections.abc import Iterable

import torch


def initialise(parameters: Iterable[tuple[str, torch.nn.Parameter]], seed: int, deviation: float) -> None:
    """Fill parameters: matrices from a normal distribution, vectors (scales of norms) with 1.

    Numbers are drawn on the CPU, so that they are the same for every device, each parameter from a generator of its
    own, so that no other one changes them.

    Args:
        parameters: by name.
        seed: of the run.
        deviation: standard deviation.
    """
    with torch.no_grad():
        for name, parameter in parameters:
            if parameter.ndim < 2:
                parameter.fill_(1.0)
                continue
            digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
            generator = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
            drawn = torch.empty(parameter.shape, dtype=torch.float32).normal_(0.0, deviation, generator=generator)
            parameter.copy_(drawn)
