"""Language-neutral features of a program: sub-tokens of names, whole names, numbers. Pure functions.

Features are hashed into a fixed space, so no vocabulary has to be built or shared; keywords and other words that
every program has are left to the inverse document frequency, which gives them no weight.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import Final

import numpy as np
import xxhash

SPACE: Final = 1 << 22
"""Number of hashed features. With a million distinct ones in a corpus about one in five shares its place with
another, which moves a cosine by less than its third digit."""

_WORD: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?")
_PARTS: Final = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

MAX_NAME: Final = 64
"""Longer names are base64 or the like; they are no features."""


def _hash(kind: bytes, value: bytes) -> int:
    return xxhash.xxh3_64_intdigest(kind + value) & (SPACE - 1)


@lru_cache(maxsize=1 << 18)
def word_features(word: bytes) -> tuple[int, ...]:
    """Hashed features of one name or number: its sub-tokens, and itself when it has more than one."""
    if len(word) > MAX_NAME:
        return ()
    if word[0] < 58:  # a digit
        return (_hash(b"n:", word),)
    parts = [part.lower() for part in _PARTS.findall(word)]
    features = [_hash(b"s:", part) for part in parts if len(part) > 1]
    if len(parts) > 1:
        features.append(_hash(b"i:", b"".join(parts)))
    return tuple(features)


def bag(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """The features of a text and how often each occurs.

    Args:
        content: program text as UTF-8.

    Returns:
        indices (uint32, sorted, below SPACE) and counts (uint32).
    """
    counts: Counter[int] = Counter()
    for word, times in Counter(_WORD.findall(content)).items():
        for feature in word_features(word):
            counts[feature] += times
    if not counts:
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    indices = np.fromiter(counts.keys(), np.uint32, len(counts))
    values = np.fromiter(counts.values(), np.uint32, len(counts))
    order = np.argsort(indices)
    return indices[order], values[order]


def inverse_document_frequency(frequency: np.ndarray, documents: int) -> np.ndarray:
    """Weight of each feature: log(documents / frequency), 0 for features met in one document or none.

    A feature of a single document links nothing; dropping it keeps vectors comparable.

    Args:
        frequency: int (SPACE,), in how many documents a feature occurs.
        documents: number of documents.

    Returns:
        float32 (SPACE,).
    """
    weight = np.zeros(len(frequency), np.float32)
    shared = frequency > 1
    weight[shared] = np.log(documents / frequency[shared])
    return weight


def weigh(counts: np.ndarray, idf: np.ndarray) -> np.ndarray:
    """TF-IDF weights with damped counts, (1 + log count) * idf, before normalisation."""
    weights: np.ndarray = (1.0 + np.log(counts.astype(np.float32))) * idf
    return weights.astype(np.float32)
