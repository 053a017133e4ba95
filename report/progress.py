"""Progress of phases: bars with rate and remaining time on a terminal, one line a phase elsewhere."""

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

QUIET_SECONDS = 1.0
"""Phases shorter than this show nothing on the way."""

BYTES_FROM = 100_000
"""Work counted in larger numbers than this is bytes, otherwise tasks."""


class RateColumn(ProgressColumn):
    """MB/s, or tasks done of all and tasks a second."""

    def render(self, task: Task) -> Text:
        """The text for one bar."""
        speed = task.speed or 0.0
        if (task.total or 0) < BYTES_FROM:
            return Text(f"{task.completed:.0f}/{task.total or 0:.0f} tasks, {speed:.1f}/s")
        return Text(f"{speed / 1e6:.1f} MB/s")


class PhaseProgress:
    """Shows what `observe` is told; a context manager around one stage."""

    def __init__(self, stage: str, console: Console) -> None:
        self.stage, self.console = stage, console
        self._started: dict[str, float] = {}
        self._bars: dict[str, TaskID] = {}
        self._finished: set[str] = set()
        columns = (TextColumn("{task.description}"), BarColumn(), RateColumn(), TimeRemainingColumn(compact=True))
        self._progress = Progress(*columns, console=console, transient=True)

    def __enter__(self) -> "PhaseProgress":
        if self.console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self._progress.stop()

    def observe(self, phase: str, done: float, total: float) -> None:
        """Called by the executor a few times a second, with work in bytes or tasks."""
        if phase in self._finished:
            return
        now = time.monotonic()
        started = self._started.setdefault(phase, now)
        if done >= total:
            self._finish(phase, now - started)
        elif self.console.is_terminal and now - started >= QUIET_SECONDS:
            if phase not in self._bars:
                name = f"{self.stage}/{phase}"
                self._bars[phase] = self._progress.add_task(name, total=total, completed=int(done))
            self._progress.update(self._bars[phase], completed=done)

    def _finish(self, phase: str, seconds: float) -> None:
        self._finished.add(phase)
        if phase in self._bars:
            self._progress.remove_task(self._bars.pop(phase))
        if seconds >= QUIET_SECONDS:
            self.console.print(f"{self.stage}/{phase}: {seconds:.1f} s", highlight=False, markup=False)
