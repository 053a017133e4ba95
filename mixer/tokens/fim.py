"""Fill in the middle: a document's parts in another order, so that a model learns to write between two texts.

Bavarian et al. 2022 (arXiv 2207.14255), at document level and on characters. Pure functions.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from mixer.config import FimConfig
from mixer.split.choose import draw

PLAIN: Final = "plain"
PSM: Final = "psm"
"""Prefix, suffix, middle."""
SPM: Final = "spm"
"""Suffix, prefix, middle: prefix and middle stand together after the middle token."""


class Sentinel(Enum):
    """A special token that says what follows it."""

    PREFIX = "prefix"
    MIDDLE = "middle"
    SUFFIX = "suffix"


Piece = str | Sentinel
"""Text that is encoded by itself, or a special token."""

DRAWS = 1 << 64
"""How many values a draw can take."""


def arrange(text: str, identity: str, config: FimConfig, seed: int) -> tuple[str, tuple[Piece, ...]]:
    """How a document is laid out, and its pieces.

    Every draw depends on the seed and the document's id only. A cut never splits a character; it may fall between
    the two characters of a line end, or those of a character with combining marks.

    Args:
        text: the document.
        identity: its id.
        config: how often.
        seed: of the draws.
    """
    if draw(seed, f"{identity} fim") >= config.rate * DRAWS:
        return PLAIN, (text,)
    first, second = sorted(draw(seed, f"{identity} {name} cut") % (len(text) + 1) for name in ("first", "second"))
    prefix, middle, suffix = text[:first], text[first:second], text[second:]
    if draw(seed, f"{identity} spm") < config.spm_rate * DRAWS:
        return SPM, (Sentinel.PREFIX, Sentinel.SUFFIX, suffix, Sentinel.MIDDLE, prefix, middle)
    return PSM, (Sentinel.PREFIX, prefix, Sentinel.SUFFIX, suffix, Sentinel.MIDDLE, middle)


def restore(arrangement: str, pieces: Sequence[Piece]) -> str:
    """The document again.

    Args:
        arrangement: plain, psm or spm.
        pieces: as `arrange` gives them.
    """
    texts = [piece for piece in pieces if isinstance(piece, str)]
    if arrangement == PSM:
        prefix, suffix, middle = texts
    elif arrangement == SPM:
        suffix, prefix, middle = texts
    else:
        return "".join(texts)
    return prefix + middle + suffix
