"""A scheduler's or a user's wish to stop, seen between two steps."""

import signal
import threading
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
"""SIGTERM and SIGUSR1 are what schedulers send before a job's time is over (Slurm: --signal)."""


class Stopped(KeyboardInterrupt):
    """A run was asked to stop, and all its ranks did so after the same step, with a checkpoint."""


class StopRequest:
    """While it is entered, signals are noted; a second SIGINT acts as usual, for who cannot wait.

    Schedulers and launchers often send the same signal twice, to all processes and through their parent; so the others
    are only noted again. Outside the main thread, where Python allows no handlers, nothing is noted.
    """

    def __init__(self) -> None:
        self.wanted = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "StopRequest":
        """Take the signals."""
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.wanted and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.wanted = True


def ignore_signals(_: int = 0) -> None:
    """Leave signals to the parent: for processes that read ahead, which get them as part of its group."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
