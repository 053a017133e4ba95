"""glotmix models: what each size of the ladder is and costs."""

from typing import Annotated, Any

import typer

from contracts.errors import ConfigError
from report.front import errors, show
from report.table import Summary
from train.ladder import LADDER, Rung
from train.memory import WIDTH, estimate, largest_micro_batch
from train.rates import learning_rate

GIB = 2**30
STAGES = (1, 2, 3)


def register(app: typer.Typer) -> None:
    """Add the command to the front door."""

    @app.command("models")
    def models(
        vocab_size: Annotated[int, typer.Option(min=1, help="Tokens of the tokenizer.")] = 32_000,
        sequence_length: Annotated[int, typer.Option(min=1, help="Tokens of a sequence.")] = 4096,
        micro_batch: Annotated[int, typer.Option(min=1, help="Sequences that a device takes at once.")] = 1,
        ranks: Annotated[int, typer.Option(min=1, help="Devices that share what a ZeRO stage shares.")] = 1,
        precision: Annotated[str, typer.Option(help="bf16 or fp32.")] = "bf16",
        recompute: Annotated[
            bool, typer.Option("--recompute", help="Compute activations again in the backward pass.")
        ] = False,
        tied: Annotated[bool, typer.Option("--tied", help="Output matrix and token embeddings are one.")] = False,
        memory: Annotated[
            float | None, typer.Option(metavar="GIB", help="Memory of a device, to show what fits.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    ) -> None:
        """List the model sizes: shape, parameters, operations, learning rate, memory for each ZeRO stage."""
        with errors():
            if precision not in WIDTH:
                raise ConfigError(f"--precision {precision}: allowed are {', '.join(WIDTH)}")
            if memory is not None and memory <= 0:
                raise ConfigError(f"--memory {memory}: give the GiB of a device, such as 80")
            device: dict[str, Any] = {
                "vocab_size": vocab_size,
                "length": sequence_length,
                "ranks": ranks,
                "precision": precision,
                "recompute": recompute,
                "tied": tied,
            }
            shapes = [_shape(found, vocab_size, sequence_length, tied) for found in LADDER]
            costs = [_cost(found, micro_batch, memory, device) for found in LADDER]
            show(
                [
                    Summary(f"Models: vocabulary of {vocab_size:,}", shapes),
                    Summary(_title(micro_batch, device), costs),
                ],
                as_json,
            )


def _shape(found: Rung, vocab_size: int, length: int, tied: bool) -> dict[str, Any]:
    return {
        "rung": found.name,
        "layers": found.layers,
        "hidden": found.hidden,
        "heads": found.heads,
        "intermediate": found.intermediate,
        "N": found.parameters,
        "N with embeddings": found.total_parameters(vocab_size, tied),
        "GFLOPs per token": round(found.flops_per_token(vocab_size, length) / 1e9, 6),
        "learning rate": float(f"{learning_rate(found.parameters):.3g}"),
    }


def _title(micro_batch: int, device: dict[str, Any]) -> str:
    """What the memory is for."""
    ranks = device["ranks"]
    many = f"{ranks:,} ranks" if ranks > 1 else "one rank"
    sequences = "sequence" if micro_batch == 1 else "sequences"
    title = f"Memory: GiB of each device; {device['precision']}, {many}, {micro_batch} {sequences} of "
    return title + f"{device['length']:,} tokens" + (", activations recomputed" if device["recompute"] else "")


def _cost(found: Rung, micro_batch: int, memory: float | None, device: dict[str, Any]) -> dict[str, Any]:
    """GiB for each stage, and with a device's memory what fits."""
    totals = {stage: estimate(found, micro_batch=micro_batch, stage=stage, **device).total for stage in STAGES}
    row: dict[str, Any] = {"rung": found.name}
    row |= {f"ZeRO {stage}": round(total / GIB, 3) for stage, total in totals.items()}
    if memory is not None:
        capacity = int(memory * GIB)
        row["largest micro-batch, ZeRO 1"] = largest_micro_batch(found, capacity=capacity, stage=1, **device)
        row["first stage that fits"] = next((stage for stage, total in totals.items() if total <= capacity), None)
    return row
