"""The configuration of a sweep; see docs/sweeps.md."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from contracts.config import StrictModel
from mixer.config import Limits
from train.config import ShapeConfig
from train.sweep.slurm_config import SlurmConfig

Strategy = Literal["concat", "prompt", "shuffled", "group", "none"]
"""Form of the translation pairs; none: the mixture has none."""

AFTER = ("sweep", "fit", "allocate", "confirm")
"""Sections of a configuration for what comes after the mixture: see train/loop/config.py."""

Points = tuple[Annotated[int, Field(gt=0)], ...]
Share = Annotated[float, Field(ge=0, le=1)]


class Wanted(StrictModel):
    """One run that is wanted: a line of a list of runs, as the fitter proposes them, or one of a grid or design."""

    rung: str
    """Name of a rung; with `shape` the name of a size of your own."""
    tokens: Points = Field(min_length=1)
    """Tokens at which the model is measured, ascending."""
    proportions: dict[str, Share] | Literal["base", "uniform", "natural", "temperature", "unimax"] = "base"
    """Shares of the components, or a rule, as in mix.proportions; base: what the configuration of the corpus says."""
    components: dict[str, Limits] = Field(default_factory=dict)
    """Bounds of single components, as in mix.components, beside those of the configuration of the corpus."""
    strategy: Strategy | None = None
    """Form of the translation pairs; null: as the configuration of the corpus says."""
    seed: int = 0
    """Seed of the initial weights."""
    data_seed: int | None = None
    """Seed of the order of documents; null: mix.seed of the corpus."""
    mixture: str = ""
    """A label for tables; it decides nothing."""
    shape: ShapeConfig | None = None
    """A model size that is not on the ladder."""

    @model_validator(mode="after")
    def _ascending(self) -> "Wanted":
        if any(b <= a for a, b in zip(self.tokens, self.tokens[1:], strict=False)):
            raise ValueError(f"tokens must ascend, got {list(self.tokens)}")
        return self


class Generator(StrictModel):
    """Mixtures by a rule."""

    generate: Literal["uniform", "vertices", "pairs", "dirichlet"]
    """uniform: one mixture, equal shares. vertices: each component alone. pairs: each two, half and half. dirichlet:
    n mixtures at random."""
    over: tuple[str, ...] = ()
    """Components; empty: the seven languages."""
    n: int = Field(default=1, ge=1)
    """For dirichlet: how many. A larger n adds to those of a smaller one."""
    seed: int = 0
    """For dirichlet: seed of the draws."""
    concentration: float = Field(default=1.0, gt=0)
    """For dirichlet: 1 draws all mixtures alike, larger values near equal shares, smaller ones near the corners."""
    keep: dict[str, Share] = Field(default_factory=dict)
    """Fixed shares of other components, such as {parallel: 0.1}; the rest is scaled down to make room."""

    @model_validator(mode="after")
    def _makes_sense(self) -> "Generator":
        if self.generate != "dirichlet" and {"n", "seed", "concentration"} & self.model_fields_set:
            raise ValueError(f"n, seed and concentration are for generate: dirichlet, not {self.generate}")
        if sum(self.keep.values()) >= 1:
            raise ValueError(f"keep must leave a share for the others; it sums to {sum(self.keep.values()):g}")
        if twice := set(self.keep) & set(self.over):
            raise ValueError(f"keep and over both name {', '.join(sorted(twice))}")
        if len(set(self.over)) < len(self.over):
            raise ValueError("over names a component twice")
        return self


class Named(StrictModel):
    """One mixture with its bounds."""

    name: str = ""
    """Label for tables."""
    proportions: dict[str, Share] | Literal["base", "uniform", "natural", "temperature", "unimax"]
    """As in mix.proportions; base: what the configuration of the corpus says."""
    components: dict[str, Limits] = Field(default_factory=dict)
    """As in mix.components."""


class Grid(StrictModel):
    """Every combination of what is listed."""

    rungs: tuple[str, ...] = Field(min_length=1)
    """Model sizes."""
    points: tuple[Points, ...] = Field(min_length=1)
    """Lists of tokens: each list is one run, measured at each of its points."""
    mixtures: tuple[Generator | Named, ...] = Field(min_length=1)
    """Mixtures, or rules that make some."""
    strategies: tuple[Strategy | None, ...] = (None,)
    """Forms of translation pairs; null: as the configuration of the corpus says."""
    seeds: tuple[int, ...] = (0,)
    """Seeds of the initial weights."""
    vary_data: bool = False
    """Give each seed an order of documents of its own too, for the noise of both; off: all runs read one order."""


class Scaled(StrictModel):
    """A design of the paper, in other dimensions."""

    scale: float = Field(default=1.0, gt=0)
    """Factor for sizes and tokens; 1 is the paper's."""
    scale_tokens: float | None = Field(default=None, gt=0)
    """Another factor for tokens; null: `scale` for both, which leaves tokens per parameter as they are."""

    def tokens(self, number: int) -> int:
        """So many tokens of the paper, scaled."""
        return max(1, round(number * (self.scale_tokens or self.scale)))


class Languages(Scaled):
    """One language at a time, over sizes and budgets: the per-language laws of arXiv 2512.13472."""

    name: Literal["paper-languages"]
    languages: tuple[str, ...] = ()
    """Components; empty: the seven languages."""
    one_run_per_point: bool = False
    """A run for each budget (420), instead of one with a decayed branch for each (70, less than 60 % of the cost)."""
    sizes: Literal["own", "rungs"] = "own"
    """own: models of the scaled sizes. rungs: the nearest ones on the ladder; sizes that fall together count once."""
    seeds: tuple[int, ...] = (0,)
    """Seeds of the initial weights."""


class Synergy(Scaled):
    """Each two languages, half and half, and each with itself: arXiv 2512.13472, table 1."""

    name: Literal["paper-synergy"]
    languages: tuple[str, ...] = ()
    """Components; empty: the seven languages."""
    size: str = "1.3B"
    """Rung before scaling; the paper does not say which one its table is for."""
    sizes: Literal["own", "rungs"] = "own"
    """own: a model of the scaled size. rungs: the nearest one on the ladder."""
    seeds: tuple[int, ...] = (0,)
    """Seeds of the initial weights."""


class Strategies(Scaled):
    """Translation pairs shuffled, joined, and joined by an instruction, over sizes (arXiv 2512.13472)."""

    name: Literal["paper-strategies"]
    proportions: dict[str, Share] = Field(default_factory=lambda: {"parallel": 1.0})
    """Shares. The paper has 0.9 of code and 0.1 of natural language, for which a source has to declare a component."""
    sizes: Literal["own", "rungs"] = "own"
    """own: models of the scaled sizes. rungs: the nearest ones on the ladder; sizes that fall together count once."""
    seeds: tuple[int, ...] = (0,)
    """Seeds of the initial weights."""


class Repetition(StrictModel):
    """The same tokens seen several times: unique tokens x epochs, for laws with repetition (arXiv 2305.16264)."""

    name: Literal["repetition"]
    rungs: tuple[str, ...] = Field(min_length=1)
    """Model sizes."""
    unique_tokens: Points = Field(min_length=1)
    """Tokens of which each run has no others."""
    epochs: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1)
    """How often they are seen, ascending."""
    proportions: dict[str, Share] = Field(min_length=1)
    """Shares; each component gets its share of the unique tokens."""
    one_run_per_point: bool = False
    """A run for each number of epochs, instead of one with a decayed branch for each."""
    seeds: tuple[int, ...] = (0,)
    """Seeds of the initial weights."""


Design = Annotated[Languages | Synergy | Strategies | Repetition, Field(discriminator="name")]


class DeviceConfig(StrictModel):
    """What the cost in GPU-hours is reckoned with; it decides nothing else."""

    name: str | None = None
    """Name of the GPU, as nvidia-smi gives it; its peak in bf16 is looked up. Null: no GPU-hours are given."""
    peak_flops: float | None = Field(default=None, gt=0)
    """Peak operations a second, for a device that is not known."""
    mfu: float = Field(default=0.4, gt=0, le=1)
    """Share of the peak that training reaches: an assumption. The runs table holds what it was."""


class SweepOptions(StrictModel):
    """Runs over one corpus: what to vary, and what all have in common."""

    mix: dict[str, Any] = Field(default_factory=dict)
    """Options of `mix` that differ from the corpus configuration, for all mixtures of the sweep."""
    train: dict[str, Any] = Field(default_factory=dict)
    """What all runs have in common: a configuration of glotmix train without output, mixture, runs, points, seed and
    the size of the model."""
    grid: Grid | None = None
    """Every combination of sizes, tokens, mixtures, strategies and seeds."""
    list: str | None = None
    """JSON lines of wanted runs, relative to this file."""
    design: Design | None = None
    """A ready-made design."""
    drop_impossible: bool = False
    """Leave out runs whose mixture the corpus does not allow, instead of refusing the plan."""
    attempts: int = Field(default=2, ge=1)
    """How often a run whose process was killed is tried in one go; an error is not tried again by itself."""
    keep_checkpoints: bool = False
    """Leave the checkpoints of finished runs, which nothing needs any more."""
    launch: str = ""
    """Command that trains one run on several devices, such as: torchrun --standalone --nproc-per-node 8 -m train. The
    path of the run's configuration is put after it. Empty: in the process that takes the run."""
    device: DeviceConfig = DeviceConfig()

    @model_validator(mode="after")
    def _one_source(self) -> "SweepOptions":
        given = [name for name in ("grid", "list", "design") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give one of grid, list and design; given: {', '.join(given) or 'none'}")
        taken = sorted({"output", "mixture", "runs", "points", "seed"} & set(self.train))
        if taken:
            raise ValueError(f"train.{taken[0]} is set by the sweep for every run; leave it out")
        model = self.train.get("model")
        if isinstance(model, dict) and {"rung", "shape"} & set(model):
            raise ValueError("train.model.rung and train.model.shape are set by the sweep; name sizes in grid.rungs")
        fixed = sorted({"name", "output", "tokens", "parallel_form", "parallel_level"} & set(self.mix))
        if fixed:
            raise ValueError(f"mix.{fixed[0]} is set by the sweep for every mixture; leave it out")
        return self


class SweepConfig(SweepOptions):
    """A sweep in a file of its own: its options, and where to work."""

    output: str = "sweep-out"
    """Folder of the sweep, relative to this file: the list of runs, their folders, the runs table."""
    corpus: str
    """The glotmix configuration of the corpus, relative to this file; its stages up to the tokens are finished."""
    slurm: SlurmConfig = SlurmConfig()
