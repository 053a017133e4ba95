"""What the confirmation runs said: proposed proportions, trained, beside others, with the noise of the seeds."""

from typing import Literal

from pydantic import Field

from contracts.config import StrictModel

FORMAT: Literal["glotmix confirmation 1"] = "glotmix confirmation 1"

Verdict = Literal["better", "worse", "within noise", "not known"]
"""not known: a single seed says nothing about noise."""


class Tried(StrictModel):
    """One mixture that was trained, with all its seeds."""

    name: str
    proportions: dict[str, float]
    losses: list[float] = Field(min_length=1)
    """Weighted loss, a number for each seed."""
    by_target: dict[str, float]
    """Loss on each target, mean over the seeds."""
    predicted: float | None = None
    """Weighted loss by the fitted law."""
    epochs: dict[str, float] = Field(default_factory=dict)
    """How often unique tokens of each component were read."""


class Comparison(StrictModel):
    """The proposed mixture against another one."""

    baseline: str
    difference: float
    """Weighted loss of the proposed mixture minus that of the other one; below 0: the proposed one is better."""
    low: float | None
    """Lower end of the interval of the difference; null: one seed."""
    high: float | None
    verdict: Verdict
    predicted: float | None = None
    """The difference that the law predicts."""


class Confirmation(StrictModel):
    """The file confirm.json."""

    format: Literal["glotmix confirmation 1"] = FORMAT
    rung: str
    n_parameters: float
    tokens: float
    seeds: list[int]
    weights: dict[str, float]
    """Weight of each target in the weighted loss."""
    unit: str = "nats per token"
    level: float
    """Coverage of the intervals."""
    toy: str | None
    """Why this is a toy scale; null: it is not."""
    proposed: Tried
    baselines: list[Tried]
    comparisons: list[Comparison]
