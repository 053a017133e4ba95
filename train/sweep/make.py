"""Makes a plan: asks the corpus what it allows, makes the mixtures as views of its pool, writes the list."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from contracts import manifest as manifests
from contracts.config import read_yaml, validate
from contracts.errors import ConfigError, PlanError, SourceError
from contracts.files import write_json
from contracts.manifest import VERSION, Manifest
from mixer.config import MixConfig
from mixer.layout import Layout
from mixer.mix import inputs_of
from mixer.planning.plan import Plan
from mixer.planning.prepare import prepare, resolve
from mixer.recipe import Configuration
from mixer.stages import STAGES, run_one
from mixer.streams.build import StreamSpec, build_stream
from mixer.view import views
from pipelines.phase import Observer
from pipelines.stage import require
from train.devices import peak_flops
from train.sweep.config import AFTER, SweepConfig, SweepOptions
from train.sweep.draft import Corpus, Draft, draft, forms, rows
from train.sweep.folder import PLAN, SweepFolder
from train.sweep.job import plan_identity, root_of
from train.sweep.rows import Row, write_list
from train.sweep.wanted import read_lines, wanted_runs

SHOWN = 8
"""Mixtures that a refusal explains; it counts all."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan.

    Attributes:
        rows: the list of runs.
        dropped: wanted runs that the corpus does not allow, by the reason.
        mixtures: how many there are.
        folder: of the sweep.
    """

    rows: list[Row]
    dropped: dict[str, int]
    mixtures: int
    folder: SweepFolder


def plan_sweep(
    config: SweepConfig,
    base: Path,
    *,
    dry_run: bool = False,
    observe: Observer | None = None,
    whole: Configuration | None = None,
) -> Planned:
    """Plan a sweep; the same configuration gives the same plan, and a changed one keeps the runs that are in both.

    Args:
        config: of the sweep.
        base: folder of its file.
        dry_run: write nothing; a form of translation pairs that is not tokenised yet is an error then.
        observe: told about progress of tokenising.
        whole: the configuration of the corpus, where it is not what stands in its file; None: read it.

    Raises:
        ConfigError: a run cannot be.
        PlanError: the corpus does not allow a mixture, and `drop_impossible` is off; nothing is written.
        StageError: the corpus is not finished.
    """
    wanted = wanted_runs(config, *_listed(config, base))
    path = base / config.corpus
    whole = whole or _read_corpus(path)
    mix = mix_for(config, whole, path.resolve().parent)
    layout = Layout((path.resolve().parent / Path(whole.output).expanduser()).resolve())
    pools = {form: _pool(whole, path.resolve().parent, layout, form, dry_run, observe) for form in forms(mix, wanted)}
    tokenizer = require(layout.tokenizer, "tokenizer", f"glotmix run {path} --until tokens")
    corpus = Corpus(mix, {form: pool.identity for form, pool in pools.items()}, tokenizer.counts["vocab_size"])
    drafted = draft(config, wanted, corpus)
    plans, wrong = _ask(drafted, layout, pools, dry_run)
    dropped = _dropped(config, drafted, wrong)
    found = rows(config, drafted, plans, corpus, _peak(config))
    planned = Planned(found, dropped, len(plans), SweepFolder(root_of(config, base)))
    if not found:
        raise PlanError("no run is left: the corpus allows none of the mixtures")
    if not dry_run:
        _make(whole, path.resolve().parent, layout, [drafted.mixtures[key] for key in plans])
        _write(config, planned, layout)
    return planned


def _listed(config: SweepConfig, base: Path) -> tuple[Sequence[str], str]:
    return (read_lines(base / config.list), config.list) if config.list else ((), "the sweep")


def _read_corpus(path: Path) -> Configuration:
    """The configuration of the corpus; sections for what comes after the mixture decide nothing here."""
    data = {name: part for name, part in read_yaml(path).items() if name not in AFTER}
    return validate(Configuration, data, str(path))


def mix_for(config: SweepOptions, whole: Configuration, base: Path) -> MixConfig:
    """The mixture of the corpus with what the sweep changes; its budget is not the right one yet.

    Args:
        config: of the sweep.
        whole: the configuration of the corpus.
        base: folder that its paths start from.

    Raises:
        ConfigError: options that do not go together.
    """
    mix = {**whole.mix.model_dump(exclude_unset=True), **config.mix}
    mix["tokens"] = 1  # every mixture gets its own
    if config.mix.get("proportions", "allocation") != "allocation":
        mix.pop("allocation", None)
    return resolve(validate(MixConfig, mix, "mix"), base)[0]


def _pool(
    whole: Configuration, base: Path, layout: Layout, form: str, dry_run: bool, observe: Observer | None
) -> Manifest:
    """The tokens with this form of translation pairs; made if they are not there, from finished earlier stages."""
    config = whole.model_copy(update={"mix": whole.mix.model_copy(update={"parallel_form": form})})
    try:
        for stage in STAGES[: STAGES.index("tokens")]:
            run_one(stage, config, base, layout, check=True)
    except SourceError:
        pool = layout.tokens(form, whole.mix.parallel_level)
        if manifests.read(pool) is None:
            raise
        # sources may be out of reach where runs are planned: the stages then speak for themselves
        return inputs_of(pool, layout.tokenizer)[0]
    return run_one("tokens", config, base, layout, **({"check": True} if dry_run else {"observe": observe})).manifest


def _ask(
    drafted: Draft, layout: Layout, pools: Mapping[str, Manifest], dry_run: bool
) -> tuple[dict[str, Plan], dict[str, str]]:
    """The plan of every mixture, or why there is none."""
    plans: dict[str, Plan] = {}
    wrong: dict[str, str] = {}
    with TemporaryDirectory(prefix="glotmix-plan-") as temporary:
        streams = Path(temporary) if dry_run else layout.streams
        for key, mix in drafted.mixtures.items():
            pool = layout.tokens(mix.parallel_form, mix.parallel_level)

            def build(specs: list[StreamSpec], pool: Path = pool) -> None:
                for spec in specs:
                    build_stream(pool, layout.root, streams, spec)

            try:
                plans[key] = prepare(mix, pools[mix.parallel_form], layout.root, streams, build).plan
            except PlanError as error:
                wrong[key] = str(error)
    return plans, wrong


def _dropped(config: SweepConfig, drafted: Draft, wrong: Mapping[str, str]) -> dict[str, int]:
    """Runs without a mixture, counted by the reason.

    Raises:
        PlanError: there are some, and they are not to be dropped.
    """
    if not wrong:
        return {}
    counts = {key: sum(run.key == key for run in drafted.runs) for key in wrong}
    labels = {run.key: run.wanted.mixture or "mixture" for run in reversed(drafted.runs)}
    reasons = {
        f"{labels[key]} ({drafted.mixtures[key].tokens:,} tokens): {wrong[key]}": n for key, n in counts.items()
    }
    if config.drop_impossible:
        return reasons
    shown = [f"{n} run(s), {reason}" for reason, n in list(reasons.items())[:SHOWN]]
    more = [f"and {len(reasons) - SHOWN} more mixtures"] if len(reasons) > SHOWN else []
    raise PlanError(
        "\n".join(
            [
                f"the corpus does not allow {len(wrong)} of {len(drafted.mixtures)} mixtures; nothing was written:",
                *shown,
                *more,
                "Change them (mix.max_epochs lets text repeat), or leave their runs out with drop_impossible: true",
            ]
        )
    )


def _peak(config: SweepConfig) -> float | None:
    """Operations a second of the device.

    Raises:
        ConfigError: a device is named that is not known.
    """
    if config.device.peak_flops is not None or config.device.name is None:
        return config.device.peak_flops
    peak = peak_flops(config.device.name, "bf16")
    if peak is None:
        raise ConfigError(
            f"device.name: {config.device.name!r} is not known; give device.peak_flops, its bf16 operations a second"
        )
    return peak


def _make(whole: Configuration, base: Path, layout: Layout, mixtures: Sequence[MixConfig]) -> None:
    """Write the mixtures as views, those that are there skipped; one call for each form, since pools differ."""
    for form in sorted({mix.parallel_form for mix in mixtures}):
        mine = [mix for mix in mixtures if mix.parallel_form == form]
        for _ in views(mine, base, layout.tokens(form, whole.mix.parallel_level), layout, whole.executor):
            pass


def _write(config: SweepConfig, planned: Planned, layout: Layout) -> None:
    """The list, and what it was made of: first the list, so that a plan never names one that is not there."""
    folder = planned.folder
    facts: dict[str, Any] = {
        "identity": plan_identity(config),
        "glotmix": VERSION,
        "corpus": Path(os.path.relpath(layout.root, folder.root)).as_posix(),
        "runs": len(planned.rows),
        "mixtures": planned.mixtures,
        "dropped": planned.dropped,
        "configuration": json.loads(config.model_dump_json()),
    }
    write_list(folder.list, planned.rows)
    write_json(folder.root / PLAN, facts)
