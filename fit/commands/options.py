"""The options by which every command that reads a runs table is told what its columns mean."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

PANEL = "The table"
Given = dict[str, Any]
"""Options that were given, as fields of `fit.table.mapping.Request`."""


def _option(*names: str, metavar: str | None = None, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, rich_help_panel=PANEL)


def _table(
    n: Annotated[
        str | None,
        _option("--n", metavar="COLUMN", help="Model sizes N in parameters; or a number for all rows."),
    ] = None,
    d: Annotated[
        str | None, _option("--d", metavar="COLUMN", help="Training tokens D; or a number for all rows.")
    ] = None,
    flops: Annotated[
        str | None, _option("--flops", metavar="COLUMN", help="Training operations C = 6 N D, in place of --n or --d.")
    ] = None,
    loss_column: Annotated[
        str | None, _option("--loss-column", metavar="COLUMN", help="The loss, where there is one target.")
    ] = None,
    losses: Annotated[
        str | None,
        _option(
            "--losses",
            metavar="PREFIX",
            help="Columns of losses, one a target (default loss_); or a pattern: a_*_loss.",
        ),
    ] = None,
    weights: Annotated[
        str | None,
        _option("--weights", metavar="PREFIX", help="Columns of shares (default p_); or a pattern; none: no mixture."),
    ] = None,
    unique: Annotated[
        str | None,
        _option(
            "--unique",
            metavar="PREFIX",
            help="Columns of unique tokens (default unique_); without shares, the column of all.",
        ),
    ] = None,
    run: Annotated[
        str | None,
        _option(
            "--run", metavar="COLUMN", help="Which run a row is of (default run_id; without it each row is a run)."
        ),
    ] = None,
    targets: Annotated[
        str | None,
        _option("--targets", metavar="A,B", help="Targets wanted, by name or pattern; in an own table no directions."),
    ] = None,
    components: Annotated[
        str | None,
        _option("--components", metavar="A,B", help="Components of the mixture (default: all that some row has)."),
    ] = None,
    where: Annotated[
        list[str] | None,
        _option("--where", metavar="COLUMN=VALUE", help="Only such rows; also != < <= > >=. May be repeated."),
    ] = None,
    unannealed: Annotated[
        bool, _option("--unannealed", help="Keep points whose learning rate was not decayed.")
    ] = False,
    bpb: Annotated[bool, _option("--bpb", help="Bits per byte in place of nats per token.")] = False,
) -> None:
    """Nothing: its parameters are the options."""


_OPTIONS = inspect.signature(_table).parameters


def reads_table(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options to a command, which gets those that were given as its parameter `given`.

    Args:
        command: its parameter `given` is not an option.
    """
    own = [p for p in inspect.signature(command).parameters.values() if p.name != "given"]

    def wrapper(**values: Any) -> None:
        table = {name: values.pop(name) for name in _OPTIONS}
        command(**values, given=_given(table))

    parameters = [
        p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in sorted([*own, *_OPTIONS.values()], key=_has_default)
    ]
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
    wrapper.__name__, wrapper.__doc__ = command.__name__, command.__doc__
    return wrapper


def _has_default(parameter: inspect.Parameter) -> bool:
    return parameter.default is not inspect.Parameter.empty


def _given(table: dict[str, Any]) -> Given:
    found = {name: value for name, value in table.items() if value not in (None, False)}
    for name in ("targets", "components"):
        if name in found:
            found[name] = tuple(part.strip() for part in found[name].split(",") if part.strip())
    if "where" in found:
        found["where"] = tuple(found["where"])
    if found.pop("unannealed", False):
        found["annealed_only"] = False
    return found
