"""Which run this is: a hash of everything that decides what it learns and how it is measured. Pure.

Into it enter the semantic part of the configuration, the mixture, the tokenizer, the validation sets, the weights it
starts from and the version of the trainer. What changes only where files lie, what is reported, how long it takes and
how sums are rounded does not.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from contracts.languages import is_parallel
from contracts.manifest import digest
from train.config import TrainConfig

TRAINER_VERSION = "1"
"""Raised whenever the same configuration and data would train another model, or measure it otherwise."""

DIGITS = 16
"""Hexadecimal digits of a run's id: 64 bits, so that a million runs share one with probability 3e-8."""

LEFT_OUT: dict[str, Any] = {
    **dict.fromkeys(("output", "mixture", "runs", "points", "micro_batch", "init_from"), True),
    **dict.fromkeys(("checkpoints", "tracking", "launch", "guards"), True),
    "engine": {"backend", "stage", "offload", "attention", "compile", "recompute", "read_ahead"},
    "evaluation": {"validation", "batch", "generation"},
}
"""Options that do not enter. Files enter by what they hold, and of the points the first one, which sets the warmup
(and, for cosine, the end); a further point is a further row of the same run."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run reads, by what it holds.

    Attributes:
        mixture: identity of the mixture's manifest.
        tokenizer: hash of the tokenizer.
        validation: identity of the manifest of the validation sets.
        initial: hash of the weights it starts from; None: new ones.
    """

    mixture: str
    tokenizer: str
    validation: str
    initial: str | None = None


def semantic(config: TrainConfig) -> dict[str, Any]:
    """What of a configuration decides the outcome."""
    body = config.model_dump(mode="json", exclude=LEFT_OUT)
    if config.model.shape is not None:
        del body["model"]["rung"]  # a name only
    if config.evaluation.directions:
        del body["evaluation"]["directions"]  # what runs were before there was the option
    return body | {"first_point": config.points[0]}


def configuration_hash(config: TrainConfig) -> str:
    """Hash of the configuration's part of a run's identity."""
    return digest(semantic(config))


def run_id(config: TrainConfig, inputs: Inputs) -> str:
    """The id of a run: 16 hexadecimal digits, the same wherever it runs."""
    body = {"trainer": TRAINER_VERSION, "configuration": configuration_hash(config), "inputs": asdict(inputs)}
    return digest(body)[:DIGITS]


def strategy(manifest: Mapping[str, Any]) -> str:
    """The form of the translation pairs in a mixture, out of its manifest: concat, prompt, shuffled or none."""
    pairs = any(is_parallel(component) for component in manifest["counts"]["components"])
    return str(manifest["configuration"]["parallel_form"]) if pairs else "none"
