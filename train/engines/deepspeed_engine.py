"""The trainer's step through DeepSpeed: one process or many, ZeRO stages 0 to 3."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from contracts.errors import StageError
from train.batch import Batch
from train.config import LaunchConfig
from train.distributed import World, with_deepspeed
from train.engines.engine import STATE, StepResult, totals
from train.objective import Objective

UNIVERSAL = "universal"
"""Folder of a checkpoint's universal form, beside STATE."""

UNIVERSAL_INFO = {"universal_checkpoint_info": {"universal_checkpoint_version": 0.2}}
"""Without it DeepSpeed cannot convert checkpoints of stages 1 and 2 for another number of ranks."""


class DeepSpeedEngine:
    """A model under DeepSpeed.

    Args:
        objective: in main memory, or on its device.
        optimizer: of its parameters.
        options: as `zero_config` gives them.
        world: this process's place among the ranks.
        launch: as the world was joined.
    """

    def __init__(
        self,
        objective: Objective,
        optimizer: torch.optim.Optimizer,
        options: dict[str, Any],
        world: World,
        launch: LaunchConfig,
    ) -> None:
        self.device, self.ranks, self.options = world.device, world.ranks, options
        self._engine: Any = with_deepspeed(world, launch).initialize(
            model=objective, optimizer=optimizer, model_parameters=objective.parameters(), config=options
        )[0]

    @property
    def objective(self) -> Objective:
        """The model with its loss."""
        module: Objective = self._engine.module
        return module

    def train_step(self, batches: Sequence[Batch], rate: float, flags: tuple[int, ...]) -> StepResult:
        """One optimizer step over all ranks.

        DeepSpeed divides by micro-batches and averages over ranks; the mean over the step's targets needs their sum
        over all ranks, since padding leaves some sequences fewer than others.
        """
        engine = self._engine
        engine.train()
        found = totals([float(sum(batch.targets for batch in batches))], self.device, self.ranks)
        weight = (engine.gradient_accumulation_steps() * self.ranks / found.clamp(min=1)).float()[0]
        for group in engine.optimizer.param_groups:
            group["lr"] = rate
        nats = torch.zeros((), device=self.device, dtype=torch.float64)
        for batch in batches:
            loss = engine(batch.to(self.device))
            engine.backward(loss * weight)
            engine.step()
            nats += loss.detach()
        sums = totals([float(nats), *flags], self.device, self.ranks).tolist()
        norm = engine.get_global_grad_norm()
        targets = int(found[0])
        return StepResult(
            sums[0] / max(targets, 1), targets, None if norm is None else float(norm), tuple(map(int, sums[1:]))
        )

    def save(self, folder: Path) -> None:
        """Write weights and optimizer states."""
        self._engine.save_checkpoint(str(folder), tag=STATE, client_state=dict(UNIVERSAL_INFO), save_latest=False)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote, or its universal form where the engine was made for that.

        Raises:
            StageError: DeepSpeed found nothing to load.
        """
        tag = UNIVERSAL if self.options["checkpoint"]["load_universal"] else STATE
        path, _ = self._engine.load_checkpoint(str(folder), tag=tag)
        if path is None:
            raise StageError(f"{folder}: DeepSpeed finds no checkpoint in it; remove it to go on from the one before")

    def weights(self) -> dict[str, torch.Tensor] | None:
        """All parameters on rank 0."""
        if self._engine.zero_optimization_partition_weights():
            gathered = self._engine._zero3_consolidated_16bit_state_dict()
        else:
            gathered = self._engine.module.state_dict()
        if torch.distributed.get_rank() or gathered is None:
            return None
        return {name.removeprefix("model."): value for name, value in gathered.items()}

    def close(self) -> None:
        """Free buffers and hooks."""
        self._engine.destroy()
        self._engine = None


def convert(checkpoint: Path) -> None:
    """Write the universal form of a checkpoint beside it, for another number of ranks; on one rank.

    Raises:
        StageError: DeepSpeed cannot convert it.
    """
    import subprocess
    import sys

    folders = ["--input_folder", str(checkpoint / STATE), "--output_folder", str(checkpoint / UNIVERSAL)]
    command = [sys.executable, "-m", "deepspeed.checkpoint.ds_to_universal", *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StageError(f"{checkpoint}: cannot be converted for another number of ranks:\n{done.stderr[-2000:]}")
