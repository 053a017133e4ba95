"""What a size costs in bytes of a rank's device, by ZeRO stage and micro-batch. Pure.

Bytes a parameter are as read in DeepSpeed 0.19.8 (BF16_Optimizer, stage_1_and_2, stage3) and as its engines hold them,
activations and logits as torch allocates them on a CPU; tests measure both again.
"""

from dataclasses import dataclass
from typing import Literal

from train.ladder import Rung

Precision = Literal["bf16", "fp32"]
Offload = Literal["none", "cpu"]

REDUCE_BUCKET = 500_000_000
"""Gradients that DeepSpeed reduces at once by default, and makes room for even where a model has fewer."""

LIVE = 1_000_000_000
"""Parameters that ZeRO 3 keeps gathered at most (stage3_max_live_parameters and stage3_max_reuse_distance)."""

WIDTH: dict[Precision, int] = {"bf16": 2, "fp32": 4}
"""Bytes of a weight."""

FP32 = 4

OPTIMIZER = 3 * FP32
"""Bytes a parameter of fp32 weights, means and squares; DeepSpeed's stages hold these weights beside fp32 ones too."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes on the device of one rank, at the peak of a step.

    Attributes:
        parameters: weights, gathered ones too.
        gradients: of one micro-batch, and those that are accumulated.
        optimizer: fp32 weights, means and squares.
        buffers: where DeepSpeed collects gradients to reduce them.
        activations: what the backward pass needs of the layers.
        logits: of the output matrix, with their gradients.
    """

    parameters: int
    gradients: int
    optimizer: int
    buffers: int
    activations: int
    logits: int

    @property
    def total(self) -> int:
        """All together."""
        return self.model + self.activations + self.logits

    @property
    def model(self) -> int:
        """What does not depend on the micro-batch."""
        return self.parameters + self.gradients + self.optimizer + self.buffers


def reduce_bucket(parameters: int) -> int:
    """The reduce_bucket_size to give DeepSpeed, so that small models do not hold gigabytes of buffers.

    Args:
        parameters: all of the model.
    """
    return min(REDUCE_BUCKET, parameters)


def estimate(
    rung: Rung,
    vocab_size: int,
    length: int,
    micro_batch: int,
    *,
    stage: int = 1,
    ranks: int = 1,
    precision: Precision = "bf16",
    recompute: bool = False,
    offload: Offload = "none",
    tied: bool = False,
) -> Memory:
    """The memory of a rank's device.

    Args:
        rung: size of the model.
        vocab_size: of the tokenizer.
        length: tokens of a sequence.
        micro_batch: sequences that a device takes at once.
        stage: of ZeRO. 0 is plain torch.
        ranks: processes that share what the stage shares.
        precision: of the weights; gradients are accumulated in fp32.
        recompute: keep the input of each layer only.
        offload: cpu keeps optimizer states in main memory.
        tied: the output matrix is the token embeddings.

    Raises:
        ValueError: a combination that does not run.
    """
    _check(stage, ranks, precision, offload, micro_batch)
    total = rung.total_parameters(vocab_size, tied)
    logits = 3 * FP32 * vocab_size * length * micro_batch  # fp32 log-probabilities and two gradients of them
    kept = _kept(rung, length, micro_batch, WIDTH[precision], recompute, logits)
    parameters, gradients, optimizer, buffers = _states(total, stage, ranks, precision, offload)
    return Memory(parameters, gradients, optimizer, buffers, kept, logits)


def largest_micro_batch(
    rung: Rung,
    vocab_size: int,
    length: int,
    *,
    capacity: int,
    stage: int = 1,
    ranks: int = 1,
    precision: Precision = "bf16",
    recompute: bool = False,
    offload: Offload = "none",
    tied: bool = False,
) -> int:
    """The most sequences that a device takes at once; 0 where not even one fits.

    Args:
        rung: size of the model.
        vocab_size: of the tokenizer.
        length: tokens of a sequence.
        capacity: bytes of the device that the model may use.
        stage: of ZeRO.
        ranks: processes that share what the stage shares.
        precision: of the weights.
        recompute: keep the input of each layer only.
        offload: cpu keeps optimizer states in main memory.
        tied: the output matrix is the token embeddings.

    Raises:
        ValueError: a combination that does not run.
    """
    one = estimate(
        rung,
        vocab_size,
        length,
        1,
        stage=stage,
        ranks=ranks,
        precision=precision,
        recompute=recompute,
        offload=offload,
        tied=tied,
    )
    return max(0, (capacity - one.model) // (one.activations + one.logits))


def _check(stage: int, ranks: int, precision: str, offload: str, micro_batch: int) -> None:
    if stage not in (0, 1, 2, 3) or precision not in WIDTH or offload not in ("none", "cpu"):
        raise ValueError(
            f"stage {stage}, precision {precision!r}, offload {offload!r}: 0 to 3, bf16 or fp32, none or cpu"
        )
    if ranks < 1 or micro_batch < 1:
        raise ValueError(f"ranks {ranks}, micro_batch {micro_batch}: at least 1")
    if stage == 0 and (offload == "cpu" or precision == "bf16"):
        raise ValueError("stage 0 runs in fp32 without offload only; use stage 1")


def _states(total: int, stage: int, ranks: int, precision: Precision, offload: Offload) -> tuple[int, int, int, int]:
    """Parameters, gradients, optimizer states and buffers."""
    width, share = WIDTH[precision], -(-total // ranks)
    if stage == 0:
        return width * total, FP32 * total, 2 * FP32 * total, 0
    bucket = reduce_bucket(total)
    optimizer = OPTIMIZER * share if offload == "none" else 0
    if stage == 1:
        if precision == "fp32":
            return width * total, FP32 * total, optimizer, FP32 * bucket
        # gradients of all ranks' parameters are accumulated here beside those of the micro-batch
        return width * total, (width + FP32) * total, optimizer, FP32 * bucket if offload == "cpu" else 0
    if stage == 2:
        return width * total, FP32 * share, optimizer, width * bucket
    gathered = width * min(total, LIVE) if ranks > 1 else 0
    return width * share + gathered, FP32 * share if offload == "none" else 0, optimizer, width * bucket


def _kept(rung: Rung, length: int, micro_batch: int, width: int, recompute: bool, logits: int) -> int:
    """Bytes of activations at the peak: at the loss, or with `recompute` where a layer is gone through again."""
    tokens = length * micro_batch
    layer, last = _layer(rung, width), _norm(rung.hidden, width)
    positions = 2 * width * rung.hidden // rung.heads  # cosines and sines
    if not recompute:
        return tokens * (rung.layers * layer + last + positions)
    inside = layer + 2 * width * rung.intermediate  # with the gradients of the feed-forward part
    rest = max(tokens * last, tokens * inside - logits)
    return tokens * (rung.layers * width * rung.hidden + positions) + rest


def _layer(rung: Rung, width: int) -> int:
    """Bytes a token that a layer keeps.

    Queries, keys, values and what attention makes of them (no scores: flash kernels keep one fp32 number a head), and
    four tensors of the feed-forward part: gate, its SiLU, up, their product.
    """
    attention = 4 * width * rung.hidden + FP32 * rung.heads
    return 2 * _norm(rung.hidden, width) + attention + 4 * width * rung.intermediate


def _norm(hidden: int, width: int) -> int:
    """Bytes a token of one RMSNorm: its input in fp32, the normalised input, and its output."""
    return (FP32 + 2 * width) * hidden
