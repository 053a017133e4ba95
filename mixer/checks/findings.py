"""What a verification has read and found wrong, check by check."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from tokenize import TokenError
from typing import Any

from polars.exceptions import PolarsError
from pyarrow import ArrowException

from contracts.errors import GlotmixError

MAX_NAMED = 10
"""Faults of one check that are put in words; the rest are counted."""


ARRAY_ERRORS = (OSError, ValueError, IndexError, KeyError, SyntaxError, TokenError)
"""What damaged arrays make numpy raise: their headers are read as Python."""

READ_ERRORS = (*ARRAY_ERRORS, PolarsError, ArrowException, GlotmixError)
"""What damaged files make their readers raise."""


class Unreadable(Exception):
    """Something cannot be read, which is noted as a fault; what needs it is left out."""


class Findings:
    """Collects what was read and what is wrong.

    Args:
        checks: what each check counts as read (files, sequences, spans, ...), in the order of the rows.
    """

    def __init__(self, checks: Mapping[str, str]) -> None:
        self._units = dict(checks)
        self._read: dict[str, int] = {}
        self._count = dict.fromkeys(checks, 0)
        self._words: dict[str, list[str]] = {check: [] for check in checks}

    def read(self, check: str, amount: int) -> None:
        """Note that a check has read so much, 0 included: it was made."""
        self._read[check] = self._read.get(check, 0) + amount

    def fault(self, check: str, words: str) -> None:
        """Note a fault."""
        self._count[check] += 1
        if len(self._words[check]) < MAX_NAMED:
            self._words[check].append(words)

    def note(self, check: str, faults: Iterable[str]) -> None:
        """Note several faults."""
        for words in faults:
            self.fault(check, words)

    def more(self, check: str, count: int) -> None:
        """Note faults that are like those in words."""
        self._count[check] += count

    def room(self, check: str) -> int:
        """How many faults of a check may still be put in words."""
        return MAX_NAMED - len(self._words[check])

    def any(self, *checks: str) -> bool:
        """Whether one of these checks found a fault; without a name, whether any did."""
        return any(self._count[check] for check in checks or self._count)

    @contextmanager
    def reading(self, check: str, what: str) -> Iterator[None]:
        """Errors of readers in this block are a fault of a check, and end it.

        Args:
            check: the check.
            what: what is read.

        Raises:
            Unreadable: there was such an error.
        """
        try:
            yield
        except READ_ERRORS as error:
            first = next(iter(str(error).splitlines()), type(error).__name__)
            self.fault(check, f"{what}: cannot be read ({first})")
            raise Unreadable from error

    def rows(self) -> list[dict[str, Any]]:
        """A row a check; `read` is None for a check that was left out after the faults of another."""
        return [
            {"check": check, "read": self._read.get(check), "of": unit, "faults": self._count[check]}
            for check, unit in self._units.items()
        ]

    def faults(self) -> list[str]:
        """All faults in words, and how many more there are of each check."""
        found = []
        for check, words in self._words.items():
            found += [f"{check}: {line}" for line in words]
            if self._count[check] > len(words):
                found.append(f"{check}: and {self._count[check] - len(words):,} more")
        return found
