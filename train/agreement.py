"""What all ranks must see alike: rank 0 looks, the others are told."""

from collections.abc import Callable
from typing import Any, TypeVar

import torch

from contracts.errors import GlotmixError, StageError
from train.distributed import World

T = TypeVar("T")


def from_first(world: World, act: Callable[[], T]) -> T:
    """Have rank 0 do something; every rank gets what it gave, or the error that it raised.

    A rank that looked for itself might see another state of a shared disk, and go another way than the others.

    Args:
        world: this process's place among the ranks; all call this.
        act: what rank 0 does; its result can be pickled.

    Raises:
        GlotmixError: rank 0 raised it.
    """
    if world.ranks == 1:
        return act()
    told: list[Any] = [None, None]
    error: BaseException | None = None
    if world.rank == 0:
        try:
            told[0] = act()
        except (GlotmixError, OSError) as raised:
            error, told[1] = raised, (type(raised) if isinstance(raised, GlotmixError) else StageError, str(raised))
    torch.distributed.broadcast_object_list(told, src=0, device=world.device)
    if error is not None:
        raise error
    if told[1] is not None:
        kind, text = told[1]
        raise kind(f"rank 0: {text}")
    result: T = told[0]
    return result


def require_all(world: World, holds: bool, told: str) -> None:
    """Refuse on every rank what does not hold on one.

    Args:
        world: this process's place among the ranks; all call this.
        holds: whether it does here.
        told: the message.

    Raises:
        StageError: it does not hold on some rank.
    """
    if world.ranks > 1:
        flag = torch.tensor([0.0 if holds else 1.0], device=world.device)
        torch.distributed.all_reduce(flag)
        holds = not float(flag)
    if not holds:
        raise StageError(told)
