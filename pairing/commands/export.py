"""`glotmix pairs export`: for other tools; what takes long to import is imported inside."""

from pathlib import Path
from typing import Annotated

import typer

from pairing.commands.place import Locate, finished, manifest_of, parallel_of, split_of
from report.front import errors, show
from report.table import Summary

Given = Annotated[Path, typer.Argument(metavar="CONFIG|FOLDER", help="A configuration, or an output folder.")]
Out = Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; it must not exist, or be empty.")]
Format = Annotated[str, typer.Option("--format", help="parquet, or datasets: with a card, for load_dataset.")]
Only = Annotated[
    str | None, typer.Option("--only", metavar="A,B", help="Of functions, concat, prompt, ...; pairs always.")
]
KeepRefused = Annotated[bool, typer.Option("--keep-refused", help="Also pairs that were refused for their licences.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer, locate: Locate) -> None:
    """Add the command to the group."""

    @app.command("export")
    def export(
        config: Given,
        target: Out,
        format_: Format = "parquet",
        only: Only = None,
        keep_refused: KeepRefused = False,
        as_json: AsJson = False,
    ) -> None:
        """Write pairs with their texts, and parallel documents, for other tools."""
        with errors():
            from pairing.export.export import Sources, counted
            from pairing.export.export import export as write

            place = finished(config, locate)
            sources = Sources(
                place.pairs, place.parallel, place.corpus, split_of(place), manifest_of(place), parallel_of(place)
            )
            names = tuple(name.strip() for name in only.split(",")) if only is not None else ()
            done = write(sources, target, format_, names, keep_refused=keep_refused)
            title = f"Exported to {target}"
            lost = sum(done.left_out.values())
            title += f"; {lost:,} rows are left out, whose documents stand on both sides of the split" if lost else ""
            told = " and ".join(f"{count:,} rows of {table}" for table, count in done.refused.items())
            title += f"; {told} are left out for their licences (--keep-refused keeps them)" if told else ""
            show([Summary(title, list(counted(done.rows)))], as_json)
