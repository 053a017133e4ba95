"""Texts that a model writes: batched, with its own cache of keys and values, through transformers' generate."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from transformers import GenerationConfig, StoppingCriteria, StoppingCriteriaList

PLAIN_ATTENTION = "sdpa"
"""transformers' implementation while texts are written: it knows the cache and the padding in front of prompts."""

Stopped = Callable[[int, list[int]], bool]
"""Whether the text number n, of which these tokens are written, has come to its end."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn.

    Attributes:
        temperature: logits are divided by it.
        top_p: the likeliest tokens that together have this probability are drawn from.
        seed: of the draws, the same for the same prompts in batches of the same size.
    """

    temperature: float = 0.2
    top_p: float = 0.95
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote behind a prompt.

    Attributes:
        tokens: up to the end token, without it.
        ended: the end token or a stop came before the space ran out.
        cut: the prompt was too long and lost its beginning.
    """

    tokens: list[int]
    ended: bool
    cut: bool


def write(
    model: Any,
    prompts: Sequence[Sequence[int]],
    *,
    length: int,
    max_new_tokens: int,
    end_id: int,
    pad_id: int,
    batch: int,
    sampling: Sampling | None = None,
    stopped: Stopped | None = None,
) -> list[Written]:
    """Continue prompts, the likeliest token at every step, or drawn; in the order of the prompts.

    Prompt and new text together are at most `length` tokens. A prompt that leaves less than `max_new_tokens`, and is
    longer than half of `length`, loses its beginning.

    Args:
        model: a causal transformers model.
        prompts: token ids; none may be empty.
        length: tokens that the model was trained on at once.
        max_new_tokens: longest text.
        end_id: token that ends a text.
        pad_id: fills short prompts up.
        batch: prompts at once.
        sampling: None: greedy.
        stopped: asked after each token; None: only the end token ends a text.
    """
    room = min(max(length // 2, length - max_new_tokens), length - 1)
    kept = [list(prompt[-room:]) for prompt in prompts]
    order = sorted(range(len(kept)), key=lambda n: (len(kept[n]), n))  # alike lengths together: little padding
    found: dict[int, Written] = {}
    with _ready(model), torch.random.fork_rng():
        if sampling is not None:
            torch.manual_seed(sampling.seed)
        for start in range(0, len(order), batch):
            numbers = order[start : start + batch]
            budgets = [min(max_new_tokens, length - len(kept[n])) for n in numbers]
            options = _options(max(budgets), end_id, pad_id, sampling)
            stops = _Stops(numbers, stopped)
            rows = _continue(model, [kept[n] for n in numbers], options, stops)
            for n, row, budget, at in zip(numbers, rows, budgets, stops.at, strict=True):
                tokens, ended = _until_end(row[:budget], end_id, at)
                found[n] = Written(tokens, ended, len(kept[n]) < len(prompts[n]))
    return [found[n] for n in range(len(prompts))]


@contextmanager
def _ready(model: Any) -> Iterator[None]:
    """The model for writing, and as it was afterwards."""
    before, training = model.config._attn_implementation, model.training
    model.set_attn_implementation(PLAIN_ATTENTION)
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.set_attn_implementation(before)
        model.train(training)


def _options(new: int, end_id: int, pad_id: int, sampling: Sampling | None) -> GenerationConfig:
    drawn = {} if sampling is None else {"temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}
    make: Any = GenerationConfig  # its constructor has no types
    made: GenerationConfig = make(
        max_new_tokens=new,
        do_sample=sampling is not None,
        eos_token_id=end_id,
        pad_token_id=pad_id,
        use_cache=True,
        **drawn,
    )
    return made


def _continue(model: Any, prompts: list[list[int]], options: GenerationConfig, stops: "_Stops") -> list[list[int]]:
    """What is written behind prompts of one batch, padding in front of the short ones."""
    width = max(map(len, prompts))
    ids = torch.full((len(prompts), width), options.pad_token_id)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, width - len(prompt) :] = torch.tensor(prompt)
        mask[row, width - len(prompt) :] = 1
    device = model.device
    criteria = StoppingCriteriaList([stops] if stops.wanted else [])
    made = model.generate(
        ids.to(device), attention_mask=mask.to(device), generation_config=options, stopping_criteria=criteria
    )
    rows: list[list[int]] = made[:, width:].tolist()
    return rows


class _Stops(StoppingCriteria):  # type: ignore[misc]
    """Asks after each token which texts of a batch have come to their end.

    `at` says after how many tokens each has, None where it has not: what stands behind is filled up by transformers.
    """

    def __init__(self, numbers: list[int], stopped: Stopped | None) -> None:
        self.at: list[int | None] = [None] * len(numbers)
        self._numbers, self._stopped = numbers, stopped
        self._width: int | None = None

    @property
    def wanted(self) -> bool:
        """Whether there is anything to ask."""
        return self._stopped is not None

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> torch.Tensor:
        assert self._stopped is not None
        if self._width is None:
            self._width = input_ids.shape[1] - 1  # asked first when one token is written
        for row, number in enumerate(self._numbers):
            tokens = input_ids[row, self._width :].tolist()
            if self.at[row] is None and self._stopped(number, tokens):
                self.at[row] = len(tokens)
        return torch.tensor([at is not None for at in self.at], device=input_ids.device)


def _until_end(tokens: list[int], end_id: int, stop: int | None) -> tuple[list[int], bool]:
    """A text up to its stop, or to the end token before it, and whether either is there."""
    kept = tokens[:stop]
    if end_id in kept:
        return kept[: kept.index(end_id)], True
    return kept, stop is not None and stop <= len(tokens)
