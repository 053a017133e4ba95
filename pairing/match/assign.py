"""One-to-one assignment between any two languages. Pure functions."""

from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from contracts.languages import LANGUAGE_NAMES
from pairing.score.graph import CandidateGraph

LARGEST: Final = 2_000
"""Documents of one side of a connected part that are assigned at once; the edges of larger parts, which only generated
code makes, are taken best first. The work of an assignment grows with the cube of this."""
TIE: Final = 1e-9
"""Added to what an edge gains, so that one exactly at the threshold counts."""


def assigned(graph: CandidateGraph, probability: np.ndarray, minimum: float) -> np.ndarray:
    """Edges that are pairs when each document has one partner a language: int64, ascending.

    What an edge gains is its log odds less those of the threshold: surer pairs first, doubtful ones rather than none.

    Args:
        graph: the candidates.
        probability: float (edges,).
        minimum: probability from which a pair counts.
    """
    gain = log_odds_of(probability) - log_odds_of(np.array([minimum]))[0] + TIE
    between = graph.language[graph.a] * len(LANGUAGE_NAMES) + graph.language[graph.b]
    chosen = [np.empty(0, np.int64)]
    for number in np.unique(between):
        edges = np.flatnonzero(between == number)
        chosen.append(edges[assign(graph.a[edges], graph.b[edges], gain[edges])])
    return np.sort(np.concatenate(chosen))


def log_odds_of(probability: np.ndarray) -> np.ndarray:
    """Log odds of probabilities, those of 0 and 1 bounded."""
    bounded = np.clip(probability, 1e-12, 1 - 1e-12)
    odds: np.ndarray = np.log(bounded) - np.log1p(-bounded)
    return odds


def assign(a: np.ndarray, b: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Edges that together gain most while each document is in one at most: int64, ascending.

    Parts of the graph that do not touch are assigned apart. Edges without gain are never taken.

    Args:
        a: int (edges,), documents of one language.
        b: int (edges,), documents of the other.
        gain: float (edges,).
    """
    useful = np.flatnonzero(gain > 0)
    if not len(useful):
        return np.empty(0, np.int64)
    rows, row = np.unique(a[useful], return_inverse=True)
    columns, column = np.unique(b[useful], return_inverse=True)
    size = len(rows) + len(columns)
    _, part = connected_components(
        csr_array((np.ones(len(useful)), (row, column + len(rows))), shape=(size, size)), directed=False
    )
    part = part[row]
    order = np.argsort(part, kind="stable")
    chosen = [np.empty(0, np.int64)]
    for edges in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        chosen.append(useful[edges[_solve(row[edges], column[edges], gain[useful[edges]])]])
    return np.sort(np.concatenate(chosen))


def _solve(row: np.ndarray, column: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Positions of the chosen edges of one part."""
    if len(row) == 1:
        return np.zeros(1, np.int64)
    _, r = np.unique(row, return_inverse=True)
    _, c = np.unique(column, return_inverse=True)
    if max(r.max(), c.max()) >= LARGEST:
        return _best_first(r, c, gain)
    return _exact(r, c, gain)


def _exact(row: np.ndarray, column: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """By scipy's sparse assignment: each row may also stay alone, at a column of its own that gains nothing."""
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    top = float(gain.max()) + 1.0
    alone = np.arange(rows)
    matrix = csr_array(
        (np.r_[top - gain, np.full(rows, top)], (np.r_[row, alone], np.r_[column, columns + alone])),
        shape=(rows, columns + rows),
    )
    found_rows, found_columns = min_weight_full_bipartite_matching(matrix)
    partner = np.full(rows, -1)
    partner[found_rows] = found_columns
    return np.flatnonzero(partner[row] == column)


def _best_first(row: np.ndarray, column: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """The best edge, then the best of those that do not touch it, and so on; ties to the smaller numbers."""
    free_rows, free_columns = np.ones(row.max() + 1, bool), np.ones(column.max() + 1, bool)
    chosen = []
    for edge in np.lexsort((column, row, -gain)).tolist():
        if free_rows[row[edge]] and free_columns[column[edge]]:
            free_rows[row[edge]] = free_columns[column[edge]] = False
            chosen.append(edge)
    return np.array(chosen, np.int64)
