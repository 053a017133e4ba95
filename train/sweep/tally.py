"""How a sweep went: runs by how they ended."""

from collections.abc import Callable
from dataclasses import dataclass, field

from report.table import plain
from train.sweep.attempt import Attempt, Result
from train.sweep.rows import Row

Observe = Callable[[Row, Attempt, int, int], None]
"""Told how an attempt at a run ended, how many runs are over now, and of how many."""


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
        """Count one run, unless it is tried again."""
        if found.result is Result.FINISHED:
            self.finished.append(row)
        elif found.result is Result.SKIPPED:
            self.skipped.append(row)
        elif found.result is Result.BUSY:
            self.busy.append((row, found.detail))
        elif found.result is not Result.KILLED:
            self.failed.append((row, found.detail))

    @property
    def over(self) -> int:
        """Runs that are not to be tried again now."""
        return len(self.finished) + len(self.skipped) + len(self.busy) + len(self.failed)


def title(row: Row) -> str:
    """A run as people name it: its number, size and mixture."""
    return plain(f"run {row.index} ({row.rung}, {row.mixture})")


def line(row: Row, found: Attempt) -> str:
    """How an attempt at a run ended, in one line."""
    after = f" after {found.seconds:,.1f} s" if found.seconds else ""
    why = f": {found.detail.splitlines()[0]}" if found.detail else ""
    how = "failed" if found.result is Result.BROKEN else found.result.value
    return plain(f"{title(row)}: {how}{after}{why}")
