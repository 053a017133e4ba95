"""`glotmix fit RUNS`: fits a law to a runs table; what takes long to import is imported inside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import ConfigError
from contracts.files import check_output
from fit.commands.options import Given, reads_table
from report.front import errors, say, show

if TYPE_CHECKING:
    from fit.bands import Uncertainty
    from fit.estimate.cutoff import Cutoff
    from fit.estimate.fitted import Fit
    from fit.estimate.loss import Loss
    from fit.points import Points
    from fit.reading import Reading
    from fit.select.average import Average

AVERAGE, AUTO = "average", "auto"

Runs = Annotated[
    Path, typer.Argument(metavar="RUNS", help="CSV, JSON lines or Parquet, or the folder of a runs table.")
]
Law = Annotated[
    str | None, typer.Option("--law", help="A law, or average. Left out: lists those that suit the table.")
]
LossText = Annotated[str, typer.Option("--loss", help="What is minimised: huber:DELTA, of log losses, or l1.")]
Overestimate = Annotated[
    float, typer.Option(help="Factor of residuals where the law lies above a loss; 10 mistrusts badly tuned runs.")
]
Starts = Annotated[int | None, typer.Option(min=1, help="Starts of each fit (default 48).")]
Seed = Annotated[int, typer.Option(help="Of starts and resampling.")]
Power = Annotated[
    float | None,
    typer.Option(
        "--weight-by-compute", metavar="POWER", help="Weigh points by C^POWER (0; average over mixtures: 0.5)."
    ),
]
DMin = Annotated[
    str | None,
    typer.Option("--d-min", metavar="N|auto", help="Leave out fewer tokens; auto: by roll-out, each target."),
]
Resamplings = Annotated[int, typer.Option("--bootstrap", min=0, metavar="N", help="Resamplings of the runs.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the fit to this file, as JSON.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: the group.
    """
    app.command("run")(reads_table(run))


def run(
    runs: Runs,
    given: Given,
    law: Law = None,
    loss: LossText = "huber:1e-3",
    overestimate: Overestimate = 1.0,
    starts: Starts = None,
    seed: Seed = 0,
    power: Power = None,
    d_min: DMin = None,
    bootstrap: Resamplings = 0,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Fit a law to a runs table: parameters, how sure they are, what the points could not tell."""
    with errors():
        from fit.commands import run_tables
        from fit.estimate.fitted import Fit
        from fit.estimate.loss import parse_loss
        from fit.table.mapping import Request

        check_output(out, runs)
        parsed = parse_loss(loss, overestimate)
        least = _tokens(d_min)
        _check(law, bootstrap, power, seed)
        request = Request(**given, d_min=least or 0.0)
        from fit.reading import read

        reading = read(runs, request)
        if law is None:
            show([run_tables.suitable(reading.points)], as_json)
            raise ConfigError("--law: name one of these laws, or average")
        points = reading.points
        cuts: list[Cutoff] = []
        fitted: Fit | Average
        if law == AVERAGE:
            fitted = _average(points, parsed, starts, seed, power, d_min)
        else:
            points, cuts = _prepared(reading.points, law, parsed, power or 0.0, d_min == AUTO, seed)
            fitted = _fit(points, law, parsed, starts, seed)
        known = _uncertainty(fitted, points, bootstrap, seed)
        if out is not None:
            _save(out, fitted, reading, points, known, {"options": given, "weight_by_compute": power}, cuts)
        show(run_tables.tables(reading, fitted, points, cuts, known, as_json), as_json)
        if out is not None and not as_json:
            knows = not isinstance(fitted, Fit) or fitted.targets[fitted.names[0]].law.mixture
            then = f", glotmix fit allocate {out}" if knows and len(points.components) > 1 else ""
            say(f"Fit: {out}\nNext: glotmix fit predict {out} POINTS{then}")


def _check(law: str | None, bootstrap: int, power: float | None, seed: int) -> None:
    if law == AVERAGE and bootstrap:
        raise ConfigError("--bootstrap goes with one law; the spread of an average's members is its interval")
    if bootstrap:
        from fit.uncertainty.bootstrap import check_count

        check_count(bootstrap)
    if law is not None and law != AVERAGE:
        from fit.laws.registry import law_of

        law_of(law)
    if power is not None and not abs(power) <= 10:
        raise ConfigError(
            f"--weight-by-compute {power:g}: allowed are -10 to 10, such as 0.5; 0 weighs all points alike"
        )
    if seed < 0:
        raise ConfigError(f"--seed {seed}: give a number >= 0")


def _tokens(d_min: str | None) -> float | None:
    """Tokens below which rows are left out; None: nowhere, or to be chosen."""
    if d_min in (None, AUTO):
        return None
    assert d_min is not None
    try:
        found = float(d_min)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise ConfigError(f"--d-min {d_min}: give a number of tokens such as 1e9, or {AUTO}")
    return found


def _prepared(
    points: "Points", law: str, loss: "Loss", power: float, auto: bool, seed: int
) -> "tuple[Points, list[Cutoff]]":
    """Points weighed by compute, without those that roll-out says lie in the start of training."""
    if not auto:
        if not power:
            return points, []  # spares the import
        from fit.estimate.cutoff import by_compute

        return by_compute(points, power), []
    from fit.estimate.cutoff import by_compute, cut, cutoff

    found = [cutoff(points, target, law, loss, (power,), seed) for target in points.targets]
    return by_compute(cut(points, {c.target: c.d_min for c in found}), power), found


def _average(
    points: "Points", loss: "Loss", starts: int | None, seed: int, power: float | None, d_min: str | None
) -> "Average":
    """The average chooses the least tokens and the weights itself, unless they are given."""
    from fit.select.together import STARTS, fit_average

    shorten = d_min in (None, AUTO)
    return fit_average(points, loss=loss, starts=starts or STARTS, seed=seed, power=power, shorten=shorten)


def _fit(points: "Points", law: str, loss: "Loss", starts: int | None, seed: int) -> "Fit":
    from fit.estimate.estimate import STARTS, fit

    return fit(points, law, loss, starts or STARTS, seed)


def _uncertainty(fitted: "Fit | Average", points: "Points", count: int, seed: int) -> "Uncertainty | None":
    from fit.estimate.fitted import Fit

    if not count or not isinstance(fitted, Fit):
        return None
    from fit.bands import uncertainty

    return uncertainty(fitted, points, count, seed)


def _save(
    out: Path,
    fitted: "Fit | Average",
    reading: "Reading",
    points: "Points",
    known: "Uncertainty | None",
    options: dict[str, Any],
    cuts: "list[Cutoff]",
) -> None:
    from fit.record import save

    scales = {"n": points.inputs.n, "d": points.inputs.d, "flops": points.flops}
    more: dict[str, Any] = {
        "runs_identity": points.identity,
        "excluded": points.excluded,
        "ranges": {name: [float(values.min()), float(values.max())] for name, values in scales.items()},
        "reading": reading.record() | options | {"d_min": {c.target: c.d_min for c in cuts}},
    }
    save(out, fitted, more | (known.record() if known is not None else {}))
