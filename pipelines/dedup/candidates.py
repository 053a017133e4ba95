"""Candidate pairs: documents that share a band, each with its neighbour and with the best of its group.

datatrove links only neighbours in sorted order. A document whose neighbour is not a duplicate after all would then
never be compared with the survivor of its group, so those edges are added.
"""

from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from contracts.files import atomic_path
from pipelines.dedup.keys import read_keys

PAIR_BYTES = 16
"""datatrove stores a pair as four uint32: file, document, file, document."""

SCHEMA = {"file_a": pl.Int64, "row_a": pl.Int64, "file_b": pl.Int64, "row_b": pl.Int64}


def group_edges(chain: np.ndarray, rank: np.ndarray, language: np.ndarray) -> np.ndarray:
    """The edges of a chain and, for each language in each of its groups, from every member to the best.

    A chain may run through documents of another language (the same text as JavaScript and TypeScript): it holds the
    group together, but such documents are never compared.

    Args:
        chain: int64 (pairs, 2) of node numbers.
        rank: survival rank of each node; smaller is better.
        language: code of each node's language.

    Returns:
        int64 (edges, 2), each inside a language with the better node first, unique.
    """
    nodes = len(rank)
    graph = coo_array((np.ones(len(chain), np.int8), (chain[:, 0], chain[:, 1])), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    _, group = np.unique(np.stack([component, language], axis=1), axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.lexsort((rank, group))
    first = np.ones(nodes, bool)
    first[1:] = group[order][1:] != group[order][:-1]
    best_of_group = np.empty(group.max(initial=-1) + 1, np.int64)
    best_of_group[group[order][first]] = order[first]
    stars = np.stack([best_of_group[group], np.arange(nodes)], axis=1)
    edges = np.concatenate([chain[language[chain[:, 0]] == language[chain[:, 1]]], stars[stars[:, 0] != stars[:, 1]]])
    better = rank[edges[:, 0]] <= rank[edges[:, 1]]
    edges = np.where(better[:, None], edges, edges[:, ::-1])
    return np.unique(edges, axis=0)


class GroupCandidates(PipelineStep):
    """Turns the pairs of one band, as datatrove wrote them, into edges between documents of one language."""

    type = "glotmix"
    name = "candidate edges"

    def __init__(self, documents: Path, pairs: Path, output: Path, sources: tuple[str, ...]) -> None:
        super().__init__()
        self.documents, self.pairs, self.output, self.sources = documents, pairs, output, sources

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write this band's edges; one task a band, as in datatrove's stage before."""
        raw = np.fromfile(self.pairs / f"{rank:05d}_00.dups", dtype="<u4").reshape(-1, 4).astype(np.int64)
        edges = pl.DataFrame(schema=SCHEMA)
        if len(raw):
            edges = self._edges(raw)
        with atomic_path(self.output / f"{rank:05d}.parquet") as path:
            edges.write_parquet(path)
        yield from ()

    def _edges(self, raw: np.ndarray) -> pl.DataFrame:
        positions, inverse = np.unique(raw.reshape(-1, 2), axis=0, return_inverse=True)
        involved = pl.DataFrame({"file": positions[:, 0], "row": positions[:, 1]})
        keys = read_keys(
            self.documents, self.sources, lambda frame: frame.join(involved, on=["file", "row"], how="semi")
        )
        keys = keys.select("file", "row", "rank", "language")
        keys = involved.join(keys, on=["file", "row"], how="left", maintain_order="left")
        chain = inverse.reshape(-1, 2)
        codes = keys["language"].rank("dense").to_numpy().astype(np.int64)
        edges = group_edges(chain, keys["rank"].to_numpy().astype(np.int64), codes)
        a, b = positions[edges[:, 0]], positions[edges[:, 1]]
        return pl.DataFrame({"file_a": a[:, 0], "row_a": a[:, 1], "file_b": b[:, 0], "row_b": b[:, 1]})
