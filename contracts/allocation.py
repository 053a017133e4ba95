"""The file in which the fitter hands optimal proportions to the mixer.

Only `weights` is required, and only it decides the mixture; all else says what the proportions were computed for, from
what, and how sure they are.
"""

from typing import Literal

from pydantic import Field, model_validator

from contracts.config import StrictModel

TOLERANCE = 1e-6
"""How far weights may sum from 1: printed shares have six digits."""


class Interval(StrictModel):
    """The middle part of the draws."""

    low: float
    high: float


class Estimate(StrictModel):
    """A value, and how far draws put it."""

    value: float
    interval: Interval | None = None
    """None: there were no draws."""


class Objective(StrictModel):
    """What was minimised."""

    kind: Literal["mean", "worst"]
    """The weighted mean over targets, or the largest value of any."""
    units: Literal["log", "absolute"]
    """log: logarithm of a loss relative to that of the uniform mixture; absolute: the losses as measured."""
    weights: dict[str, float]
    """Weight of each target that counts."""
    guard: float | None = None
    """No counted target is worse than under the uniform mixture by more than this fraction."""
    prior: dict[str, float] | None = None
    """Proportions q that the result is drawn towards."""
    strength: float = 0.0
    """Times KL(p || q) is what was added to the objective."""
    value: float
    """The objective at the proportions, without the prior."""


class Bound(StrictModel):
    """What limited one component."""

    low: float
    high: float
    """Repetition cap included."""
    fixed: bool = False
    unique_tokens: float | None = None
    """U; null: as many as are needed."""
    max_epochs: float | None = None
    """r, of p D <= r U."""
    epochs: float | None = None
    """p D / U at the proportions."""


class Price(StrictModel):
    """What a constraint that binds costs."""

    constraint: str
    """Such as `max python`, `epochs rust` or `guard java`."""
    per_percent: float
    """Change of the objective if the bound is loosened by 1 % (of the tokens; of the loss for a guard). For a fixed
    share: if it is raised."""
    resolved: float
    """The same found by solving again with the bound a little looser: what the first is verified against."""
    per_billion_unique: float | None = None
    """For repetition caps: change of the objective for each 10^9 more unique tokens, fresher text included."""


class Baseline(StrictModel):
    """A mixture to compare with, at the same size and tokens; with a budget of operations, at its own best size."""

    name: str
    weights: dict[str, float]
    n_parameters: float
    tokens: float
    losses: dict[str, float]
    gain: Estimate
    """By how much of its value the allocation is better, as a fraction."""
    keeps_bounds: bool
    """Whether it keeps the constraints that the allocation keeps."""


class Certificate(StrictModel):
    """What speaks for the optimum being the best there is."""

    starts: int
    reached: float
    """Share of the starts that came as low."""
    distance: float
    """The largest part of the tokens in which mixtures that came as low differ."""
    searched: int
    """Mixtures that were tried at random, anywhere and nearby."""
    search_gap: float
    """By how much the best of these is worse."""
    kkt_residual: float
    """What multipliers leave of the gradient, in units of the objective per share."""
    certified: bool


class Unconstrained(StrictModel):
    """The optimum without bounds, caps, guard and prior, at the same size and tokens or budget."""

    weights: dict[str, float]
    n_parameters: float
    tokens: float
    gain: float
    """By how much it would be better than the allocation, as a fraction."""


class LawOptimum(StrictModel):
    """What a single law of an average would have chosen."""

    law: str
    weights: dict[str, float]
    regret: float
    """By how much of its value the allocation is worse than this optimum, if this law is right. Of the mean of the
    optima: by how much it is worse than the allocation, if the average is right."""


class PathPoint(StrictModel):
    """The optimum at another size and tokens."""

    n_parameters: float
    tokens: float
    weights: dict[str, float]
    gain_over_uniform: float


class Allocation(StrictModel):
    """Proportions over mixture components, with what they were computed for."""

    weights: dict[str, float] = Field(min_length=1)
    """Share of the training tokens for each component; non-negative, summing to 1."""
    n_parameters: float | None = None
    """Model size N they are meant for, in parameters without embeddings."""
    tokens: float | None = None
    """Token budget D they are meant for."""
    law: str = ""
    """Name of the law they come from."""
    runs_identity: str = ""
    """Hash of the runs table the law was fitted on."""
    fit_identity: str = ""
    """Hash of the fit; another one now means that these proportions are out of date."""
    pool_identity: str = ""
    """Identity of the tokenised pool that unique tokens were taken from."""
    flops: float | None = None
    """Budget of operations that was divided into N and D; null: both were given."""
    objective: Objective | None = None
    bounds: dict[str, Bound] = Field(default_factory=dict)
    """By component."""
    draws: int = 0
    """Draws that the intervals rest on; 0: there are none."""
    draws_of: Literal["none", "bootstrap", "laws"] = "none"
    """bootstrap: refits to resampled runs; laws: the laws of an average."""
    intervals: dict[str, Interval] = Field(default_factory=dict)
    """Of each share, optimised again for each draw; `n_parameters` and `tokens` with them where they were chosen."""
    losses: dict[str, Estimate] = Field(default_factory=dict)
    """Predicted losses at the proportions, by target."""
    guard_slack: dict[str, float] = Field(default_factory=dict)
    """For each counted target, by what fraction of its loss it is better than under the uniform mixture."""
    regret: Estimate | None = None
    """By how much of its value the allocation is worse than each draw's own optimum: mean over draws, and interval."""
    baselines: list[Baseline] = Field(default_factory=list)
    unconstrained: Unconstrained | None = None
    prices: list[Price] = Field(default_factory=list)
    laws: list[LawOptimum] = Field(default_factory=list)
    """The optima of an average's laws, and their mean."""
    path: list[PathPoint] = Field(default_factory=list)
    certificate: Certificate | None = None
    warnings: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _on_the_simplex(self) -> "Allocation":
        total = sum(self.weights.values())
        if any(not 0 <= w <= 1 for w in self.weights.values()) or abs(total - 1) > TOLERANCE:
            raise ValueError(f"weights must lie in 0..1 and sum to 1; they sum to {total:.6f}")
        return self

    @property
    def origin(self) -> dict[str, str | float | None]:
        """Where the proportions come from and what they are for, in a few words: for the manifests of mixtures."""
        told = {name: getattr(self, name) for name in ("n_parameters", "tokens", "law", "runs_identity")}
        more = {name: getattr(self, name) for name in ("fit_identity", "pool_identity")}
        return told | {name: value for name, value in more.items() if value}
