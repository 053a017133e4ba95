"""What a stage asks an executor to run, and what comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from datatrove.pipeline.base import PipelineStep

Observer = Callable[[str, float, float], None]
"""Called with (phase, work done, work in all) while a phase runs."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A list of datatrove steps to run over `tasks` ranks.

    Attributes:
        name: unique in its stage; names the log folder.
        steps: the pipeline. Steps hold small, picklable attributes only, and no secrets: datatrove logs them.
        tasks: how many ranks; a function of the input, never of the workers.
        work: size of all the work in the unit the steps report progress in (bytes), for the progress bar.
    """

    name: str
    steps: Sequence[PipelineStep]
    tasks: int
    work: float = 0.0


@dataclass(frozen=True, slots=True)
class PhaseReport:
    """How a phase went: seconds of wall time and the largest resident memory of one of its processes in bytes."""

    name: str
    tasks: int
    seconds: float
    peak_bytes: int
