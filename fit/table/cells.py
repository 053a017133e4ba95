"""Columns of a table as arrays: numbers with NaN where a cell is empty, texts with None. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fit.points import Array

EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""What stands in a cell that holds nothing, in small letters."""

SHOWN = 60
"""Characters of a cell that a message shows."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that are needed, R rows."""

    numbers: dict[str, Array]
    """(R,) each; NaN: empty, or no number."""
    texts: dict[str, NDArray[np.object_]]
    """(R,) each; None: empty."""
    places: NDArray[np.int64]
    """(R,) where a row stands in the file, from 1."""
    unit: str = "row"
    """What places count: row or line."""
    bad: dict[str, dict[int, str]] = field(default_factory=dict)
    """Cells of number columns that hold something else: column to place to what stands there."""

    def __len__(self) -> int:
        return len(self.places)

    def at(self, index: int) -> str:
        """Where a row stands, for messages."""
        return f"{self.unit} {self.places[index]}"

    def take(self, index: NDArray) -> "Columns":
        """Some of the rows."""
        return replace(
            self,
            numbers={name: values[index] for name, values in self.numbers.items()},
            texts={name: values[index] for name, values in self.texts.items()},
            places=self.places[index],
        )


def number(cell: Any) -> float | None:
    """A cell as a number; NaN where it is empty, None where it holds something else."""
    if cell is None:
        return float("nan")
    if isinstance(cell, str):
        text = cell.strip()
        if text.lower() in EMPTY:
            return float("nan")
    elif isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        return None
    try:
        return float(cell)
    except (ValueError, OverflowError):
        return None


def text(cell: Any) -> str | None:
    """A cell as text; None where it is empty."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    found = str(cell).strip()
    return None if found.lower() in EMPTY else found


class Collector:
    """Puts rows together to columns."""

    def __init__(self, numbers: Sequence[str], texts: Sequence[str], unit: str) -> None:
        self._numbers: dict[str, list[float]] = {name: [] for name in numbers}
        self._texts: dict[str, list[str | None]] = {name: [] for name in texts}
        self._places: list[int] = []
        self._unit = unit
        self._bad: dict[str, dict[int, str]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: int, cells: Iterable[tuple[str, Any]]) -> None:
        """Add a row: (column, cell) of every column that is needed, in any order."""
        self._places.append(place)
        for name, cell in cells:
            if name in self._numbers:
                value = number(cell)
                if value is None:
                    self._bad.setdefault(name, {})[place] = repr(cell)[:SHOWN]
                    value = float("nan")
                self._numbers[name].append(value)
            if name in self._texts:
                self._texts[name].append(text(cell))

    def columns(self) -> Columns:
        """What was added."""
        return Columns(
            numbers={name: np.array(values, float) for name, values in self._numbers.items()},
            texts={name: np.array(values, object) for name, values in self._texts.items()},
            places=np.array(self._places, np.int64),
            unit=self._unit,
            bad=self._bad,
        )
