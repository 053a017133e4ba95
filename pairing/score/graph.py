"""The candidates of a corpus as one graph: documents by number, undirected edges between languages."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from scipy.sparse import csr_array

from contracts.languages import LANGUAGE_NAMES

LANGUAGES: Final = len(LANGUAGE_NAMES)
FAINT: Final = 0.035
"""Similarity below which a candidate is dropped before scoring: a third of what holds a group together."""

CHUNK: Final = 20_000
"""Edges whose rows are held at once: about 100 MB."""


@dataclass(frozen=True, slots=True)
class CandidateGraph:
    """Candidate pairs of a whole corpus. Memory: 48 bytes an edge; what is made of it, about 500 bytes an edge.

    Attributes:
        language: int (documents,), number of each document's language.
        a: int (edges,), number of one document; its language comes first in the order of languages.
        b: int (edges,), number of the other.
        similarity: float (edges,), 0 to 1.
        aspects: float (edges, len(ASPECTS)), similarity in each aspect.
    """

    language: np.ndarray
    a: np.ndarray
    b: np.ndarray
    similarity: np.ndarray
    aspects: np.ndarray

    @property
    def documents(self) -> int:
        """Number of documents."""
        return len(self.language)

    def only(self, edges: np.ndarray) -> Self:
        """Some of the edges, by a mask or by their places; all documents."""
        return replace(
            self, a=self.a[edges], b=self.b[edges], similarity=self.similarity[edges], aspects=self.aspects[edges]
        )

    def matrix(self, values: np.ndarray) -> csr_array:
        """Symmetric (documents, documents) of one value an edge; zeros are left out."""
        kept = values != 0
        a, b, values = self.a[kept], self.b[kept], values[kept]
        shape = (self.documents, self.documents)
        made = csr_array((np.r_[values, values], (np.r_[a, b], np.r_[b, a])), shape=shape)
        made.sort_indices()
        return made

    def chunks(self) -> list[slice]:
        """All edges in runs of CHUNK."""
        return [slice(i, i + CHUNK) for i in range(0, len(self.a), CHUNK)]


@dataclass(frozen=True, slots=True)
class Entries:
    """Single entries of a sparse matrix by a search in sorted positions: indexing the matrix takes far longer."""

    place: np.ndarray
    values: np.ndarray
    width: int

    @classmethod
    def of(cls, matrix: csr_array) -> Self:
        """The entries of a matrix."""
        coo = matrix.tocoo()
        place = coo.coords[0].astype(np.int64) * matrix.shape[1] + coo.coords[1]
        order = np.argsort(place, kind="stable")
        return cls(place[order], coo.data[order], matrix.shape[1])

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The values at some places, float (places,); 0 where the matrix has none."""
        wanted = rows.astype(np.int64) * self.width + columns
        if not len(self.place):
            return np.zeros(len(wanted))
        found = np.minimum(np.searchsorted(self.place, wanted), len(self.place) - 1)
        return np.where(self.place[found] == wanted, self.values[found], 0.0)
