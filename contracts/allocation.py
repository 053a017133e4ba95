"""The file in which the fitter hands optimal proportions to the mixer."""

from pydantic import Field, model_validator

from contracts.config import StrictModel

TOLERANCE = 1e-6
"""How far weights may sum from 1: printed shares have six digits."""


class Allocation(StrictModel):
    """Proportions over mixture components, with what they were computed for."""

    weights: dict[str, float] = Field(min_length=1)
    """Share of the training tokens for each component; non-negative, summing to 1."""
    n_parameters: float | None = None
    """Model size N they are meant for, in parameters without embeddings."""
    tokens: float | None = None
    """Token budget D they are meant for."""
    law: str = ""
    """Name of the law they come from."""
    runs_identity: str = ""
    """Hash of the runs table the law was fitted on."""

    @model_validator(mode="after")
    def _on_the_simplex(self) -> "Allocation":
        total = sum(self.weights.values())
        if any(not 0 <= w <= 1 for w in self.weights.values()) or abs(total - 1) > TOLERANCE:
            raise ValueError(f"weights must lie in 0..1 and sum to 1; they sum to {total:.6f}")
        return self
