"""Which run a prepared one is: ids, versions, device; for the runs table and for the run's folder."""

import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from contracts import manifest as manifests
from contracts.files import checksum
from contracts.manifest import VERSION, digest
from train.devices import peak_flops
from train.engines.engine import STATE
from train.models import count, llama_config, on_meta
from train.prepare import Prepared
from train.results.identity import Inputs, configuration_hash, run_id, semantic
from train.results.row import Run

LIBRARIES = ("torch", "transformers", "deepspeed", "numpy")


@dataclass(frozen=True, slots=True)
class Identity:
    """A run's name and what it stands for.

    Attributes:
        run: as the runs table has it.
        facts: what decides the run's id, as it is written into the run's folder.
        model: the transformers configuration, as a dictionary.
    """

    run: Run
    facts: dict[str, Any]
    model: dict[str, Any]


def identify(prepared: Prepared) -> Identity:
    """The identity of a run; reads the files of init_from for their hash."""
    mixture, geometry, world = prepared.mixture, prepared.geometry, prepared.world
    precision = "bf16" if prepared.bf16 else "fp32"
    config = prepared.config.model_copy(
        update={
            "engine": prepared.config.engine.model_copy(update={"precision": precision}),
            "schedule": prepared.config.schedule.model_copy(update={"learning_rate": prepared.rate}),
            "batch_tokens": geometry.step_tokens,
            "points": tuple(end * geometry.step_tokens for end in prepared.ends),
            "evaluation": prepared.config.evaluation.model_copy(update={"form": prepared.form}),
        }
    )
    validation = manifests.read(prepared.validation)
    assert validation is not None  # prepare() looked
    counts = mixture.manifest["counts"]
    inputs = Inputs(mixture.manifest["identity"], counts["tokenizer_hash"], validation.identity, _initial(prepared))
    shape = llama_config(
        prepared.shape,
        config.model,
        mixture.vocab_size,
        mixture.sequence_length,
        mixture.end_id,
        mixture.pad_id,
    )
    without, total = count(on_meta(shape))
    device = torch.cuda.get_device_name(world.device) if world.device.type == "cuda" else "cpu"
    run = Run(
        run_id=run_id(config, inputs),
        configuration_hash=configuration_hash(config),
        manifest_hash=inputs.mixture,
        tokenizer_hash=inputs.tokenizer,
        validation_hash=inputs.validation,
        rung=prepared.shape.name,
        n_parameters=without,
        n_parameters_total=total,
        strategy=prepared.strategy,
        schedule=config.schedule.kind,
        learning_rate=prepared.rate,
        batch_tokens=geometry.step_tokens,
        sequence_length=mixture.sequence_length,
        precision=precision,
        seed=config.seed,
        data_seed=int(mixture.manifest["configuration"]["seed"]),
        flops_per_token=prepared.shape.flops_per_token(mixture.vocab_size, mixture.sequence_length - 1),
        device=device,
        ranks=world.ranks,
        peak_flops=peak_flops(device, precision),
        versions=versions(),
    )
    facts = {"configuration": semantic(config), "inputs": asdict(inputs)}
    return Identity(run, facts, shape.to_dict())


def _initial(prepared: Prepared) -> str | None:
    folder = prepared.init_from
    if folder is None:
        return None
    files = sorted(path for path in folder.glob("*.safetensors")) or sorted((folder / STATE).rglob("*.pt"))
    return digest({path.relative_to(folder).as_posix(): checksum(path) for path in files})


def versions() -> dict[str, str]:
    """Versions of glotmix and of the libraries that compute, as far as they are installed."""
    found = {"glotmix": VERSION, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
