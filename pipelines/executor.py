"""Runs the tasks of a phase with datatrove's executors, so that a failure is always seen and never spreads.

What the wrapping adds: a task that fails is recorded and leaves its siblings alone; a worker that dies (out of
memory) ends the phase with an error instead of hanging it; finished means that every task left its mark, whatever
the executor returned; the step list is pickled once, not once a task; logs of the host application stay untouched,
because tasks always run in processes of their own.
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from contracts.errors import StageError
from contracts.files import remove_tree, write_json
from pipelines.executor_config import ExecutorConfig
from pipelines.executors import local, on_ray, on_slurm
from pipelines.executors.guard import MAX_FAILURES, failures, last_words
from pipelines.phase import Observer, Phase, PhaseReport
from pipelines.progress import ProgressReporter, Watcher

__all__ = ["MAX_FAILURES", "Observer", "Phase", "PhaseReport", "ProgressReporter", "run_phase"]

Runner = Callable[[Phase, Path, ExecutorConfig, Sequence[int]], None]
RUNNERS: dict[str, Runner] = {"local": local.run, "ray": on_ray.run, "slurm": on_slurm.run}
"""How to run unfinished ranks, by `executor.kind`."""


def run_phase(phase: Phase, logs: Path, config: ExecutorConfig, observe: Observer | None = None) -> PhaseReport:
    """Run the tasks of a phase that are not done yet and wait for all of them.

    Args:
        phase: what to run.
        logs: folder for this phase's logs and completion marks, on a disk that all workers share.
        config: where to run it.
        observe: told about progress.

    Raises:
        StageError: tasks failed or a worker died; those that finished are kept for the next run.
        ConfigError: the executor is not available here.
    """
    folder = logs / phase.name
    _refuse_other_shape(phase, folder)
    remove_tree(folder / "failures")
    started = time.monotonic()
    ranks = _missing(phase, folder)
    if ranks:
        with Watcher(phase, folder, observe):
            RUNNERS[config.kind](phase, folder, config, ranks)
        _raise_for_missing(phase, folder)
    peaks = [json.loads(p.read_text()) for p in (folder / "peak").glob("*.json")]
    return PhaseReport(phase.name, phase.tasks, time.monotonic() - started, max(peaks, default=0))


def _missing(phase: Phase, folder: Path) -> list[int]:
    """Ranks without datatrove's mark of completion."""
    completed = {path.name for path in (folder / "completions").glob("*")}
    return [rank for rank in range(phase.tasks) if f"{rank:05d}" not in completed]


def _refuse_other_shape(phase: Phase, folder: Path) -> None:
    """Completion marks name ranks only: they mean nothing for another number of tasks, so such marks are removed."""
    shape = {"tasks": phase.tasks, "steps": [type(step).__name__ for step in phase.steps]}
    path = folder / "shape.json"
    if folder.exists() and (not path.exists() or json.loads(path.read_text()) != shape):
        remove_tree(folder)
    if not path.exists():
        write_json(path, shape)


def _raise_for_missing(phase: Phase, folder: Path) -> None:
    """Whatever the executor said: done means that every rank left its mark."""
    missing = _missing(phase, folder)
    if not missing:
        return
    recorded = [json.loads(p.read_text(encoding="utf-8")) for p in failures(folder)]
    if recorded:
        first = recorded[0]
        reason = f"first error, task {first['rank']}: {first['error']}: {first['message']}"
    else:
        reason = f"they left neither a result nor an error{last_words(folder)}"
    raise StageError(
        f"{phase.name}: {len(missing)} of {phase.tasks} tasks did not finish; {reason}\n"
        f"Finished tasks are kept: mend the cause and run the same command again. Logs: {folder}"
    )
