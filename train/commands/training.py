"""glotmix train: one run, as one process."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.annotated import annotated_yaml
from contracts.errors import ConfigError
from contracts.files import atomic_path
from report.front import err, errors, say, show
from report.table import Summary, plain
from train.__main__ import load, quiet
from train.config import TrainConfig
from train.failures import explained

if TYPE_CHECKING:
    from train.prepare import Prepared

GIB = 2**30

SEQUENCES = 8
"""Sequences in a step of a configuration that --init writes: for the smallest models."""


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""

    @app.command("train")
    def train(
        config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The YAML file of the run.")],
        set_: Annotated[
            list[str] | None, typer.Option("--set", help="Override: section.key=value. May be repeated.")
        ] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, print the plan, and train nothing.")] = False,
        init: Annotated[
            Path | None, typer.Option(metavar="MIXTURE", help="Write CONFIG for this mixture, with every option.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    ) -> None:
        """Train a model on a mixture and measure it at every point, as one process.

        A run that was killed goes on where it stopped. For many processes: docs/launching.md.
        """
        with errors(), explained():
            if init is not None:
                _write(config, init)
                return
            loaded, base = load(config, set_ or [])
            if dry_run:
                show(_plan(loaded, base), as_json)
                return
            from train.distributed import leaving
            from train.trainer import train as run

            quiet()
            with leaving():
                folder = run(loaded, base, lambda line: err.print(plain(line), markup=False, soft_wrap=True))
            show(_points(folder), as_json)
        if not as_json:
            say(f"Run: {folder}")


def _write(path: Path, mixture: Path) -> None:
    """A starting configuration, with every option, its default and what it means."""
    if path.exists():
        raise ConfigError(f"{path} exists; give another name")
    from mixer.dataset import MixtureDataset

    try:
        there = MixtureDataset(mixture)
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(
            f"--init {mixture}: no finished mixture ({error}); make one with: glotmix mix CONFIG"
        ) from error
    batch = SEQUENCES * there.sequence_length
    steps = len(there) // SEQUENCES
    if not steps:
        raise ConfigError(f"--init {mixture}: {len(there)} sequences are less than one step of {SEQUENCES}; mix more")
    given = {
        "mixture": os.path.relpath(mixture, path.resolve().parent),
        "points": sorted({max(1, steps // part) * batch for part in (8, 4, 2)}),
        "batch_tokens": batch,
        "model": {"rung": "0.2M"},
    }
    text = annotated_yaml(TrainConfig, given)
    with atomic_path(path) as temporary:
        temporary.write_text(f"# A training run. Start it with: glotmix train {path.name}\n{text}\n", encoding="utf-8")
    say(f"wrote {path}. Next: glotmix train {path} --dry-run")


def _plan(config: TrainConfig, base: Path) -> list[Summary]:
    from train.distributed import join, leaving
    from train.memory import estimate
    from train.prepare import prepare
    from train.trackers import require_installed

    with leaving():
        prepared = prepare(config, base, join(config.launch))
        require_installed(config.tracking)
        state = _state(prepared)
    geometry, mixture, shape = prepared.geometry, prepared.mixture, prepared.shape
    flops = shape.flops_per_token(mixture.vocab_size, mixture.sequence_length - 1)
    memory = estimate(
        shape,
        mixture.vocab_size,
        mixture.sequence_length,
        geometry.micro_batch,
        stage=config.engine.stage,
        ranks=geometry.ranks,
        precision="bf16" if prepared.bf16 else "fp32",
        recompute=config.engine.recompute,
        offload=config.engine.offload,
        tied=config.model.tie_embeddings,
    )
    facts = {
        "model": shape.name,
        "N": shape.parameters,
        "peak rate": prepared.rate,
        "tokens a step": geometry.step_tokens,
        "micro-batch": geometry.micro_batch,
        "accumulation": geometry.accumulation,
        "ranks": geometry.ranks,
        "device": prepared.world.device.type,
        "precision": "bf16" if prepared.bf16 else "fp32",
        "GiB a rank": round(memory.total / GIB, 2),
    }
    legs: list[dict[str, Any]] = [
        {
            "leg": "trunk" if leg.end is None else f"branch to {leg.end:,}",
            "from step": leg.start,
            "to step": leg.stop,
            "tokens at its end": leg.stop * geometry.step_tokens,
            "FLOPs": flops * (leg.stop - leg.start) * geometry.step_tokens,
        }
        for leg in prepared.legs
    ]
    return [Summary(f"Plan; {state}", [facts]), Summary("Legs", legs)]


def _state(prepared: "Prepared") -> str:
    """How far the run in this folder is; refuses a folder that the run itself would refuse."""
    from train.checkpoints import Checkpoints
    from train.identify import identify
    from train.progress import require_in_order, resume
    from train.run_folder import CHECKPOINTS, RunFolder

    identity, folder = identify(prepared), RunFolder(prepared.folder)
    folder.require(identity.run.run_id, identity.facts)
    points = folder.points()
    require_in_order(prepared.ends, points)
    tags = Checkpoints(prepared.folder / CHECKPOINTS, prepared.world, prepared.config.engine).tags()
    position = resume(prepared.legs, points, tags)
    if position is None:
        return "all points are measured"
    measured = f", {len(points)} point(s) are measured" if points else ""
    return f"from step {position.step:,} on{measured}"


def _points(folder: Path) -> list[Summary]:
    from train.run_folder import RunFolder

    rows = RunFolder(folder).points().values()
    shown = [
        {
            "steps": row["steps"],
            "tokens with padding": row["tokens_padded"],
            "tokens": row["tokens"],
            "train loss": row["train_loss"],
            **{name: value for name, value in row.items() if name.startswith("loss_") and "->" not in name},
            "tokens/s": row["tokens_per_second"],
        }
        for row in rows
    ]
    return [Summary("Points: validation loss in nats per token", shown)]
