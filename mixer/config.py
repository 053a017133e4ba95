"""The sections `split`, `tokenizer` and `mix`."""

from typing import Literal

from pydantic import Field, model_validator

from contracts.allocation import TOLERANCE
from contracts.config import StrictModel
from contracts.languages import LANGUAGE_NAMES, PARALLEL
from pairing.config import Form

COMPONENTS = (*LANGUAGE_NAMES, PARALLEL)
"""What a mixture is made of: the seven languages and the parallel documents."""


class SplitConfig(StrictModel):
    """The one split into train and validation, shared by every mixture of this corpus."""

    validation_share: float = Field(default=0.01, ge=0, lt=1)
    """Share of each language's bytes held out. Never exceeded; documents that are near-duplicates or translations of
    one another stay on one side."""
    repositories: bool = True
    """Hold out whole repositories first; documents of other repositories are added for a language that these leave
    below half of its share."""
    seed: int = 0
    """Seed of the choice."""


class TokenizerConfig(StrictModel):
    """A tokenizer.json to use, or how to train one on the training side."""

    path: str | None = None
    """A tokenizer.json of your own; null: train a byte-level BPE with the split rule of Qwen2."""
    vocab_size: int = Field(default=16_384, ge=300)
    """Size of the trained vocabulary; above 65,536 a token takes four bytes instead of two."""
    train_bytes: int = Field(default=64_000_000, gt=0)
    """Text to train on in bytes, the same amount for each language as far as there is enough."""
    end_token: str = "<|end|>"
    """Token that ends every document; in a tokenizer of your own it must exist."""
    pad_token: str = "<|pad|>"
    """Token that fills a sequence of translation pairs; it may be the end token."""
    fast: Literal["auto", "off"] = "auto"
    """auto: encode with gigatoken where it is installed (pip install 'glotmix[fast]') and, checked on a sample of the
    corpus in every task, gives the very ids of `tokenizers`. The result does not depend on it."""
    seed: int = 0
    """Seed of the choice of training text."""


class MixConfig(StrictModel):
    """Proportions, budget and form of one mixture."""

    name: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Name of the mixture: its folder below mix/. Mixtures of one corpus share split, tokenizer and tokens."""
    proportions: Literal["uniform", "natural", "temperature"] | dict[str, float] = "uniform"
    """Shares of the sequences: uniform, natural (by tokens at hand), temperature (tokens to the power 1/temperature),
    or explicit, a mapping from component to share that sums to 1. Components: python, java, javascript, typescript,
    csharp, go, rust, parallel."""
    temperature: float = Field(default=2.0, gt=0)
    """For proportions: temperature. 1 is natural, large values approach uniform."""
    tokens: int | None = Field(default=None, gt=0)
    """Token budget, padding included; null: as many as the proportions and max_epochs allow."""
    sequence_length: int = Field(default=4096, ge=8)
    """Tokens in a sequence. Translation pairs longer than this cannot be used and are counted."""
    max_epochs: float = Field(default=1.0, gt=0)
    """How often a component's documents may be seen; a plan that needs more is refused."""
    parallel_form: Form = "concat"
    """Which parallel documents make the component `parallel`: concat, prompt or shuffled."""
    shard_tokens: int = Field(default=33_554_432, gt=0)
    """Tokens in a shard at most."""
    seed: int = 0
    """Seed of the order of documents."""

    @model_validator(mode="after")
    def _on_the_simplex(self) -> "MixConfig":
        if isinstance(self.proportions, dict):
            unknown = sorted(set(self.proportions) - set(COMPONENTS))
            if unknown:
                raise ValueError(f"mix.proportions names {unknown}; allowed: {', '.join(COMPONENTS)}")
            total = sum(self.proportions.values())
            if any(not 0 <= p <= 1 for p in self.proportions.values()) or abs(total - 1) > TOLERANCE:
                raise ValueError(f"mix.proportions must lie in 0..1 and sum to 1; they sum to {total:.6f}")
        if self.shard_tokens < self.sequence_length:
            raise ValueError(
                f"mix.shard_tokens ({self.shard_tokens}) is less than one sequence ({self.sequence_length})"
            )
        return self
