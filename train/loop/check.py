"""What can be refused before anything long begins: a missing extra, sizes, laws and budgets that cannot be."""

import importlib.util
from pathlib import Path

from contracts.errors import ConfigError, GlotmixError
from mixer.config import MixConfig
from mixer.layout import Layout
from train.config import TrainConfig
from train.ladder import rung
from train.loop.config import LoopConfiguration
from train.loop.runs import sweep_runs, trial_runs, trial_scale, wanted_of
from train.loop.sweeping import Runs
from train.sweep.config import Wanted
from train.sweep.cost import steps_for
from train.sweep.draft import train_config
from train.sweep.make import mix_for
from train.sweep.mixture import mix_of

INSTALL = "pip install 'glotmix[train]'"


def require_trainable(config: LoopConfiguration) -> None:
    """Refuse to begin a loop that could not train.

    Raises:
        ConfigError: a package of the extra `train` is missing.
    """
    assert config.sweep is not None
    engine = config.sweep.train.get("engine") or {}
    wanted = ["torch", "transformers"]
    if not isinstance(engine, dict) or engine.get("backend", "deepspeed") == "deepspeed":
        wanted.append("deepspeed")
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"the section sweep trains models, and {', '.join(missing)} is not installed. Install the extra: "
            f"{INSTALL}; or end with the mixture: --until mix"
        )


def check_loop(config: LoopConfiguration, path: Path, layout: Layout) -> None:
    """Check all that the configuration alone can tell.

    Args:
        config: of the whole run, with a sweep.
        path: its file.
        layout: of the corpus.

    Raises:
        ConfigError: something cannot be; names the key.
    """
    _check_fit(config)
    if config.allocated.rung is not None:
        _named("allocate.rung", config.allocated.rung)
    if config.confirmed.rung is not None:
        _named("confirm.rung", config.confirmed.rung)
    sweep = sweep_runs(config, path, layout)
    # only the decisions: which mixtures the corpus allows is asked when its tokens are there
    for number, run in enumerate(wanted_of(config, sweep.base)):
        _check_run(sweep, run, f"sweep, run {number}")
    rung_name, tokens = trial_scale(config, sweep.base)
    _check_run(sweep, Wanted(rung=rung_name, tokens=(tokens,)), "confirm")


def stand_in(config: LoopConfiguration, path: Path, layout: Layout, components: list[str]) -> Runs:
    """The trials with equal shares in place of the proposed ones, which are not known yet: for their cost.

    Args:
        config: of the whole run, with a sweep.
        path: its file.
        layout: of the corpus.
        components: that the sweep varies.
    """
    first = {name: 1.0 + (0.5 if place == 0 else 0.0) for place, name in enumerate(components)}
    whole = sum(first.values())
    return trial_runs(config, path, layout, {name: share / whole for name, share in first.items()})


def _check_fit(config: LoopConfiguration) -> None:
    from fit.estimate.loss import parse_loss
    from fit.laws.registry import LAWS
    from train.loop.fitting import AVERAGE

    section = config.fitted
    try:
        parse_loss(section.loss, section.overestimate)
    except ConfigError as error:
        raise ConfigError(f"fit.loss: {str(error).removeprefix('--loss ')}") from error
    if section.law != AVERAGE and section.law not in LAWS:
        raise ConfigError(f"fit.law: {section.law!r} is no law; allowed are {', '.join(LAWS)}, {AVERAGE}")
    if section.law in LAWS and not LAWS[section.law].mixture:
        mixed = ", ".join(name for name, law in LAWS.items() if law.mixture)
        raise ConfigError(
            f"fit.law: {section.law} knows no mixture, so no proportions follow from it; allowed are {mixed}, "
            f"{AVERAGE}"
        )


def _named(key: str, name: str) -> None:
    try:
        rung(name)
    except ConfigError as error:
        raise ConfigError(f"{key}: {str(error).removeprefix('model.rung: ')}") from error


def _check_run(runs: Runs, run: Wanted, where: str) -> None:
    try:
        training: TrainConfig = train_config(runs.config.train, run, output="run", mixture="mix", runs="runs")
        if run.shape is None:
            rung(run.rung)
        mix: MixConfig = mix_of(mix_for(runs.config, runs.whole, runs.base), run)
        steps_for(run.tokens, training.batch_tokens, mix.sequence_length, training.schedule)
    except GlotmixError as error:
        raise ConfigError(f"{where}: {error}") from error
