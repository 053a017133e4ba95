"""The two sets of runs that a loop trains: the sweep, and the trials that confirm its proportions. Pure."""

import os
from collections.abc import Mapping
from pathlib import Path

from contracts.config import validate
from contracts.errors import ConfigError
from mixer.layout import Layout
from train.ladder import LADDER
from train.loop.config import LoopConfiguration
from train.loop.layout import LoopLayout
from train.loop.sweeping import Runs
from train.sweep.config import SweepConfig, Wanted
from train.sweep.mixtures import with_kept
from train.sweep.wanted import read_lines, wanted_runs

PROPOSED = "proposed"
"""Label of the mixture that the trials are about."""


def sweep_runs(config: LoopConfiguration, path: Path, layout: Layout) -> Runs:
    """The sweep.

    Args:
        config: of the whole run, with a sweep.
        path: its file.
        layout: of the corpus.
    """
    assert config.sweep is not None
    folder = LoopLayout(layout).sweep
    data = config.sweep.model_dump(exclude_unset=True, exclude={"workers"})
    return _runs("sweep", data, config, path, layout, folder)


def trial_runs(config: LoopConfiguration, path: Path, layout: Layout, proposed: Mapping[str, float]) -> Runs:
    """The trials: the proposed mixture and its baselines, in the sweep's way, several seeds each.

    Args:
        config: of the whole run, with a sweep.
        path: its file.
        layout: of the corpus.
        proposed: shares, of every component that they might have been given to.
    """
    assert config.sweep is not None
    section, folder = config.confirmed, LoopLayout(layout).trials
    rung, tokens = trial_scale(config, path.parent)
    mixtures = [{"name": PROPOSED, "proportions": with_kept(proposed, {})}]
    for name in section.baselines:
        shares = with_kept(dict.fromkeys(proposed, 1.0), {}) if name == "uniform" else name
        mixtures.append({"name": name, "proportions": shares})
    kept = config.sweep.model_dump(
        exclude_unset=True, exclude={"workers", "grid", "list", "design", "drop_impossible"}
    )
    grid = {"rungs": [rung], "points": [[tokens]], "mixtures": mixtures, "seeds": section.seeds, "vary_data": True}
    return _runs("trials", {**kept, "grid": grid}, config, path, layout, folder)


def trial_scale(config: LoopConfiguration, base: Path) -> tuple[str, int]:
    """Size and tokens of the trials: as configured, else the largest of the sweep."""
    section, wanted = config.confirmed, wanted_of(config, base)
    tokens = section.tokens or max(run.tokens[-1] for run in wanted)
    return section.rung or _largest(wanted), tokens


def wanted_of(config: LoopConfiguration, base: Path) -> list[Wanted]:
    """The runs that the sweep asks for."""
    assert config.sweep is not None
    listed = config.sweep.list
    lines = (read_lines(base / listed), listed) if listed else ([], "sweep")
    return wanted_runs(config.sweep, *lines)


def _largest(wanted: list[Wanted]) -> str:
    """The rung with the most parameters."""
    sizes = {rung.name: rung.parameters for rung in LADDER}
    known = [run.rung for run in wanted if run.shape is None and run.rung in sizes]
    if not known:
        raise ConfigError(
            "confirm.rung: the sizes of the sweep are not on the ladder; name a rung of the ladder (glotmix models)"
        )
    return max(known, key=lambda name: sizes[name])


def _runs(
    name: str, data: Mapping[str, object], config: LoopConfiguration, path: Path, layout: Layout, folder: Path
) -> Runs:
    base = path.resolve().parent
    place = {"corpus": path.name, "output": Path(os.path.relpath(folder, base)).as_posix()}
    made = validate(SweepConfig, {**data, **place}, name)
    assert config.sweep is not None
    return Runs(name, made, config, base, layout, folder, config.sweep.workers)
