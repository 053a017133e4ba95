"""The group `glotmix fit`: laws, allocation, the next runs. Nothing but wiring."""

import typer

from fit.commands import allocate, compare, design, paper, plot, predict, run
from report.front import EXIT_CODES, DefaultGroup

fit_app = typer.Typer(
    cls=DefaultGroup,
    no_args_is_help=True,
    epilog=f"Without a command word: run RUNS. {EXIT_CODES}",
    help="A runs table to scaling laws, proportions and the next runs.",
)
for command in (run, predict, compare, allocate, design, plot, paper):
    command.register(fit_app)
