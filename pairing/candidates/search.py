"""The step that searches both indexes for the documents of a block."""

from pathlib import Path

import numpy as np
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from scipy.sparse import csr_array

from pairing.candidates.arrays import save
from pairing.candidates.join import read_partners
from pairing.candidates.layout import Layout
from pairing.candidates.postings import Index
from pairing.candidates.sparse import as_matrix, by_weight, cosines, top_of_rows, within_budget

CHUNK = 256
"""Documents whose products are held at once: with 20,000 postings a document, 60 MB."""

RESCORED = 2
"""The best by the features that were looked up, in multiples of what is kept, are compared by all their features."""


class SearchIndexes(PipelineStep):
    """One task a block: its nearest documents in each other language, through rare features and through bands.

    Memory: a block's vectors, and the products of CHUNK documents.
    """

    type = "glotmix"
    name = "search"

    def __init__(
        self,
        layout: Layout,
        index: Path,
        partitions: dict[str, int],
        buckets: tuple[Path, int],
        budget: int,
        top: int,
    ) -> None:
        super().__init__()
        self.layout, self.index, self.partitions = layout, index, partitions
        self.buckets, self.budget, self.top = buckets, budget, top

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the lists of block number `rank`."""
        block = self.layout.blocks[rank]
        first = block[1] * self.layout.size
        documents = min(self.layout.size, self.layout.documents[block[0]] - first)
        vectors = self.layout.rows(block[0], np.arange(first, first + documents))
        order = by_weight(vectors)
        features, column = np.unique(vectors.indices, return_inverse=True)
        proposed = read_partners(*self.buckets, rank)
        for other in self.layout.others(block[0]):
            index = Index(self.index, other, self.partitions[other], self.layout.documents[other])
            chosen = within_budget(vectors, order, index.frequency(features)[column.reshape(-1)], self.budget)
            banded = proposed[proposed[:, 0] == self.layout.languages.index(other)][:, 1:] - [first, 0]
            numbers, scores = self._lists(vectors, chosen, index, other, banded)
            save(self.layout.lists(block, other), numbers=numbers, scores=scores)
        yield from ()

    def _lists(
        self, vectors: csr_array, chosen: csr_array, index: Index, other: str, banded: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        numbers = np.full((vectors.shape[0], self.top), -1, np.int32)
        scores = np.zeros((vectors.shape[0], self.top), np.float32)
        for start in range(0, vectors.shape[0], CHUNK):
            part = slice(start, min(start + CHUNK, vectors.shape[0]))
            low, high = np.searchsorted(banded[:, 0], [part.start, part.stop])
            pairs = proposals(chosen[part], index, RESCORED * self.top)
            pairs = np.unique(np.concatenate([pairs, banded[low:high] - [start, 0]]), axis=0)
            distinct, position = np.unique(pairs[:, 1], return_inverse=True)
            rows = self.layout.rows(other, distinct)
            cosine = cosines(vectors[part], rows, np.stack([pairs[:, 0], position.reshape(-1)], axis=1))
            scored = csr_array(
                (cosine, (pairs[:, 0], pairs[:, 1])), shape=(part.stop - part.start, index.documents), dtype=np.float32
            )
            numbers[part], scores[part] = top_of_rows(scored, self.top)
        return numbers, scores


def proposals(queries: csr_array, index: Index, top: int) -> np.ndarray:
    """For each query the documents that share most with it, by the weights of the features they share.

    Args:
        queries: CSR over features.
        index: posting lists of another language.
        top: how many documents for each query.

    Returns:
        int64 (pairs, 2) of query and document.
    """
    features, column = np.unique(queries.indices, return_inverse=True)
    looked_up = csr_array((queries.data, column.reshape(-1), queries.indptr), shape=(queries.shape[0], len(features)))
    if not len(features):
        return np.empty((0, 2), np.int64)
    columns, scores = top_of_rows((looked_up @ index.matrix(features)).tocsr(), top)
    found = as_matrix(columns, scores, index.documents).tocoo()
    return np.stack(found.coords, axis=1).astype(np.int64)
