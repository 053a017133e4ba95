"""Cells: every function of a against every function of b, for many pairs of documents in one run of arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pairing.align.document import Described


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the cells of a batch of pairs stand; those of a pair together, by function of a, then of b."""

    size_a: np.ndarray
    """int64 (pairs,): functions of a."""
    size_b: np.ndarray
    pair: np.ndarray
    """int64 (cells,): number of the pair."""
    row: np.ndarray
    """int64 (cells,): number of the function of a among those of all pairs."""
    column: np.ndarray
    """int64 (cells,): the same for b."""
    start: np.ndarray
    """int64 (pairs + 1,): first cell of each pair."""

    @property
    def rows(self) -> int:
        """Functions of a, of all pairs together."""
        return int(self.size_a.sum())

    @property
    def columns(self) -> int:
        """Functions of b, of all pairs together."""
        return int(self.size_b.sum())

    def block(self, values: np.ndarray, pair: int) -> np.ndarray:
        """The values of one pair as a matrix (functions of a, functions of b): a view."""
        return values[self.start[pair] : self.start[pair + 1]].reshape(self.size_a[pair], self.size_b[pair])


def cells_of(pairs: Sequence[tuple[Described, Described]]) -> Cells:
    """Lay out the cells of these pairs."""
    size_a = np.array([a.size for a, _ in pairs], np.int64)
    size_b = np.array([b.size for _, b in pairs], np.int64)
    start = np.r_[0, np.cumsum(size_a * size_b)]
    first_a, first_b = np.cumsum(size_a) - size_a, np.cumsum(size_b) - size_b
    pair = np.repeat(np.arange(len(pairs)), size_a * size_b)
    place = np.arange(start[-1]) - start[pair]
    width = np.maximum(size_b, 1)[pair]
    return Cells(size_a, size_b, pair, first_a[pair] + place // width, first_b[pair] + place % width, start)


def rivals(values: np.ndarray, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """How far each cell is above (or below) its best rival in its row and in its column, as (smaller, larger).

    A cell without a rival is level with it: 0.
    """
    gaps = [_gap(values, cells.row, cells.rows), _gap(values, cells.column, cells.columns)]
    return np.minimum(*gaps), np.maximum(*gaps)


def _gap(values: np.ndarray, line: np.ndarray, lines: int) -> np.ndarray:
    best = np.full(lines, -np.inf)
    np.maximum.at(best, line, values)
    leads = values >= best[line]
    alone = np.bincount(line[leads], minlength=lines) == 1
    second = np.full(lines, -np.inf)
    np.maximum.at(second, line[~leads], values[~leads])
    rival = np.where(leads & alone[line], second[line], best[line])
    return np.where(np.isfinite(rival), values - np.where(np.isfinite(rival), rival, 0.0), 0.0)


def shares(logits: np.ndarray, line: np.ndarray, lines: int) -> np.ndarray:
    """Each cell's share of its line by softmax, a cell of logit 0 for "no counterpart" added."""
    best = np.zeros(lines)
    np.maximum.at(best, line, logits)
    weights = np.exp(logits - best[line])
    total = np.bincount(line, weights, lines) + np.exp(-best)
    result: np.ndarray = weights / total[line]
    return result
