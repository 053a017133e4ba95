"""The tokenizer: trained or brought, and an encoder in which corpus text can never become a special token."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contracts.errors import ConfigError, StageError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""The split rule published with Qwen2's tokenizer: digits one by one, runs of white space kept together, and known to
every fast encoder."""

TWO_BYTE_LIMIT = 65_536
"""Largest vocabulary whose ids fit two bytes."""


def train(texts: Iterable[Sequence[str]], vocab_size: int, special: Sequence[str]) -> str:
    """Train a byte-level BPE; the same texts in the same order give the same file.

    Args:
        texts: batches of texts.
        vocab_size: entries of the vocabulary, special tokens included.
        special: special tokens, which get the first ids.

    Returns:
        the tokenizer.json.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return str(tokenizer.to_str(pretty=True))


def load_json(path: Path) -> str:
    """A user's tokenizer.json.

    Raises:
        ConfigError: missing, not JSON, or not a tokenizer that the library loads.
    """
    from tokenizers import Tokenizer

    try:
        text = path.read_text(encoding="utf-8")
        Tokenizer.from_str(text)
    except FileNotFoundError as error:
        raise ConfigError(f"tokenizer.path: {path}: no such file") from error
    except Exception as error:
        raise ConfigError(f"tokenizer.path: {path}: not a tokenizer.json ({error})") from error
    return text


def tokenizer_hash(text: str) -> str:
    """sha256 of a tokenizer.json's canonical form; results of different tokenizers do not compare."""
    canonical = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Encoder:
    """Encodes corpus text to ids that are never special, with the end and pad ids at hand.

    Added tokens are taken out of the tokenizer before encoding, so `<|end|>` in a file is split into ordinary pieces;
    every result is checked as well.

    Raises:
        ConfigError: the tokenizer has no such end or pad token.
    """

    def __init__(self, text: str, end_token: str, pad_token: str) -> None:
        from tokenizers import Tokenizer

        whole: Tokenizer = Tokenizer.from_str(text)
        self.end_id = _special_id(whole, end_token, "end_token")
        self.pad_id = _special_id(whole, pad_token, "pad_token")
        self.vocab_size = whole.get_vocab_size(with_added_tokens=True)
        added = whole.get_added_tokens_decoder()
        self._forbidden = np.array(sorted({*added, self.end_id, self.pad_id}), np.uint32)
        data: dict[str, Any] = json.loads(text)
        data["added_tokens"] = []
        data["post_processor"] = None  # it would add tokens around each text
        data["truncation"] = data["padding"] = None
        self._plain: Tokenizer = Tokenizer.from_str(json.dumps(data))

    @property
    def dtype(self) -> np.dtype[Any]:
        """Little-endian type that holds every id: two bytes up to 65,536 ids, else four."""
        return np.dtype("<u2") if self.vocab_size <= TWO_BYTE_LIMIT else np.dtype("<u4")

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Ids of each text (uint32), without the end token.

        Raises:
            StageError: a text gave a special id after all; names the id.
        """
        result = [np.array(e.ids, np.uint32) for e in self._plain.encode_batch_fast(list(texts))]
        for ids in result:
            special = np.intersect1d(ids, self._forbidden)
            if len(special):
                raise StageError(
                    f"the tokenizer turns corpus text into the special id {int(special[0])}; "
                    "use a tokenizer whose vocabulary keeps special tokens apart (tokenizer.path)"
                )
        return result


def _special_id(tokenizer: "Tokenizer", token: str, option: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ConfigError(f"tokenizer.{option}: {token!r} is not in the vocabulary of the tokenizer")
    return int(found)


def byte_alphabet() -> dict[str, int]:
    """The byte that each character of a byte-level vocabulary stands for.

    Printable bytes stand for themselves, the others for code points from 256 on, in order (the convention of GPT-2's
    vocabulary, which byte-level tokenizers share).
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    alphabet = {chr(b): b for b in printable}
    others = [b for b in range(256) if b not in set(printable)]
    alphabet |= {chr(256 + i): b for i, b in enumerate(others)}
    return alphabet


class ByteDecoder:
    """Turns ids back into the exact bytes of the text, also for spans that begin inside a character.

    For tokenizers that are not byte-level, `decode` gives the library's text as UTF-8 and `exact` is false.
    """

    def __init__(self, text: str) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_str(text)
        decoder = json.loads(text).get("decoder") or {}
        self.exact = decoder.get("type") == "ByteLevel"
        self._alphabet = byte_alphabet()
        self._special = set(self._tokenizer.get_added_tokens_decoder())

    def decode(self, ids: Sequence[int]) -> bytes:
        """Bytes of ordinary tokens; special ones give nothing."""
        ordinary = [int(i) for i in ids if int(i) not in self._special]
        if not self.exact:
            return self._tokenizer.decode(ordinary).encode()
        return b"".join(bytes(self._alphabet[ch] for ch in self._tokenizer.id_to_token(i)) for i in ordinary)


def batches(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    """Lists of texts of about `size` characters."""
    batch: list[str] = []
    total = 0
    for text in texts:
        batch.append(text)
        total += len(text)
        if total >= size:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
