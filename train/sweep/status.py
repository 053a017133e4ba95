"""How far a sweep is: counts, failures, and the time that is left by the speed that was measured."""

import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from train.sweep.folder import SweepFolder
from train.sweep.rows import Row


@dataclass(frozen=True, slots=True)
class Status:
    """The state of every run.

    Attributes:
        finished: runs that are trained, with their marks.
        running: runs that a living process works on, by who it is.
        failed: runs that failed and are not running again, with their notes.
        waiting: all others.
    """

    finished: list[tuple[Row, dict[str, Any]]]
    running: list[tuple[Row, str]]
    failed: list[tuple[Row, dict[str, Any]]]
    waiting: list[Row]


def read_status(folder: SweepFolder, rows: Sequence[Row]) -> Status:
    """Look at every run of a list."""
    done, failed = folder.all_done(), folder.all_failed()
    status = Status([], [], [], [])
    for row in rows:
        if row.run_id in done:
            status.finished.append((row, folder.read_done(row) or {}))
        elif (owner := folder.owner(row)) is not None:
            status.running.append((row, str(owner)))
        elif row.run_id in failed:
            status.failed.append((row, folder.read_failure(row) or {}))
        else:
            status.waiting.append(row)
    return status


def speeds(status: Status) -> dict[str, float]:
    """Operations a second by rung, as measured: the median of the finished runs of each."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for row, mark in status.finished:
        if mark.get("seconds", 0) > 0:
            found[row.rung].append(row.flops / mark["seconds"])
    return {rung: statistics.median(values) for rung, values in found.items()}


def worker_seconds(rows: Sequence[Row], measured: Mapping[str, float]) -> float | None:
    """Time that one worker would take for these runs; sizes not measured yet take the median speed of the others.

    Args:
        rows: runs to do.
        measured: operations a second by rung.
    """
    if not rows:
        return 0.0
    if not measured:
        return None
    overall = statistics.median(measured.values())
    return sum(row.flops / measured.get(row.rung, overall) for row in rows)


def summary(status: Status, now: float | None = None) -> dict[str, Any]:
    """One row of numbers: counts, and the time that is left with as many workers as there are now.

    Args:
        status: of the sweep.
        now: seconds since the epoch; None: the clock.
    """
    measured = speeds(status)
    left = [row for row, _ in status.running] + status.waiting + [row for row, _ in status.failed]
    alone = worker_seconds(left, measured)
    workers = len(status.running)
    over = None if alone is None or not workers else alone / workers
    at = None if over is None else time.strftime("%Y-%m-%d %H:%M", time.localtime((now or time.time()) + over))
    hours = [row.gpu_hours for row in left]
    return {
        "finished": len(status.finished),
        "running": workers,
        "failed": len(status.failed),
        "waiting": len(status.waiting),
        "worker hours left": None if alone is None else round(alone / 3600, 3),
        "over at about": at,
        "planned GPU-hours left": None if None in hours else round(sum(h for h in hours if h is not None), 3),
    }
