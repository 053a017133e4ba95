"""What a run costs: tokens that are really trained on, operations, GPU-hours. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from train.config import ScheduleConfig
from train.geometry import divide, steps_of
from train.ladder import Rung
from train.schedule import Schedule, legs


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a run.

    Attributes:
        sequences: sequences of the mixture that it reads, up to its last point.
        tokens: tokens trained on, the decayed branches of all points included, padding counted.
    """

    sequences: int
    tokens: int


def steps_for(points: Sequence[int], batch_tokens: int, sequence_length: int, schedule: ScheduleConfig) -> Steps:
    """What a run reads and trains on.

    Raises:
        ConfigError: a step is shorter than a sequence, or a point has no step of its own.
    """
    geometry = divide(batch_tokens, None, 1, sequence_length)
    ends = steps_of(tuple(points), geometry.step_tokens)
    warmup = max(1, round(schedule.warmup_share * ends[0])) if schedule.warmup_share else 0
    plan = legs(Schedule(schedule.kind, warmup, schedule.decay_share, schedule.floor), ends)
    done = sum(leg.stop - leg.start for leg in plan)
    return Steps(ends[-1] * geometry.step_sequences, done * geometry.step_tokens)


def flops_of(shape: Rung, vocab_size: int, sequence_length: int, tokens: int) -> float:
    """Operations of forward and backward over so many tokens."""
    return shape.flops_per_token(vocab_size, sequence_length) * tokens


def gpu_hours(flops: float, peak: float | None, mfu: float) -> float | None:
    """Hours of one device for so many operations; None: its peak is not known."""
    return None if peak is None else flops / (peak * mfu) / 3600
