"""`glotmix report`: a run's output folder as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from contracts.errors import ConfigError
from report.front import errors, say, show
from report.table import Summary

Folder = Annotated[Path, typer.Argument(metavar="RUNFOLDER", help="Output folder of glotmix run.")]
Out = Annotated[Path | None, typer.Option("--out", help="File to write (RUNFOLDER/report.html).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: the front door.
    """
    app.command("report")(report)


def report(folder: Folder, out: Out = None, as_json: AsJson = False) -> None:
    """Write a report of a run: funnel, mixture, training, laws, proportions, confirmation; one HTML file."""
    with errors():
        from report.html.page import write_report

        if not folder.is_dir():
            raise ConfigError(f"{folder}: no such folder; give the output folder of: glotmix run CONFIG")
        path = out or folder / "report.html"
        absent = write_report(folder, path)
        if as_json:
            show([Summary("Report", [{"file": str(path), "absent": absent}])], as_json)
            return
        say(f"Report: {path}")
        if absent:
            say(f"Not there yet: {', '.join(absent)}")
