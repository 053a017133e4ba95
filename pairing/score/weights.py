"""What each feature weighs in the similarity of two documents. Pure functions.

A vector holds all classes of features at once, so that a word in a comment and a string counts beside the same word
in a name: summed evidence beats one cosine a class, weighed by a model, by about four points of F1.

Where nothing else is said, F1 here is that of an assignment by the similarity alone, with the best threshold, on the
5,466 files of pairs_dev, plain and with declared names masked.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from pairing.features import classes as c
from pairing.features.hashing import CLASS_BITS, SPACE
from pairing.score.background import Background

CLASS_WEIGHTS: Final = {
    c.BAG: 0.7,
    c.WORDS: 1.0,
    c.EXPRESSIONS: 0.3,
    c.DECLARED: 1.5,
    c.DECLARED_WORDS: 0.7,
    c.STRINGS: 0.4,
    c.NAME_PAIRS: 0.1,
    c.LITERALS: 1.0,
    c.NUMBERS: 0.15,
    c.NUMBER_PAIRS: 1.5,
    c.COMMENTS: 1.0,
    c.CALLS: 1.5,
    c.API: 1.5,
    c.CHARS: 0.1,
    c.IMPORTS: 1.5,
    c.SHAPE: 0.02,
}
"""Weight of the squared entries of each class. Chosen by coordinate steps on all these files at once, not in folds.
All equal: F1 is 3.4 points lower plain, 4.4 masked."""

DAMPING: Final = 0.4
"""How much the logarithm of a count adds to a feature's presence. 0.3 to 0.5 differ by half a point of F1; 0 costs 0.2
points plain and 1.1 masked, 1 costs 1.6 and 2.4."""

KEYS: Final = SPACE << CLASS_BITS
"""Number of keys (place and class) that a feature can have."""

_CLASS_ROOT: Final = np.sqrt(np.array([CLASS_WEIGHTS[name] for name in c.CLASSES], np.float32))


def keys(indices: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Place and class of features as one number below KEYS, uint32."""
    joined: np.ndarray = (indices.astype(np.uint32) << np.uint32(CLASS_BITS)) | classes.astype(np.uint32)
    return joined


FEWEST: Final = 500
"""Documents of a language from which on its own frequencies count unmixed, unless it has half as many as the largest
language: one program of a language says everything that it says in all programs of that language. Languages of
pairs_dev are never mixed."""

FILLED: Final = 2_000
"""Documents of ordinary code that are counted beside the corpus' own: a corpus of exercises or of one company's
services says little of what is common in a language. Whatever weighs less with them takes that weight. On pairs_dev
(out of fold, mean over thresholds of -0.5, -0.75 and -1 in log odds, before expressions and name_pairs were read) F1
with declared names masked rises from 0.846 to 0.855 (1,000 documents: 0.845, 4,000: 0.853), plain F1 from 0.959 to
0.960. Chosen with all of pairs_dev in view."""


PRIOR: Final = 2
"""Documents of ordinary code that stand beside a language's own where these say what is common in this corpus: what
its only program says is not what all programs say. Without them corpora of one program a language have no pairs.
In small parts of pairs_dev, many of them with files that have no translation there, mean F1 plain and with declared
names masked is 0.932 and 0.864 with 1, 0.937 and 0.868 with 2, 0.944 and 0.870 with 10; where all their files share
100 rare words, 0.934 and 0.872, 0.904 and 0.829, 0.813 and 0.751."""

KNOWN: Final = 0.8
"""Share of the squared weight of a file of pairs_dev that other files of it have too."""

SPARSE: Final = 500
"""Documents of a corpus from which on a feature of one of them tells nothing, as FEWEST of a language say enough. In
parts of pairs_dev of 40 to 300 files, mean F1 plain and masked is 0.953 and 0.874 with 300, 0.954 and 0.875 with 500,
0.954 and 0.872 with 1,000. With all 5,466 files precision rises and recall falls in corpora of two languages (1,300 to
1,700 files), and masked F1 falls by up to 0.012: the score was learnt on corpora as they are."""


def meets(documents: int) -> float:
    """How likely a feature of one document would be in others of a corpus as large as pairs_dev, 0 to KNOWN.

    Of the squared weight that files of a random part of pairs_dev have to themselves, its other files have 0.79 (part
    of 2), 0.74 (10), 0.69 (20 and 50), 0.64 (100) and 0.60 (300); this says 0.75, 0.69, 0.64, 0.55, 0.44 and 0.18,
    and so goes over into the weights of larger corpora.
    """
    return KNOWN * max(0.0, 1 - sqrt(documents / SPARSE))


class Frequencies(NamedTuple):
    """In how many documents of a language each key occurs.

    Attributes:
        language: its number.
        keys: uint32 (n,), ascending.
        counts: int (n,).
        documents: how many the language has.
    """

    language: int
    keys: np.ndarray
    counts: np.ndarray
    documents: int


def rarity(frequencies: Sequence[Frequencies], background: Background) -> tuple[np.ndarray, np.ndarray]:
    """Keys that weigh anything, and their weights without the class: the lowest rarity among all languages.

    What one language says in every program is an idiom there: it tells nothing, however rare it is elsewhere. So does
    what is common in ordinary code. Few documents tell little about idioms, so a small language is filled up with
    documents that are like those of all languages of the corpus, and with PRIOR ordinary ones.

    A key of one document links nothing. But in a small corpus nearly all keys are of one document, and two programs
    that share their idioms only would look the same by what is left: such a key counts in the length of its vector as
    far as `meets` expects it elsewhere.

    Memory: an array of KEYS, 270 MB, and 70 bytes a key that weighs.

    Args:
        frequencies: of each language with documents.
        background: what is common in ordinary code.

    Returns:
        uint32 (n,) sorted, and float32 (n,).
    """
    total = np.zeros(KEYS, np.uint32)
    for own in frequencies:
        total[own.keys] += own.counts.astype(np.uint32)
    documents = sum(own.documents for own in frequencies)
    alone = sqrt(meets(documents))
    weighing = np.flatnonzero(total > (0 if alone else 1)).astype(np.uint32)
    total = total[weighing]
    lowest = _lowest(frequencies, background, weighing, total / max(1, documents))
    lowest[total == 1] *= alone
    heavy = lowest > 0
    return weighing[heavy], lowest[heavy]


def _lowest(
    frequencies: Sequence[Frequencies], background: Background, wanted: np.ndarray, share: np.ndarray
) -> np.ndarray:
    """Lowest rarity of keys among all languages, float32; `share`: of all documents of the corpus that have them."""
    enough = min(FEWEST, max((own.documents for own in frequencies), default=0) / 2)
    lowest = np.full(len(wanted), np.inf, np.float32)
    for own in frequencies:
        having, ordinary = np.ones(len(wanted)), np.zeros(len(wanted), np.float32)
        _add(having, wanted, own.keys, own.counts)
        _add(ordinary, wanted, background.keys, background.shares[own.language])
        mixed = max(0.0, enough - own.documents)
        here = np.log((own.documents + mixed + PRIOR + 1) / (having + mixed * share + PRIOR * ordinary))
        lowest = np.minimum(lowest, here).astype(np.float32)
        having += FILLED * ordinary
        lowest = np.minimum(lowest, np.log((own.documents + FILLED + 1) / having)).astype(np.float32)
    return lowest


def _add(total: np.ndarray, wanted: np.ndarray, found: np.ndarray, values: np.ndarray) -> None:
    """Add the values of keys to those of the wanted keys; both ascend."""
    inside = np.isin(found, wanted, assume_unique=True)
    total[np.searchsorted(wanted, found[inside])] += values[inside]


def weigh(counts: np.ndarray, rare: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Entries of a vector, float32: damped count times rarity times the root of the class' weight."""
    damped = 1 + np.float32(DAMPING) * np.log(counts.astype(np.float32))
    weight: np.ndarray = (damped * rare * _CLASS_ROOT[classes]).astype(np.float32)
    return weight


def similarity(product: np.ndarray, square_a: np.ndarray, square_b: np.ndarray) -> np.ndarray:
    """Similarity of two documents, 0 to 1: geometric mean of the cosine and of the share of the mean square.

    The second punishes documents of different size: better than the cosine alone by 0.3 points, plain and masked.

    Args:
        product: inner products of their vectors.
        square_a: squared lengths of the one.
        square_b: of the other.
    """
    both = np.maximum(square_a * square_b, 1e-12)
    mean = np.maximum((square_a + square_b) / 2, 1e-12)
    found: np.ndarray = np.minimum(product / np.sqrt(np.sqrt(both) * mean), 1.0)
    return found
