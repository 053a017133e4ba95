"""The tokenizer at work: an encoder in which corpus text can never become a special token, and its inverse."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contracts.errors import ConfigError, StageError
from mixer.tokens.fast_encoder import FastEncoder
from mixer.tokens.fim import Sentinel

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TWO_BYTE_LIMIT = 65_536
"""Largest vocabulary whose ids fit two bytes."""


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


UNREACHABLE = "\0 special \0"
"""Put before a special token's entry in the vocabulary: byte-level text has neither NUL nor blank in it."""


def plain_json(text: str, special: Iterable[str]) -> str:
    """The tokenizer.json for encoding text in which special tokens are nothing but characters.

    Takes out added tokens (they would be cut out of the text), what adds tokens around a text or drops some of it, and
    every way of the model's own to a special token: merges, and words looked up whole (ignore_merges). Ids stay.

    Args:
        text: a tokenizer.json.
        special: tokens that no text may become.
    """
    data: dict[str, Any] = json.loads(text)
    data["added_tokens"] = []
    for name in ("post_processor", "truncation", "padding"):
        data[name] = None
    model = data["model"]
    if "dropout" in model:
        model["dropout"] = None  # it draws at random
    hidden = set(special) - {model.get("unk_token")}
    vocab = model.get("vocab")
    if isinstance(vocab, dict):
        model["vocab"] = {UNREACHABLE + token if token in hidden else token: i for token, i in vocab.items()}
    elif isinstance(vocab, list):
        model["vocab"] = [[UNREACHABLE + token if token in hidden else token, score] for token, score in vocab]
    if "merges" in model:
        pairs = [m.split(" ") if isinstance(m, str) else m for m in model["merges"]]
        model["merges"] = [p for p in pairs if not hidden & {*p, "".join(p)}]
    return json.dumps(data)


class Encoder:
    """Encodes corpus text to ids that are never special, with the end and pad ids at hand.

    `<|end|>` in a file is split into ordinary pieces (see `plain_json`); every result is checked as well. Added tokens
    that are not special (runs of blanks, say) are spelled in ordinary pieces too.

    Args:
        text: the tokenizer.json.
        end_token: token that ends a document.
        pad_token: token that fills a sequence.
        fast: encode with gigatoken where it is installed and gives the same ids.
        fim: tokens for filling in the middle, by option (`FimConfig.tokens`).

    Raises:
        ConfigError: the tokenizer has no such token.
    """

    def __init__(
        self, text: str, end_token: str, pad_token: str, fast: bool = False, fim: Mapping[str, str] | None = None
    ) -> None:
        from tokenizers import Tokenizer

        whole: Tokenizer = Tokenizer.from_str(text)
        self.end_id = _special_id(whole, end_token, "end_token")
        self.pad_id = _special_id(whole, pad_token, "pad_token")
        fim = fim or {}
        self.sentinels = {
            Sentinel(option.removesuffix("_token")): _special_id(whole, token, f"fim.{option}")
            for option, token in fim.items()
        }
        # not the number of entries: a user's vocabulary may have holes, and the width must hold the largest id
        self.vocab_size = max(whole.get_vocab(with_added_tokens=True).values()) + 1
        added = {t.content for t in whole.get_added_tokens_decoder().values() if t.special}
        special = added | {end_token, pad_token, *fim.values()}
        forbidden = [i for t in special if (i := whole.token_to_id(t)) is not None]
        self._forbidden = np.zeros(self.vocab_size, bool)
        self._forbidden[forbidden] = True
        self._lowest, self._highest = min(forbidden), max(forbidden)
        plain = plain_json(text, special)
        self._plain: Tokenizer = Tokenizer.from_str(plain)
        self._fast = FastEncoder(plain, self._reference) if fast else None
        self._encode = self._fast.encode if self._fast else self._reference

    @property
    def dtype(self) -> np.dtype[Any]:
        """Little-endian type that holds every id: two bytes up to 65,536 ids, else four."""
        return np.dtype("<u2") if self.vocab_size <= TWO_BYTE_LIMIT else np.dtype("<u4")

    @property
    def name(self) -> str:
        """The library that encodes, as far as is known after what was encoded."""
        return self._fast.name if self._fast else "tokenizers"

    def encode(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Ids of each text (uint32), without the end token.

        Raises:
            StageError: a text gave a special id after all; names the id.
        """
        result = self._encode(texts)
        if result:
            self._check(np.concatenate(result))
        return result

    def _check(self, ids: np.ndarray) -> None:
        # special ids stand mostly at one end of the vocabulary, where two comparisons tell at a tenth of the cost
        if not len(ids) or ids.min() > self._highest or ids.max() < self._lowest:
            return
        special = ids[self._forbidden[ids]]
        if len(special):
            raise StageError(
                f"the tokenizer turns corpus text into the special id {int(special[0])}; "
                "use a tokenizer whose vocabulary keeps special tokens apart (tokenizer.path)"
            )

    def _reference(self, texts: Sequence[str]) -> list[np.ndarray]:
        return [np.array(e.ids, np.uint32) for e in self._plain.encode_batch_fast(list(texts))]


def _special_id(tokenizer: "Tokenizer", token: str, option: str) -> int:
    found = tokenizer.token_to_id(token)
    if found is None:
        raise ConfigError(
            f"tokenizer.{option}: {token!r} is not in the vocabulary of the tokenizer; name a token that is"
        )
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


def byte_exact(text: str) -> bool:
    """Whether the ids of a text give back its very bytes: byte-level, no normaliser, no blank put in front."""
    data: dict[str, Any] = json.loads(text)
    return (
        (data.get("decoder") or {}).get("type") == "ByteLevel"
        and not data.get("normalizer")
        and not _adds_blank(data.get("pre_tokenizer") or {})
    )


def _adds_blank(pre_tokenizer: dict[str, Any]) -> bool:
    inner = pre_tokenizer.get("pretokenizers", ())
    return bool(pre_tokenizer.get("add_prefix_space")) or any(_adds_blank(step) for step in inner)


class ByteDecoder:
    """Turns ids back into the bytes of the text, also for spans that begin inside a character.

    For tokenizers that are not byte-level, `decode` gives the library's text as UTF-8; `exact` says whether the bytes
    are those of the original text.

    Args:
        text: the tokenizer.json.
        silent: ids that stand for no text beside the special tokens: the end and pad ids.
    """

    def __init__(self, text: str, silent: Iterable[int] = ()) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_str(text)
        self.exact = byte_exact(text)
        self._byte_level = (json.loads(text).get("decoder") or {}).get("type") == "ByteLevel"
        self._alphabet = byte_alphabet()
        added = self._tokenizer.get_added_tokens_decoder()
        self._silent = {i for i, token in added.items() if token.special} | set(silent)

    def decode(self, ids: Sequence[int]) -> bytes:
        """Bytes of ordinary tokens; special ones give nothing."""
        ordinary = [int(i) for i in ids if int(i) not in self._silent]
        if not self._byte_level:
            return self._tokenizer.decode(ordinary).encode()
        tokens = [self._tokenizer.id_to_token(i) or "" for i in ordinary]
        return bytes(self._alphabet[ch] for token in tokens for ch in token)
