"""The runs that a sweep asks for, out of its grid, list or design; what is there twice counts once. Pure."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from contracts.config import validate
from contracts.errors import ConfigError
from train.sweep.config import Generator, Grid, Named, SweepOptions, Wanted
from train.sweep.designs import expand
from train.sweep.mixtures import generate
from train.sweep.rows import DERIVED


def wanted_runs(config: SweepOptions, lines: Iterable[str] = (), where: str = "list") -> list[Wanted]:
    """Every run that is asked for, once each, in order.

    Args:
        config: of the sweep.
        lines: of the file that `list` names.
        where: what to call that file in messages.

    Raises:
        ConfigError: a line is no run, or nothing is asked for.
    """
    if config.grid is not None:
        found = _grid(config.grid)
    elif config.design is not None:
        found = expand(config.design)
    else:
        found = parse_list(lines, where)
    seen: dict[str, Wanted] = {}
    for run in found:
        seen.setdefault(run.model_dump_json(exclude={"mixture"}), run)
    if not seen:
        raise ConfigError(f"{where}: names no run")
    return list(seen.values())


def parse_list(lines: Iterable[str], where: str) -> list[Wanted]:
    """Wanted runs out of JSON lines.

    What a plan adds to a row (index, run_id, n_parameters, epochs, flops, gpu_hours) is passed over, so the list of
    one sweep can be the list of another.

    Args:
        lines: of the file.
        where: what to call it in messages.

    Raises:
        ConfigError: a line is no run; names it.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{where}, line {number}"
        try:
            data = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{place}: not JSON ({error})") from error
        if not isinstance(data, dict):
            raise ConfigError(f"{place}: give an object with rung, tokens and proportions")
        found.append(validate(Wanted, _cleared(data), place))
    return found


def read_lines(path: Path) -> list[str]:
    """The lines of a list.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"list: {path} cannot be read ({error})") from error


def _cleared(data: Mapping[str, Any]) -> dict[str, Any]:
    """Without what a plan adds; one number of tokens is a list of one."""
    kept = {key: value for key, value in data.items() if key not in DERIVED}
    if isinstance(kept.get("tokens"), int):
        kept["tokens"] = [kept["tokens"]]
    return kept


def _grid(grid: Grid) -> list[Wanted]:
    mixtures = [mixture for entry in grid.mixtures for mixture in _mixtures(entry)]
    return [
        Wanted(
            rung=rung,
            tokens=points,
            proportions=mixture.proportions,
            components=mixture.components,
            strategy=strategy,
            seed=seed,
            data_seed=seed if grid.vary_data else None,
            mixture=mixture.name,
        )
        for rung in grid.rungs
        for points in grid.points
        for mixture in mixtures
        for strategy in grid.strategies
        for seed in grid.seeds
    ]


def _mixtures(entry: Generator | Named) -> list[Named]:
    if isinstance(entry, Named):
        given = entry.proportions
        label = given if isinstance(given, str) else "-".join(name for name, share in given.items() if share)
        return [entry if entry.name else entry.model_copy(update={"name": label})]
    return [Named(name=label, proportions=shares) for label, shares in generate(entry)]
