"""`glotmix sweep plan|run|status|submit`: nothing but wiring; what takes long to import is imported inside."""

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.config import override, read_yaml, validate
from contracts.errors import ConfigError, StageError
from report.front import EXIT_CODES, DefaultGroup, err, errors, say, show
from report.progress import PhaseProgress
from report.table import Summary, plain

if TYPE_CHECKING:
    from train.sweep.attempt import Attempt
    from train.sweep.config import SweepConfig
    from train.sweep.job import Job
    from train.sweep.rows import Row
    from train.sweep.tally import Tally

sweep_app = typer.Typer(
    cls=DefaultGroup,
    no_args_is_help=True,
    epilog=f"Without a command word: run CONFIG. {EXIT_CODES}",
    help="Many runs over sizes, tokens and mixtures.",
)

SweepPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="The YAML file of the sweep; see docs/sweeps.md.")]
Assignments = Annotated[list[str] | None, typer.Option("--set", help="Override: section.key=value. May be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def _load(path: Path, assignments: list[str] | None) -> "tuple[SweepConfig, Path]":
    """The configuration, and the folder that its paths start from."""
    from train.sweep.config import SweepConfig

    data = override(read_yaml(path), assignments or [])
    return validate(SweepConfig, data, str(path)), path.resolve().parent


@sweep_app.command("plan")
def plan(
    config: SweepPath,
    set_: Assignments = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the runs with their cost, and make their mixtures."""
    with errors():
        from train.sweep.make import plan_sweep
        from train.sweep.plan_tables import plan_tables

        loaded, base = _load(config, set_)
        with PhaseProgress("tokens", err) as progress:
            planned = plan_sweep(loaded, base, dry_run=dry_run, observe=progress.observe)
        show(plan_tables(planned, as_json), as_json)
        if not as_json and not dry_run:
            say(f"List: {planned.folder.list}\nNext: glotmix sweep run {config} (-j N, --ray), or sweep submit")


@sweep_app.command("run")
def run(
    config: SweepPath,
    index: Annotated[int | None, typer.Option("--index", min=0, help="Do this run of the list only.")] = None,
    count: Annotated[int, typer.Option(min=1, help="With --index: do so many runs from there on.")] = 1,
    workers: Annotated[int, typer.Option("-j", "--workers", min=1, help="Runs at the same time here.")] = 1,
    ray: Annotated[str | None, typer.Option(help="Run on this Ray cluster: an address, auto or local.")] = None,
    gpus: Annotated[float | None, typer.Option(min=0, help="With --ray: GPUs that a run takes (default 1).")] = None,
    set_: Assignments = None,
    as_json: AsJson = False,
) -> None:
    """Do all runs that are not done yet, or one; a killed sweep goes on where it stopped."""
    with errors():
        from train.sweep.job import open_job
        from train.sweep.runners import require_alone

        _refuse_together(index, count, workers, ray, gpus)
        require_alone(os.environ)
        loaded, base = _load(config, set_)
        job, rows = open_job(loaded, base)
        tell = _to_stderr if as_json else say
        if index is not None:
            tally = _run_some(job, rows, index, count, tell)
        else:
            tally = _run_all(job, rows, workers, ray, gpus, tell)
        _report(tally, config, job.folder.runs, as_json)


@sweep_app.command("status")
def status(config: SweepPath, set_: Assignments = None, as_json: AsJson = False) -> None:
    """Count finished, running, failed and waiting runs; show what failed and how long the rest will take."""
    with errors():
        from train.sweep.job import open_job
        from train.sweep.status import read_status, summary

        job, rows = open_job(*_load(config, set_))
        found = read_status(job.folder, rows)
        tables = [Summary(f"Sweep: {len(rows)} runs", [summary(found)])]
        if found.running:
            tables.append(Summary("Running", [{**_brief(row), "by": owner} for row, owner in found.running]))
        if found.failed:
            told = [{**_brief(r), **{k: n.get(k) for k in ("attempts", "error", "message")}} for r, n in found.failed]
            tables.append(Summary(f"Failed; tracebacks in {job.folder.root / 'failed'}", told))
        show(tables, as_json)


@sweep_app.command("submit")
def submit(
    config: SweepPath,
    set_: Assignments = None,
    do_submit: Annotated[bool, typer.Option("--submit", help="Call sbatch; else print what to call.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a Slurm job array for the runs that are not done yet, and submit it with --submit."""
    with errors():
        from train.sweep import slurm
        from train.sweep.job import open_job

        loaded, base = _load(config, set_)
        job, rows = open_job(loaded, base)
        if loaded.slurm.nodes > 1 and not loaded.launch:
            raise ConfigError(f"slurm.nodes: {loaded.slurm.nodes} needs `launch`, a command that starts all of them")
        done = job.folder.all_done()
        found = slurm.arrays([row.index for row in rows if row.run_id not in done], loaded.slurm)
        if not found:
            if as_json:
                show([Summary("Submit", [])], as_json)
            else:
                say("every run is finished")
            return
        again = [part for assignment in set_ or [] for part in ("--set", assignment)]
        command = [sys.executable, "-m", "glotmix", "sweep", "run", str(config.resolve()), *again]
        if loaded.slurm.venv_path:
            command[0] = "python"
        path = job.root / slurm.SCRIPT
        job.folder.logs.mkdir(parents=True, exist_ok=True)
        slurm.write_script(path, slurm.script(loaded.slurm, command, job.folder.logs, f"sweep-{job.root.name}"))
        lines = slurm.sbatch_lines(path, found, loaded.slurm)
        jobs = slurm.submit(lines, chain=loaded.slurm.limit is not None) if do_submit else []
        tasks = [array.tasks for array in found]
        if as_json:
            commands = [shlex.join(line) for line in lines]
            rows_ = [{"script": str(path), "tasks": tasks, "commands": commands, "jobs": jobs}]
            show([Summary("Submit", rows_)], as_json)
            return
        say(f"{sum(tasks):,} task(s) in {len(found)} array(s). Script: {path}")
        say(f"submitted: {', '.join(jobs)}" if do_submit else "\n".join(shlex.join(line) for line in lines))


def _refuse_together(index: int | None, count: int, workers: int, ray: str | None, gpus: float | None) -> None:
    if index is not None and (workers > 1 or ray is not None):
        raise ConfigError("--index does one run here; leave out -j and --ray")
    if index is None and count > 1:
        raise ConfigError("--count goes with --index")
    if ray is not None and workers > 1:
        raise ConfigError("-j is for this machine; a Ray cluster does as many runs as it has room for")
    if ray is None and gpus is not None:
        raise ConfigError("--gpus goes with --ray; here each worker gets a GPU in turn")


def _to_stderr(message: str) -> None:
    err.print(plain(message), markup=False, highlight=False, soft_wrap=True)


def _run_some(job: "Job", rows: "list[Row]", index: int, count: int, tell: Callable[[str], None]) -> "Tally":
    """The runs from a number on, one after the other in this process."""
    from train.distributed import leaving
    from train.sweep.attempt import Result, attempt
    from train.sweep.job import chosen
    from train.sweep.runners import runner_of
    from train.sweep.tally import Tally, line

    tally = Tally()
    with leaving():
        for row in chosen(rows, index, count):
            found = attempt(job, row, runner_of(job))
            tally.add(row, found)
            tell(line(row, found))
            if found.result is Result.BROKEN and row is not rows[-1]:
                break  # what is left is done by the next task or the next command
    return tally


def _run_all(
    job: "Job", rows: "list[Row]", workers: int, ray: str | None, gpus: float | None, tell: Callable[[str], None]
) -> "Tally":
    from train.sweep.runners import runner_of
    from train.sweep.tally import line

    with PhaseProgress("sweep", err) as progress:

        def observe(row: "Row", found: "Attempt", over: int, total: int) -> None:
            tell(f"{line(row, found)}; {over:,} of {total:,}")
            progress.observe("runs", float(over), float(total))

        if ray is not None:
            from train.sweep.on_ray import run_ray

            return run_ray(job, rows, ray, 1.0 if gpus is None else gpus, runner_of(job), observe)
        from train.sweep.local import run_local

        return run_local(job, rows, workers, runner_of(job), observe)


def _report(tally: "Tally", config: Path, runs: Path, as_json: bool) -> None:
    """One line of counts, and where the points are.

    Raises:
        StageError: runs failed; lists them.
    """
    counts = {
        "trained": len(tally.finished),
        "finished before": len(tally.skipped),
        "in work elsewhere": len(tally.busy),
        "failed": len(tally.failed),
    }
    there = next(runs.glob("*.parquet"), None) is not None
    if as_json:
        show([Summary("Sweep", [{**counts, "runs table": str(runs) if there else None}])], as_json)
    else:
        say("; ".join(f"{number:,} {what}" for what, number in counts.items() if number) or "nothing to do")
    if there and not as_json:
        say(f"Runs table: {runs}\nNext: glotmix inspect {shlex.quote(str(runs))}")
    if tally.failed:
        lines = [f"  run {row.index} ({row.rung}, {row.mixture}): {why.splitlines()[0]}" for row, why in tally.failed]
        more = [f"  and {len(lines) - 20} more"] if len(lines) > 20 else []
        told = "\n".join(map(plain, [*lines[:20], *more]))
        raise StageError(
            f"{len(tally.failed)} run(s) failed:\n{told}\nThe same command tries them again; see: glotmix sweep "
            f"status {config}"
        )


def _brief(row: "Row") -> dict[str, Any]:
    found = {"run": row.index, "size": row.rung, "tokens": row.tokens[-1], "mixture": row.mixture}
    return {**found, "pairs": row.strategy, "seed": row.seed}
