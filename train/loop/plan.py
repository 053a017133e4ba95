"""What a run would do: each stage with its state, and what the runs that are to be trained cost. Writes nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts import manifest as manifests
from contracts.errors import GlotmixError, StaleStageError
from mixer.layout import Layout
from mixer.mix import inputs_of, semantic
from mixer.planning.prepare import resolve
from mixer.stages import STAGES, run_one
from report.table import Summary
from train.ladder import shape_of
from train.loop.allocating import asked_of, second_mixture
from train.loop.check import stand_in
from train.loop.config import LoopConfiguration
from train.loop.layout import LoopLayout
from train.loop.runs import sweep_runs
from train.loop.sweeping import Runs, finished
from train.sweep.cost import flops_of, steps_for
from train.sweep.draft import train_config
from train.sweep.folder import SweepFolder
from train.sweep.make import mix_for, plan_sweep
from train.sweep.mixture import mix_of
from train.sweep.plan_tables import operations
from train.sweep.rows import Row
from train.sweep.wanted import wanted_runs

SHOWN = 4
"""Differences of a mixture that are named."""
DONE, TODO, STALE = "unchanged", "to do", "does not match"


def plan_tables(config: LoopConfiguration, path: Path, layout: Layout, stages: Sequence[str]) -> list[Summary]:
    """A row a stage, and the reasons why stages would be refused.

    Args:
        config: of the whole run.
        path: its file.
        layout: where results go.
        stages: those that would run.
    """
    rows: list[dict[str, Any]] = []
    reasons: list[dict[str, Any]] = []
    base, todo = path.resolve().parent, False
    for stage in (s for s in stages if s in STAGES):
        state, why = _state(config, base, layout, stage) if not todo else (TODO, "")
        todo |= state != DONE
        rows.append({"stage": stage, "state": state})
        if why:
            reasons.append({"stage": stage, "why": why})
    if config.sweep is not None:
        rows += _after(config, path, layout, [s for s in stages if s not in STAGES], todo)
    columns = dict.fromkeys(key for row in rows for key in row)
    tables = [Summary("Plan", [{key: row.get(key) for key in columns} for row in rows])]
    return [*tables, Summary("Would be refused; --force redoes", reasons)] if reasons else tables


def _state(config: LoopConfiguration, base: Path, layout: Layout, stage: str) -> tuple[str, str]:
    folders = {
        "tokens": layout.tokens(config.mix.parallel_form, config.mix.parallel_level),
        "mix": layout.mix(config.mix.name),
    }
    if not (folders.get(stage, layout.root / stage) / manifests.MANIFEST).is_file():
        return TODO, ""
    try:
        if stage == "mix" and config.mix.output == "shards":  # which knows no check
            return _mixture_state(config, base, layout)
        run_one(stage, config, base, layout, check=True)
    except StaleStageError as error:
        return STALE, str(error)
    except GlotmixError as error:
        return TODO, str(error)
    return DONE, ""


def _mixture_state(config: LoopConfiguration, base: Path, layout: Layout) -> tuple[str, str]:
    folder = layout.mix(config.mix.name)
    found = manifests.read(folder)
    assert found is not None
    tokens, tokenizer = inputs_of(layout.tokens(config.mix.parallel_form, config.mix.parallel_level), layout.tokenizer)
    inputs = {"tokens": tokens.identity, "tokenizer": tokenizer.identity}
    changed = manifests.differences(found, folder, semantic(resolve(config.mix, base)[0]), inputs)
    return (STALE, "; ".join(changed[:SHOWN])) if changed else (DONE, "")


def _after(
    config: LoopConfiguration, path: Path, layout: Layout, stages: Sequence[str], todo: bool
) -> list[dict[str, Any]]:
    places = LoopLayout(layout)
    folders = {"fit": places.fit, "allocate": places.allocation, "remix": layout.mix(config.allocated.mixture)}
    rows = []
    sweep = sweep_runs(config, path, layout)
    for stage in stages:
        if stage == "sweep":
            row = runs_row(sweep, todo)
        elif stage == "confirm":
            components = sorted({name for run in _wanted(sweep) for name in _shares(run.proportions)})
            row = runs_row(stand_in(config, path, layout, components or ["python", "java"]), True)
        else:
            row = {"state": TODO if todo else _derived(config, sweep, stage, folders[stage], path)}
        todo |= row["state"] != DONE
        rows.append({"stage": stage, **row})
    return rows


def _derived(config: LoopConfiguration, sweep: Runs, stage: str, folder: Path, path: Path) -> str:
    """The state of a stage that follows from finished ones."""
    places = LoopLayout(sweep.layout)
    found, runs, fit = (manifests.read(where) for where in (folder, places.sweep, places.fit))
    if found is None or runs is None:
        return TODO
    if stage == "fit":
        asked, inputs = config.fitted.model_dump(mode="json"), {"sweep": runs.identity}
    elif stage == "allocate" and fit is not None:
        question = asked_of(config, sweep, runs)
        asked, inputs = question.asked, {"fit": fit.identity, "tokens": question.pool.identity}
    else:
        base = path.resolve().parent
        return _state(second_mixture(config, sweep.layout), base, sweep.layout, "mix")[0]
    return TODO if manifests.differences(found, folder, asked, inputs) else DONE


def _shares(proportions: object) -> list[str]:
    return list(proportions) if isinstance(proportions, dict) else []


def _wanted(runs: Runs) -> list[Any]:
    return wanted_runs(runs.config, *runs.listed())


def runs_row(runs: Runs, todo: bool) -> dict[str, Any]:
    """State and cost of a stage of runs.

    Args:
        runs: of the stage.
        todo: an earlier stage is not finished: what can be told without it is.
    """
    if not todo and finished(runs) is not None:
        return {"state": DONE}
    if not todo:
        planned = plan_sweep(runs.config, runs.base, dry_run=True, whole=runs.whole)
        done = SweepFolder(runs.folder).all_done()
        left = [row for row in planned.rows if row.run_id not in done]
        return {"state": TODO, "runs": len(planned.rows), "to train": len(left), **_cost(left)}
    wanted = _wanted(runs)
    base, vocabulary = mix_for(runs.config, runs.whole, runs.base), _vocabulary(runs)
    flops = 0.0
    for run in wanted:
        mix = mix_of(base, run)
        training = train_config(runs.config.train, run, output="run", mixture="mix", runs="runs")
        steps = steps_for(run.tokens, training.batch_tokens, mix.sequence_length, training.schedule)
        flops += flops_of(shape_of(training.model), vocabulary, mix.sequence_length, steps.tokens)
    points = sum(len(run.tokens) for run in wanted)
    told = {"runs": len(wanted), "to train": len(wanted), "points": points, "tokens up to": _most(wanted)}
    return {"state": TODO, **told, "FLOPs": operations(flops)}


def _cost(rows: Sequence[Row]) -> dict[str, Any]:
    if not rows:
        return {}
    hours = [row.gpu_hours for row in rows if row.gpu_hours is not None]
    return {
        "points": sum(len(row.tokens) for row in rows),
        "tokens up to": max(row.tokens[-1] for row in rows),
        "FLOPs": operations(sum(row.flops for row in rows)),
        "GPU-hours": round(sum(hours), 4) if hours else None,
    }


def _most(wanted: Sequence[Any]) -> int:
    return max(int(run.tokens[-1]) for run in wanted)


def _vocabulary(runs: Runs) -> int:
    """Of the tokenizer that is there, else what is asked for."""
    made = manifests.read(runs.layout.tokenizer)
    return int(made.counts["vocab_size"]) if made else runs.whole.tokenizer.vocab_size
