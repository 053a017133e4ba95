"""The steps that join all blocks by key: posting lists by feature, buckets by band."""

from pathlib import Path

import numpy as np
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from pairing.candidates.arrays import load, save
from pairing.candidates.buckets import partners
from pairing.candidates.layout import Layout
from pairing.candidates.postings import Postings, bounds, merge_postings, partition_folder


class MergePostings(PipelineStep):
    """One task a range of features of one language: memory is the range's entries, about 200 MB."""

    type = "glotmix"
    name = "posting lists"

    def __init__(self, layout: Layout, output: Path, partitions: dict[str, int], longest: int) -> None:
        super().__init__()
        self.layout, self.output, self.partitions, self.longest = layout, output, partitions, longest

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write partition number `rank` of all languages' partitions in order."""
        language, number = tasks_of(self.partitions)[rank]
        first, last = bounds(self.partitions[language])[number : number + 2]
        parts = []
        for block in self.layout.blocks:
            if block[0] == language:
                folder = self.layout.vectors(block)
                features = load(folder, "posted_features")
                cut = slice(*np.searchsorted(features, [first, last]))
                parts.append((features[cut], load(folder, "posted_numbers")[cut], load(folder, "posted_weights")[cut]))
        postings, left_out = merge_postings(parts, self.longest)
        arrays = {name: getattr(postings, name) for name in Postings.__slots__}
        save(partition_folder(self.output, language, number), **arrays, left_out=np.array([left_out]))
        yield from ()


def tasks_of(partitions: dict[str, int]) -> list[tuple[str, int]]:
    """(language, partition) of each task."""
    return [(x, p) for x, count in partitions.items() for p in range(count)]


class JoinBands(PipelineStep):
    """One task a band: memory is its keys, about 60 bytes a document, and the pairs they give."""

    type = "glotmix"
    name = "buckets"

    def __init__(self, layout: Layout, output: Path, limit: int) -> None:
        super().__init__()
        self.layout, self.output, self.limit = layout, output, limit

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the pairs of band number `rank`, and where those of each block begin."""
        blocks, languages = self.layout.blocks, self.layout.languages
        folders = [self.layout.vectors(block) for block in blocks]
        numbers = [load(folder, "key_numbers") for folder in folders]
        language = [languages.index(x) for x, _ in blocks]
        pairs, left_out = partners(
            np.concatenate([load(folder, "keys")[:, rank] for folder in folders]),
            np.repeat(language, [len(n) for n in numbers]),
            np.concatenate(numbers),
            self.limit,
        )
        first = np.array([languages.index(x) for x, _ in blocks]) * _MANY + [i * self.layout.size for _, i in blocks]
        starts = np.searchsorted(pairs[:, 0] * _MANY + pairs[:, 1], first)
        save(
            self.output / f"{rank:05d}",
            numbers=pairs[:, 1],
            languages=pairs[:, 2].astype(np.int8),
            partners=pairs[:, 3],
            starts=np.r_[starts, len(pairs)],
            left_out=np.array([left_out]),
        )
        yield from ()


_MANY = 1 << 40
"""More documents than a language has: language and number in one sortable number."""


def read_partners(folder: Path, bands: int, block: int) -> np.ndarray:
    """What all bands propose for the documents of a block: int64 (pairs, 3) of language, number, partner; unique."""
    found = [np.empty((0, 3), np.int64)]
    for band in range(bands):
        here = folder / f"{band:05d}"
        part = slice(*load(here, "starts")[block : block + 2])
        columns = [load(here, n)[part].astype(np.int64) for n in ("languages", "numbers", "partners")]
        found.append(np.stack(columns, axis=1))
    pairs: np.ndarray = np.unique(np.concatenate(found), axis=0)
    return pairs
