"""Who is dropped: a document goes when a better one that stays is verified to be its near-duplicate.

Chains do not remove: if b is like a and c is like b, but c is not like a, then c stays. So every removal names a
survivor whose similarity was measured and reaches the threshold.
"""

from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.schema import NEAR_DUPLICATES
from contracts.tables import TableWriter
from pipelines.config import DedupConfig
from pipelines.dedup.exact import SCHEMA as LOSERS
from pipelines.dedup.keys import read_keys
from pipelines.frames import read


def drop_near_duplicates(edges: np.ndarray, similarity: np.ndarray, rank: np.ndarray, threshold: float) -> np.ndarray:
    """For each node the node it is dropped in favour of, or -1.

    Args:
        edges: int64 (n, 2) of node numbers.
        similarity: float (n,).
        rank: survival rank of each node; distinct, smaller survives.
        threshold: similarity from which one of the two goes.

    Returns:
        int64 (nodes,): the most similar better node that itself stays, or -1 for a node that stays.
    """
    strong = similarity >= threshold
    a, b, s = edges[strong, 0], edges[strong, 1], similarity[strong]
    swap = rank[a] > rank[b]
    better, worse = np.where(swap, b, a), np.where(swap, a, b)
    # by the worse node in order of rank, its most similar better node first
    order = np.lexsort((rank[better], -s, rank[worse]))
    survivor = np.full(len(rank), -1, np.int64)
    for x, y in zip(better[order].tolist(), worse[order].tolist(), strict=True):
        if survivor[y] < 0 and survivor[x] < 0:
            survivor[y] = x
    return survivor


class ChooseSurvivors(PipelineStep):
    """One task over the verified edges only: about 200 bytes each, plus the keys of the documents."""

    type = "glotmix"
    name = "choose survivors"

    def __init__(
        self, documents: Path, edges: Path, output: Path, sources: tuple[str, ...], config: DedupConfig
    ) -> None:
        super().__init__()
        self.documents, self.edges, self.output = documents, edges, output
        self.sources, self.config = sources, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the losers, and the links among those that stay."""
        verified = pl.concat([read(f) for f in sorted(self.edges.glob("*.parquet"))])
        keys = read_keys(self.documents, self.sources).select("file", "row", "rank", "id")
        a = verified.select(pl.col("file_a").alias("file"), pl.col("row_a").alias("row"))
        b = verified.select(pl.col("file_b").alias("file"), pl.col("row_b").alias("row"))
        nodes = pl.concat([a, b]).unique().sort("file", "row").join(keys, on=["file", "row"], how="left")
        nodes = nodes.sort("file", "row").with_row_index("node")
        index = nodes.select("file", "row", "node")
        edges = np.stack(
            [
                side.join(index, on=["file", "row"], how="left", maintain_order="left")["node"].to_numpy()
                for side in (a, b)
            ],
            axis=1,
        ).astype(np.int64)
        similarity = verified["jaccard"].to_numpy()
        survivor = drop_near_duplicates(
            edges, similarity, nodes["rank"].to_numpy().astype(np.int64), self.config.threshold
        )
        self._write_losers(nodes, edges, similarity, survivor)
        self._write_links(nodes, edges, similarity, survivor)
        yield from ()

    def _write_losers(
        self, nodes: pl.DataFrame, edges: np.ndarray, similarity: np.ndarray, survivor: np.ndarray
    ) -> None:
        measured = {(min(x, y), max(x, y)): s for (x, y), s in zip(edges.tolist(), similarity.tolist(), strict=True)}
        lost = np.flatnonzero(survivor >= 0)
        values = [measured[min(x, y), max(x, y)] for x, y in zip(lost.tolist(), survivor[lost].tolist(), strict=True)]
        losers = nodes[lost].with_columns(
            pl.Series("duplicate_of", nodes["id"].to_numpy()[survivor[lost]].tolist(), dtype=pl.String),
            pl.Series("value", values, dtype=pl.Float64),
        )
        with atomic_path(self.output / "losers" / "00000.parquet") as path:
            losers.select(list(LOSERS)).sort("file", "row").write_parquet(path)

    def _write_links(
        self, nodes: pl.DataFrame, edges: np.ndarray, similarity: np.ndarray, survivor: np.ndarray
    ) -> None:
        stay = (survivor[edges] < 0).all(axis=1)
        ids = nodes["id"].to_list()
        rows = sorted(
            (*sorted((ids[x], ids[y])), s)
            for (x, y), s in zip(edges[stay].tolist(), similarity[stay].tolist(), strict=True)
        )
        with TableWriter(self.output / "links" / "00000.parquet", NEAR_DUPLICATES) as writer:
            for a, b, s in rows:
                writer.write({"id_a": a, "id_b": b, "jaccard": s})
