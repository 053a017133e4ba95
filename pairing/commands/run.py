"""`glotmix pairs run` and `glotmix pairs summary`: nothing but wiring."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from contracts.errors import ConfigError
from pairing.commands.place import Locate, finished, manifest_of, parallel_of
from report.front import errors, show

ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="The YAML configuration; see glotmix init.")]
Given = Annotated[Path, typer.Argument(metavar="CONFIG|FOLDER", help="A configuration, or an output folder.")]
Assignments = Annotated[list[str] | None, typer.Option("--set", help="Override: section.key=value. May be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

Run = Callable[[Path, list[str], bool, bool], object]
"""Runs both stages: configuration, assignments, force, as JSON."""

Summarise = Callable[[Path, list[str], bool], object]
"""Shows the finished stages: configuration, assignments, as JSON."""


def register(app: typer.Typer, do: Run, summarise: Summarise, locate: Locate) -> None:
    """Add the commands to the group."""

    @app.command("run")
    def run(
        config: ConfigPath,
        min_precision: Annotated[
            float | None,
            typer.Option(min=0, max=1, help="Keep pairs of this expected precision: pairs.min_precision."),
        ] = None,
        min_score: Annotated[
            float | None, typer.Option(min=0, max=1, help="Keep pairs of this score or more: pairs.min_score.")
        ] = None,
        set_: Assignments = None,
        force: Annotated[
            bool, typer.Option("--force", help="Redo finished stages that do not match the configuration.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """Find pairs in a finished corpus, then make pairs of functions and parallel documents of them.

        These are two stages: options of the section parallel redo the second one only.
        """
        with errors():
            if config.is_dir():
                raise ConfigError(f"{config}: a folder; give the configuration whose output it is")
            thresholds = assignments(min_precision, min_score)
        do(config, [*(set_ or []), *thresholds], force, as_json)

    @app.command("summary")
    def summary(config: Given, set_: Assignments = None, as_json: AsJson = False) -> None:
        """Show what the finished stages made, without running anything."""
        if config.exists() and not config.is_dir():
            summarise(config, set_ or [], as_json)
            return
        with errors():
            from report.terminal import summaries

            if set_:
                raise ConfigError(f"--set goes with a configuration; {config} is none")
            place = finished(config, locate)
            made = [*summaries(manifest_of(place), place.pairs), *summaries(parallel_of(place), place.parallel)]
            show(made, as_json)


def assignments(min_precision: float | None, min_score: float | None) -> list[str]:
    """The options as assignments; one threshold unsets the other, which the file may hold.

    Raises:
        ConfigError: both are given.
    """
    if min_precision is not None and min_score is not None:
        raise ConfigError("--min-precision and --min-score both set the threshold; give one of them")
    if min_precision is not None:
        return [f"pairs.min_precision={min_precision!r}", "pairs.min_score=null"]
    if min_score is not None:
        return [f"pairs.min_score={min_score!r}", "pairs.min_precision=null"]
    return []
