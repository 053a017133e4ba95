"""Everything that is decided before the first step: refuses what cannot run, before a model is built."""

from dataclasses import dataclass
from pathlib import Path

import torch

from contracts import manifest as manifests
from contracts.errors import ConfigError, StageError
from mixer.dataset import MixtureDataset
from mixer.layout import Layout
from train.attention import choose
from train.config import TrainConfig
from train.distributed import World
from train.evaluation.sets import ValidationSets, require_same_tokenizer
from train.geometry import Geometry, divide, steps_of
from train.ladder import Rung, shape_of
from train.models_at_hand import require_model
from train.rates import learning_rate
from train.results.identity import strategy
from train.schedule import Leg, Schedule, legs


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run, resolved.

    Attributes:
        config: as given.
        base: folder that its paths start from.
        world: this process's place among the ranks.
        folder: of the run.
        runs: folder of the runs table.
        mixture: what is trained on.
        validation: folder of the validation sets.
        tokenizer: folder of the tokenizer; None: it is not beside the mixture.
        form: of the held-out pairs that are evaluated.
        strategy: form of the parallel data in the mixture, or none.
        shape: of the model.
        geometry: how steps are divided.
        schedule: of the learning rate.
        legs: what is done, in order.
        ends: steps of the points.
        rate: peak learning rate.
        bf16: train in bf16.
        attention: transformers' name of the implementation.
        init_from: weights to start from.
    """

    config: TrainConfig
    base: Path
    world: World
    folder: Path
    runs: Path
    mixture: MixtureDataset
    validation: Path
    tokenizer: Path | None
    form: str
    strategy: str
    shape: Rung
    geometry: Geometry
    schedule: Schedule
    legs: list[Leg]
    ends: list[int]
    rate: float
    bf16: bool
    attention: str
    init_from: Path | None


def prepare(config: TrainConfig, base: Path, world: World) -> Prepared:
    """Resolve a configuration.

    Args:
        config: of the run.
        base: folder that its paths start from.
        world: this process's place among the ranks.

    Raises:
        ConfigError: it cannot be run.
        StageError: the mixture or its validation sets are not there.
    """
    mixture = _mixture(base / config.mixture)
    counts = mixture.manifest["counts"]
    geometry = divide(config.batch_tokens, config.micro_batch, world.ranks, mixture.sequence_length)
    ends = steps_of(config.points, geometry.step_tokens)
    _check_length(config, mixture, geometry, ends)
    if config.engine.backend == "torch" and world.ranks > 1:
        raise ConfigError("engine.backend: torch runs one process; use deepspeed for more")
    _check_generation(config, base)
    if set(range(ends[0])) <= set(config.guards.skip_steps):
        raise ConfigError(f"guards.skip_steps leaves out all steps before the first point, at step {ends[0]:,}")
    schedule = _schedule(config, ends)
    shape = shape_of(config.model)
    bf16 = _bf16(config, world.device)
    root = _root(mixture)
    validation = _validation(config, base, root)
    require_same_tokenizer(ValidationSets(validation), mixture.folder)
    form_of_pairs = strategy(mixture.manifest)
    form = config.evaluation.form
    folder = base / config.output
    return Prepared(
        config=config,
        base=base,
        world=world,
        folder=folder,
        runs=base / config.runs if config.runs is not None else folder / "runs",
        mixture=mixture,
        validation=validation,
        tokenizer=_tokenizer(root, counts["tokenizer_hash"]),
        form=form if form != "auto" else "prompt" if form_of_pairs == "prompt" else "concat",
        strategy=form_of_pairs,
        shape=shape,
        geometry=geometry,
        schedule=schedule,
        legs=legs(schedule, ends),
        ends=ends,
        rate=config.schedule.learning_rate or learning_rate(shape.parameters),
        bf16=bf16,
        attention=choose(config.engine.attention, world.device, config.mask_documents, "bf16" if bf16 else "fp32"),
        init_from=None if config.init_from is None else require_model(base / config.init_from, "init_from"),
    )


def _mixture(folder: Path) -> MixtureDataset:
    try:
        return MixtureDataset(folder)
    except FileNotFoundError as error:
        raise ConfigError(f"mixture: {folder} holds no finished mixture; make one with: glotmix mix CONFIG") from error
    except (ValueError, KeyError) as error:
        raise StageError(f"mixture: {folder}: {error}") from error


def _check_length(config: TrainConfig, mixture: MixtureDataset, geometry: Geometry, ends: list[int]) -> None:
    needed, length = ends[-1] * geometry.step_sequences, mixture.sequence_length
    if needed > len(mixture):
        most = len(mixture) // geometry.step_sequences * geometry.step_tokens
        raise ConfigError(
            f"points: {config.points[-1]:,} tokens are {needed:,} sequences of {length:,} tokens; the mixture in "
            f"{config.mixture} has {len(mixture):,}. Ask for {most:,} tokens at most, or mix more: "
            f"glotmix mix CONFIG --set mix.name=NEW --set mix.tokens={needed * length} (with mix.max_epochs where the "
            "text must repeat). Another mixture is another run: give it a folder of its own"
        )


def _check_generation(config: TrainConfig, base: Path) -> None:
    generation = config.evaluation.generation
    if not generation.translate and generation.problems is None:
        return
    if config.engine.stage == 3 and config.engine.backend == "deepspeed":
        raise ConfigError(
            "evaluation.generation needs the whole model on a device, which engine.stage: 3 divides; train without "
            "it, then: glotmix evaluate the exports (checkpoints.export: all)"
        )
    from train.evaluation.at_points import require_possible

    require_possible(generation, base)


def _schedule(config: TrainConfig, ends: list[int]) -> Schedule:
    """Warmup is measured by the first point, so that points can be added later without changing the trunk."""
    share = config.schedule.warmup_share
    warmup = max(1, round(share * ends[0])) if share else 0
    return Schedule(config.schedule.kind, warmup, config.schedule.decay_share, config.schedule.floor)


def _bf16(config: TrainConfig, device: torch.device) -> bool:
    precision = config.engine.precision
    found = precision == "bf16" or (precision == "auto" and device.type == "cuda")
    if found and config.engine.stage == 0 and config.engine.backend == "deepspeed":
        raise ConfigError("engine.stage: 0 with bf16 trains differently in DeepSpeed; use stage 1, or precision: fp32")
    return found


def _root(mixture: MixtureDataset) -> Path:
    """The output folder of the run that a mixture belongs to."""
    pool = mixture.manifest["counts"].get("pool")
    return (mixture.folder / pool).parent.parent if pool is not None else mixture.folder.parent.parent


def _validation(config: TrainConfig, base: Path, root: Path) -> Path:
    given = config.evaluation.validation
    folder = base / given if given is not None else Layout(root).validation
    if manifests.read(folder) is None:
        raise ConfigError(
            f"evaluation.validation: {folder} holds no finished validation sets; make them with: glotmix mix CONFIG, "
            "or give their folder"
        )
    return folder


def _tokenizer(root: Path, tokenizer_hash: str) -> Path | None:
    folder = Layout(root).tokenizer
    facts = manifests.read(folder)
    return folder if facts is not None and facts.counts["hash"] == tokenizer_hash else None
