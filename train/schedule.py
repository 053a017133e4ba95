"""The learning rate of every step, and the branches of a run: one long run, decayed from several points. Pure.

A warmup-stable-decay run (arXiv 2404.06395) has one trunk at the peak rate; from it branches decay to the end at each
wanted number of tokens, so that one run gives an annealed model for several D. A cosine run has one point only.
"""

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["wsd", "cosine"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The learning rate as a share of its peak.

    Attributes:
        kind: wsd or cosine.
        warmup: steps in which it rises in a straight line.
        decay: share of a branch's steps in which it falls, for wsd.
        floor: share of the peak at the end.
    """

    kind: Kind
    warmup: int
    decay: float
    floor: float

    def decay_steps(self, end: int) -> int:
        """Steps of the decay of a branch that ends after `end` steps: at least one, never in the warmup."""
        return max(1, min(round(end * self.decay), end - self.warmup))

    def branch_start(self, end: int) -> int:
        """The step at which the branch to `end` leaves the trunk; for cosine the first."""
        return end - self.decay_steps(end) if self.kind == "wsd" else 0

    def rate(self, step: int, end: int | None) -> float:
        """The share of the peak at a step, from 0.

        Args:
            step: optimizer steps done before.
            end: steps of the branch; None: the trunk.

        Raises:
            ValueError: a cosine schedule has no trunk.
        """
        rising = min(1.0, (step + 1) / self.warmup) if self.warmup else 1.0
        if self.kind == "cosine":
            if end is None:
                raise ValueError("a cosine schedule has an end")
            progress = min(1.0, max(0, step - self.warmup) / max(1, end - self.warmup))
            return rising * (self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * progress)))
        if end is None or step < self.branch_start(end):
            return rising
        # 1 - sqrt falls fast at first: lower losses than a straight line (arXiv 2405.18392)
        done = (step - self.branch_start(end) + 1) / self.decay_steps(end)
        return rising * (self.floor + (1 - self.floor) * (1 - math.sqrt(min(1.0, done))))


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of a run: steps `start` to `stop` - 1 of the trunk, or of the branch that ends at `end`."""

    start: int
    stop: int
    end: int | None


def legs(schedule: Schedule, points: list[int]) -> list[Leg]:
    """What a run does, in order: the trunk to where a branch leaves it, that branch, the trunk on from there.

    Args:
        schedule: of the run.
        points: steps at which a model is wanted, ascending; the last one ends the run.

    Raises:
        ValueError: a cosine schedule with more than one point.
    """
    if schedule.kind == "cosine":
        if len(points) != 1:
            raise ValueError("a cosine schedule gives one point; use wsd for several")
        return [Leg(0, points[0], points[0])]
    found, done = [], 0
    for end in points:
        leave = schedule.branch_start(end)
        if leave > done:
            found.append(Leg(done, leave, None))
            done = leave
        found.append(Leg(leave, end, end))
    return found
