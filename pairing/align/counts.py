"""What is counted of a function, and the part it plays in its file. Pure functions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from pairing.align.bags import Bags
from pairing.align.tokens import Text

COUNTS: Final = (
    "tokens", "names", "numbers", "strings", "branches", "loops", "returns", "throws", "calls", "operators", "lines",
    "nothing", "new", "self", "assignments", "subscripts",
)  # fmt: skip
"""Counted of each function."""

_COMPARISONS: Final = frozenset((b"==", b"!=", b"<=", b">="))

ROLES: Final = (
    "called", "calling", "recursive", "nested", "constructor", "test", "main", "root", "leaf", "top", "method",
    "largest", "standard",
)  # fmt: skip
"""Parts of a function in its file: how many call it and it calls (log), calls itself, stands in another function, ...,
nobody in the file calls it, it calls nobody in the file, outside types, ..., one of the methods that runtimes call."""

CONSTRUCTORS: Final = frozenset(("__init__", "new", "constructor"))
STANDARD: Final = frozenset((
    "toString", "ToString", "String", "__str__", "__repr__", "fmt", "Error", "hashCode", "GetHashCode", "__hash__",
    "equals", "Equals", "__eq__",
))  # fmt: skip
"""Methods whose names the languages themselves give; they are written for the runtime."""


def counts_of(text: Text, bags: Bags, lines: int) -> list[int]:
    """The numbers COUNTS of a function."""
    signs = bags["signs"]
    kinds = Counter(token.kind for token in text.tokens)
    operators = [token.value for token in text.tokens if token.kind == "operator" and not token.in_head]
    assignments = sum(value.endswith(b"=") and value not in _COMPARISONS for value in operators)
    return [
        text.size, kinds["name"], kinds["number"], kinds["text"], signs[b"IF"] + signs[b"SW"] + signs[b"CA"],
        signs[b"FOR"] + signs[b"WH"], signs[b"RET"], signs[b"THR"], bags["calls"].total(), len(operators), lines,
        signs[b"NUL"], signs[b"NEW"], signs[b"SLF"], assignments, signs[b"["],
    ]  # fmt: skip


def roles_of(
    units: Sequence[Mapping[str, Any]], calls: np.ndarray, parents: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """The parts ROLES of the functions of a file: float64 (functions, roles).

    Args:
        units: rows of the table units.
        calls: int64 (calls, 2), who calls whom, each once.
        parents: number of the function around each, -1 for none.
        sizes: tokens of each.
    """
    count = len(units)
    own = calls[:, 0] == calls[:, 1]
    called = np.bincount(calls[~own, 1], minlength=count)
    calling = np.bincount(calls[~own, 0], minlength=count)
    named = [
        (
            unit["kind"] == "constructor" or unit["name"] in CONSTRUCTORS,
            unit["is_test"],
            unit["name"] in ("main", "Main"),
            unit["container"] == "",
            unit["kind"] in ("method", "constructor"),
            unit["name"] in STANDARD,
        )
        for unit in units
    ]
    constructor, test, main, top, method, standard = np.array(named, float).reshape(count, 6).T
    largest = np.zeros(count)
    if count:
        largest[int(np.argmax(sizes))] = 1.0
    recursive = np.zeros(count)
    recursive[calls[own, 0]] = 1.0
    columns = (
        np.log1p(called), np.log1p(calling), recursive, parents >= 0, constructor, test, main, called == 0,
        calling == 0, top, method, largest, standard,
    )  # fmt: skip
    return np.stack([np.asarray(column, float) for column in columns], axis=1)
