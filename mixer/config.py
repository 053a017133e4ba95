"""The sections `split`, `tokenizer` and `mix`."""

import difflib
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, field_validator, model_serializer, model_validator

from contracts.allocation import TOLERANCE
from contracts.config import StrictModel
from contracts.languages import ARROW, LANGUAGE_NAMES, PARALLEL, directions, in_order, is_direction, is_parallel
from pairing.config import Form
from pipelines.sources.config import COMPONENT


class SplitConfig(StrictModel):
    """The one split into train and validation, shared by every mixture of this corpus."""

    validation_share: float = Field(default=0.01, ge=0, lt=1)
    """Share of each language's bytes held out. Never exceeded; documents that are near-duplicates or translations of
    one another stay on one side."""
    repositories: bool = True
    """Hold out whole repositories before single documents; these are added for a language in which repositories fill
    less than half of what the pairs leave of its share."""
    validation_pairs: int = Field(default=20, ge=0)
    """Translation pairs to hold out of each pair of languages before anything else, so that every direction has a
    validation set: this many, or half of the pairs where there are fewer than twice as many. They use at most half of
    any language's share; where that is too little for all, the language pairs with the fewest come first."""
    unseen_directions: tuple[str, ...] = ()
    """Translation directions that never enter training in any form, such as python->go: their validation set then
    shows what a model does in a direction it has not seen. The opposite direction is not meant by it."""
    seed: int = 0
    """Seed of the choice."""

    @field_validator("unseen_directions")
    @classmethod
    def _known_directions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = directions()
        for number, name in enumerate(value):
            if name not in known:
                raise ValueError(
                    f"{name!r} is no translation direction; allowed are SOURCE{ARROW}TARGET with two different "
                    f"languages of {', '.join(LANGUAGE_NAMES)}, such as {known[0]}"
                )
            if name in value[:number]:
                raise ValueError(f"{name!r} is named twice; name each direction once")
        return tuple(in_order(value))  # two orders of the same directions are one configuration


class FimConfig(StrictModel):
    """Fill in the middle (arXiv 2207.14255): training documents cut in three, the middle moved to the end."""

    rate: float = Field(default=0.0, ge=0, le=1)
    """Share of the training documents that are rearranged, translation pairs left out; 0: none. Validation sets never
    are."""
    spm_rate: float = Field(default=0.5, ge=0, le=1)
    """Share of these in the order suffix, prefix, middle (SPM); the others are in the order prefix, suffix, middle
    (PSM)."""
    prefix_token: str = "<|fim_prefix|>"
    """Token before the text that comes first in the document; needed where rate is above 0, like the two others. A
    tokenizer that is trained here gets them, one of your own must have them."""
    middle_token: str = "<|fim_middle|>"
    """Token before the middle."""
    suffix_token: str = "<|fim_suffix|>"
    """Token before the text that comes last in the document."""

    @property
    def tokens(self) -> dict[str, str]:
        """The three tokens by option; none where nothing is rearranged."""
        names = ("prefix_token", "middle_token", "suffix_token")
        return {name: getattr(self, name) for name in names} if self.rate else {}


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
    corpus in every process, gives the very ids of `tokenizers`. The result does not depend on it."""
    fim: FimConfig = FimConfig()
    """Fill in the middle; off unless its rate is above 0."""
    seed: int = 0
    """Seed of the choice of training text, and of which documents are rearranged and where they are cut."""

    @model_validator(mode="after")
    def _distinct_tokens(self) -> "TokenizerConfig":
        taken = {"end_token": self.end_token, "pad_token": self.pad_token}
        for name, token in self.fim.tokens.items():
            other = next((key for key, value in taken.items() if value == token), None)
            if other:
                raise ValueError(f"tokenizer.fim.{name} ({token!r}) is also {other}; give it a token of its own")
            taken[f"fim.{name}"] = token
        return self


class Limits(StrictModel):
    """Bounds of one component of a mixture."""

    min_share: float = Field(default=0.0, ge=0, le=1)
    """Smallest share of the tokens. Computed proportions are raised to it; explicit ones below it are refused."""
    max_share: float = Field(default=1.0, ge=0, le=1)
    """Largest share of the tokens. Computed proportions are lowered to it; explicit ones above it are refused."""
    max_epochs: float | None = Field(default=None, gt=0)
    """How often this component's documents may be seen; null: mix.max_epochs."""
    unique_tokens: int | None = Field(default=None, gt=0)
    """Use so many of its tokens at most: whole documents (of translation pairs both directions, each program counted
    once) in random order until the next one would exceed it. For runs that repeat little data, and for small models
    that must repeat as often as the large one will. The same seed gives nested choices."""

    @model_validator(mode="after")
    def _ordered(self) -> "Limits":
        if self.min_share > self.max_share:
            raise ValueError(f"min_share ({self.min_share}) must not exceed max_share ({self.max_share})")
        return self


class CurriculumConfig(StrictModel):
    """Documents of a component in the order of a column instead of at random, in every epoch."""

    documents: str | None = None
    """Column of the documents table with numbers or true/false, for code and other text; null: random order."""
    pairs: str | None = None
    """Column of the pairs table with numbers or true/false, for translation pairs; null: random order. Pairs are
    packed 64 sequences at a time, and among those stand where they fit."""
    descending: bool = False
    """Largest first. Rows without a value come last; equal ones stand in random order."""

    @model_validator(mode="after")
    def _something(self) -> "CurriculumConfig":
        if self.documents is None and self.pairs is None:
            raise ValueError("name a column in documents or in pairs, or leave mix.curriculum out")
        return self


class MixConfig(StrictModel):
    """Proportions, budget and form of one mixture."""

    name: str = Field(default="default", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Name of the mixture: its folder below mix/. Mixtures of one corpus share split, tokenizer and tokens."""
    output: Literal["shards", "view"] = "shards"
    """shards: the tokens in the order of training, readable by any trainer. view: the order only (about a byte a
    sequence); glotmix's reader takes the tokens from the pool, so a sweep of a thousand mixtures copies nothing."""
    proportions: Literal["uniform", "natural", "temperature", "unimax", "allocation"] | dict[str, float] = "uniform"
    """Shares of the training tokens, padding left out: uniform, natural (by tokens at hand), temperature (tokens to
    the power 1/temperature), unimax (uniform, but no component beyond max_epochs; arXiv 2304.09151), allocation (from
    the file in `allocation`), or explicit: a mapping from component to share that sums to 1. Components: python,
    java, javascript, typescript, csharp, go, rust, those that sources declare, parallel, directions: python->go."""
    allocation: str | None = None
    """For proportions: allocation. The allocation.json of the fitter, relative to this file."""
    temperature: float = Field(default=2.0, gt=0)
    """For proportions: temperature. 1 is natural, large values approach uniform."""
    parallel: Literal["pooled", "directions", "none"] = "pooled"
    """Translation pairs as one component `parallel`, as one component for each direction, or not at all."""
    parallel_form: Form = "concat"
    """Which parallel documents these are: concat, prompt, shuffled or group; parallel.forms must have it."""
    parallel_level: Literal["file", "function", "both"] = "file"
    """Whether they hold whole programs, functions, or some the one and some the other; parallel.levels must have
    it."""
    tokens: int | None = Field(default=None, gt=0)
    """Token budget, padding left out; null: as many as the proportions and max_epochs allow."""
    sequence_length: int = Field(default=4096, ge=8)
    """Tokens in a sequence. Translation pairs longer than this cannot be used and are counted."""
    max_epochs: float = Field(default=1.0, gt=0)
    """How often a component's documents may be seen; a plan that needs more is refused."""
    components: dict[str, Limits] = Field(default_factory=dict)
    """Bounds of single components: min_share, max_share, max_epochs, unique_tokens."""
    redistribute: bool = False
    """Where a component has too few tokens, or an explicit share is out of bounds: give the rest to the others, in
    proportion to their shares, instead of refusing. The plan shows the shares asked for beside those used."""
    permute: bool = False
    """Swap neighbouring sequences at random where every prefix stays within 2 sequences of its shares. Off: prefixes
    mostly stay within about 1, and the order of components is the same for every seed."""
    curriculum: CurriculumConfig | None = None
    """Order of documents by a column; null: random."""
    shard_tokens: int = Field(default=33_554_432, gt=0)
    """Tokens in a shard at most."""
    seed: int = 0
    """Seed of the order of documents, of the choice for unique_tokens, and of swaps."""

    @model_validator(mode="after")
    def _fits_together(self) -> "MixConfig":
        if isinstance(self.proportions, dict):
            self._check_shares(self.proportions)
        check_components("mix.components", self.components)
        self._check_taken("mix.components", self.components)
        if self.parallel == "none" and self.curriculum is not None and self.curriculum.documents is None:
            raise ValueError("mix.curriculum.pairs orders translation pairs, of which mix.parallel: none takes no one")
        if self.parallel_form == "group" and self.parallel_level != "file":
            raise ValueError(
                f"mix.parallel_form: group is of whole programs, mix.parallel_level is {self.parallel_level}; use file"
            )
        if self.parallel_form == "group" and self.curriculum is not None and self.curriculum.pairs is not None:
            raise ValueError("mix.curriculum.pairs orders pairs by a column of theirs, which the form group has not")
        if (self.allocation is not None) != (self.proportions == "allocation"):
            raise ValueError(
                "mix.allocation names the file for mix.proportions: allocation; give both or neither "
                f"(proportions: {self.proportions}, allocation: {self.allocation})"
            )
        if self.proportions == "unimax" and self.tokens is None:
            raise ValueError("mix.proportions: unimax spreads a budget; give mix.tokens")
        if self.shard_tokens < self.sequence_length:
            raise ValueError(
                f"mix.shard_tokens ({self.shard_tokens}) is less than one sequence ({self.sequence_length})"
            )
        return self

    @model_serializer(mode="wrap")
    def _as_before(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The level is named where it is not the usual one: mixtures of whole programs keep their identity."""
        data: dict[str, Any] = handler(self)
        if self.parallel_level == "file":
            data.pop("parallel_level", None)
        return data

    @property
    def wants_pairs(self) -> bool:
        """Whether translation pairs may enter the mixture."""
        if self.parallel == "none":
            return False
        return not isinstance(self.proportions, dict) or any(p and is_parallel(n) for n, p in self.proportions.items())

    def _check_shares(self, shares: dict[str, float]) -> None:
        check_components("mix.proportions", shares)
        total = sum(shares.values())
        if any(not 0 <= p <= 1 for p in shares.values()) or abs(total - 1) > TOLERANCE:
            raise ValueError(f"mix.proportions must lie in 0..1 and sum to 1; they sum to {total:.6f}")
        self._check_taken("mix.proportions", [name for name, p in shares.items() if p])

    def _check_taken(self, key: str, names: Iterable[str]) -> None:
        wrong = [name for name in names if is_parallel(name) and not self.takes(name)]
        if wrong:
            raise ValueError(
                f"{key} names {', '.join(wrong)} while mix.parallel is {self.parallel}; pooled goes with `parallel`, "
                "directions with names such as python->go"
            )

    def takes(self, component: str) -> bool:
        """Whether `parallel` lets a component of the pool into the mixture."""
        if component == PARALLEL:
            return self.parallel == "pooled"
        return not is_direction(component) or self.parallel == "directions"


def check_components(key: str, names: Iterable[str], declared: Iterable[str] | None = None) -> None:
    """Refuse names that no component can have.

    Args:
        key: where the names stand in the configuration.
        names: of components.
        declared: the components that sources declare; None: not known, so any name of their pattern may be one.

    Raises:
        ValueError: a name that is neither a language, `parallel`, a direction, nor one that a source declares.
    """
    known = {*LANGUAGE_NAMES, PARALLEL, *directions(), *(declared or ())}
    for name in names:
        if name in known or (declared is None and COMPONENT.fullmatch(name)):
            continue
        hint = difflib.get_close_matches(name.lower(), sorted(known), 1)
        raise ValueError(
            f"{key} names {name!r}" + (f" (did you mean {hint[0]}?)" if hint else "") + "; allowed: "
            f"{', '.join(LANGUAGE_NAMES)}, components that sources declare, parallel, or a direction like python->go"
        )
