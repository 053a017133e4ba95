"""`glotmix fit allocate`: proportions out of a fit; nothing but wiring."""

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import ConfigError
from report.front import errors, say, show

if TYPE_CHECKING:
    from contracts.allocation import Allocation
    from fit.allocate.constraints import Constraints
    from fit.allocate.goal import Goal

EPOCHS = 4.0
"""Repetition cap where a pool is given and no cap: up to four epochs are nearly as good as fresh text
(arXiv 2305.16264)."""

GOAL, BOUNDS, WORK = "What is minimised", "What limits the shares", "How"


def _option(panel: str, *names: str, help: str, metavar: str | None = None) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, rich_help_panel=panel)


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("allocate")(allocate)


def allocate(
    fit: Annotated[Path, typer.Argument(metavar="FIT", help="What glotmix fit wrote: a fit or an average.")],
    size: Annotated[str | None, typer.Option("--n", "--size", metavar="N", help="Parameters, such as 1.3B.")] = None,
    tokens: Annotated[str | None, typer.Option("--tokens", metavar="D", help="Training tokens, such as 26B.")] = None,
    flops: Annotated[
        str | None, typer.Option("--flops", metavar="C", help="Instead of both: operations, divided between them.")
    ] = None,
    flops_factor: Annotated[
        float, typer.Option("--flops-factor", help="Operations for each parameter and token.")
    ] = 6.0,
    objective: Annotated[
        str,
        _option(GOAL, "--objective", metavar="KIND", help="mean, weighted, worst, or guarded: a mean with --guard 0."),
    ] = "mean",
    weights: Annotated[
        list[str] | None, _option(GOAL, "--weights", metavar="T=W,...", help="Weights of targets (all languages 1).")
    ] = None,
    units: Annotated[
        str, _option(GOAL, "--units", metavar="KIND", help="log: relative to uniform; absolute: losses as they are.")
    ] = "log",
    guard: Annotated[
        float | None,
        _option(GOAL, "--guard", metavar="X", help="No target worse than under uniform by more than this fraction."),
    ] = None,
    prior: Annotated[
        list[str] | None,
        _option(GOAL, "--prior", metavar="Q", help="Draw towards uniform, natural or C=P,... with strength --kl."),
    ] = None,
    kl: Annotated[
        float, _option(GOAL, "--kl", metavar="S", help="Strength of --prior, in units of the objective.")
    ] = 0,
    pool: Annotated[
        Path | None,
        _option(BOUNDS, "--pool", metavar="PATH", help="Unique tokens: a run's output folder or a table."),
    ] = None,
    unique: Annotated[
        list[str] | None, _option(BOUNDS, "--unique", metavar="C=U,...", help="Unique tokens, instead of --pool.")
    ] = None,
    max_epochs: Annotated[
        list[str] | None,
        _option(BOUNDS, "--max-epochs", metavar="R,C=R", help="Most passes over unique tokens (4); none: no cap."),
    ] = None,
    sequence_length: Annotated[
        int | None,
        _option(BOUNDS, "--sequence-length", metavar="L", help="That of the mixture: caps in whole sequences."),
    ] = None,
    least: Annotated[list[str] | None, _option(BOUNDS, "--min", metavar="C=P,...", help="Least shares.")] = None,
    most: Annotated[list[str] | None, _option(BOUNDS, "--max", metavar="C=P,...", help="Largest shares.")] = None,
    fix: Annotated[list[str] | None, _option(BOUNDS, "--fix", metavar="C=P,...", help="Fixed shares.")] = None,
    pairs: Annotated[
        str | None, _option(BOUNDS, "--pairs", metavar="LOW:HIGH", help="Share of translation pairs.")
    ] = None,
    allow_vertex: Annotated[
        bool, _option(BOUNDS, "--allow-vertex", help="Accept an optimum that leaves out a language that counts.")
    ] = False,
    path: Annotated[
        bool, _option(WORK, "--path", help="Also the optimum along sizes and tokens, with reversals.")
    ] = False,
    reach: Annotated[
        float,
        _option(WORK, "--reach", help="How far beyond the measured sizes N may be chosen."),
    ] = 10.0,
    draws: Annotated[int, typer.Option(min=0, help="Draws of the bootstrap to optimise again.")] = 100,
    starts: Annotated[int, typer.Option(min=2, help="Starts of the search at least.")] = 24,
    seed: Annotated[int, typer.Option(min=0, help="Of the search.")] = 0,
    digits: Annotated[int, typer.Option(min=2, max=9, help="Digits of the shares.")] = 4,
    out: Annotated[Path | None, typer.Option(help="Write the allocation here, such as allocation.json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """The proportions with the lowest predicted loss for a size and tokens, or for a budget of operations."""
    with errors():
        from contracts.files import check_output, write_json
        from fit.allocate.allocate import Effort
        from fit.allocate.allocate import allocate as decide
        from fit.amounts import amount
        from fit.commands.allocate_tables import allocation_tables, beats
        from fit.record import load, load_bootstrap

        check_output(out, fit, pool)
        predictor = load(fit)
        goal = _goal(objective, units, weights, guard)
        limits, identity = _limits(pool, unique, (max_epochs, sequence_length), (least, most, fix), pairs, (prior, kl))
        _check_names(unique, predictor.components)
        place = {"n": amount("--n", size), "d": amount("--tokens", tokens), "flops": amount("--flops", flops)}
        made = decide(
            predictor,
            goal,
            limits,
            **place,
            factor=flops_factor,
            draws=load_bootstrap(fit) if draws else None,
            allow_vertex=allow_vertex,
            effort=Effort(starts, seed, digits, path, reach, draws, identity),
        ).allocation
        if out is not None:
            write_json(out, made.model_dump(mode="json"))
        show(allocation_tables(made), as_json)
        if not as_json:
            say(beats(made))
            if out is not None:
                say(f"Allocation: {out}\nNext: {mix_command(made, out, sequence_length)}")


def _goal(objective: str, units: str, weights: list[str] | None, guard: float | None) -> "Goal":
    from fit.allocate.goal import Goal
    from fit.amounts import by_name

    if objective not in ("mean", "weighted", "worst", "guarded"):
        raise ConfigError(f"--objective {objective}: allowed are mean, weighted, worst and guarded")
    if units not in ("log", "absolute"):
        raise ConfigError(f"--units {units}: allowed are log and absolute")
    if objective == "weighted" and not weights:
        raise ConfigError("--objective weighted: give --weights, such as --weights python=2,java=1")
    return Goal(
        kind="worst" if objective == "worst" else "mean",
        weights=by_name("--weights", weights),
        units="log" if units == "log" else "absolute",
        guard=0.0 if objective == "guarded" and guard is None else guard,
    )


def _limits(
    pool: Path | None,
    unique: list[str] | None,
    repeats: tuple[list[str] | None, int | None],
    shares: tuple[list[str] | None, list[str] | None, list[str] | None],
    pairs: str | None,
    prior: tuple[list[str] | None, float],
) -> "tuple[Constraints, str]":
    """Constraints, and the identity of the pool."""
    from fit.allocate.constraints import Constraints
    from fit.allocate.pool import Pool, check_numbers, read_pool
    from fit.amounts import by_name, span, with_default

    max_epochs, length = repeats
    if length is not None and length < 1:
        raise ConfigError(f"--sequence-length {length}: give a number of tokens from 1 on")
    if pool is not None and unique:
        raise ConfigError("--pool and --unique both say how many unique tokens there are; give one of them")
    given = by_name("--unique", unique)
    check_numbers("--unique:", "unique tokens", given)
    held = read_pool(pool) if pool is not None else Pool(given, given) if given else None
    all_, some = (None, {}) if max_epochs == ["none"] else with_default("--max-epochs", max_epochs)
    if held is not None and max_epochs is None:
        all_ = EPOCHS
    return (
        Constraints(
            minimum=by_name("--min", shares[0]),
            maximum=by_name("--max", shares[1]),
            fixed=by_name("--fix", shares[2]),
            pairs=span("--pairs", pairs),
            unique=held.unique if held else None,
            held=held.held if held else None,
            max_epochs=all_,
            epochs=some,
            sequence_length=length,
            prior=_prior(prior[0]),
            strength=prior[1],
        ),
        held.identity if held else "",
    )


def _check_names(unique: list[str] | None, components: tuple[str, ...]) -> None:
    """Refuse unique tokens of what the fit does not know: a slip would leave the right component with none."""
    from fit.amounts import by_name

    unknown = [name for name in by_name("--unique", unique) if name not in components]
    if unknown and components:
        raise ConfigError(f"--unique {unknown[0]}: the fit has no such component; it has {', '.join(components)}")


def _prior(texts: list[str] | None) -> Any:
    from fit.amounts import by_name

    if not texts:
        return None
    return texts[0] if texts in (["uniform"], ["natural"]) else by_name("--prior", texts)


def mix_command(made: "Allocation", out: Path, sequence_length: int | None = None) -> str:
    """The command that makes the mixture; the path is absolute, since the mixer's start at its configuration."""
    epochs = [bound.epochs for bound in made.bounds.values() if bound.epochs]
    settings = {
        "mix.name": "allocated",
        "mix.proportions": "allocation",
        "mix.allocation": str(out.resolve()),
        "mix.tokens": str(int(made.tokens or 0)),
    }
    if epochs and max(epochs) > 1:
        settings["mix.max_epochs"] = f"{math.ceil(100 * max(epochs)) / 100:g}"
    if sequence_length is not None:
        settings["mix.sequence_length"] = str(sequence_length)
    return "glotmix mix CONFIG " + " ".join(f"--set {key}={shlex.quote(value)}" for key, value in settings.items())
