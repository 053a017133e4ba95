"""From wanted runs to runs with mixtures and identities, before the corpus is asked whether it allows them. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.config import validate
from contracts.errors import ConfigError
from contracts.manifest import digest
from mixer.config import MixConfig
from mixer.planning.plan import Plan
from train.config import TrainConfig
from train.ladder import Rung, shape_of
from train.sweep.config import Strategy, SweepConfig, Wanted
from train.sweep.cost import Steps, flops_of, gpu_hours, steps_for
from train.sweep.mixture import by_budget, decides, mix_of, name_of
from train.sweep.rows import Row

PRACTICAL = {
    "output",
    "mixture",
    "runs",
    "points",
    "seed",
    "micro_batch",
    "checkpoints",
    "tracking",
    "launch",
    "engine",
}
"""Parts of a training configuration that do not decide what is measured (but for the engine's precision)."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a plan needs to know of the corpus.

    Attributes:
        mix: its section `mix`, with what the sweep changes in it.
        pools: identity of the tokens for each form of translation pairs that is needed.
        vocab_size: of its tokenizer.
    """

    mix: MixConfig
    pools: Mapping[str, str]
    vocab_size: int


@dataclass(frozen=True, slots=True)
class Drafted:
    """One run with its mixture.

    Attributes:
        wanted: what was asked for.
        run_id: hash of what decides it.
        strategy: form of its translation pairs.
        shape: of its model.
        steps: what it reads and trains on.
        key: of its mixture.
    """

    wanted: Wanted
    run_id: str
    strategy: Strategy
    shape: Rung
    steps: Steps
    key: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Runs, once each, and the mixtures they share by key, each as large as its longest run needs."""

    runs: list[Drafted]
    mixtures: dict[str, MixConfig]


def forms(base: MixConfig, wanted: Sequence[Wanted]) -> list[str]:
    """The forms of translation pairs whose tokens are needed."""
    return sorted({mix_of(base, run).parallel_form for run in wanted})


def draft(config: SweepConfig, wanted: Sequence[Wanted], corpus: Corpus) -> Draft:
    """Give every run its mixture and identity; runs that are the same after all count once.

    Raises:
        ConfigError: a run cannot be; names it.
    """
    runs: dict[str, Drafted] = {}
    mixtures: dict[str, MixConfig] = {}
    for number, run in enumerate(wanted):
        try:
            mix, made = _drafted(config, run, corpus)
        except ConfigError as error:
            raise ConfigError(
                f"run {number} ({run.rung}, {list(run.tokens)} tokens, {run.mixture}): {error}"
            ) from error
        runs.setdefault(made.run_id, made)
        budget = made.steps.sequences * mix.sequence_length
        before = mixtures.get(made.key)
        if before is None or (before.tokens or 0) < budget:
            mixtures[made.key] = mix.model_copy(update={"tokens": budget})
    named = {
        key: mix.model_copy(update={"name": name_of(mix, corpus.pools[mix.parallel_form])})
        for key, mix in mixtures.items()
    }
    return Draft(list(runs.values()), named)


def rows(
    config: SweepConfig, drafted: Draft, plans: Mapping[str, Plan], corpus: Corpus, peak: float | None
) -> list[Row]:
    """The list of runs, of those whose mixture can be made.

    Args:
        config: of the sweep.
        drafted: the runs.
        plans: of the mixtures that can be made, by key.
        corpus: facts.
        peak: operations a second of the device; None: not known.
    """
    found: list[Row] = []
    for run in drafted.runs:
        if run.key not in plans:
            continue
        plan, mix = plans[run.key], drafted.mixtures[run.key]
        flops = flops_of(run.shape, corpus.vocab_size, mix.sequence_length, run.steps.tokens)
        part = run.steps.sequences / plan.sequences
        found.append(
            Row(
                index=len(found),
                run_id=run.run_id,
                rung=run.wanted.rung,
                shape=run.wanted.shape,
                n_parameters=run.shape.parameters,
                tokens=run.wanted.tokens,
                mixture=mix.name,
                proportions={name: c.share for name, c in plan.components.items()},
                components=mix.components,
                strategy=run.strategy,
                seed=run.wanted.seed,
                data_seed=mix.seed,
                epochs={name: round(c.epochs * part, 6) for name, c in plan.components.items()},
                flops=flops,
                gpu_hours=gpu_hours(flops, peak, config.device.mfu),
            )
        )
    return found


def train_config(template: Mapping[str, Any], run: Wanted | Row, **paths: str) -> TrainConfig:
    """The training configuration of a run.

    Args:
        template: the section `train` of the sweep.
        run: the run.
        paths: output, mixture and runs.

    Raises:
        ConfigError: it cannot be run.
    """
    model = {**(template.get("model") or {}), "rung": run.rung}
    if run.shape is not None:
        model["shape"] = run.shape.model_dump()
    data = {**template, **paths, "model": model, "points": list(run.tokens), "seed": run.seed}
    return validate(TrainConfig, data, "train")


def _drafted(config: SweepConfig, run: Wanted, corpus: Corpus) -> tuple[MixConfig, Drafted]:
    mix = mix_of(corpus.mix, run)
    training = train_config(config.train, run, output="run", mixture="mix", runs="runs")
    shape = shape_of(training.model)
    steps = steps_for(run.tokens, training.batch_tokens, mix.sequence_length, training.schedule)
    content = {**decides(mix), "pool": corpus.pools[mix.parallel_form]}
    key = digest([content, steps.sequences if by_budget(mix) else None])
    body = {
        "mixture": content,
        "train": _semantic(training),
        "shape": [shape.layers, shape.hidden, shape.heads, shape.intermediate],
        "tokens": list(run.tokens),
        "seed": run.seed,
    }
    strategy: Strategy = "none" if mix.parallel == "none" else mix.parallel_form
    return mix, Drafted(run, digest(body)[:16], strategy, shape, steps, key)


def _semantic(training: TrainConfig) -> dict[str, Any]:
    """What of the template decides what is measured."""
    data: dict[str, Any] = json.loads(training.model_dump_json(exclude=PRACTICAL))
    del data["model"]["rung"], data["model"]["shape"], data["evaluation"]["batch"]
    if training.evaluation.directions:
        del data["evaluation"]["directions"]  # as in the identity of a run
    data["guards"] = {"skip_steps": data["guards"]["skip_steps"]}
    return {**data, "precision": training.engine.precision}
