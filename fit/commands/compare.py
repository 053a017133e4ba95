"""`glotmix fit compare`: nothing but wiring; what takes long to import is imported inside."""

from pathlib import Path
from typing import Annotated, Any

import typer

from fit.commands.options import Given, reads_table
from report.front import err, errors, say, show
from report.table import Summary

RunsPath = Annotated[Path, typer.Argument(metavar="RUNS", help="A runs table: CSV, Parquet, JSONL, or its folder.")]


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("compare")(reads_table(compare))


def compare(
    runs: RunsPath,
    given: Given,
    laws: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Laws, LAW+gp, gp, trees, average (all); baselines always take part."),
    ] = None,
    splits: Annotated[
        str,
        typer.Option(metavar="A,B", help="What is held out: largest-n, largest-d, mixtures, rollout."),
    ] = "largest-n,mixtures",
    loss: Annotated[str, typer.Option(metavar="LOSS", help="What laws minimise: huber:DELTA or l1.")] = "huber:1e-3",
    folds: Annotated[int, typer.Option(min=2, help="Folds of mixtures.")] = 5,
    starts: Annotated[int, typer.Option(min=1, help="Starts of each fit.")] = 12,
    seed: Annotated[int, typer.Option(min=0, help="Of folds and starts.")] = 0,
    by_target: Annotated[bool, typer.Option("--by-target", help="Also the error on every target.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Fit every law without some points, and score it on these."""
    with errors():
        from fit.estimate.loss import parse_loss
        from fit.reading import read_points
        from fit.select.compare import compare as compare_models

        points = read_points(runs, **given)
        found = compare_models(
            points,
            laws=_names(laws),
            splits=_names(splits),
            loss=parse_loss(loss),
            folds=folds,
            starts=starts,
            seed=seed,
            observe=lambda name: err.print(f"fitting {name}", style="dim", highlight=False),
        )
        summary = found.summary()
        tables = [Summary("Held-out error", [score.row() for score in summary])]
        if by_target:
            tables.append(Summary("Held-out error by target", [_targets(score) for score in summary]))
        tables.append(Summary("Splits", [_split(split) for split in found.splits] + _refused(found.refused)))
        if as_json:
            tables.append(Summary("Advice", [{"advice": line} for line in found.advice()]))
        show(tables, as_json)
        for line in found.advice() if not as_json else []:
            say(line)


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _targets(score: Any) -> dict[str, Any]:
    return {"model": score.model, "split": score.split, **{n: 100 * e for n, e in score.by_target.items()}}


def _split(split: Any) -> dict[str, Any]:
    return {
        "split": split.name,
        "fitted": len(split.train),
        "held out": len(split.test),
        "runs apart": split.apart,
        "about": split.about,
    }


def _refused(refused: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"split": name, "fitted": None, "held out": None, "runs apart": None, "about": f"not possible: {why}"}
        for name, why in refused.items()
    ]
