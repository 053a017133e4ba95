"""The group `glotmix pairs`: mine, evaluate, look at, export. Nothing but wiring."""

import typer

from pairing.commands import evaluate, export, run, sample
from pairing.commands.place import Locate
from pairing.commands.run import Run, Summarise
from report.front import DefaultGroup


def pairs_group(do: Run, summarise: Summarise, locate: Locate) -> typer.Typer:
    """The group.

    Args:
        do: runs the stages pairs and parallel of a configuration.
        summarise: shows what the finished stages made.
        locate: finds the output folder of a configuration.
    """
    group = typer.Typer(
        cls=DefaultGroup,
        no_args_is_help=True,
        epilog="Without a command word: run CONFIG.",
        help="Documents to translation pairs and parallel documents.",
    )
    run.register(group, do, summarise, locate)
    evaluate.register(group, locate)
    sample.register(group, locate)
    export.register(group, locate)
    return group
