"""Named arrays on disk that are read in part: one .npy file each, mapped into memory when opened."""

from pathlib import Path

import numpy as np

from contracts.files import atomic_path


def save(folder: Path, **arrays: np.ndarray) -> None:
    """Write arrays to folder/NAME.npy, each atomically."""
    for name, array in arrays.items():
        with atomic_path(folder / f"{name}.npy") as temporary, open(temporary, "wb") as handle:
            np.save(handle, array)


def load(folder: Path, name: str) -> np.ndarray:
    """An array, mapped: only what is indexed is read."""
    array: np.ndarray = np.load(folder / f"{name}.npy", mmap_mode="r")
    return array
