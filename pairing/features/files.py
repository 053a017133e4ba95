"""Features on disk: one .npz file of arrays for each file of documents, its documents one after another."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from contracts.files import atomic_path
from pairing.features.document import NOTHING, DocumentFeatures


@dataclass(frozen=True, slots=True)
class Features:
    """Features of several documents, one after another; see DocumentFeatures."""

    indices: np.ndarray
    counts: np.ndarray
    classes: np.ndarray
    lengths: np.ndarray
    """int64: features of each document."""
    profile: np.ndarray
    """float32 (documents, len(PROFILE))."""


def joined(documents: Iterable[DocumentFeatures]) -> Features:
    """Features of several documents put together."""
    every = list(documents)
    return Features(
        np.concatenate([NOTHING.indices, *(d.indices for d in every)]),
        np.concatenate([NOTHING.counts, *(d.counts for d in every)]),
        np.concatenate([NOTHING.classes, *(d.classes for d in every)]),
        np.array([len(d.indices) for d in every], np.int64),
        np.array([d.profile for d in every], np.float32).reshape(len(every), len(NOTHING.profile)),
    )


def features_file(folder: Path, number: int) -> Path:
    """The file of the features of documents file `number`."""
    return folder / f"{number:05d}.npz"


def save_features(folder: Path, number: int, features: Features) -> None:
    """Write the features of documents file `number` atomically."""
    with atomic_path(features_file(folder, number)) as temporary, open(temporary, "wb") as handle:
        np.savez(
            handle,
            indices=features.indices,
            counts=features.counts,
            classes=features.classes,
            lengths=features.lengths,
            profile=features.profile,
        )


def read_features(folder: Path, number: int) -> Features:
    """The features of all documents of file `number`, whatever their language."""
    with np.load(features_file(folder, number)) as arrays:
        return Features(arrays["indices"], arrays["counts"], arrays["classes"], arrays["lengths"], arrays["profile"])
