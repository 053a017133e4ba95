"""The configuration of one training run; see docs/training.md."""

from typing import Literal

from pydantic import Field, model_validator

from contracts.config import StrictModel


class ShapeConfig(StrictModel):
    """A model size of your own, in place of a rung."""

    layers: int = Field(ge=1)
    """Decoder layers."""
    hidden: int = Field(ge=2)
    """Width; a multiple of heads, by an even number (rotary positions turn pairs)."""
    heads: int = Field(ge=1)
    """Attention heads."""
    intermediate: int = Field(ge=1)
    """Width of the feed-forward part; LLaMA takes about 8/3 of hidden."""

    @model_validator(mode="after")
    def _divides(self) -> "ShapeConfig":
        if self.hidden % (2 * self.heads):
            raise ValueError(f"hidden ({self.hidden}) must be a multiple of 2 x heads ({2 * self.heads})")
        return self


class ModelConfig(StrictModel):
    """The model: a rung of the ladder, with the tokenizer's vocabulary."""

    rung: str = "10M"
    """Name of a rung; glotmix models lists them."""
    shape: ShapeConfig | None = None
    """A size of your own instead; rung is then its name in the runs table."""
    tie_embeddings: bool = False
    """Use the token embeddings as output matrix too (LLaMA-2 does not)."""
    rope_theta: float = Field(default=10_000.0, gt=0)
    """Base of the rotary positions (LLaMA-2: 10,000)."""
    initializer_range: float = Field(default=0.02, gt=0)
    """Standard deviation of the initial weights (transformers' LlamaConfig: 0.02)."""


class ScheduleConfig(StrictModel):
    """The learning rate over the steps."""

    kind: Literal["wsd", "cosine"] = "wsd"
    """wsd: warmup, stable, decay, with one decayed branch for each point. cosine: one point."""
    learning_rate: float | None = Field(default=None, gt=0)
    """Peak; null: by the size of the model, as glotmix models shows it."""
    warmup_share: float = Field(default=0.02, ge=0, lt=1)
    """Share of the first point's steps in which it rises, at least one step if not 0."""
    decay_share: float = Field(default=0.1, gt=0, le=1)
    """Share of a branch's steps in which it falls, for wsd (MiniCPM, arXiv 2404.06395: 0.1)."""
    floor: float = Field(default=0.1, ge=0, lt=1)
    """Share of the peak at the end (LLaMA-2, arXiv 2307.09288: 0.1)."""


class OptimizerConfig(StrictModel):
    """AdamW of torch."""

    beta1: float = Field(default=0.9, ge=0, lt=1)
    """Decay of the mean of gradients (LLaMA-2: 0.9)."""
    beta2: float = Field(default=0.95, ge=0, lt=1)
    """Decay of their squares (LLaMA-2: 0.95)."""
    epsilon: float = Field(default=1e-8, gt=0)
    """Added to the root of the squares (torch's default)."""
    weight_decay: float = Field(default=0.1, ge=0)
    """For matrices; norms and embeddings have none (LLaMA-2: 0.1)."""
    clip: float = Field(default=1.0, gt=0)
    """Norm that gradients are scaled down to (LLaMA-2: 1.0)."""


class EngineConfig(StrictModel):
    """What runs the optimizer, and how memory and speed are traded."""

    backend: Literal["deepspeed", "torch"] = "deepspeed"
    """torch: the same loop in plain torch, for one process; for tiny models, and to compare."""
    stage: Literal[0, 1, 2, 3] = 1
    """ZeRO stage: 1 shares optimizer states among ranks, 2 gradients too, 3 parameters too. 0 shares nothing; it is
    refused with bf16, where DeepSpeed gives other losses than all other stages."""
    offload: Literal["none", "cpu"] = "none"
    """cpu: keep optimizer states in main memory (stages 1 to 3)."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """auto: bf16 on a GPU, fp32 without one. Gradients are accumulated in fp32 always."""
    attention: Literal["auto", "sdpa", "varlen", "flex"] = "auto"
    """Kernels: sdpa takes a dense mask, varlen (GPU, bf16) and flex the documents' bounds. auto: varlen on a GPU where
    documents are masked, else sdpa."""
    compile: bool = False
    """torch.compile the model."""
    recompute: bool = False
    """Compute activations again in the backward pass instead of keeping them."""
    read_ahead: int = Field(default=0, ge=0)
    """Processes of each rank that read batches ahead; 0: read between steps."""


class GuardConfig(StrictModel):
    """When a run stops itself."""

    spike: float | None = Field(default=3.0, gt=1)
    """A loss above so many times the mean of the last 50 steps is noted as a spike; null: none is."""
    max_spikes: int = Field(default=20, ge=0)
    """Spikes after which the run stops."""
    max_gradient_norm: float | None = Field(default=None, gt=0)
    """A gradient norm before clipping above this stops the run; null: none does but one that is no number."""
    skip_steps: tuple[int, ...] = ()
    """Steps whose batches are not trained on, ascending: to go on after one that broke the run."""

    @model_validator(mode="after")
    def _ascending(self) -> "GuardConfig":
        steps = self.skip_steps
        if any(step < 0 for step in steps) or list(steps) != sorted(set(steps)):
            raise ValueError(f"skip_steps are numbers of steps from 0, ascending, each once; got {list(steps)}")
        return self


class CheckpointConfig(StrictModel):
    """What is kept to go on from."""

    every: int = Field(default=500, ge=1)
    """Steps between checkpoints."""
    seconds: float | None = Field(default=None, gt=0)
    """Also one after so many seconds since the last; null: by steps only."""
    keep: int = Field(default=2, ge=1)
    """Checkpoints kept beside the one that a branch left the trunk at."""
    export: Literal["none", "last", "all"] = "last"
    """Points whose model is written in transformers' format, below points/."""


class GenerationConfig(StrictModel):
    """Judging by generated text; costly, so off unless asked for."""

    translate: int = Field(default=0, ge=0)
    """Held-out pairs of each direction that are translated and compared by BLEU and chrF; 0: none."""
    problems: str | None = None
    """JSON lines of programming problems to solve, relative to this file; null: none. See docs/evaluation.md."""
    execute: bool = False
    """Run generated programs, in a sandbox, for pass@1. Off: problems are refused, nothing is ever run."""
    max_new_tokens: int = Field(default=512, ge=1)
    """Longest text generated."""


class EvaluationConfig(StrictModel):
    """What is measured at every point."""

    validation: str | None = None
    """Folder of the validation sets, relative to this file; null: those of the mixture's run."""
    form: Literal["auto", "concat", "prompt"] = "auto"
    """Form of the held-out pairs; auto: that of the mixture, concat where it has none."""
    directions: bool = True
    """Measure every direction of translation. Off: their losses are null; for sweeps of tiny models over languages,
    where 42 directions would take longer than the training."""
    batch: int | None = Field(default=None, ge=1)
    """Windows that a device takes at once; null: micro_batch."""
    generation: GenerationConfig = GenerationConfig()


class TrackingConfig(StrictModel):
    """Where steps are reported beside steps.jsonl; all off by default."""

    tensorboard: bool = False
    """Write TensorBoard events below tensorboard/ (needs the package tensorboard)."""
    wandb: str | None = None
    """Project at Weights & Biases (needs the package wandb); null: none."""


class LaunchConfig(StrictModel):
    """Processes and devices."""

    device: Literal["auto", "cpu", "cuda"] = "auto"
    """auto: the GPU if there is one. cuda: refuse to start without one."""
    timeout: float = Field(default=1800.0, gt=0)
    """Seconds that ranks wait for each other before they give up."""


class TrainConfig(StrictModel):
    """One run: a model, a mixture, and the numbers of tokens at which it is measured."""

    output: str = "train-out"
    """Folder of the run, relative to this file."""
    mixture: str
    """Folder of a finished mixture (shards or a view), relative to this file."""
    runs: str | None = None
    """Folder of the runs table that points are added to, relative to this file; null: runs/ in the output folder."""
    points: tuple[int, ...] = Field(min_length=1)
    """Tokens D after which the model is measured, ascending, rounded down to whole steps; with wsd each is decayed."""
    batch_tokens: int = Field(default=524_288, gt=0)
    """Tokens in an optimizer step over all ranks, padding counted, rounded down to whole sequences."""
    micro_batch: int | None = Field(default=None, ge=1)
    """Sequences that a device takes at once; null: as many as a rank has in a step, 8 at most."""
    mask_documents: bool = True
    """Tokens attend to their own document only, and its first token is not trained on."""
    seed: int = 0
    """Seed of the initial weights."""
    init_from: str | None = None
    """Checkpoint or transformers export whose weights to start from, relative to this file; null: new ones."""
    model: ModelConfig = ModelConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    engine: EngineConfig = EngineConfig()
    guards: GuardConfig = GuardConfig()
    checkpoints: CheckpointConfig = CheckpointConfig()
    evaluation: EvaluationConfig = EvaluationConfig()
    tracking: TrackingConfig = TrackingConfig()
    launch: LaunchConfig = LaunchConfig()

    @model_validator(mode="after")
    def _can_run(self) -> "TrainConfig":
        if any(b <= a for a, b in zip(self.points, self.points[1:], strict=False)) or self.points[0] <= 0:
            raise ValueError(f"points must be positive and ascending, got {list(self.points)}")
        if self.schedule.kind == "cosine" and len(self.points) > 1:
            raise ValueError(
                f"schedule.kind: cosine is annealed at the last of points={list(self.points)} only; use wsd, or a run "
                "for each point"
            )
        self._check_engine()
        return self

    def _check_engine(self) -> None:
        engine = self.engine
        if engine.stage == 0 and engine.precision == "bf16" and engine.backend == "deepspeed":
            raise ValueError("engine.stage: 0 with precision: bf16 trains differently in DeepSpeed; use stage 1")
        if engine.stage == 0 and engine.offload != "none":
            raise ValueError("engine.offload: cpu needs engine.stage 1, 2 or 3")
        if engine.backend == "torch" and engine.offload != "none":
            raise ValueError("engine.offload: cpu needs engine.backend: deepspeed")
        if self.evaluation.generation.problems is not None and not self.evaluation.generation.execute:
            raise ValueError(
                "evaluation.generation.problems are judged by running generated programs; allow that with "
                "evaluation.generation.execute: true"
            )
