"""Makes the engine of a run: with new weights, given ones, or those of a checkpoint."""

from pathlib import Path

from contracts.errors import ConfigError
from train.checkpoints import Checkpoints
from train.engines.deepspeed_engine import DeepSpeedEngine
from train.engines.engine import Engine
from train.engines.plain import PlainEngine
from train.engines.zero import zero_config
from train.export import load_model
from train.models import build, llama_config
from train.objective import Objective
from train.optimizer import adamw
from train.prepare import Prepared
from train.progress import Tag


def open_engine(prepared: Prepared, checkpoints: Checkpoints, tag: Tag | None) -> Engine:
    """The engine at a point of its run.

    Args:
        prepared: the run.
        checkpoints: of the run.
        tag: the checkpoint to load; None: the weights that the run starts from.
    """
    config, world = prepared.config, prepared.world
    mixture = prepared.mixture
    shape = llama_config(
        prepared.shape,
        config.model,
        mixture.vocab_size,
        mixture.sequence_length,
        mixture.end_id,
        mixture.pad_id,
    )
    given = prepared.init_from if tag is None else None
    model = build(shape, None if given or tag else config.seed, prepared.attention)
    if given is not None:
        _take(model, given)
    if config.engine.recompute:
        model.activation_checkpointing_enable({"use_reentrant": False})
    if config.engine.compile:
        for layer in model.model.layers:
            layer.compile()  # layer by layer: compiled once for all of them
    objective = Objective(model)
    on_gpu = world.device.type == "cuda"
    universal = tag is not None and checkpoints.universal(tag)
    if config.engine.backend == "torch":
        objective.to(world.device)
        optimizer = adamw(model, config.optimizer, prepared.rate, fused=on_gpu)
        engine: Engine = PlainEngine(objective, optimizer, config.optimizer.clip, prepared.bf16)
    else:
        optimizer = adamw(model, config.optimizer, prepared.rate, fused=on_gpu and config.engine.offload == "none")
        options = zero_config(
            config.engine,
            config.optimizer,
            prepared.geometry,
            parameters=sum(parameter.numel() for parameter in model.parameters()),
            bf16=prepared.bf16,
            universal=universal,
        )
        engine = DeepSpeedEngine(objective, optimizer, options, world, config.launch)
    if tag is not None:
        engine.load(checkpoints.folder / tag.name)
    return engine


def _take(model: object, folder: Path) -> None:
    """Copy the weights of another model of the same shape."""
    source = load_model(folder).state_dict()
    own = model.state_dict()  # type: ignore[attr-defined]
    wrong = [
        f"{name} {tuple(source[name].shape) if name in source else 'missing'}, here {tuple(value.shape)}"
        for name, value in own.items()
        if name not in source or source[name].shape != value.shape
    ] + [f"{name} is not in this model" for name in source if name not in own]
    if wrong:
        raise ConfigError(f"init_from: {folder} holds another model: {'; '.join(wrong[:3])} ({len(wrong)} in all)")
    model.load_state_dict({name: value.float() for name, value in source.items()})  # type: ignore[attr-defined]
