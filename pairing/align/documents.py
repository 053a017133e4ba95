"""Functions of two documents that correspond, and those that do not, by the coefficients that glotmix ships."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from pairing.align.assign import assigned
from pairing.align.cells import cells_of
from pairing.align.document import Described, Side, describe
from pairing.align.model import probability
from pairing.align.reading import compared, parts, readable, take
from pairing.align.score import logits_of
from pairing.align.shipped import shipped
from pairing.align.statements import Statement, align_statements, aligned_share, statements_of

BATCH_CELLS: Final = 50_000
"""Pairs of functions scored together, about 1.7 kB each; one pair of documents has at most 160,000."""

CLOSE_SHARE: Final = 0.5
"""Share of aligned statements from which two functions are close: they say the same in the same order."""

Kind = Literal["close", "loose"]


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """Two functions that correspond, by number in their documents."""

    a: int
    b: int
    probability: float
    statements: float
    """Share of the statements of both that have a counterpart in the other, 0 to 1."""

    @property
    def kind(self) -> Kind:
        """close: at least CLOSE_SHARE of all statements are aligned; else loose."""
        return "close" if self.statements >= CLOSE_SHARE else "loose"


@dataclass(frozen=True, slots=True)
class Alignment:
    """The functions of two documents: which correspond, in the order of a, and which have no counterpart."""

    matches: tuple[UnitMatch, ...]
    unpaired_a: tuple[int, ...]
    unpaired_b: tuple[int, ...]


def align_all(pairs: Sequence[tuple[Side, Side]], minimum: float | None = None) -> list[Alignment]:
    """Align the functions of many pairs of documents; what comes out for one does not depend on the others.

    A document that stands in several pairs is read once where it is the same object.

    Args:
        pairs: documents with their functions.
        minimum: probability from which functions correspond; None: the model's own.
    """
    model = shipped()
    least = model.threshold if minimum is None else minimum
    known: dict[int, Described] = {}
    sides = {id(side): side for pair in pairs for side in pair}
    for key, side in sides.items():
        known[key] = describe(Side(side.language, side.content, side.units[: readable(side)]))
    chosen = [compared(known[id(a)], known[id(b)]) for a, b in pairs]
    sizes = [len(one) * len(other) for one, other in chosen]
    statements = _Statements()
    found: list[Alignment] = []
    for part in parts(sizes, BATCH_CELLS):
        described = [
            (take(known[id(a)], one), take(known[id(b)], other))
            for (a, b), (one, other) in zip(pairs[part], chosen[part], strict=True)
        ]
        cells = cells_of(described)
        logits = logits_of(described, cells, model)
        for number, ((a, b), places) in enumerate(zip(pairs[part], chosen[part], strict=True)):
            found.append(_alignment(a, b, places, cells.block(logits, number), least, statements))
    return found


def _alignment(
    a: Side, b: Side, places: tuple[np.ndarray, np.ndarray], logits: np.ndarray, least: float, read: "_Statements"
) -> Alignment:
    threshold = float(np.log(max(least, 1e-9) / max(1.0 - least, 1e-9)))
    matches = []
    for i, j in assigned(logits, threshold):
        one, other = int(places[0][i]), int(places[1][j])
        left, right = read.of(a, one), read.of(b, other)
        share = aligned_share(left, right, align_statements(left, right))
        matches.append(UnitMatch(one, other, float(probability(logits[i, j])), share))
    paired = {match.a for match in matches}, {match.b for match in matches}
    return Alignment(
        tuple(matches),
        tuple(number for number in range(len(a.units)) if number not in paired[0]),
        tuple(number for number in range(len(b.units)) if number not in paired[1]),
    )


class _Statements:
    """Statements of functions, read once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], list[Statement]] = {}

    def of(self, side: Side, number: int) -> list[Statement]:
        key = (id(side), number)
        if key not in self.known:
            unit = side.units[number]
            self.known[key] = statements_of(side.content[unit["start_byte"] : unit["end_byte"]], side.language)
        return self.known[key]
