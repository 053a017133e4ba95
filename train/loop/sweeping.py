"""Runs of a sweep as a stage: plans, trains what is not trained yet, and writes down what was measured."""

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import manifest as manifests
from contracts.errors import StageError, StaleStageError
from contracts.files import checksum
from contracts.manifest import Manifest
from mixer.layout import Layout
from mixer.recipe import Configuration
from pipelines.phase import Observer
from pipelines.stage import StageResult
from report.table import plain
from train.loop.layout import MEASURED
from train.loop.measured import counts_of, measured, write_measured
from train.sweep.attempt import Attempt, Runner
from train.sweep.config import SweepConfig
from train.sweep.devices import visible_gpus
from train.sweep.draft import forms
from train.sweep.job import RUNTIME, Job, open_job
from train.sweep.local import run_local
from train.sweep.make import mix_for, plan_sweep
from train.sweep.rows import Row
from train.sweep.runners import require_alone, runner_of
from train.sweep.tally import Tally, line
from train.sweep.wanted import read_lines, wanted_runs

Tell = Callable[[str], None]
"""Told a line for people."""

WAIT_SECONDS = 3.0
"""Between two looks at runs that other processes work on."""
SHOWN = 20
"""Failed runs that a message lists."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a stage.

    Attributes:
        name: of the stage: sweep or trials.
        config: which runs; its `corpus` names the configuration's file.
        whole: the configuration of the corpus, overrides included.
        base: folder that paths start from.
        layout: where the corpus lies.
        folder: where the runs go.
        workers: runs at the same time; None: as many as the machine suggests.
    """

    name: str
    config: SweepConfig
    whole: Configuration
    base: Path
    layout: Layout
    folder: Path
    workers: int | None = None

    def decides(self) -> dict[str, Any]:
        """What decides what is measured."""
        mix = mix_for(self.config, self.whole, self.base).model_dump(mode="json", exclude={"name", "output", "tokens"})
        return {"runs": self.config.model_dump(mode="json", exclude={"output", "corpus", *RUNTIME}), "mix": mix}

    def inputs(self) -> dict[str, str]:
        """Identities of what the runs read; a form of pairs that is not tokenised yet is not among them."""
        mix = mix_for(self.config, self.whole, self.base)
        found = {"validation": self.layout.validation, "tokenizer": self.layout.tokenizer}
        for form in forms(mix, wanted_runs(self.config, *self.listed())):
            own = form == self.whole.mix.parallel_form
            found["tokens" if own else f"tokens/{form}"] = self.layout.tokens(form, mix.parallel_level)
        known = {name: manifests.read(folder) for name, folder in found.items()}
        listed = {"list": checksum(self.base / self.config.list)} if self.config.list else {}
        return {name: m.identity for name, m in known.items() if m is not None} | listed

    def listed(self) -> tuple[list[str], str]:
        """Lines of the list of runs, if there is one, and what to call it."""
        return (read_lines(self.base / self.config.list), self.config.list) if self.config.list else ([], "the sweep")


def finished(runs: Runs) -> Manifest | None:
    """The manifest of runs that are all done and as configured; None: something is to do."""
    try:
        found = manifests.read(runs.folder)
    except StaleStageError:
        return None
    if found is None or manifests.differences(found, runs.folder, runs.decides(), runs.inputs()):
        return None
    return found


def run_stage(runs: Runs, observe: Observer | None, tell: Tell, runner: Runner | None = None) -> StageResult:
    """Train what is not trained yet, and wait for what other processes train.

    Runs that are there and still wanted are kept, whatever else changed.

    Args:
        runs: which, and where.
        observe: told about progress.
        tell: told how each run ended.
        runner: trains one run; None: as the sweep says.

    Raises:
        StageError: runs failed.
        PlanError: the corpus does not allow a mixture.
    """
    known = finished(runs)
    if known is not None:
        return StageResult(known, skipped=True)
    require_alone(os.environ)
    started = time.time()
    (runs.folder / manifests.MANIFEST).unlink(missing_ok=True)
    plan_sweep(runs.config, runs.base, observe=observe, whole=runs.whole)
    job, rows = open_job(runs.config, runs.base)
    _train(runs, job, rows, observe, tell, runner)
    frame = measured(job.folder, rows)
    path = runs.folder / MEASURED
    write_measured(path, frame)
    facts = {
        "seconds": round(time.time() - started, 3),
        "peak_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
        "glotmix": manifests.VERSION,
    }
    made = manifests.build(
        runs.name, runs.folder, [path], runs.decides(), runs.inputs(), counts_of(frame, rows), facts
    )
    manifests.write(runs.folder, made)
    return StageResult(made, skipped=False)


def _train(runs: Runs, job: Job, rows: list[Row], observe: Observer | None, tell: Tell, runner: Runner | None) -> None:
    def told(row: Row, found: Attempt, over: int, total: int) -> None:
        tell(f"{line(row, found)}; {over:,} of {total:,}")
        if observe:
            observe("runs", float(over), float(total))

    workers = runs.workers or len(visible_gpus(os.environ)) or len(os.sched_getaffinity(0))
    left = [row for row in rows if not job.folder.is_done(row)]
    if left:
        tell(f"{runs.name}: {len(left):,} of {len(rows):,} runs to train, {min(workers, len(left))} at a time")
    while True:
        tally = run_local(job, rows, workers, runner or runner_of(job), told)
        if tally.failed or not tally.busy:
            break
        # another command's, or of one that was killed and whose workers are still saving
        tell(f"{runs.name}: {len(tally.busy):,} runs are in work elsewhere, one by {tally.busy[0][1]}; waiting")
        time.sleep(WAIT_SECONDS)
    _require_none_failed(tally, runs)


def _require_none_failed(tally: Tally, runs: Runs) -> None:
    if tally.failed:
        lines = [f"  run {row.index} ({row.rung}, {row.mixture}): {why.splitlines()[0]}" for row, why in tally.failed]
        more = [f"  and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        told = "\n".join(map(plain, [*lines[:SHOWN], *more]))
        raise StageError(
            f"{len(tally.failed)} run(s) of the {runs.name} stage failed:\n{told}\nThe same command tries them again; "
            f"logs: {runs.folder / 'logs'}, tracebacks: {runs.folder / 'failed'}"
        )
