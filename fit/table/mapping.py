"""Which column of a table means what: by the names of glotmix's own runs tables, or as the user says. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from contracts.errors import ConfigError
from contracts.languages import PARALLEL
from fit.amounts import amount
from fit.laws.law import UNSEEN
from fit.table.where import Condition, listing, parse_where

OWN = ("run_id", "n_parameters", "tokens")
"""Columns by which a table of glotmix's own is known (contracts/runs.py)."""
SIZES, BUDGETS = ("n_parameters", "N", "n"), ("tokens", "D", "d")
"""Names that N and D have where the user says nothing."""
SHARES, LOSSES, BPB, UNIQUE = "p_", "loss_", "bpb_", "unique_"
"""Prefixes of columns where the user says nothing (contracts/runs.py)."""
LOSS = "loss"
"""Column of the loss where there is one target."""
UNSEEN_COLUMNS = {LOSSES: "unseen_loss", BPB: "unseen_bpb"}
"""Columns of the loss over directions that never enter training, in an own table; the target is called `unseen`."""
POOL = "data"
"""The one component of a table that has unique tokens but no shares."""
STATES = ("status", "state")
"""Columns that say how a run ended, in exports of trackers."""
NONE = "none"
"""As a prefix: there are no such columns."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a table is asked for; every option of reading has a place here."""

    n: str | None = None
    """Column of model sizes in parameters, or a number for all rows."""
    d: str | None = None
    """Column of training tokens, or a number for all rows."""
    flops: str | None = None
    """Column of training operations, in place of n or d: C = 6 N D."""
    losses: str | None = None
    """Prefix of the columns of losses, `loss_` by default; with a star a pattern, such as metric/*_val_loss."""
    loss_column: str | None = None
    """Column of the loss, for one target."""
    weights: str | None = None
    """Prefix or pattern of the columns of shares, `p_` by default; `none`: mixtures are not considered."""
    unique: str = UNIQUE
    """Prefix or pattern of the columns of unique tokens; without shares the column of all unique tokens."""
    run: str | None = None
    """Column that says which run a row belongs to; `run_id` where there is one, else each row is a run."""
    targets: Sequence[str] | None = None
    """Targets wanted, by name or pattern; None: all, but in an own table no directions."""
    components: Sequence[str] | None = None
    """Components of the mixture and their order; None: all that some row has."""
    annealed_only: bool = True
    """Leave out rows whose column `annealed` says no."""
    bpb: bool = False
    """Bits per byte in place of nats per token, of an own table."""
    where: Sequence[str] = ()
    """Conditions that rows have to meet, such as strategy=concat."""
    d_min: float = 0.0
    """Rows with fewer tokens are left out."""
    need_losses: bool = True
    """Rows without any loss are left out; else they are kept, to be predicted, and no column of losses or runs need be
    there."""
    absent_are_zero: bool = False
    """Components that have no column have share 0; else that is an error."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Columns by meaning."""

    n: str | float | None
    d: str | float | None
    flops: str | None
    losses: dict[str, str]
    """Target to column."""
    shares: dict[str, str]
    """Component to column."""
    unique: dict[str, str]
    """Component to column, where there is one."""
    pool: str | None
    """Column of unique tokens where there are no shares: all data are one component."""
    run: str | None
    own: bool
    conditions: tuple[Condition, ...] = ()
    marks: dict[str, str] = field(default_factory=dict)
    """Further columns that are looked at: annealed, tokenizer_hash, validation_hash, strategy, status."""

    @property
    def numbers(self) -> list[str]:
        """Columns that have to hold numbers."""
        single = [c for c in (self.n, self.d, self.flops, self.pool) if isinstance(c, str)]
        compared = [c.column for c in self.conditions if c.compares]
        return list(
            dict.fromkeys([*single, *self.losses.values(), *self.shares.values(), *self.unique.values(), *compared])
        )

    @property
    def texts(self) -> list[str]:
        """Columns that hold words."""
        equal = [c.column for c in self.conditions if not c.compares]
        return list(dict.fromkeys([*([self.run] if self.run else []), *self.marks.values(), *equal]))


def map_columns(names: Sequence[str], request: Request) -> Mapping:
    """Say which column means what.

    Args:
        names: the columns that there are.
        request: what the user says.

    Raises:
        ConfigError: a column is missing, or options contradict each other; names what there is.
    """
    own = all(name in names for name in OWN)
    pool = _pool(names, request)
    shares = {} if pool else _shares(names, request)
    n, d = _scales(names, request)
    return Mapping(
        n=n,
        d=d,
        flops=request.flops,
        losses=_losses(names, request, own, shares),
        shares=shares,
        unique={c: column for c, column in _matching(names, request.unique).items() if c in shares},
        pool=pool,
        run=_run(names, request),
        own=own,
        conditions=parse_where(request.where, names),
        marks=_marks(names),
    )


def _scales(names: Sequence[str], request: Request) -> tuple[str | float | None, str | float | None]:
    """Where N and D come from; None: from the operations and the other one."""
    if request.flops is None:
        return _scale(names, request.n, SIZES, "n"), _scale(names, request.d, BUDGETS, "d")
    _require(names, request.flops, "flops")
    if request.n is not None and request.d is not None:
        raise ConfigError("--flops stands in for --n or for --d; leave one of the three out")
    if request.n is None and request.d is not None:
        return None, _scale(names, request.d, (), "d")
    return _scale(names, request.n, SIZES, "n"), None


def _scale(names: Sequence[str], asked: str | None, usual: Sequence[str], option: str) -> str | float:
    if asked is None:
        found = next((name for name in usual if name in names), None)
        if found is None:
            what = "model sizes N in parameters" if option == "n" else "training tokens D"
            raise ConfigError(
                f"--{option}: no column of {what} called {' or '.join(usual)}; name it with --{option} COLUMN, or "
                f"give --{option} NUMBER where all rows have the same. There are {listing(names)}"
            )
        return found
    if asked in names:
        return asked
    try:
        value = amount(f"--{option}", asked) or 0.0
    except ConfigError:
        raise _missing(names, asked, option) from None
    if not 0 < value < float("inf"):
        raise ConfigError(f"--{option} {asked}: give a column, or a number > 0")
    return value


def _pool(names: Sequence[str], request: Request) -> str | None:
    """The column of all unique tokens, where one is named and there are no shares."""
    shares = {} if request.weights == NONE else _matching(names, request.weights or SHARES)
    return request.unique if request.unique in names and not shares else None


def _shares(names: Sequence[str], request: Request) -> dict[str, str]:
    if request.weights == NONE:
        return {}
    found = _matching(names, request.weights or SHARES)
    if request.weights is not None and not found:
        raise _no_match(names, request.weights, "weights")
    if request.components is None:
        return found
    absent = [c for c in request.components if c not in found]
    if absent and not (request.absent_are_zero and len(absent) < len(request.components)):
        raise ConfigError(
            f"no column of shares for {', '.join(absent)}; there are shares of {listing(list(found))} "
            f"(--weights {request.weights or SHARES})"
        )
    return {c: found[c] for c in request.components if c in found}


def _losses(names: Sequence[str], request: Request, own: bool, shares: dict[str, str]) -> dict[str, str]:
    """Target to column, of those that are wanted."""
    if request.loss_column is not None and request.losses is not None:
        raise ConfigError("--loss-column is for one target, --losses for many; leave one out")
    if request.loss_column is not None and request.bpb:
        raise ConfigError("--bpb reads the columns bpb_ of a glotmix runs table; leave out it or --loss-column")
    if request.loss_column is not None and request.loss_column not in names and not request.need_losses:
        return {}
    if request.loss_column is not None:
        _require(names, request.loss_column, "loss-column")
        return {request.loss_column.removeprefix(LOSSES): request.loss_column}
    prefix = request.losses or (BPB if request.bpb else LOSSES)
    found = _matching(names, prefix)
    if own and UNSEEN_COLUMNS.get(prefix) in names:
        found[UNSEEN] = UNSEEN_COLUMNS[prefix]
    if request.losses is None and not found and LOSS in names and not request.bpb:
        found = {LOSS: LOSS}
    if not found and request.need_losses:
        raise _no_match(names, prefix, "losses")
    if request.targets is not None:
        return _wanted(found, request.targets, request.need_losses)
    if own and request.losses is None:
        every = _matching(names, SHARES)
        return {t: c for t, c in found.items() if t in shares or t in every or t in (PARALLEL, UNSEEN)}
    return found


def _wanted(found: dict[str, str], targets: Sequence[str], needed: bool) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for pattern in targets:
        matching = {t: c for t, c in found.items() if t == pattern or fnmatchcase(t, pattern)}
        if not matching and needed:
            raise ConfigError(f"--targets {pattern}: no column of a loss on it; there are {listing(list(found))}")
        wanted.update(matching)
    return wanted


def _run(names: Sequence[str], request: Request) -> str | None:
    if request.run is not None and (request.need_losses or request.run in names):
        _require(names, request.run, "run")
        return request.run
    return "run_id" if "run_id" in names else None


def _marks(names: Sequence[str]) -> dict[str, str]:
    small = {name.lower(): name for name in reversed(names)}
    known = {name: name for name in ("annealed", "tokenizer_hash", "validation_hash", "strategy") if name in names}
    state = next((small[name] for name in STATES if name in small), None)
    return known | ({"status": state} if state else {})


def _matching(names: Sequence[str], pattern: str) -> dict[str, str]:
    """What stands in place of the star of a pattern, to the column; a pattern without a star is a prefix."""
    before, _, after = pattern.partition("*")
    return {
        name[len(before) : len(name) - len(after)]: name
        for name in names
        if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after)
    }


def _require(names: Sequence[str], column: str, option: str) -> None:
    if column not in names:
        raise _missing(names, column, option)


def _missing(names: Sequence[str], column: str, option: str) -> ConfigError:
    return ConfigError(f"--{option} {column}: there is no such column; there are {listing(names)}")


def _no_match(names: Sequence[str], pattern: str, option: str) -> ConfigError:
    if option == "losses":
        cure = "name one with --loss-column COLUMN, or their prefix with --losses PREFIX"
    else:
        cure = f"give the prefix that they have, or --{option} {NONE}"
    begins = "is like" if "*" in pattern else "begins with"
    return ConfigError(f"--{option} {pattern}: no column {begins} {pattern!r}; {cure}. There are {listing(names)}")
