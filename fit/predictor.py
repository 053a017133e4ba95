"""What selection and allocation need of a model of the losses, be it a law, an average of laws or something else."""

from typing import Protocol

from fit.points import Array, Inputs


class Predictor(Protocol):
    """Predicts the losses on all targets."""

    @property
    def names(self) -> tuple[str, ...]:
        """The T targets."""

    @property
    def components(self) -> tuple[str, ...]:
        """The K components of mixtures, in the order of `Inputs.shares`."""

    def predict(self, inputs: Inputs) -> Array:
        """Losses (R, T) at R places; places have the same components in the same order."""
