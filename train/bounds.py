"""Where the documents of a batch lie: decided from positions that start at 0 in each document."""

import torch


def documents_of(positions: torch.Tensor) -> torch.Tensor:
    """The number of each token's document in its sequence, from 1: (sequences, length)."""
    return (positions == 0).cumsum(1)


def bounds_of(positions: torch.Tensor) -> torch.Tensor:
    """The ends of the documents in the flattened batch, from 0 on: int32 (a power of two,).

    The last end is repeated up to the length, as documents of no token: a compiled model is compiled again for each
    length, and so for a few only. Call it where the batch is made, on the CPU: on a GPU it would wait for the device.

    Args:
        positions: (sequences, length), 0 where a document starts; every sequence starts with 0.

    Raises:
        ValueError: a sequence does not start with 0.
    """
    if positions.numel() and bool((positions[:, 0] != 0).any()):
        raise ValueError("positions: every sequence must start at 0, for no document reaches into the next one")
    starts = (positions.flatten() == 0).nonzero().flatten()
    count = 1 << len(starts).bit_length()  # the least power of two above len(starts): it holds them and one end
    bounds = torch.full((count,), positions.numel(), dtype=torch.int32)
    bounds[: len(starts)] = starts
    return bounds
