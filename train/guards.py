"""When a run must stop: losses and gradient norms that are no numbers, too large, or spike too often. Pure."""

import math
from collections import deque

from contracts.errors import StageError
from train.config import GuardConfig

WINDOW = 50
"""Steps whose mean a spike is measured against."""

FEWEST = 10
"""Losses needed before any is called a spike: the first ones fall fast."""


class Guard:
    """Watches the steps of one run.

    Args:
        config: limits.
        recent: losses of the steps before, when a run goes on; the last WINDOW count.
        spikes: noted before.
    """

    def __init__(self, config: GuardConfig, recent: list[float] | None = None, spikes: int = 0) -> None:
        self.config, self.spikes = config, spikes
        self._recent = deque(recent or (), maxlen=WINDOW)

    @property
    def recent(self) -> list[float]:
        """The losses that the next one is compared with."""
        return list(self._recent)

    def watch(self, step: int, loss: float, norm: float | None) -> bool:
        """Judge a step.

        Args:
            step: its number.
            loss: mean nats.
            norm: of the gradients before clipping; None: not known.

        Returns:
            Whether it is a spike.

        Raises:
            StageError: the run must not go on.
        """
        if not math.isfinite(loss) or (norm is not None and not math.isfinite(norm)):
            raise StageError(f"step {step}: loss {loss}, gradient norm {norm}; {self._cure(step)}")
        limit = self.config.max_gradient_norm
        if norm is not None and limit is not None and norm > limit:
            raise StageError(
                f"step {step}: gradient norm {norm:.3g} is above guards.max_gradient_norm ({limit:g}); "
                f"{self._cure(step)}"
            )
        spike = self._is_spike(loss)
        self._recent.append(loss)
        if spike:
            self.spikes += 1
            if self.spikes > self.config.max_spikes:
                raise StageError(
                    f"step {step}: loss {loss:.4g} is spike number {self.spikes}, above guards.max_spikes "
                    f"({self.config.max_spikes}); {self._cure(step)}"
                )
        return spike

    def _is_spike(self, loss: float) -> bool:
        if self.config.spike is None or len(self._recent) < FEWEST:
            return False
        return loss > self.config.spike * sum(self._recent) / len(self._recent)

    def _cure(self, step: int) -> str:
        return (
            "the last checkpoint is from before it. Lower schedule.learning_rate (in a new output folder), or go on "
            f"without this batch: --set guards.skip_steps={sorted({*self.config.skip_steps, step})}"
        )
