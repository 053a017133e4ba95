"""Progress of a running phase: tasks write how far they are, the driver adds it up."""

import threading
import time
from pathlib import Path

from contracts.files import remove_tree
from pipelines.phase import Observer, Phase

POLL_SECONDS = 0.25


class ProgressReporter:
    """Lets a step say how far its task is, at most twice a second, in a file the driver reads."""

    def __init__(self, folder: Path, rank: int) -> None:
        self.path = folder / f"{rank:05d}"
        self.done = 0.0
        self._next = 0.0

    def add(self, amount: float) -> None:
        """Count finished work (bytes)."""
        self.done += amount
        now = time.monotonic()
        if now >= self._next:
            self._next = now + 0.5
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(str(int(self.done)))


class Watcher:
    """Adds up the progress that tasks report and tells the observer, from a thread of its own."""

    def __init__(self, phase: Phase, folder: Path, observe: Observer | None) -> None:
        self.phase, self.folder, self.observe = phase, folder, observe
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        remove_tree(self.folder / "progress")
        if self.observe:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        if self.observe:
            self._thread.join()

    def _watch(self) -> None:
        assert self.observe is not None
        finished = False
        while not finished:
            finished = self._stopped.wait(POLL_SECONDS)
            self.observe(self.phase.name, *self._state())

    def _state(self) -> tuple[float, float]:
        completed = {p.name for p in (self.folder / "completions").glob("*")}
        if not self.phase.work:
            return float(len(completed)), float(self.phase.tasks)
        share = self.phase.work / self.phase.tasks
        done = share * len(completed)
        for path in (self.folder / "progress").glob("*"):
            if path.name not in completed:
                done += min(share, float(path.read_text() or 0))
        return min(done, self.phase.work), self.phase.work
