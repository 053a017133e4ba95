"""What a run tells while it works: steps.jsonl, trackers, and lines for who watches. On rank 0."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from train.config import TrackingConfig
from train.progress import Position
from train.run_folder import StepLog
from train.schedule import Leg
from train.trackers import POINTS, open_trackers, series_of

Say = Callable[[str], None]

SAY_EVERY = 10.0
"""Seconds between lines on progress."""

TRACKED = ("loss", "gradient_norm", "rate")


class Journal:
    """Writes down steps and points.

    Args:
        folder: of the run.
        legs: of the run.
        position: where it goes on; lines of later steps are taken out, since those are done again.
        tracking: which trackers there are.
        run_id: of the run.
        facts: what decides its weights, for trackers.
        say: told about progress.
    """

    def __init__(
        self,
        folder: Path,
        legs: list[Leg],
        position: Position,
        tracking: TrackingConfig,
        run_id: str,
        facts: dict[str, Any],
        say: Say,
    ) -> None:
        self.log = StepLog(folder, legs, position)
        self.trackers = open_trackers(tracking, folder, run_id, facts)
        self.say, self.said_at = say, -math.inf

    def step(self, row: dict[str, Any]) -> None:
        """Write down a step.

        Args:
            row: step, end (of its branch), loss, gradient_norm, rate, targets, seconds, spike.
        """
        self.log.add({key: _plain(value) for key, value in row.items()})
        values = {key: row[key] for key in TRACKED if row[key] is not None}
        self.trackers.log(row["step"] + 1, values, series_of(row["end"]))
        if row["spike"]:
            self.say(f"step {row['step'] + 1:,}: spike, loss {row['loss']:.4f}")
        if time.monotonic() - self.said_at > SAY_EVERY and row["loss"] is not None:
            self.said_at = time.monotonic()
            branch = "" if row["end"] is None else f" (branch to {row['end']:,})"
            self.say(f"step {row['step'] + 1:,}{branch}: loss {row['loss']:.4f}, {row['seconds']:.0f} s")

    def point(self, end: int, row: dict[str, Any]) -> None:
        """Write down a point.

        Args:
            end: its step.
            row: of the runs table.
        """
        numbers = {k: v for k, v in row.items() if k.startswith(("loss_", "bpb_")) and v is not None}
        self.trackers.log(end, numbers, POINTS)
        languages = (f"{name.removeprefix('loss_')} {loss:.3f}" for name, loss in numbers.items() if _short(name))
        self.say(f"point at step {end:,}: {', '.join(languages)}")

    def flush(self) -> None:
        """Bring all steps to disk."""
        self.log.flush()

    def close(self) -> None:
        """Flush, and end trackers."""
        self.log.close()
        self.trackers.close()


def _short(name: str) -> bool:
    return name.startswith("loss_") and "->" not in name


def _plain(value: Any) -> Any:
    """JSON knows no infinities and no not-a-number."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
