"""The step in which third languages vote: what is near to a near document of another language is a candidate too.

A translation that shares few words with a document may share many with its translations into other languages. With
two languages there is no third one, and lists stay as they are.
"""

import numpy as np
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from scipy.sparse import csr_array

from pairing.candidates.arrays import load, save
from pairing.candidates.layout import Block, Layout
from pairing.candidates.sparse import as_matrix, top_of_rows

WITNESSES = 5
"""Nearest documents of a third language that vote, and as many votes of each."""

VOTE = 1.0
"""What a full vote weighs beside a cosine. Candidate recall among 64,000 documents, ten candidates, plain and names
masked: without votes 0.985 and 0.926; with 0.5 in the second 0.948, with 1 0.994 and 0.954. Votes by bare cosines gave
0.990 and 0.946, and lost where documents of common words are near to everything."""


def standing(scores: np.ndarray) -> np.ndarray:
    """How far each entry of a list stands out of its background, 0 to 1: its lead over the last, by the best.

    Args:
        scores: float32 (documents, top), best first; 0 where a list is shorter.
    """
    best = np.maximum(scores[:, :1], np.finfo(np.float32).tiny)
    lead: np.ndarray = (scores - scores[:, -1:]) / best
    return lead


def supported(direct: csr_array, votes: list[tuple[csr_array, csr_array]]) -> csr_array:
    """Cosines and weighted votes added up.

    Args:
        direct: cosines (documents, other language).
        votes: for each third language, standing (documents, witnesses) and (witnesses, other language).
    """
    total = direct
    for towards, onwards in votes:
        total = total + (towards @ onwards) * np.float32(VOTE)
    return total.tocsr()


class AddSupport(PipelineStep):
    """One task a block: its candidates in each other language, in the order of either side.

    Memory: about 2 kB a document of the block.
    """

    type = "glotmix"
    name = "support"

    def __init__(self, layout: Layout, top: int, minimum: float) -> None:
        super().__init__()
        self.layout, self.top, self.minimum = layout, top, minimum

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the candidates of block number `rank`."""
        block = self.layout.blocks[rank]
        first = block[1] * self.layout.size
        for other in self.layout.others(block[0]):
            columns, scores = top_of_rows(self._supported(block, other), self.top)
            columns[scores < self.minimum] = -1
            row, position = np.nonzero(columns >= 0)
            own, found = row + first, columns[row, position].astype(np.int64)
            backward = np.lexsort((own, found))
            save(
                self.layout.pairs(block, other),
                forward=np.stack([own, found], axis=1),
                backward=np.stack([found, own], axis=1)[backward],
            )
        yield from ()

    def _supported(self, block: Block, other: str) -> csr_array:
        documents = self.layout.documents
        direct = as_matrix(*self._lists(block, other), documents[other])
        votes = []
        for third in self.layout.others(block[0]):
            if third == other:
                continue
            columns, shares = _voices(*self._lists(block, third))
            witnesses = np.unique(columns[columns >= 0]).astype(np.int64)
            renamed = np.where(columns >= 0, np.searchsorted(witnesses, columns), -1)
            onwards = _voices(*self.layout.nearest(third, witnesses, other, self.top))
            votes.append(
                (as_matrix(renamed, shares, max(1, len(witnesses))), _padded(as_matrix(*onwards, documents[other])))
            )
        return supported(direct, votes)

    def _lists(self, block: Block, other: str) -> tuple[np.ndarray, np.ndarray]:
        folder = self.layout.lists(block, other)
        return np.asarray(load(folder, "numbers")), np.asarray(load(folder, "scores"))


def _voices(columns: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return columns[:, :WITNESSES], standing(scores)[:, :WITNESSES]


def _padded(matrix: csr_array) -> csr_array:
    """The matrix with one empty row where it has none: a product needs one."""
    return matrix if matrix.shape[0] else csr_array((1, matrix.shape[1]), dtype=np.float32)
