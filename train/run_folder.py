"""The folder of a run: what it is, its steps and its points."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any

from contracts.errors import StageError
from contracts.files import atomic_path, write_json
from train.progress import Position
from train.schedule import Leg

RUN, STEPS, POINTS, CHECKPOINTS, LOCK = "run.json", "steps.jsonl", "points", "checkpoints", "lock"


def lock(folder: Path) -> IO[str]:
    """Hold a run's folder until what this gives is closed, or the process ends.

    Raises:
        StageError: another process of this machine trains in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = open(folder / LOCK, "a", encoding="utf-8")  # noqa: SIM115
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise StageError(f"{folder}: another process trains in it; wait for it, or give another folder") from error
    except OSError:
        return handle  # a disk without locks: two starts of one run are then the user's to avoid
    return handle


class RunFolder:
    """Files below the output folder of a run; written by rank 0 only.

    Args:
        folder: of the run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def require(self, run_id: str, facts: dict[str, Any]) -> None:
        """Refuse a folder that holds another run.

        Args:
            run_id: the run's name.
            facts: what decides its weights, for the message.

        Raises:
            StageError: it holds another one; says in what they differ.
        """
        path = self.folder / RUN
        if not path.is_file():
            return
        found = self._read(path)
        if found["run_id"] != run_id:
            changed = "; ".join(_differences(found["facts"], facts, "")).replace("inputs.", "")
            raise StageError(
                f"{self.folder} holds another run: {changed}. Give another folder (--set output=...), or remove this "
                "one"
            )

    def claim(self, run_id: str, facts: dict[str, Any], evaluation: dict[str, Any]) -> None:
        """Note which run this folder holds.

        Args:
            run_id: its name.
            facts: what decides its weights, for people and for messages.
            evaluation: folder of the validation sets, relative to this one, and the form of the held-out pairs.
        """
        write_json(self.folder / RUN, {"run_id": run_id, "facts": facts, "evaluation": evaluation})

    def points(self) -> dict[int, dict[str, Any]]:
        """The rows of the measured points, by the step of their end."""
        files = sorted((self.folder / POINTS).glob("*/point.json"))
        return {int(found["end"]): found["row"] for found in map(self._read, files)}

    def point_folder(self, tokens: int) -> Path:
        """Where the results of a point lie.

        Args:
            tokens: of the point, as asked for.
        """
        return self.folder / POINTS / f"{tokens:015d}"

    def add_point(self, tokens: int, end: int, row: dict[str, Any]) -> None:
        """Note a measured point; from now on it is finished.

        Args:
            tokens: as asked for.
            end: its step.
            row: of the runs table.
        """
        write_json(self.point_folder(tokens) / "point.json", {"end": end, "row": row})

    @staticmethod
    def _read(path: Path) -> Any:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StageError(f"{path}: damaged ({error}); remove it, and what it tells is made again") from error


class StepLog:
    """steps.jsonl: one line a step, in the order of the run.

    Args:
        folder: of the run.
        legs: of the run.
        position: where the run goes on; lines of later steps are left out, since those are done again.
    """

    def __init__(self, folder: Path, legs: list[Leg], position: Position) -> None:
        self.path = folder / STEPS
        kept = [line for line in self._lines() if _before(json.loads(line), legs, position)]
        with atomic_path(self.path) as temporary:
            temporary.write_text("".join(kept), encoding="utf-8")
        self._handle = open(self.path, "a", encoding="utf-8")  # noqa: SIM115

    def add(self, row: dict[str, Any]) -> None:
        """Append a line; it is on disk after `flush`."""
        self._handle.write(json.dumps(row) + "\n")

    def flush(self) -> None:
        """Bring all lines to disk."""
        self._handle.flush()
        os.fsync(self._handle.fileno())

    def close(self) -> None:
        """Flush and close."""
        self.flush()
        self._handle.close()

    def _lines(self) -> list[str]:
        """Whole lines; the last ones may be cut, or empty of meaning, where a machine stopped."""
        if not self.path.is_file():
            return []
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        return [line for line in lines if line.startswith("{") and line.endswith("}\n")]


def _before(row: dict[str, Any], legs: list[Leg], position: Position) -> bool:
    """Whether a line is of a step before a position."""
    leg, end = legs[position.leg], row["end"]
    if end == leg.end:
        return bool(row["step"] < position.step)
    if end is None:
        return bool(row["step"] < leg.start)
    return bool(end < (leg.end if leg.end is not None else legs[position.leg + 1].end or 0))


def _differences(before: Any, now: Any, key: str) -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        return [
            line
            for name in sorted({*before, *now})
            for line in _differences(before.get(name), now.get(name), f"{key}.{name}" if key else name)
        ]
    return [] if before == now else [f"{key}: {_short(before)} -> {_short(now)}"]


def _short(value: Any) -> str:
    """A value as JSON; hashes by their beginning."""
    text = json.dumps(value)
    return f"{text[1:13]}..." if len(text) > 60 else text
