"""The trainer's step in plain torch, for one process: the measure that DeepSpeed's is compared with."""

import pickle
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch

from contracts.errors import StageError
from train.batch import Batch
from train.engines.engine import STATE, StepResult
from train.objective import Objective

FILE = "torch.pt"


class PlainEngine:
    """Weights in fp32; with bf16, operations are cast.

    Args:
        objective: on its device.
        optimizer: of its parameters.
        clip: norm that gradients are scaled down to.
        bf16: compute in bf16.
    """

    def __init__(self, objective: Objective, optimizer: torch.optim.Optimizer, clip: float, bf16: bool) -> None:
        self._objective, self.optimizer, self.clip, self.bf16 = objective, optimizer, clip, bf16
        self.device = next(objective.parameters()).device

    @property
    def objective(self) -> Objective:
        """The model with its loss."""
        return self._objective

    def train_step(self, batches: Sequence[Batch], rate: float, flags: tuple[int, ...]) -> StepResult:
        """One optimizer step."""
        targets = sum(batch.targets for batch in batches)
        self._objective.train()
        nats = torch.zeros((), device=self.device, dtype=torch.float64)
        for batch in batches:
            with self._precision():
                loss = self._objective(batch.to(self.device)) / max(targets, 1)
            loss.backward()
            nats += loss.detach()
        norm = torch.nn.utils.clip_grad_norm_(self._objective.parameters(), self.clip)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return StepResult(float(nats), targets, float(norm) if batches else None, flags)

    def score(self, batch: Batch, reduce: bool) -> torch.Tensor:
        """Nats of a batch, without gradients."""
        with torch.no_grad(), self._precision():
            found: torch.Tensor = self._objective(batch, reduce=reduce)
        return found

    def save(self, folder: Path) -> None:
        """Write weights and optimizer states."""
        (folder / STATE).mkdir(parents=True)
        state = {"model": self._objective.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state, folder / STATE / FILE)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote.

        Raises:
            StageError: it is damaged.
        """
        try:
            state = self._read(folder)
        except (OSError, EOFError, RuntimeError, pickle.UnpicklingError) as error:
            raise StageError(f"{folder}: damaged ({error}); remove it to go on from the one before") from error
        self._objective.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])

    def _read(self, folder: Path) -> Any:
        return torch.load(folder / STATE / FILE, map_location=self.device, weights_only=True)

    def weights(self) -> dict[str, torch.Tensor] | None:
        """All parameters."""
        return {name: value.detach() for name, value in self._objective.model.state_dict().items()}

    def close(self) -> None:
        """Nothing is held outside this process's memory."""

    def _precision(self) -> AbstractContextManager[object]:
        return torch.autocast(self.device.type, torch.bfloat16) if self.bf16 else nullcontext()
