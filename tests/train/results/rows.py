"""Rows of the runs table for tests."""

from dataclasses import dataclass, replace

from train.results.consumed import Consumed
from train.results.row import Point, Run, point_row

RUN = Run(
    run_id="ab12",
    configuration_hash="c",
    manifest_hash="m",
    tokenizer_hash="t",
    validation_hash="v",
    rung="0.2M",
    n_parameters=200_000,
    n_parameters_total=300_000,
    strategy="concat",
    schedule="wsd",
    learning_rate=1e-3,
    batch_tokens=640,
    sequence_length=64,
    precision="fp32",
    seed=0,
    data_seed=1,
    flops_per_token=1e6,
    device="cpu",
    ranks=1,
    peak_flops=None,
    versions={"torch": "2"},
)


@dataclass(frozen=True)
class Loss:
    component: str
    nats: float
    tokens: int
    bytes: int
    seen: bool = True


def part(sequences: int, padding: int = 0, unique: int = 1000, share: float = 1.0) -> Consumed:
    return Consumed(sequences, sequences * 64 - padding, padding, unique, share)


POINT = Point(
    steps=10,
    annealed=True,
    consumed={"go": part(75, share=0.75), "python": part(25, share=0.25)},
    losses=[Loss("go", 300.0, 100, 400), Loss("python", 50.0, 20, 80)],
    seconds=2.0,
    finished="2026-01-31T12:00:00Z",
)


def row(run_id: str = "ab12", sequences: int = 100, components=("go", "python"), loss: float = 3.0, **changes) -> dict:
    """A row of a mixture of equal parts."""
    share = 1 / len(components)
    point = replace(
        POINT,
        consumed={name: part(sequences, share=share) for name in components},
        losses=[Loss(name, 100 * loss, 100, 400) for name in components if name != "parallel"],
    )
    return point_row(replace(RUN, run_id=run_id), point) | changes
