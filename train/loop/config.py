"""The configuration of a whole run, with what comes after the mixture; see docs/loop.md."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from contracts.config import StrictModel
from mixer.config import check_components
from mixer.recipe import Configuration
from train.sweep.config import AFTER, Share, SweepOptions

Weight = Annotated[float, Field(ge=0)]


class SweepSection(SweepOptions):
    """The sweep: options of glotmix sweep without output, corpus and slurm."""

    workers: int | None = Field(default=None, ge=1)
    """Runs at the same time; null: one for each GPU, or for each core where there is no GPU. It decides nothing."""


class FitSection(StrictModel):
    """What is fitted to the runs: options of glotmix fit."""

    law: str = "joint"
    """A law; `glotmix fit RUNS` lists those that suit a table. average: of structurally different laws."""
    loss: str = "huber:1e-3"
    """What is minimised: huber:DELTA, of log losses, or l1."""
    overestimate: float = Field(default=1.0, gt=0)
    """Factor of residuals where the law lies above a loss; 10 mistrusts badly tuned runs."""
    targets: tuple[str, ...] = ()
    """Losses that are fitted, by name; empty: all components that have one."""
    bpb: bool = False
    """Fit bits per byte in place of nats per token."""
    starts: int = Field(default=48, ge=1)
    """Starts of each fit."""
    bootstrap: int = Field(default=200, ge=0)
    """Resamplings of the runs, which intervals come from; 0: no intervals."""
    seed: int = 0
    """Of starts and resampling."""


class AllocateSection(StrictModel):
    """What proportions are sought for: options of glotmix fit allocate."""

    rung: str | None = None
    """Size of the model, by its rung; null: the largest one of the sweep, unless n_parameters or flops is given."""
    n_parameters: float | None = Field(default=None, gt=0)
    """The same as a number, without embeddings."""
    tokens: float | None = Field(default=None, gt=0)
    """Training tokens; null: the most of the sweep, unless flops is given."""
    flops: float | None = Field(default=None, gt=0)
    """Operations (6 N D), in place of size and tokens: both are then chosen together with the proportions."""
    objective: Literal["mean", "worst"] = "mean"
    """mean: the weighted mean over targets. worst: the largest loss relative to that of the uniform mixture."""
    weights: dict[str, Weight] = Field(default_factory=dict)
    """Weight of each target; empty: all alike, translation left out."""
    guard: float | None = Field(default=None, ge=0)
    """No counted target may be worse than under the uniform mixture by more than this fraction; null: no limit."""
    minimum: dict[str, Share] = Field(default_factory=dict)
    """Least shares."""
    maximum: dict[str, Share] = Field(default_factory=dict)
    """Largest shares."""
    fixed: dict[str, Share] = Field(default_factory=dict)
    """Shares that do not change."""
    max_epochs: float | None = Field(default=None, gt=0)
    """How often unique tokens may be repeated; null: mix.max_epochs of the sweep's mixtures."""
    prior: Literal["uniform", "natural"] | None = None
    """Proportions that the result is drawn towards."""
    strength: float = Field(default=0.0, ge=0)
    """How strongly: times the divergence KL(p || prior), in units of the objective."""
    allow_vertex: bool = False
    """Accept proportions in which a single component has nearly everything, which are refused otherwise."""
    keep: dict[str, Share] = Field(default_factory=dict)
    """Shares in the second mixture of components that the sweep did not have, such as {parallel: 0.14}; the
    proportions found are scaled down to make room."""
    mixture: str = Field(default="proposed", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Name of the second mixture."""

    @model_validator(mode="after")
    def _one_scale(self) -> "AllocateSection":
        if self.rung is not None and self.n_parameters is not None:
            raise ValueError("give rung or n_parameters, not both")
        if self.flops is not None and (self.rung or self.n_parameters or self.tokens):
            raise ValueError("flops chooses size and tokens; leave rung, n_parameters and tokens out, or flops")
        if sum(self.keep.values()) >= 1:
            raise ValueError(f"keep must leave a share for the others; it sums to {sum(self.keep.values()):g}")
        if self.strength and self.prior is None:
            raise ValueError("strength draws towards a prior; name one: uniform or natural")
        return self


class ConfirmSection(StrictModel):
    """Runs that train the proposed proportions beside others, in the sweep's way."""

    rung: str | None = None
    """Size of the model; null: the largest one of the sweep."""
    tokens: int | None = Field(default=None, gt=0)
    """Training tokens; null: the most of the sweep."""
    seeds: tuple[int, ...] = Field(default=(0, 1, 2), min_length=1)
    """Seeds of weights and of the order of documents; their spread is the noise that a difference is judged by. One
    seed says nothing about noise."""
    baselines: tuple[Literal["uniform", "natural"], ...] = Field(default=("uniform",), min_length=1)
    """Mixtures to compare with: uniform gives each component that the proposed mixture could have the same share."""

    @model_validator(mode="after")
    def _once(self) -> "ConfirmSection":
        for name in ("seeds", "baselines"):
            given = getattr(self, name)
            if len(set(given)) < len(given):
                raise ValueError(f"{name} names one twice: {', '.join(map(str, given))}")
        return self


class LoopConfiguration(Configuration):
    """A whole run, from sources to confirmed proportions."""

    sweep: SweepSection | None = None
    """Runs over sizes, tokens and mixtures of this corpus, which laws are fitted to: what `glotmix sweep` takes,
    without output and corpus. Null: the run ends with the mixture. Needs the extra `train`; see docs/loop.md."""
    fit: FitSection | None = None
    """What is fitted to the runs: law, loss, bootstrap. Null, with a sweep: the defaults."""
    allocate: AllocateSection | None = None
    """Size, tokens, weights and bounds that proportions are sought for. Null, with a sweep: the defaults."""
    confirm: ConfirmSection | None = None
    """Runs that compare the proportions found with others. Null, with a sweep: the defaults."""

    @model_validator(mode="after")
    def _needs_a_sweep(self) -> "LoopConfiguration":
        given = [name for name in AFTER[1:] if getattr(self, name) is not None]
        if given and self.sweep is None:
            raise ValueError(f"{given[0]} needs the runs of a sweep; give a section sweep, or leave {given[0]} out")
        return self

    @model_validator(mode="after")
    def _shares_name_components(self) -> "LoopConfiguration":
        declared = [source.component for source in self.corpus.sources if source.component]
        for name in ("minimum", "maximum", "fixed", "keep"):
            check_components(f"allocate.{name}", getattr(self.allocated, name), declared)
        return self

    @property
    def fitted(self) -> FitSection:
        """The section `fit`, or its defaults."""
        return self.fit or FitSection()

    @property
    def allocated(self) -> AllocateSection:
        """The section `allocate`, or its defaults."""
        return self.allocate or AllocateSection()

    @property
    def confirmed(self) -> ConfirmSection:
        """The section `confirm`, or its defaults."""
        return self.confirm or ConfirmSection()
