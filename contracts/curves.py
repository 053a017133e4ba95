"""Predictions of a fit as numbers, for whoever draws them: the report knows no law."""

from typing import Literal

from pydantic import Field, model_validator

from contracts.config import StrictModel

FORMAT: Literal["glotmix curves 1"] = "glotmix curves 1"


class Curve(StrictModel):
    """The predicted loss over tokens, for one size of model and one mixture."""

    n: float
    """Parameters N."""
    tokens: list[float] = Field(min_length=2)
    """Training tokens D, ascending."""
    loss: list[float]
    low: list[float] | None = None
    """Lower end of the interval; null: there were no draws."""
    high: list[float] | None = None
    """Upper end."""

    @model_validator(mode="after")
    def _of_one_length(self) -> "Curve":
        lengths = {len(part) for part in (self.tokens, self.loss, self.low, self.high) if part is not None}
        if len(lengths) > 1:
            raise ValueError(f"tokens, loss, low and high have lengths {sorted(lengths)}; give one number each")
        return self


class Fitted(StrictModel):
    """One measured point beside what the law says of it."""

    n: float
    tokens: float
    measured: float
    predicted: float


class TargetCurves(StrictModel):
    """What was fitted for one target."""

    target: str
    parameters: dict[str, float]
    """By the law's own symbols; empty for an average of laws."""
    intervals: dict[str, tuple[float, float]] = Field(default_factory=dict)
    """Of the parameters."""
    residual: float | None = None
    """Standard deviation of the residuals of log loss."""
    flags: tuple[str, ...] = ()
    """Warnings, a sentence each."""
    curves: tuple[Curve, ...]
    points: tuple[Fitted, ...]


class FitCurves(StrictModel):
    """The file curves.json beside a fit."""

    format: Literal["glotmix curves 1"] = FORMAT
    law: str
    formula: str = ""
    loss: str = ""
    """What was minimised."""
    unit: str = "nats per token"
    """Of the losses."""
    runs: int
    points: int
    excluded: dict[str, int] = Field(default_factory=dict)
    """Points left out: reason to count."""
    mixture: dict[str, float]
    """The shares that the curves are drawn for; empty where mixtures are not considered."""
    level: float = 0.95
    """Coverage that the intervals aim at."""
    draws: int = 0
    """Resamplings of the runs that intervals rest on."""
    targets: tuple[TargetCurves, ...]
