"""`glotmix fit paper`: the tables of arXiv 2512.13472 made again, and where they contradict each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import ConfigError
from report.front import errors, say, show

if TYPE_CHECKING:
    from report.table import Row, Summary

NAMES = (
    "figure-2", "column-orders", "table-1-losses", "table-1", "synergy", "translation", "table-3", "mixtures",
    "inconsistencies",
)  # fmt: skip

Table = Annotated[
    list[str] | None, typer.Option("--table", help=f"Only this one, may be repeated: {', '.join(NAMES)}.")
]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FOLDER", help="Also write each table to FOLDER, as CSV.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: the group.
    """
    app.command("paper")(paper)


def paper(table: Table = None, csv: Csv = None, as_json: AsJson = False) -> None:
    """Make the tables of the multilingual scaling-law paper again from its numbers, and flag its inconsistencies."""
    with errors():
        for name in table or []:
            if name not in NAMES:
                raise ConfigError(f"--table {name}: allowed are {', '.join(NAMES)}")
        wanted = [name for name in NAMES if not table or name in table]
        if csv is not None:
            _write(csv, wanted)
        show([_table(name, as_json) for name in wanted], as_json)
        if csv is not None and not as_json:
            say(f"{len(wanted)} tables: {csv}")


def _table(name: str, whole: bool) -> "Summary":
    from fit.paper import tables
    from report.table import Summary

    made = {
        "figure-2": ("Figure 2: laws of the languages", tables.figure_2),
        "column-orders": ("Table 1 columns: which languages they are of", tables.column_orders),
        "table-1-losses": (
            "Table 1 losses: realigned; rows targets, columns auxiliary languages",
            tables.table_1_losses,
        ),
        "table-1": (
            "Table 1: gains in % from realigned losses, and the largest difference from print",
            tables.table_1,
        ),
        "synergy": ("Synergy: sums over table 1", tables.synergy_sums),
        "translation": ("Translation laws: equations 3 to 5 at 1000B tokens", tables.translation_laws),
        "table-3": ("Table 3: MultiPL-E pass@1", tables.table_3),
        "mixtures": ("Mixtures: where equation 6 and its corrected form are least", tables.brief_optima),
        "inconsistencies": ("Inconsistencies: claims put to a test", tables.inconsistencies),
    }
    title, act = made[name]
    rows: list[Row] = tables.optima() if whole and name == "mixtures" else act()
    return Summary(title, rows)


def _write(folder: Path, names: list[str]) -> None:
    import csv

    from contracts.files import atomic_path

    for name in names:
        rows = _table(name, True).rows
        with atomic_path(folder / f"{name}.csv") as path, open(path, "w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
