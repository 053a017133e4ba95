"""`glotmix fit design`: which runs to do next; what takes long to import is imported inside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import ConfigError
from contracts.files import check_output
from fit.commands.options import Given, reads_table
from report.front import errors, say, show
from report.table import Summary

if TYPE_CHECKING:
    from fit.designs.candidates import Candidate
    from fit.designs.propose import Proposal
    from fit.points import Points

SECONDS = 3600

Runs = Annotated[
    Path | None, typer.Argument(metavar="[RUNS]", help="CSV, JSON lines or Parquet, or the folder of a runs table.")
]
New = Annotated[bool, typer.Option("--new", help="Nothing is measured yet: a first swarm; needs --components.")]
Law = Annotated[str, typer.Option("--law", help="The law whose optimum is to become sure.")]
LossText = Annotated[str, typer.Option("--loss", help="What is minimised: huber:DELTA, of log losses, or l1.")]
Count = Annotated[
    int | None, typer.Option("--k", min=1, help="Runs at most (8; with --new as many as the swarm has).")
]
Budget = Annotated[str | None, typer.Option("--budget", metavar="FLOPS", help="Operations at most for all runs.")]
Sizes = Annotated[
    str | None,
    typer.Option("--sizes", metavar="NAME=N,...", help="Sizes that can be trained (the rungs of the table)."),
]
Tokens = Annotated[
    str | None, typer.Option("--tokens", metavar="D,...", help="Tokens of runs (four between the measured).")
]
AtN = Annotated[str | None, typer.Option("--at-n", metavar="N", help="Size the optimum is for (the largest).")]
AtD = Annotated[str | None, typer.Option("--at-tokens", metavar="D", help="Tokens the optimum is for (the most).")]
Goals = Annotated[
    str | None, typer.Option("--goal", metavar="A=1,B=2", help="Weights of the targets (all alike, no translation).")
]
Single = Annotated[bool, typer.Option("--single", help="Measure each run at its end only.")]
Shapes = Annotated[
    Path | None, typer.Option(help="An earlier list of runs, from which sizes that are not on the ladder get shapes.")
]
RunSeed = Annotated[int, typer.Option("--run-seed", help="Seed of the proposed runs' initial weights.")]
Peak = Annotated[float | None, typer.Option("--peak", metavar="FLOPS", help="Peak of a GPU, for hours, as 989e12.")]
Mfu = Annotated[float, typer.Option(min=0.001, max=1.0, help="Share of the peak that training reaches.")]
Seed = Annotated[int, typer.Option(min=0, help="Of starts and random mixtures.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write the runs to this file, as JSON lines.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: the group.
    """
    app.command("design")(reads_table(design))


def design(
    given: Given,
    runs: Runs = None,
    new: New = False,
    law: Law = "transfer",
    loss: LossText = "huber:1e-3",
    count: Count = None,
    budget: Budget = None,
    sizes: Sizes = None,
    tokens: Tokens = None,
    at_n: AtN = None,
    at_tokens: AtD = None,
    goal: Goals = None,
    single: Single = False,
    shapes: Shapes = None,
    run_seed: RunSeed = 0,
    peak: Peak = None,
    mfu: Mfu = 0.4,
    seed: Seed = 0,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Propose the runs that make the predicted optimum surest for their cost, as a list for `glotmix sweep`."""
    with errors():
        from fit.designs.lines import read_shapes
        from fit.designs.options import parse_sizes, parse_tokens, parse_weights

        if new == (runs is not None):
            raise ConfigError("give a runs table, or --new with --components when nothing is measured yet")
        check_output(out, runs, shapes)
        most, n, d = _above("--budget", budget), _above("--at-n", at_n), _above("--at-tokens", at_tokens)
        wanted_sizes, wanted_tokens = parse_sizes(sizes), parse_tokens(tokens)
        made_shapes = read_shapes(shapes) if shapes is not None else {}
        if runs is None:
            proposed = _first(given, wanted_sizes, wanted_tokens, count, most, seed)
            components, table = tuple(given["components"]), _first_table(proposed, peak, mfu)
        else:
            points, wanted_sizes = _read(runs, given, wanted_sizes)
            scale = (n or float(points.inputs.n.max()), d or float(points.inputs.d.max()))
            options = {"count": count or 8, "budget": most, "budgets": wanted_tokens, "nested": not single}
            found = _next(points, law, loss, wanted_sizes, scale, parse_weights(goal), options, seed)
            proposed, components = [choice.run for choice in found.choices], points.components
            table = _table(found, components, peak, mfu)
        if out is not None:
            _write(out, proposed, components, made_shapes, run_seed)
        show(table, as_json)
        if out is not None and not as_json:
            say(f"List: {out}\nNext: name it in a sweep's configuration (list: {out.name}), then glotmix sweep plan")


def _above(option: str, text: str | None) -> float | None:
    """A number above 0, perhaps with a suffix."""
    from fit.amounts import amount

    value = amount(option, text)
    if value is not None and not 0 < value < float("inf"):
        raise ConfigError(f"{option} {text}: give a number above 0, such as 1e9 or 1B")
    return value


def _first(
    given: Given,
    sizes: dict[str, float],
    tokens: tuple[int, ...],
    count: int | None,
    budget: float | None,
    seed: int,
) -> "list[Candidate]":
    from fit.designs.first import first_runs

    missing = [
        o
        for o, there in (("--components", given.get("components")), ("--sizes", sizes), ("--tokens", tokens))
        if not there
    ]
    if missing:
        raise ConfigError(
            f"--new needs {', '.join(missing)}: glotmix fit design --new --components python,java --sizes "
            "0.1M=101808,0.2M=213568 --tokens 1000000,4000000"
        )
    return first_runs(given["components"], sizes, tokens, count, budget, seed)


def _read(runs: Path, given: Given, sizes: dict[str, float]) -> "tuple[Points, dict[str, float]]":
    """The points, and the sizes that can be trained."""
    from fit.designs.options import rungs_of
    from fit.reading import read
    from fit.table.mapping import Request

    points = read(runs, Request(**given)).points
    return points, sizes or rungs_of(runs, points)


def _next(
    points: "Points",
    law: str,
    loss: str,
    sizes: dict[str, float],
    scale: tuple[float, float],
    weights: dict[str, float],
    options: dict[str, Any],
    seed: int,
) -> "Proposal":
    from fit.allocate.goal import Goal
    from fit.designs.propose import propose
    from fit.estimate.estimate import fit
    from fit.estimate.loss import parse_loss

    fitted = fit(points, law, parse_loss(loss), seed=seed)
    n, d = scale
    return propose(fitted, points, sizes, n=n, d=d, goal=Goal(weights=weights), seed=seed, **options)


def _write(out: Path, runs: "list[Candidate]", components: tuple[str, ...], shapes: dict[str, Any], seed: int) -> None:
    from fit.designs.lines import line_of, write_lines

    lines = [
        line_of(run, components, number, seed, {"shape": shapes[run.rung]} if run.rung in shapes else None)
        for number, run in enumerate(runs, 1)
    ]
    write_lines(out, lines)


def _row(run: "Candidate", number: int, components: tuple[str, ...], peak: float | None, mfu: float) -> dict[str, Any]:
    largest = sorted(zip(run.shares, components, strict=False), reverse=True)
    mixture = ", ".join(f"{name} {100 * share:.0f}" for share, name in largest if share > 0)
    row = {"run": number, "size": run.rung, "tokens": run.tokens[-1], "points": len(run.tokens), "flops": run.flops}
    row |= {"gpu hours": run.flops / (peak * mfu) / SECONDS} if peak else {}
    return row | {"mixture, %": mixture, "from": run.label}


def _table(found: "Proposal", components: tuple[str, ...], peak: float | None, mfu: float) -> list[Summary]:
    rows, cost = [], 0.0
    for number, choice in enumerate(found.choices, 1):
        cost += choice.run.flops
        gains = {
            "lowers, %": 100 * choice.reduction,
            "all so far, %": 100 * (1 - choice.after / found.before) if found.before > 0 else 0.0,
            "flops so far": cost,
        }
        rows.append(_row(choice.run, number, components, peak, mfu) | gains)
    what = "expected regret of the optimum" if found.kind == "regret" else "variance of the predicted loss"
    aim = {"optimum for N": found.aim.n, "and D": found.aim.d, "candidates": found.tried}
    aim |= {f"{what}, now": found.before, "with all runs": found.after}
    aim |= {f"p {name}": float(share) for name, share in zip(components, found.aim.shares, strict=False)}
    notes = [Summary("Notes", [{"note": note} for note in found.notes])] if found.notes else []
    return [
        Summary(f"Proposed runs: {len(rows)}; by how much each lowers the {what}", rows),
        Summary("Aim", [aim]),
        *notes,
    ]


def _first_table(runs: "list[Candidate]", peak: float | None, mfu: float) -> list[Summary]:
    rows: dict[str, dict[str, Any]] = {}
    for run in runs:
        row = rows.setdefault(
            run.rung, {"size": run.rung, "parameters": run.n, "mixtures": 0, "tokens": run.tokens[-1], "flops": 0.0}
        )
        row["mixtures"] += 1
        row["flops"] += run.flops
        if peak:
            row["gpu hours"] = row["flops"] / (peak * mfu) / SECONDS
    return [Summary(f"Proposed runs: {len(runs)}; a first swarm", list(rows.values()))]
