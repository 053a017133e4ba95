"""Conditions on rows, as `--where` writes them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from contracts.errors import ConfigError
from fit.table.cells import Columns

_WRITTEN = re.compile(r"(?P<column>.+?)(?P<sign><=|>=|!=|=|<|>)(?P<value>.*)", re.DOTALL)
_ORDERED = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


@dataclass(frozen=True, slots=True)
class Condition:
    """Keeps rows whose column equals a value or pattern, differs from it, or is less or more than a number."""

    column: str
    sign: str
    value: str

    def __str__(self) -> str:
        return f"--where '{self.column}{self.sign}{self.value}'"

    @property
    def compares(self) -> bool:
        """Whether the column has to hold numbers."""
        return self.sign in _ORDERED

    def holds(self, columns: Columns) -> NDArray[np.bool_]:
        """(R,) which rows are kept; an empty cell equals only an empty value, and is never less or more."""
        if self.compares:
            return np.asarray(_ORDERED[self.sign](columns.numbers[self.column], float(self.value)))
        equal = np.array([_equal(cell, self.value) for cell in columns.texts[self.column]], bool)
        return ~equal if self.sign == "!=" else equal


def _equal(cell: str | None, value: str) -> bool:
    if cell is None:
        return value == ""
    if cell == value or fnmatchcase(cell, value):
        return True
    try:
        return float(cell) == float(value)  # 1e9 is 1000000000
    except ValueError:
        return cell.lower() == value.lower() and value.lower() in ("true", "false")


def parse_where(texts: Sequence[str], names: Sequence[str]) -> tuple[Condition, ...]:
    """Conditions for a table with these columns.

    Raises:
        ConfigError: not a condition, no such column, or not a number where one is compared.
    """
    found = []
    for text in texts:
        columns = [name for name in names if text.startswith(name) and _WRITTEN.fullmatch(f"x{text[len(name) :]}")]
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ConfigError(f"--where {text!r}: write COLUMN=VALUE; also !=, <, <=, >, >=, and patterns such as a*")
        if not columns:
            raise ConfigError(f"--where {text!r}: no column {written['column']!r}; there are {listing(names)}")
        name = max(columns, key=len)  # names may hold signs, such as loss_python->go
        rest = _WRITTEN.fullmatch(f"x{text[len(name) :]}")
        assert rest is not None
        condition = Condition(name, rest["sign"], rest["value"].strip())
        if condition.compares and not _is_number(condition.value):
            raise ConfigError(f"--where {text!r}: {condition.value!r} is no number")
        found.append(condition)
    return tuple(found)


def _is_number(text: str) -> bool:
    try:
        return not np.isnan(float(text))
    except ValueError:
        return False


def listing(names: Sequence[str], most: int = 24) -> str:
    """Names for a message."""
    shown = ", ".join(map(repr, names[:most])) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
