"""`glotmix fit predict FIT POINTS`: what a fit says of places, measured or not."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import ConfigError
from contracts.files import check_output
from fit.commands.options import Given, reads_table
from report.front import errors, say, show

if TYPE_CHECKING:
    from fit.predictions import Predictions
    from fit.reading import Reading

FitPath = Annotated[Path, typer.Argument(metavar="FIT", help="What glotmix fit wrote: fit.json.")]
Places = Annotated[
    Path,
    typer.Argument(
        metavar="POINTS", help="Table with N, D and shares: CSV, JSON lines, Parquet, a runs table's folder."
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write all predictions to this file: .csv, .jsonl or .parquet.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

KINDS = (".csv", ".jsonl", ".parquet")
SHOWN = 12
"""Rows of predictions that are shown in a terminal."""
NAMED = ("n", "d", "flops", "losses", "loss_column", "weights", "unique", "run", "bpb")
"""Options that a fit remembers: the meaning of columns."""


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: the group.
    """
    app.command("predict")(reads_table(predict))


def predict(fit: FitPath, points: Places, given: Given, out: Out = None, as_json: AsJson = False) -> None:
    """Predict the losses of the rows of a table; with their errors, where the table has the losses."""
    with errors():
        from fit.predictions import errors_by_target, predictions, rows_of
        from fit.record import read_record
        from report.table import Summary

        if out is not None and out.suffix not in KINDS:
            raise ConfigError(f"--out {out}: allowed are files ending in {', '.join(KINDS)}")
        check_output(out, fit, points)
        record = read_record(fit)
        made, reading = _predict(record, str(fit), points, given, predictions)
        rows = rows_of(made, reading)
        if out is not None:
            _write(out, rows)
        tables = [Summary(f"Predictions: {len(rows)} rows", rows if as_json else rows[:SHOWN])]
        if scored := errors_by_target(made, reading):
            tables.append(Summary("Errors", scored))
        notes = [{"note": note} for note in (*reading.notes, *made.notes)]
        if excluded := reading.points.excluded:
            notes += [{"note": f"left out: {reason} ({count} rows)"} for reason, count in excluded.items()]
        if notes:
            tables.append(Summary("Notes", notes))
        show(tables, as_json)
        if out is not None and not as_json:
            say(f"Predictions: {out}")


def _predict(record: dict[str, Any], where: str, path: Path, given: Given, act: Any) -> "tuple[Predictions, Reading]":
    """Read the places as the fit's own table was read, unless options say otherwise, and predict."""
    from fit.laws.registry import LAWS
    from fit.reading import read
    from fit.record import from_record
    from fit.table.mapping import Request

    fitted = from_record(record, where)
    remembered = record.get("reading", {}).get("options", {})
    options = {name: remembered[name] for name in NAMED if name in remembered} | given
    for pair in (("n", "flops"), ("d", "flops"), ("losses", "loss_column")):
        _newer(options, given, pair)
    blind = record.get("law") in LAWS and not LAWS[record["law"]].mixture
    mixture = {"weights": "none"} if blind or not fitted.components else {"components": fitted.components}
    fixed = {"targets": tuple(fitted.names), "need_losses": False, "absent_are_zero": True}
    if "targets" in given:
        raise ConfigError("--targets: predictions are of all targets of the fit")
    reading = read(path, Request(**{**options, **mixture, **fixed}))
    return act(fitted, reading, record), reading


def _newer(options: dict[str, Any], given: Given, pair: tuple[str, str]) -> None:
    """Of two options that exclude each other, one given now beats one that is remembered."""
    for now, before in (pair, pair[::-1]):
        if now in given and before not in given:
            options.pop(before, None)


def _write(out: Path, rows: list[dict[str, Any]]) -> None:
    import polars as pl

    from contracts.files import atomic_path

    frame = pl.DataFrame(rows, infer_schema_length=None)
    with atomic_path(out) as temporary:
        if out.suffix == ".csv":
            frame.write_csv(temporary)
        elif out.suffix == ".jsonl":
            frame.write_ndjson(temporary)
        else:
            frame.write_parquet(temporary)
