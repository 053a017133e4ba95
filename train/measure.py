"""Measures the model at a point: losses of every validation set, the row of the runs table, the export."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from contracts import manifest as manifests
from contracts.files import write_json
from train.agreement import from_first
from train.engines.engine import Engine
from train.evaluation.losses import evaluate
from train.export import export
from train.objective import Objective
from train.prepare import Prepared
from train.results.consumed import consumed
from train.results.row import Point, Run, point_row


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is when it is measured.

    Attributes:
        step: optimizer steps done.
        annealed: whether the learning rate was decayed before.
        seconds: of training so far.
        train_loss: mean of the last steps' losses.
    """

    step: int
    annealed: bool
    seconds: float
    train_loss: float | None


def measure(
    prepared: Prepared, run: Run, engine: Engine, progress: Progress, folder: Path, last: bool
) -> dict[str, Any]:
    """Measure a point; every rank takes part, and gets the same row.

    Args:
        prepared: the run.
        run: its identity.
        engine: holding the model.
        progress: where it is.
        folder: of the point; gets model/ where it is exported.
        last: whether it is the run's last point.
    """
    config, world, geometry = prepared.config, prepared.world, prepared.geometry
    objective = engine.objective
    objective.eval()

    losses = evaluate(
        prepared.validation,
        lambda batch: engine.score(batch, reduce=False),
        length=prepared.mixture.sequence_length - 1,
        batch=config.evaluation.batch or geometry.micro_batch,
        device=world.device,
        form=prepared.form,
        directions=config.evaluation.directions,
        rank=world.rank,
        ranks=world.ranks,
        reduce=_sum if world.ranks > 1 else None,
    )
    objective.train()
    scores = _generated(prepared, objective, folder)
    wanted = config.checkpoints.export
    if wanted == "all" or (wanted == "last" and last):
        weights = engine.weights()
        if weights is not None:
            export(objective.model, weights, prepared.tokenizer, folder / "model")
    size = geometry.step_sequences
    skipped = [range(k * size, (k + 1) * size) for k in config.guards.skip_steps if k < progress.step]
    point = Point(
        steps=progress.step,
        annealed=progress.annealed,
        consumed=consumed(prepared.mixture, progress.step * size, skipped),
        losses=losses,
        seconds=progress.seconds,
        finished=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        train_loss=progress.train_loss,
        scores=scores,
    )
    return point_row(run, point)


def held_out_nothing(validation: Path) -> list[str]:
    """The components that have no validation documents."""
    found = manifests.read(validation)
    sets = {} if found is None else found.counts["validation"]
    return [name for name, counts in sets.items() if not counts["documents"]]


def _generated(prepared: Prepared, objective: Objective, folder: Path) -> dict[str, float] | None:
    """Scores of generated text, on rank 0 while the others wait; all of it goes to generated.json of the point."""
    config = prepared.config.evaluation.generation
    if not config.translate and config.problems is None:
        return None

    def act() -> dict[str, float]:
        from train.evaluation.at_points import judge

        told = judge(
            config,
            prepared.base,
            prepared.validation,
            objective.model,
            form=prepared.form,
            length=prepared.mixture.sequence_length,
            batch=prepared.config.evaluation.batch or prepared.geometry.micro_batch,
        )
        write_json(folder / "generated.json", told)
        return scores_of(told)

    return from_first(prepared.world, act)


def scores_of(told: dict[str, Any]) -> dict[str, float]:
    """BLEU and chrF of each direction and pass@k of each language, by name; what was not run is left out."""
    found: dict[str, float | None] = {}
    for score in told.get("translations", ()):
        found |= {f"{name}_{score['direction']}": score[name] for name in ("bleu", "chrf")}
    for solved in told.get("solved", ()):
        found |= {f"pass@{k}_{solved['language']}": rate for k, rate in (solved["rates"] or {}).items()}
    return {name: value for name, value in found.items() if value is not None}


def _sum(tensor: torch.Tensor) -> torch.Tensor:
    torch.distributed.all_reduce(tensor)
    return tensor
