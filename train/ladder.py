"""The ladder of model sizes as data, and what a size costs: parameters, operations, memory. Pure."""

from dataclasses import dataclass

from contracts.errors import ConfigError


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
    def parameters(self) -> int:
        """N: parameters without token embeddings and output matrix."""
        layer = 4 * self.hidden * self.hidden + 3 * self.hidden * self.intermediate + 2 * self.hidden
        return self.layers * layer + self.hidden

    def total_parameters(self, vocab_size: int, tied: bool = False) -> int:
        """Parameters with token embeddings and, where it is not tied to them, the output matrix."""
        return self.parameters + (1 if tied else 2) * vocab_size * self.hidden

    def flops_per_token(self, vocab_size: int, sequence_length: int) -> float:
        """Operations of forward and backward for a token, without recomputing activations.

        6 for each parameter of a matrix that the token is multiplied with (layers and output matrix; looking up an
        embedding is no multiplication, norms are left out), and 12 * layers * hidden * length / 2 for attention
        scores and values, half of them since attention is causal (as torchtitan and PaLM, appendix B, count, but for
        the half, which they leave out).
        """
        matrices = self.layers * (4 * self.hidden * self.hidden + 3 * self.hidden * self.intermediate)
        return 6.0 * (matrices + vocab_size * self.hidden) + 6.0 * self.layers * self.hidden * sequence_length


LADDER: tuple[Rung, ...] = (
    Rung("0.2M", 4, 64, 2, 192),
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
"""Sizes of arXiv 2512.13472 (0.2B to 14B) with smaller ones below; heads of 64 up to 0.2B and of 128 above, widths in
multiples of 64 or more so that matrix units are filled, 7B is LLaMA-2 7B's shape."""


def rung(name: str) -> Rung:
    """The rung of this name.

    Raises:
        ConfigError: there is none; lists those there are.
    """
    for found in LADDER:
        if found.name == name:
            return found
    raise ConfigError(f"model.rung: {name!r} is not on the ladder; allowed: {', '.join(r.name for r in LADDER)}")
