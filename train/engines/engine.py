"""What the trainer asks of an engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch

from train.batch import Batch
from train.models_at_hand import STATE as STATE
from train.objective import Objective


@dataclass(frozen=True, slots=True)
class StepResult:
    """One optimizer step.

    Attributes:
        loss: mean nats of the step's targets, over all ranks.
        targets: tokens that were predicted, over all ranks.
        gradient_norm: before clipping; None where the engine does not give it.
        flags: the flags of all ranks, summed.
    """

    loss: float
    targets: int
    gradient_norm: float | None
    flags: tuple[int, ...]


class Engine(Protocol):
    """A model in training."""

    @property
    def objective(self) -> Objective:
        """The model with its loss, as evaluation asks it."""

    def train_step(self, batches: Sequence[Batch], rate: float, flags: tuple[int, ...]) -> StepResult:
        """One optimizer step; every rank takes part.

        Args:
            batches: this rank's micro-batches.
            rate: learning rate.
            flags: small numbers of this rank, which are summed over ranks on the way.
        """

    def score(self, batch: Batch, reduce: bool) -> torch.Tensor:
        """Nats of a batch on the device, in the precision of the training and without gradients; see Objective."""

    def save(self, folder: Path) -> None:
        """Write weights and optimizer states below `folder`; every rank takes part."""

    def load(self, folder: Path) -> None:
        """Read what `save` wrote, right after the engine was made; every rank takes part."""

    def weights(self) -> dict[str, torch.Tensor] | None:
        """All parameters of the transformers model on rank 0, None on others; every rank takes part."""

    def close(self) -> None:
        """Free what is held; may be called again."""


def totals(values: list[float], device: torch.device, ranks: int) -> torch.Tensor:
    """Sum numbers over all ranks, in float64."""
    tensor = torch.tensor(values, dtype=torch.float64, device=device)
    if ranks > 1:
        torch.distributed.all_reduce(tensor)
    return tensor
