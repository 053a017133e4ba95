"""A faster encoder for the same ids: gigatoken, when it is installed, held against `tokenizers` on samples of text."""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from datatrove.utils.logging import logger

from contracts.errors import StageError

Encode = Callable[[Sequence[str]], list[np.ndarray]]
"""Ids (uint32) of each text."""

CHECK_EVERY = 16
"""One batch in so many is checked, and the first one of a process."""

CHECK_CHARACTERS = 8_192
"""Characters of such a batch that are encoded both ways: 0.05 % of the text at 1 MB a batch. The reference takes fifty
times as long as the fast encoder, so the check costs a fortieth of what it watches over."""

FIRST_CHARACTERS = 65_536
"""The same for the first batch."""

CHECK_TEXTS = 16
"""Texts of such a batch that are looked at, evenly spaced."""

NASTY = (
    "",
    "<|end|><|pad|> <|endoftext|><|im_start|></s>",
    "if\u00e9\u0301 \u4e2d\u6587\u30c6\u30ad\u30b9\u30c8 \U0001f469\u200d\U0001f467 \u0130i\u0307'\u017fS 'LL",
    "x" + " " * 4000 + "y\t\t\t\n\n \n" + "\n" * 600 + "\r\n\r\n\u2028\u0085\u00a0\u3000z\ufeff",
    "a" * 6000 + "1234567890" * 300 + "\u0661\u00b2\u2167\U0001d7d9",
    "\x00\x01\x7f\ufffd\uffff!?=>::(){}[];//#" * 40,
)
"""Texts on which encoders are known to part: literals of special tokens, Unicode, long runs of white space, digits."""


def installed() -> bool:
    """Whether the extra `fast` is there."""
    return importlib.util.find_spec("gigatoken") is not None


class FastEncoder:
    """Encodes with gigatoken as long as it agrees with the reference on a sample of the very texts.

    Any difference in the first check, or an encoder that does not load this tokenizer, and the reference does it all.

    Args:
        text: tokenizer.json without special tokens.
        reference: encodes with `tokenizers`.
    """

    def __init__(self, text: str, reference: Encode) -> None:
        self._reference = reference
        self._fast: Encode | None = _load(text) if installed() else None
        self._batches = 0

    @property
    def name(self) -> str:
        """The library that encodes."""
        return "gigatoken" if self._fast else "tokenizers"

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Ids of each text (uint32), the same as the reference gives.

        Raises:
            StageError: the two differ after batches that agreed, so that what was written before is in doubt.
        """
        if self._fast is None:
            return self._reference(texts)
        number, self._batches = self._batches, self._batches + 1
        if number == 0 and not self._agrees([*NASTY, *sample(texts, FIRST_CHARACTERS)]):
            logger.warning("gigatoken differs from tokenizers on this tokenizer; tokenizers encodes in this process")
            self._fast = None
            return self._reference(texts)
        if number and number % CHECK_EVERY == 0 and not self._agrees(sample(texts)):
            raise StageError("gigatoken and tokenizers give different ids; set tokenizer.fast: off and run again")
        return self._fast(texts)

    def _agrees(self, texts: Sequence[str]) -> bool:
        assert self._fast is not None
        try:
            found = self._fast(texts)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reference can do it
            logger.warning(f"gigatoken fails: {error}")
            return False
        return all(np.array_equal(a, b) for a, b in zip(found, self._reference(texts), strict=True))


def sample(texts: Sequence[str], characters: int = CHECK_CHARACTERS) -> list[str]:
    """Some of the texts, evenly spaced, the first characters of each: a bounded number of both.

    Args:
        texts: a batch.
        characters: how many at most.
    """
    step = -(-len(texts) // CHECK_TEXTS)
    chosen = texts[:: max(step, 1)]
    return [text[: characters // max(len(chosen), 1)] for text in chosen]


def _load(text: str) -> Encode | None:
    try:
        tokenizer: Any = importlib.import_module("gigatoken").Tokenizer.from_json(text)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reference can do it
        logger.warning(f"gigatoken does not load this tokenizer ({error}); tokenizers encodes instead")
        return None

    def encode(texts: Sequence[str]) -> list[np.ndarray]:
        # one by one: the library's batches come back as lists or awkward arrays, which cost more than they save
        return [np.asarray(tokenizer.encode(t), np.uint32) for t in texts]

    return encode
