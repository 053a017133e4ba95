"""How a sweep went: runs by how they ended."""

from collections.abc import Callable
from dataclasses import dataclass, field

from train.sweep.attempt import Attempt, Result
from train.sweep.rows import Row

Observe = Callable[[int, int], None]
"""Told how many runs are over, and of how many."""


@dataclass(slots=True)
class Tally:
    """How a sweep went.

    Attributes:
        finished: runs that were trained now.
        skipped: those that were finished before.
        busy: those that another process works on.
        failed: those that failed, with the reason.
    """

    finished: list[Row] = field(default_factory=list)
    skipped: list[Row] = field(default_factory=list)
    busy: list[tuple[Row, str]] = field(default_factory=list)
    failed: list[tuple[Row, str]] = field(default_factory=list)

    def add(self, row: Row, found: Attempt) -> None:
        """Count one run."""
        if found.result is Result.FINISHED:
            self.finished.append(row)
        elif found.result is Result.SKIPPED:
            self.skipped.append(row)
        elif found.result is Result.BUSY:
            self.busy.append((row, found.detail))
        else:
            self.failed.append((row, found.detail))

    @property
    def over(self) -> int:
        """Runs that are not to be tried again now."""
        return len(self.finished) + len(self.skipped) + len(self.busy) + len(self.failed)
