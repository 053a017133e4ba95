"""`glotmix fit plot`: figures of a fit; what takes long to import is imported inside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import ConfigError
from contracts.files import check_output
from fit.commands.options import Given, reads_table
from report.front import errors, show
from report.table import Summary

if TYPE_CHECKING:
    from contracts.allocation import Allocation
    from fit.points import Points

KINDS = ("svg", "png")

FitPath = Annotated[Path, typer.Argument(metavar="FIT", help="What glotmix fit wrote: fit.json.")]
Runs = Annotated[
    Path | None, typer.Argument(metavar="[RUNS]", help="The table it was fitted to, for residuals and points.")
]
Out = Annotated[Path, typer.Option("--out", help="Folder of the figures.")]
Given_ = Annotated[Path | None, typer.Option("--allocation", help="allocation.json: draw it, and curves for it.")]
Kind = Annotated[str, typer.Option("--format", help="svg or png.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: the group.
    """
    app.command("plot")(reads_table(plot))


def plot(
    fit: FitPath,
    given: Given,
    runs: Runs = None,
    out: Out = Path("figures"),
    allocation: Given_ = None,
    kind: Kind = "svg",
    as_json: AsJson = False,
) -> None:
    """Draw a fit: isoloss lines, curves with bands, synergy, proportions, residuals."""
    with errors():
        from fit.plots.figures import figures
        from fit.record import from_record, load_bootstrap, read_record

        if kind not in KINDS:
            raise ConfigError(f"--format {kind}: allowed are {', '.join(KINDS)}")
        _check_folder(out, kind, (fit, runs, allocation))
        record = read_record(fit)
        fitted = from_record(record, str(fit))
        points = None if runs is None else _points(record, runs, given, fitted.names, fitted.components)
        found = None if allocation is None else _allocation(allocation)
        written = figures(out, fitted, points, found, load_bootstrap(fit), record.get("noise"), kind)
        show([Summary("Figures", [{"file": str(path)} for path in written])], as_json)


def _check_folder(out: Path, kind: str, inputs: tuple[Path | None, ...]) -> None:
    """Figures must go into a folder, and not over what is read, whatever its name."""
    if out.exists() and not out.is_dir():
        raise ConfigError(f"--out {out}: is no folder; give the name of one, such as figures")
    for given in inputs:
        if given is not None and given.suffix == f".{kind}":
            check_output(out / given.name, given)


def _points(
    record: dict[str, Any], runs: Path, given: Given, names: tuple[str, ...], components: tuple[str, ...]
) -> "Points":
    """The table, read as it was for the fit unless options say otherwise."""
    from fit.reading import read
    from fit.table.mapping import Request

    options = dict(record.get("reading", {}).get("options", {})) | given
    for name in ("targets", "components", "where"):
        if name in options:
            options[name] = tuple(options[name])
    if components:
        options["components"] = components
    options.setdefault("targets", None)
    points = read(runs, Request(**options)).points
    if not set(names) & set(points.targets):
        raise ConfigError(
            f"{runs}: has no losses on {', '.join(names)}, which the fit predicts; name its columns as for the fit"
        )
    return points


def _allocation(path: Path) -> "Allocation":
    import json

    from contracts.allocation import Allocation
    from contracts.config import validate

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"--allocation {path}: cannot be read ({error}); write one with glotmix fit allocate"
        ) from error
    return validate(Allocation, data, str(path))
