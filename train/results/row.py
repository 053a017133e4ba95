"""One row of the runs table out of plain facts. Pure."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.languages import PARALLEL, in_order, is_direction
from contracts.runs import runs_table
from train.results.consumed import Consumed


class Measured(Protocol):
    """A validation loss over one component or direction: `nats` over `tokens` predicted tokens of `bytes` bytes."""

    @property
    def component(self) -> str:
        """A component, or a direction such as python->go."""

    @property
    def seen(self) -> bool:
        """False for a direction that never enters training."""

    @property
    def nats(self) -> float:
        """Summed loss."""

    @property
    def tokens(self) -> int:
        """Predicted tokens: of a direction the target program's."""

    @property
    def bytes(self) -> int:
        """Bytes of the predicted text."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same at every point of a run.

    Attributes:
        run_id: see train.results.identity, as for the hashes and the strategy.
        configuration_hash: of the training configuration.
        manifest_hash: identity of the mixture's manifest.
        tokenizer_hash: of the tokenizer.
        validation_hash: identity of the validation sets' manifest.
        rung: name of the model size.
        n_parameters: without embeddings.
        n_parameters_total: with them.
        strategy: form of the translation pairs, or none.
        schedule: wsd or cosine.
        learning_rate: peak.
        batch_tokens: tokens in an optimizer step, padding counted.
        sequence_length: tokens of a sequence, of which a model reads all but the last.
        precision: bf16 or fp32.
        seed: of the initial weights.
        data_seed: of the mixture.
        flops_per_token: operations of forward and backward for a token read.
        device: name of the device.
        ranks: processes, one a device.
        peak_flops: operations a second of one device at this precision; None: not known.
        versions: of the libraries.
    """

    run_id: str
    configuration_hash: str
    manifest_hash: str
    tokenizer_hash: str
    validation_hash: str
    rung: str
    n_parameters: int
    n_parameters_total: int
    strategy: str
    schedule: str
    learning_rate: float
    batch_tokens: int
    sequence_length: int
    precision: str
    seed: int
    data_seed: int
    flops_per_token: float
    device: str
    ranks: int
    peak_flops: float | None
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Point:
    """What was found at one point.

    Attributes:
        steps: optimizer steps that led to it.
        annealed: the learning rate was decayed to its end.
        consumed: what these steps trained on, by component of the mixture.
        losses: validation losses, one for each component and direction.
        seconds: time of these steps; evaluation and checkpoints left out.
        finished: when it was measured, UTC, as 2026-01-31T12:00:00Z.
        train_loss: mean over the last steps in nats per token; None: not known.
        scores: of generated text, by name; None: none was generated.
    """

    steps: int
    annealed: bool
    consumed: Mapping[str, Consumed]
    losses: Sequence[Measured]
    seconds: float
    finished: str
    train_loss: float | None = None
    scores: Mapping[str, float] | None = None


def point_row(run: Run, point: Point) -> dict[str, Any]:
    """The row of a point: the columns of runs_table for the mixture's components and all that was measured.

    `loss_parallel` pools the directions that enter training, `unseen_loss` the others, both by target tokens.

    Raises:
        ValueError: a loss is there twice, no time has passed, or a number is not finite; names it.
    """
    if point.seconds <= 0:
        raise ValueError(f"seconds is {point.seconds}; training takes time")
    names = (*in_order(point.consumed),)
    losses = _losses(point.losses)
    table = runs_table(names, (*in_order(losses),))
    row = {name: getattr(run, name) for name in table.names if name in Run.__slots__}
    row |= _of_point(run, point) | _pooled(point.losses)
    row |= _cost(run, point, row["flops"], row["tokens_padded"])
    for name in names:
        part = point.consumed[name]
        row |= {f"p_{name}": part.share, f"unique_{name}": part.unique, f"epochs_{name}": part.epochs}
    for name, (loss, bpb) in losses.items():
        row |= {f"loss_{name}": loss, f"bpb_{name}": bpb}
    wrong = [name for name, value in row.items() if isinstance(value, float) and not math.isfinite(value)]
    if wrong:
        raise ValueError(f"run {run.run_id}, step {point.steps}: {wrong[0]} is {row[wrong[0]]}; not a result")
    return {name: row[name] for name in table.names}


def _of_point(run: Run, point: Point) -> dict[str, Any]:
    parts = point.consumed.values()
    sequences, tokens = sum(part.sequences for part in parts), sum(part.tokens for part in parts)
    unique = sum(part.unique for part in parts)
    return {
        "tokens": tokens,
        "tokens_padded": sequences * run.sequence_length,
        "steps": point.steps,
        "annealed": point.annealed,
        "unique": unique,
        "epochs": tokens / unique if unique else None,
        "train_loss": point.train_loss,
        "scores": None if point.scores is None else json.dumps(dict(point.scores), sort_keys=True),
        "flops": run.flops_per_token * sequences * (run.sequence_length - 1),
    }


def _cost(run: Run, point: Point, flops: float, tokens_padded: int) -> dict[str, Any]:
    return {
        "seconds": point.seconds,
        "tokens_per_second": tokens_padded / point.seconds,
        "mfu": None if run.peak_flops is None else flops / (point.seconds * run.ranks * run.peak_flops),
        "versions": json.dumps(dict(run.versions), sort_keys=True),
        "finished": point.finished,
    }


def _losses(found: Sequence[Measured]) -> dict[str, tuple[float | None, float | None]]:
    """Nats per token and bits per byte of everything measured, the directions that enter training pooled too."""
    twice = [name for name, times in Counter(part.component for part in found).items() if times > 1]
    if twice or any(part.component == PARALLEL for part in found):
        raise ValueError(f"more than one loss on {', '.join(twice) or PARALLEL}; give one form of each direction")
    pooled = [part for part in found if is_direction(part.component) and part.seen]
    return {part.component: _mean([part]) for part in found} | {PARALLEL: _mean(pooled)}


def _pooled(found: Sequence[Measured]) -> dict[str, float | None]:
    loss, bpb = _mean([part for part in found if is_direction(part.component) and not part.seen])
    return {"unseen_loss": loss, "unseen_bpb": bpb}


def _mean(parts: Sequence[Measured]) -> tuple[float | None, float | None]:
    """Nats per token and bits per byte of all tokens together; None where there are none."""
    nats, tokens, size = (sum(getattr(part, name) for part in parts) for name in ("nats", "tokens", "bytes"))
    return (nats / tokens if tokens else None, nats / (size * math.log(2)) if size else None)
