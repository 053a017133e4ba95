"""Texts to token ids, a batch at a time; the same ids however the texts are cut into batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mixer.config import TokenizerConfig
from mixer.tokens.fim import Sentinel
from mixer.tokens.texts import Text
from mixer.tokens.tokenizer import Encoder

BATCH_BYTES = 1_000_000
"""Text that is encoded at once; `tokenizers` takes about 60 bytes for a byte of it."""


class Encoded(NamedTuple):
    """A text and its tokens.

    Attributes:
        tokens: how many, the end token included.
        source_end: tokens up to the end of the source program; -1 where there is none.
        target_start: tokens before the target program; -1 where there is none.
        source_tokens: tokens of the source program; of several with what stands between them.
        target_tokens: tokens of the target program.
        programs: tokens of each program.
    """

    text: Text
    tokens: int
    source_end: int = -1
    target_start: int = -1
    source_tokens: int = 0
    target_tokens: int = 0
    programs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts and their tokens.

    Attributes:
        ids: tokens of all the texts one after another, each with its end token, as they stand in files.
    """

    texts: list[Encoded]
    ids: np.ndarray


def phase_name(name: str, config: TokenizerConfig) -> str:
    """The name of a phase that encodes.

    Another one with `fast: off`: what tasks of an interrupted run encoded with gigatoken is then made anew.
    """
    return name if config.fast == "auto" else f"{name}-reference"


def open_encoder(path: Path, config: TokenizerConfig) -> Encoder:
    """The encoder for a tokenizer.json; a process that encodes several files with it loads it once."""
    return _load(path, path.stat().st_mtime_ns, config)


@lru_cache(maxsize=1)
def _load(path: Path, _changed: int, config: TokenizerConfig) -> Encoder:
    return Encoder(
        path.read_text(encoding="utf-8"), config.end_token, config.pad_token, config.fast == "auto", config.fim.tokens
    )


def encode(encoder: Encoder, texts: Iterator[Text]) -> Iterator[Batch]:
    """The texts in order, encoded batch by batch."""
    for batch in _batches(texts):
        yield _encode(encoder, batch)


def _batches(texts: Iterator[Text]) -> Iterator[list[Text]]:
    batch: list[Text] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += text.bytes
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _encode(encoder: Encoder, batch: list[Text]) -> Batch:
    pieces, numbers = _pieces(batch)
    ids = encoder.encode(pieces)
    special = {sentinel: np.array([i], np.uint32) for sentinel, i in encoder.sentinels.items()}
    end = np.array([encoder.end_id], np.uint32)
    parts: list[np.ndarray] = []
    texts: list[Encoded] = []
    for text, places in zip(batch, numbers, strict=True):
        own = [special[place] if isinstance(place, Sentinel) else ids[place] for place in places]
        parts += (*own, end)
        texts.append(_facts(text, [len(part) for part in own]))
    return Batch(texts, np.concatenate(parts, dtype=encoder.dtype, casting="unsafe"))  # ids fit: see Encoder.dtype


def _pieces(batch: list[Text]) -> tuple[list[str], list[list[int | Sentinel]]]:
    """What to encode, and for each text where its pieces stand there.

    A program that stands in several translation pairs, or in both directions of one, is encoded once.
    """
    pieces: list[str] = []
    known: dict[str, int] = {}
    numbers: list[list[int | Sentinel]] = []
    for text in batch:
        own: list[int | Sentinel] = []
        for piece in text.pieces:
            if isinstance(piece, Sentinel):
                own.append(piece)
                continue
            place = known.setdefault(piece, len(pieces)) if text.pair_id else len(pieces)
            if place == len(pieces):
                pieces.append(piece)
            own.append(place)
        numbers.append(own)
    return pieces, numbers


def _facts(text: Text, lengths: list[int]) -> Encoded:
    tokens, sources, target = sum(lengths) + 1, text.sources, text.target
    if not text.pair_id:
        return Encoded(text, tokens)
    return Encoded(
        text,
        tokens,
        source_end=sum(lengths[: sources[-1] + 1]) if sources else -1,
        target_start=sum(lengths[:target]) if target >= 0 else -1,
        source_tokens=sum(lengths[sources[0] : sources[-1] + 1]) if sources else 0,
        target_tokens=lengths[target] if target >= 0 else 0,
        programs=tuple(lengths[piece] for piece in text.programs),
    )
