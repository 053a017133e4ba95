"""A mixture as the writers of other formats read it: sequence after sequence, in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from contracts.errors import StageError
from mixer.dataset import MixtureDataset

T = TypeVar("T")

Advance = Callable[[int], None]
"""Told how many more sequences are taken up."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence and what is known about it.

    Attributes:
        tokens: unsigned integers, (sequence_length,).
        ends: where its spans end, int64.
        padding: tokens at its end that are not to be trained on.
        component: the component it belongs to.
    """

    tokens: np.ndarray
    ends: np.ndarray
    padding: int
    component: str


class Source:
    """A finished mixture, of shards or a view.

    Args:
        folder: the mixture.
        advance: told about progress.

    Raises:
        StageError: there is no finished mixture, or not all of it.
    """

    def __init__(self, folder: Path, advance: Advance | None = None) -> None:
        self._advance = advance or (lambda sequences: None)
        try:
            self.mixture = MixtureDataset(folder)
        except FileNotFoundError as error:
            raise StageError(
                f"{folder}: no finished mixture here ({error.filename} is missing). Run: glotmix mix CONFIG"
            ) from error
        except KeyError as error:
            raise StageError(f"{folder}: the result of another stage than mix; name a folder below mix/") from error
        except ValueError as error:
            raise StageError(str(error)) from error

    def tokens(self) -> Iterator[np.ndarray]:
        """The tokens of every sequence."""
        return self._each(self.mixture.__getitem__)

    def sequences(self) -> Iterator[Sequence]:
        """Every sequence with what is known about it."""
        return self._each(self._sequence)

    def _sequence(self, number: int) -> Sequence:
        mixture = self.mixture
        return Sequence(mixture[number], mixture.span_ends(number), mixture.padding(number), mixture.component(number))

    def _each(self, read: Callable[[int], T]) -> Iterator[T]:
        for number in range(len(self.mixture)):
            try:
                found = read(number)
            except (ValueError, FileNotFoundError) as error:
                raise StageError(str(error)) from error
            self._advance(1)
            yield found
