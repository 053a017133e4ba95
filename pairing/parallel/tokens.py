"""How many tokens a text has: counted with a tokenizer, or estimated."""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from contracts.errors import ConfigError
from parsers.tokens import token_counts

BYTE_SHARE, TOKEN_SHARE = 0.2, 0.55
"""The estimate is BYTE_SHARE for a byte and TOKEN_SHARE for a code token (`parsers.tokens`), times what the vocabulary
asks for. The ratio of the two, 2.75, was fitted on 2,800 files of the seven languages, out of PyPI, npm and Debian
packages, to counts of a tokenizer of 16,384 entries; on 2,800 others benchmarks/pairing_tokens.py gives 3.2."""

FACTORS = {300: 2.6, 1_024: 1.6, 2_048: 1.35, 4_096: 1.22, 8_192: 1.11, 16_384: 1.05, 32_768: 1.0}
"""By how much the estimate is raised for vocabularies of so many entries, so that it is too low for one file in
twenty: within 0.02 of what benchmarks/pairing_tokens.py finds on 1,498 files of other sources with tokenizers of these
sizes that glotmix trained on 1,050 files of PyPI, npm and Debian packages. Between them on the logarithm; above the
last as there."""

END = 1
"""The token that ends every document."""


def factor(vocab_size: int) -> float:
    """By how much the estimate is raised for a vocabulary of so many entries."""
    return float(np.interp(math.log2(vocab_size), [math.log2(n) for n in FACTORS], list(FACTORS.values())))


def estimate(text: str, raised: float) -> int:
    """Tokens of a text, rather too many than too few, and never more than it has bytes.

    It is too low for 4 to 5 % of files (see `FACTORS`). With 16,384 entries the median is 1.25 times the count, the
    5th and the 95th percentile 1.01 and 1.50 times; with 2,048 entries 1.17, 1.00 and 1.40 times.

    Args:
        text: any.
        raised: what the vocabulary asks for.
    """
    raw = text.encode()
    if not raw:
        return 0
    return min(len(raw), math.ceil(raised * (BYTE_SHARE * len(raw) + TOKEN_SHARE * int(token_counts([raw])[0]))))


def counter(path: Path | None, vocab_size: int) -> Callable[[str], int]:
    """What counts the tokens of a text.

    Args:
        path: a tokenizer.json; None: estimate.
        vocab_size: entries of the vocabulary that an estimate is for.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    return _estimator(vocab_size) if path is None else _load(path)


@lru_cache(maxsize=8)
def _estimator(vocab_size: int) -> Callable[[str], int]:
    return partial(estimate, raised=factor(vocab_size))


def _load(path: Path) -> Callable[[str], int]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"parallel.tokenizer: {path}: no tokenizer.json ({error})") from error
    return _parsed(text, path)


@lru_cache(maxsize=1)
def _parsed(text: str, path: Path) -> Callable[[str], int]:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # the library raises bare exceptions
        raise ConfigError(f"parallel.tokenizer: {path}: no tokenizer.json ({error})") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    return count


def total(pieces: Iterable[str], count: Callable[[str], int]) -> int:
    """Tokens of a document whose pieces are encoded each by itself, with its end token."""
    return sum(map(count, pieces)) + END
