"""The ladder of model sizes as data: parameters and operations of each size. Pure."""

from dataclasses import dataclass

from contracts.errors import ConfigError
from train.config import ModelConfig


@dataclass(frozen=True, slots=True)
class Rung:
    """One model size: a decoder in the style of LLaMA-2 (arXiv 2307.09288), as arXiv 2512.13472 trains.

    RMSNorm before attention and feed-forward, rotary positions, SwiGLU, multi-head attention, no biases.

    Attributes:
        name: about the parameters without embeddings.
        layers: decoder layers.
        hidden: width.
        heads: attention heads; hidden is a multiple of it.
        intermediate: width of the feed-forward part, about 8/3 of hidden.
    """

    name: str
    layers: int
    hidden: int
    heads: int
    intermediate: int

    @property
    def matrices(self) -> int:
        """Weights of the layers' matrices: those that a token is multiplied with, but for the output matrix."""
        return self.layers * (4 * self.hidden * self.hidden + 3 * self.hidden * self.intermediate)

    @property
    def parameters(self) -> int:
        """N: parameters without token embeddings and output matrix."""
        return self.matrices + (2 * self.layers + 1) * self.hidden

    def total_parameters(self, vocab_size: int, tied: bool = False) -> int:
        """Parameters with token embeddings and, where it is not tied to them, the output matrix."""
        return self.parameters + (1 if tied else 2) * vocab_size * self.hidden

    def flops_per_token(self, vocab_size: int, sequence_length: int) -> float:
        """Operations of forward and backward for a token, without recomputing activations.

        6 for each weight of a matrix that the token is multiplied with (layers and output matrix, tied or not; looking
        up an embedding is no multiplication, norms are left out), and 6 * layers * hidden * length for attention.
        PaLM (arXiv 2204.02311, appendix B) counts 12 * layers * hidden * length for attention scores and values;
        half of it here, since a causal token sees half of the sequence on average. Documents that are masked from
        each other inside a sequence make it less still, which is not counted.
        """
        weights = self.matrices + vocab_size * self.hidden
        return 6.0 * weights + 6.0 * self.layers * self.hidden * sequence_length


LADDER: tuple[Rung, ...] = (
    Rung("0.05M", 4, 32, 2, 96),
    Rung("0.1M", 4, 48, 3, 112),
    Rung("0.2M", 4, 64, 2, 192),
    Rung("0.5M", 4, 96, 3, 288),
    Rung("1M", 5, 128, 4, 352),
    Rung("3M", 7, 192, 3, 512),
    Rung("10M", 8, 320, 5, 896),
    Rung("50M", 10, 640, 10, 1792),
    Rung("0.1B", 14, 768, 12, 2048),
    Rung("0.2B", 16, 1024, 16, 2816),
    Rung("0.4B", 20, 1280, 10, 3456),
    Rung("0.6B", 21, 1536, 12, 4096),
    Rung("1.1B", 22, 2048, 16, 5504),
    Rung("1.3B", 26, 2048, 16, 5504),
    Rung("1.6B", 25, 2304, 18, 6144),
    Rung("2.0B", 25, 2560, 20, 6912),
    Rung("2.4B", 30, 2560, 20, 6912),
    Rung("3.1B", 33, 2816, 22, 7424),
    Rung("7B", 32, 4096, 32, 11008),
    Rung("14B", 44, 5120, 40, 13824),
)
"""Sizes of arXiv 2512.13472 (0.2B to 14B) with smaller ones below, up to 3M for CPUs. From 10M on widths are multiples
of 64 so that matrix units are filled, with heads of 64 up to 0.2B and of 128 above; 7B is LLaMA-2 7B's shape."""


def rung(name: str) -> Rung:
    """The rung of this name.

    Raises:
        ConfigError: there is none; lists those there are.
    """
    for found in LADDER:
        if found.name == name:
            return found
    names = ", ".join(r.name for r in LADDER)
    raise ConfigError(
        f"model.rung: {name!r} is not on the ladder; allowed: {names}. For another size give model.shape"
    )


def shape_of(config: ModelConfig) -> Rung:
    """The size that a configuration asks for: its own shape under the name of its rung, or the rung.

    Raises:
        ConfigError: the rung is not on the ladder, and there is no shape.
    """
    if config.shape is None:
        return rung(config.rung)
    own = config.shape
    return Rung(config.rung, own.layers, own.hidden, own.heads, own.intermediate)
