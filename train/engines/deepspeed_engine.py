"""The trainer's step through DeepSpeed: one process or many, ZeRO stages 0 to 3."""

import contextlib
import io
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
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

FIXED = ("weight_decay", "betas", "eps")
"""Options of the optimizer's groups that are set again after loading: a universal checkpoint of ZeRO 3 gives all
groups those of the first, so that norms and embeddings would decay."""

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
        self._groups = [{name: group[name] for name in FIXED} for group in optimizer.param_groups]
        deepspeed = with_deepspeed(world, launch)
        with _silence():
            self._engine: Any = deepspeed.initialize(
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
        norm = engine.get_global_grad_norm() if batches else None
        targets = int(found[0])
        return StepResult(
            sums[0] / max(targets, 1), targets, None if norm is None else float(norm), tuple(map(int, sums[1:]))
        )

    def score(self, batch: Batch, reduce: bool) -> torch.Tensor:
        """Nats of a batch, without gradients."""
        with torch.no_grad():
            found: torch.Tensor = self._engine.module(batch, reduce=reduce)
        return found

    def save(self, folder: Path) -> None:
        """Write weights and optimizer states."""
        self._engine.save_checkpoint(str(folder), tag=STATE, client_state=dict(UNIVERSAL_INFO), save_latest=False)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote, or its universal form where the engine was made for that.

        Raises:
            StageError: DeepSpeed found nothing to load, or it is damaged.
        """
        tag = UNIVERSAL if self.options["checkpoint"]["load_universal"] else STATE
        cure = "remove it to go on from the one before"
        try:
            with _silence():
                path, _ = self._engine.load_checkpoint(str(folder), tag=tag)
        except (OSError, EOFError, KeyError, AssertionError, pickle.UnpicklingError) as error:
            raise StageError(f"{folder}: damaged ({type(error).__name__}: {error}); {cure}") from error
        except RuntimeError as error:
            if "PytorchStreamReader" not in str(error):  # what torch says of a file that is cut or is none of its
                raise
            raise StageError(f"{folder}: damaged ({error}); {cure}") from error
        if path is None:
            raise StageError(f"{folder}: DeepSpeed finds no checkpoint in it; {cure}")
        self._mend_groups()

    def _mend_groups(self) -> None:
        """Undo what DeepSpeed 0.19.8 does to groups after the first when it loads a universal checkpoint of ZeRO 3."""
        optimizer = self._engine.optimizer
        for group, fixed in zip(optimizer.param_groups, self._groups, strict=True):
            group.update(fixed)
        for state in getattr(optimizer, "optimizer", optimizer).state.values():
            if torch.is_tensor(state.get("step")):
                state["step"] = state["step"].clone()  # one tensor for all groups, it would count each step twice

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
        """Free buffers and hooks; a second time, nothing."""
        engine, self._engine = self._engine, None
        if engine is None:
            return
        partitioned = engine.zero_optimization_partition_weights()
        engine.destroy()
        if partitioned:
            _let_go(engine)


def _let_go(engine: Any) -> None:
    """Free what DeepSpeed 0.19.8 keeps of a ZeRO 3 engine that was destroyed: all its tensors."""
    from deepspeed.runtime.zero import parameter_offload

    vars(parameter_offload).get("FWD_MODULE_STACK", []).clear()  # grows with each forward pass, and holds modules
    for parameter in engine.module.parameters():
        vars(parameter).clear()
        parameter.data = torch.empty(0)
    vars(engine.optimizer).clear()
    vars(engine).clear()


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """DeepSpeed prints memory figures to stdout, which is for results."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def convert(checkpoint: Path, target: Path) -> None:
    """Write the universal form of a checkpoint, for another number of ranks; on one rank.

    Args:
        checkpoint: of a run, of ZeRO stage 1, 2 or 3.
        target: folder to write.

    Raises:
        StageError: DeepSpeed cannot convert it.
    """
    folders = ["--input_folder", str(checkpoint / STATE), "--output_folder", str(target)]
    command = [sys.executable, "-m", "deepspeed.checkpoint.ds_to_universal", *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StageError(f"{checkpoint}: cannot be converted for another number of ranks:\n{done.stderr[-2000:]}")
