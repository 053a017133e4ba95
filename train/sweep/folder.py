"""The folder of a sweep: its list, and for each run a lock, a mark when it is finished, a note when it failed."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import StageError
from contracts.files import write_json
from train.sweep.lock import Owner, holder
from train.sweep.rows import Row

PLAN = "plan.json"


@dataclass(frozen=True, slots=True)
class SweepFolder:
    """Where everything of a sweep lies, on a disk that all its machines share."""

    root: Path

    @property
    def list(self) -> Path:
        """The list of runs, JSON lines."""
        return self.root / "list.jsonl"

    @property
    def runs(self) -> Path:
        """The runs table."""
        return self.root / "runs"

    @property
    def logs(self) -> Path:
        """What workers print."""
        return self.root / "logs"

    def run(self, row: Row) -> Path:
        """The folder of a run. A plan with longer runs may give a run another mixture: then it is begun anew."""
        return self.root / "trained" / f"{row.run_id}-{row.mixture[-6:]}"

    def lock(self, row: Row) -> Path:
        """The lock of a run."""
        return self.root / "locks" / row.run_id

    def done(self, row: Row) -> Path:
        """The mark of a finished run."""
        return self.root / "done" / f"{row.run_id}.json"

    def failure(self, row: Row) -> Path:
        """The note on a failed run."""
        return self.root / "failed" / f"{row.run_id}.json"

    def is_done(self, row: Row) -> bool:
        """Whether a run is finished."""
        return self.done(row).is_file()

    def all_done(self) -> set[str]:
        """Ids of all finished runs: one look at one folder."""
        return {path.stem for path in (self.root / "done").glob("*.json")}

    def all_failed(self) -> set[str]:
        """Ids of all runs with a note on a failure."""
        return {path.stem for path in (self.root / "failed").glob("*.json")}

    def owner(self, row: Row) -> Owner | None:
        """Who works on a run."""
        return holder(self.lock(row))

    def finish(self, row: Row, seconds: float) -> None:
        """Mark a run as finished."""
        here = Owner.here()
        facts = {"index": row.index, "seconds": round(seconds, 3), "flops": row.flops, "host": here.host}
        write_json(self.done(row), {**facts, "finished": _now()})
        self.failure(row).unlink(missing_ok=True)

    def fail(self, row: Row, kind: str, message: str, trace: str, seconds: float) -> dict[str, Any]:
        """Note why a run failed; what is known of earlier failures is counted."""
        attempts = (self.read_failure(row) or {}).get("attempts", 0) + 1
        note = {
            "index": row.index,
            "run_id": row.run_id,
            "error": kind,
            "message": _fit(message)[:4000],
            "attempts": attempts,
            "seconds": round(seconds, 3),
            "host": Owner.here().host,
            "when": _now(),
            "trace": _fit(trace)[-8000:],
        }
        write_json(self.failure(row), note)
        return note

    def read_failure(self, row: Row) -> dict[str, Any] | None:
        """The note on a failed run, if there is one."""
        return _read(self.failure(row))

    def read_done(self, row: Row) -> dict[str, Any] | None:
        """The mark of a finished run, if there is one."""
        return _read(self.done(row))

    def plan(self) -> dict[str, Any]:
        """What the plan was made of.

        Raises:
            StageError: there is no plan.
        """
        found = _read(self.root / PLAN)
        if found is None:
            raise StageError(f"{self.root}: there is no plan yet. Run: glotmix sweep plan CONFIG")
        return found


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _fit(text: str) -> str:
    """Text that is fit for UTF-8: messages quote paths and programs of any origin."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
