"""What fit.json must hold for a fit, or an average of fits, to be made of it: checked whole before any law is made."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.errors import ConfigError
from contracts.faults import describe
from fit.laws.law import own_of
from fit.predictor import Predictor

MAX_COMPONENTS = 256
"""Of a mixture at most: laws of all shares have twice as many parameters, and matrices of these. Published mixtures
have 17 to 53 domains."""
MAX_TARGETS = 4096
"""Of a fit at most: all directions between 64 languages."""
MAX_MEMBERS = 64
"""Of an average at most; there are 11 laws."""
LARGEST = 700.0
"""Of an internal parameter, most of which are logarithms: the exponential of more is infinite."""
SUM = 1e-6
"""How far the weights of an average may sum from 1."""

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Names = Annotated[list[str], Field(max_length=MAX_COMPONENTS)]
Counts = dict[str, Annotated[int, Field(ge=0)]]
Range = Annotated[list[Positive], Field(min_length=2, max_length=2)]


class _Stored(BaseModel):
    """Part of the file: types as they are written, finite numbers; further keys are passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, allow_inf_nan=False, protected_namespaces=())


class _Loss(_Stored):
    kind: Literal["huber", "l1"]
    delta: Positive
    overestimate: Positive


class _Space(_Stored):
    n0: Positive
    d0: Positive
    components: Names
    own: Annotated[int, Field(ge=0)] | None
    varies_n: bool
    varies_d: bool
    repeats: bool
    l0: Positive = 1.0


class _Target(_Stored):
    objective: float
    rows: Annotated[int, Field(ge=1)]
    runs: Annotated[int, Field(ge=1)]
    residual: NotNegative
    starts: Annotated[int, Field(ge=0)]
    reached: Annotated[float, Field(ge=0, le=1)]
    condition: NotNegative | None
    correlations: list[list[float | None]]
    symbols: list[str]
    theta: list[Annotated[float, Field(ge=-LARGEST, le=LARGEST)]]
    space: _Space
    flags: list[str]
    excluded: Counts

    @model_validator(mode="after")
    def _sizes_agree(self) -> "_Target":
        size = len(self.symbols)
        if len(self.theta) != size:
            raise ValueError(f"theta has {len(self.theta)} numbers for {size} parameters")
        if [len(row) for row in self.correlations] != [size] * size:
            raise ValueError(f"correlations are no {size} rows of {size}")
        return self


class StoredFit(_Stored):
    """A fitted law."""

    law: str
    loss: _Loss
    components: Names
    ranges: dict[Literal["n", "d", "flops"], Range]
    seed: Annotated[int, Field(ge=0)]
    runs_identity: str
    excluded: Counts
    targets: Annotated[dict[str, _Target], Field(min_length=1, max_length=MAX_TARGETS)]

    @model_validator(mode="after")
    def _of_one_mixture(self) -> "StoredFit":
        if len(set(self.components)) < len(self.components):
            raise ValueError("components: one is named twice")
        for scale, (low, high) in self.ranges.items():
            if low > high:
                raise ValueError(f"ranges.{scale}: {low:g} is above {high:g}")
        for name, target in self.targets.items():
            if target.space.components != self.components:
                raise ValueError(f"targets.{name}.space.components: not those of the fit")
            if target.space.own != (own := own_of(name, tuple(self.components))):
                raise ValueError(f"targets.{name}.space.own: is {target.space.own}, the components say {own}")
        return self


class StoredAverage(_Stored):
    """An average of fitted laws; the members are checked on their own."""

    weights: Annotated[list[NotNegative], Field(min_length=1, max_length=MAX_MEMBERS)]
    labels: Annotated[list[str], Field(max_length=MAX_MEMBERS)]
    noise: list[NotNegative]
    scale: Positive
    evidence: list[dict[str, Any]]
    components: Names
    targets: Annotated[list[str], Field(max_length=MAX_TARGETS)]
    covariances: list[dict[str, list[list[float]]]] = Field(default_factory=list)
    members: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MAX_MEMBERS)]

    @model_validator(mode="after")
    def _sums_to_one(self) -> "StoredAverage":
        if abs(sum(self.weights) - 1) > SUM:
            raise ValueError(f"weights: sum to {sum(self.weights):.6g}, allowed is 1")
        if not len(self.members) == len(self.weights) == len(self.labels):
            raise ValueError(
                f"members: {len(self.members)}, with {len(self.weights)} weights and {len(self.labels)} labels"
            )
        return self


class _Options(BaseModel):
    """Fields of `fit.table.mapping.Request`, as they are written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    n: str | None = None
    d: str | None = None
    flops: str | None = None
    losses: str | None = None
    loss_column: str | None = None
    weights: str | None = None
    unique: str | None = None
    run: str | None = None
    targets: list[str] | None = None
    components: list[str] | None = None
    where: list[str] | None = None
    annealed_only: bool = True
    bpb: bool = False
    d_min: NotNegative = 0.0


class _Reading(_Stored):
    options: _Options = Field(default_factory=_Options)


class StoredHead(_Stored):
    """What commands take from the file beside the fit or the average."""

    reading: _Reading = Field(default_factory=_Reading)
    ranges: dict[Literal["n", "d", "flops"], Range] = Field(default_factory=dict)


class StoredNoise(_Stored):
    """What intervals of the predictions of one target need beside the bootstrap."""

    sigma: NotNegative
    quantile: Positive
    stretch: Annotated[float, Field(ge=1)]
    centre: float = 0.0


Model = TypeVar("Model", bound=BaseModel)


def check(model: type[Model], record: Any, where: str, what: str = "fit") -> Model:
    """Read a part of a file.

    Args:
        model: what it must be.
        record: plain data, as JSON gives it.
        where: what to call the file in messages.
        what: it is.

    Raises:
        ConfigError: naming each key, the value and what is allowed.
    """
    try:
        return model.model_validate(record)
    except ValidationError as error:
        lines = "\n  ".join(describe(model, error))
        raise ConfigError(
            f"{where}: a damaged {what}; fit again: glotmix fit RUNS --out fit.json\n  {lines}"
        ) from error


def check_members(record: dict[str, Any], members: Sequence[Predictor], where: str) -> None:
    """An average's own entries, and that its members predict one thing.

    Args:
        record: of the average.
        members: that were restored out of it.
        where: what to call the file in messages.

    Raises:
        ConfigError: naming the key at fault.
    """
    stored = check(StoredAverage, record, where, "average")
    for index, member in enumerate(members):
        for key, own, wanted in (
            ("targets", member.names, stored.targets),
            ("components", member.components, stored.components),
        ):
            if list(own) != wanted:
                raise ConfigError(f"{where}: a damaged average; members[{index}].{key}: not those of the average")
    if len(stored.noise) != len(stored.targets):
        raise ConfigError(
            f"{where}: a damaged average; noise: {len(stored.noise)} numbers for {len(stored.targets)} targets"
        )
