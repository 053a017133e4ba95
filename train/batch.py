"""What a model takes at once."""

from dataclasses import dataclass

import torch

from mixer.dataset import IGNORE

__all__ = ["IGNORE", "Batch"]


@dataclass(frozen=True, slots=True)
class Batch:
    """Sequences of equal length, with the documents in them.

    Attributes:
        input_ids: int64 (sequences, length).
        labels: int64 (sequences, length), shifted already: label i is the token after input i, or IGNORE.
        positions: int64 (sequences, length), counted from 0 in each document; None: documents are not masked.
        bounds: int32 (documents + 1,), ends of the documents in the flattened batch, from 0 on; None as positions.
    """

    input_ids: torch.Tensor
    labels: torch.Tensor
    positions: torch.Tensor | None = None
    bounds: torch.Tensor | None = None

    @property
    def targets(self) -> int:
        """Tokens that are predicted."""
        return int((self.labels != IGNORE).sum())

    def to(self, device: torch.device) -> "Batch":
        """The batch on a device."""
        moved = (
            None if part is None else part.to(device, non_blocking=True)
            for part in (self.input_ids, self.labels, self.positions, self.bounds)
        )
        return Batch(*moved)  # type: ignore[arg-type]

    def pin_memory(self) -> "Batch":
        """The batch in page-locked memory; torch's DataLoader calls this."""
        parts = (self.input_ids, self.labels, self.positions, self.bounds)
        return Batch(*(None if part is None else part.pin_memory() for part in parts))  # type: ignore[arg-type]
