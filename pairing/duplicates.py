"""Copies inside a language: which documents stand for others while pairs are mined.

A copy beside its original would take the original's translation, or split what is one group into two. Collapsed are
documents with equal bags of features, and kept near-duplicates that the corpus stage measured.
"""

from pathlib import Path

import numpy as np
import polars as pl
import xxhash
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.languages import LANGUAGE_NAMES
from contracts.pair_tables import COPIES
from contracts.tables import TableWriter, files_of
from pairing.candidates.arrays import save
from pairing.candidates.bags import Bags, read_bags
from pairing.candidates.weights import WIDTH, places
from pairing.catalogue import read_catalogue
from pipelines.dedup.cluster import drop_near_duplicates
from pipelines.frames import read, scan

NO_BAG = 0
"""Digest of a document without features, or one that is not mined: it is nobody's copy."""


def digests(bags: Bags) -> np.ndarray:
    """A 64-bit digest of each bag, uint64; NO_BAG for an empty one."""
    return np.array(
        [
            xxhash.xxh3_64_intdigest(features.tobytes() + counts.tobytes()) | 1 if len(features) else NO_BAG
            for features, counts in bags.each()
        ],
        np.uint64,
    )


def preference(lengths: np.ndarray, ids: list[str]) -> np.ndarray:
    """Rank of each document as a representative, 0 first: the longest, then the smallest id.

    Of two versions the longer one has what the shorter one has, and more: whatever translates either is most like it.
    """
    order = sorted(range(len(ids)), key=lambda i: (-lengths[i], ids[i]))
    rank = np.empty(len(ids), np.int64)
    rank[order] = np.arange(len(ids))
    return rank


def collapse(
    digest: np.ndarray, rank: np.ndarray, links: np.ndarray, similarity: np.ndarray, minimum: float
) -> tuple[np.ndarray, np.ndarray]:
    """For each document the one that stands for it, or -1; and how similar they are.

    Every copy is measured against the document that stands for it: chains do not collapse.

    Args:
        digest: of each bag; equal ones (not NO_BAG) are copies.
        rank: preference as a representative.
        links: int64 (n, 2) of documents found alike.
        similarity: float (n,), of each link.
        minimum: similarity from which a link collapses.
    """
    order = np.lexsort((rank, digest))
    new = np.ones(len(order), bool)
    new[1:] = digest[order][1:] != digest[order][:-1]
    leader = np.empty(len(order), np.int64)
    leader[order] = order[new][np.cumsum(new) - 1]
    leader[digest == NO_BAG] = np.flatnonzero(digest == NO_BAG)
    mined = (digest[links] != NO_BAG).all(axis=1)
    edges, values = leader[links[mined]], similarity[mined]
    apart = edges[:, 0] != edges[:, 1]
    near = drop_near_duplicates(edges[apart], values[apart], rank, minimum)
    chosen = np.where(near[leader] >= 0, near[leader], leader)
    value = np.ones(len(order), np.float32)
    measured = {
        (min(x, y), max(x, y)): s for (x, y), s in zip(edges[apart].tolist(), values[apart].tolist(), strict=True)
    }
    for copy in np.flatnonzero(near[leader] >= 0).tolist():
        pair = (int(leader[copy]), int(chosen[copy]))
        value[copy] = measured[min(pair), max(pair)]
    return np.where(chosen == np.arange(len(order)), -1, chosen), value


class CollapseCopies(PipelineStep):
    """One task a language: its copies, and in how many of the other documents each feature occurs.

    Memory: the catalogue (about 200 bytes a document), one file's bags, and 100 MB.
    """

    type = "glotmix"
    name = "copies"

    def __init__(
        self, corpus: Path, bags: Path, catalogue: Path, output: Path, tables: Path, minimum: float, tests_apart: bool
    ) -> None:
        super().__init__()
        self.corpus, self.bags, self.catalogue = corpus, bags, catalogue
        self.output, self.tables, self.minimum, self.tests_apart = output, tables, minimum, tests_apart

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write copies and frequencies of language number `rank`."""
        language = LANGUAGE_NAMES[rank]
        facts = read_catalogue(self.catalogue, language)
        ids, tests = facts["id"].to_list(), facts["is_test"].to_numpy() & self.tests_apart
        digest = self._digests(facts)
        digest[tests & (digest != NO_BAG)] ^= np.uint64(2)  # a test is no copy of a program
        links, similarity = self._links(facts, tests)
        stands, value = collapse(digest, preference(facts["bytes"].to_numpy(), ids), links, similarity, self.minimum)
        copies = np.flatnonzero(stands >= 0)
        found = pl.DataFrame({"number": copies, "representative": stands[copies]}).cast(pl.Int64)
        with atomic_path(self.output / f"{language}.parquet") as path:
            found.write_parquet(path)
        equal = digest[copies] == digest[stands[copies]]
        with TableWriter(self.tables / f"{rank:05d}.parquet", COPIES) as writer:
            for copy, same in zip(copies.tolist(), equal.tolist(), strict=True):
                reason = "equal_features" if same else "near_duplicate"
                row = {"id": ids[copy], "representative_id": ids[stands[copy]], "language": language}
                writer.write({**row, "reason": reason, "similarity": float(value[copy])})
        searched = facts["mined"].to_numpy() & (stands < 0)
        save(self.output / language, **self._frequencies(facts, searched, tests))
        yield from ()

    def _digests(self, facts: pl.DataFrame) -> np.ndarray:
        found = [np.empty(0, np.uint64)]
        for (file,), part in facts.group_by("file", maintain_order=True):
            made = digests(read_bags(self.bags, int(str(file)), part["row"].to_numpy()))
            found.append(np.where(part["mined"].to_numpy(), made, np.uint64(NO_BAG)))
        return np.concatenate(found)

    def _links(self, facts: pl.DataFrame, tests: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Links among documents of the language, tests apart: int64 (n, 2) and float32 (n,)."""
        folder = self.corpus / "near_duplicates"
        if not folder.is_dir():  # a corpus made without near-duplicate detection
            return np.empty((0, 2), np.int64), np.empty(0, np.float32)
        numbered = facts.select("id").with_row_index("number").lazy()
        links = scan(files_of(folder)).filter(pl.col("jaccard") >= self.minimum)
        for side in "ab":
            links = links.join(numbered.rename({"id": f"id_{side}", "number": side}), on=f"id_{side}")
        frame = links.select("a", "b", "jaccard").sort("a", "b").collect()
        pairs = frame.select("a", "b").to_numpy().astype(np.int64).reshape(-1, 2)
        same = tests[pairs[:, 0]] == tests[pairs[:, 1]]
        return pairs[same], frame["jaccard"].to_numpy()[same]

    def _frequencies(self, facts: pl.DataFrame, searched: np.ndarray, tests: np.ndarray) -> dict[str, np.ndarray]:
        frequency = np.zeros(WIDTH, np.int32)
        frame = facts.select("file", "row").with_columns(pl.Series("test", tests)).filter(pl.Series(searched))
        for (file,), part in frame.group_by("file", maintain_order=True):
            bags = read_bags(self.bags, int(str(file)), part["row"].to_numpy())
            at, times = np.unique(
                places(bags.indices, np.repeat(part["test"].to_numpy(), bags.lengths)), return_counts=True
            )
            frequency[at] += times.astype(np.int32)
        apart = int(tests[searched].sum())
        found = np.flatnonzero(frequency)
        return {
            "features": found.astype(np.int32),
            "frequency": frequency[found],
            "documents": np.array([int(searched.sum()) - apart, apart]),
        }


def read_copies(folder: Path, language: str) -> pl.DataFrame:
    """The copies of a language: `number` in its catalogue, and that of their `representative`."""
    return read(folder / f"{language}.parquet")
