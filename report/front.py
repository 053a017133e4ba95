"""What every command shares: exit codes, errors as messages, tables or JSON, groups with a default command."""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import orjson
import typer
from typer.core import TyperGroup

from contracts.errors import ConfigError, GlotmixError, SourceError, StageError
from report.table import Summary, as_data, console, plain

NEAR = 0.75
"""Likeness (difflib's ratio) from which a word counts as a misspelt command: sumary, evalaute, smaple."""

FAILED, BAD_CONFIGURATION, INTERRUPTED = 1, 2, 130

EXIT_CODES = (
    "Exit codes: 0 done; 1 a stage failed, or what is asked for is not there; 2 the command line or the configuration "
    "cannot be run (unknown keys, impossible values, sources that are missing or hold nothing); 130 interrupted. "
    "A failed or interrupted run goes on where it stopped when the same command is given again."
)

out, err = console(), console(stderr=True)


class DefaultGroup(TyperGroup):
    """A group with a default command: a first word that is no subcommand is that command's argument."""

    default = "run"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command in front where none is named."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "--version"):
            self._refuse_misspelt(ctx, args[0])
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def _refuse_misspelt(self, ctx: Any, word: str) -> None:
        """A word near a subcommand, that is no file and has no ending like one, was meant as the subcommand."""
        near = get_close_matches(word, self.commands, 1, NEAR)
        if near and not Path(word).suffix and not Path(word).exists():
            ctx.fail(f"No such command {word!r}. Did you mean {near[0]}?")


@contextmanager
def errors() -> Iterator[None]:
    """Errors that glotmix raises on purpose become one message and an exit code."""
    try:
        yield
    except (ConfigError, SourceError) as error:
        raise exit_with(f"configuration: {error}", BAD_CONFIGURATION) from error
    except BrokenPipeError:
        raise  # whoever read our output has seen enough
    except (GlotmixError, OSError) as error:
        raise exit_with(f"failed: {error}", FAILED) from error
    except KeyboardInterrupt as error:
        raise exit_with("interrupted; the same command goes on where it stopped", INTERRUPTED) from error


def exit_with(message: str, code: int) -> typer.Exit:
    """Print a message; what it gives is to be raised."""
    err.print(plain(message), style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)


def say(message: str) -> None:
    """Print a line as it is."""
    out.print(plain(message), markup=False, highlight=False, soft_wrap=True)


def show(tables: list[Summary], as_json: bool) -> None:
    """Print tables for people or for programs."""
    if as_json:
        options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
        typer.echo(orjson.dumps(as_data(tables), default=str, option=options))
        return
    for table in tables:
        table.print(out)


def show_findings(title: str, rows: list[dict[str, Any]], faults: list[str], as_json: bool, cure: str) -> None:
    """Print what a check read, and its faults.

    Raises:
        StageError: there are faults; says the cure.
    """
    found = [Summary("Faults", [{"fault": fault} for fault in faults])] if faults else []
    show([Summary(title, rows), *found], as_json)
    if faults:
        raise StageError(cure)
