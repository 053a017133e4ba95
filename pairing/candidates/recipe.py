"""The phases of the search: copies -> vectors -> posting lists, buckets -> search -> support -> candidates."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts.languages import LANGUAGE_NAMES
from pairing.candidates.arrays import load
from pairing.candidates.join import JoinBands, MergePostings, tasks_of
from pairing.candidates.layout import Layout
from pairing.candidates.merge import MergeCandidates
from pairing.candidates.postings import PARTITION_ENTRIES, partition_folder
from pairing.candidates.search import SearchIndexes
from pairing.candidates.signatures import bands_for
from pairing.candidates.support import AddSupport
from pairing.candidates.vectors import BuildSearchVectors
from pairing.config import PairsConfig
from pairing.duplicates import CollapseCopies
from pipelines.frames import scan
from pipelines.phase import Phase
from pipelines.stage import StageContext


@dataclass(frozen=True, slots=True)
class Found:
    """What the search left: files of the table `copies`, and counts for the manifest."""

    copies: list[Path]
    counts: dict[str, Any]


def find_candidates(
    context: StageContext, corpus: Path, bags: Path, catalogue: Path, documents: dict[str, int], config: PairsConfig
) -> Found:
    """Write candidates/A-B-NNNNN.parquet below the work folder: columns a, b, sorted, for blocks of language A.

    Numbers are those of the catalogues. A pair of languages without documents has no file.

    Args:
        context: of the pairs stage.
        corpus: the finished corpus.
        bags: folder of the bags of features.
        catalogue: folder of the catalogues.
        documents: documents of each language.
        config: how to search.
    """
    layout = Layout(context.work, catalogue, {x: n for x, n in documents.items() if n}, config.block_documents)
    copies, tables = context.work / "copies", context.folder / "copies"
    step = CollapseCopies(corpus, bags, catalogue, copies, tables, config.collapse_similarity, config.tests_apart)
    context.run(Phase("copies", [step], len(LANGUAGE_NAMES)))
    files = [tables / f"{rank:05d}.parquet" for rank in range(len(LANGUAGE_NAMES))]
    if len(layout.languages) < 2:  # nothing to be paired with
        return Found(files, {"copies": _copies(files)})
    return Found(files, {"copies": _copies(files), **_search(context, layout, bags, copies, config)})


def _search(context: StageContext, layout: Layout, bags: Path, copies: Path, config: PairsConfig) -> dict[str, Any]:
    bands, width = bands_for(config.lsh_similarity)
    blocks = len(layout.blocks)
    index, buckets, candidates = (layout.work / n for n in ("index", "buckets", "candidates"))
    step = BuildSearchVectors(layout, bags, copies, (bands, width), config.tests_apart)
    context.run(Phase("search-vectors", [step], blocks))
    partitions = _partitions(layout)
    postings = MergePostings(layout, index, partitions, config.search_postings)
    context.run(Phase("postings", [postings], len(tasks_of(partitions))))
    context.run(Phase("buckets", [JoinBands(layout, buckets, config.top_k)], bands))
    search = SearchIndexes(layout, index, partitions, (buckets, bands), config.search_postings, config.top_k)
    context.run(Phase("search", [search], blocks))
    context.run(Phase("support", [AddSupport(layout, config.top_k, config.min_similarity)], blocks))
    context.run(Phase("candidates", [MergeCandidates(layout, candidates)], len(layout.pair_blocks)))
    left_out = [int(load(partition_folder(index, x, p), "left_out")[0]) for x, p in tasks_of(partitions)]
    crowded = [int(load(buckets / f"{band:05d}", "left_out")[0]) for band in range(bands)]
    return {
        "candidates": _candidates(candidates, layout),
        "features_in_too_many_documents": sum(left_out),
        "bucket_pairs_left_out": sum(crowded),
    }


def _partitions(layout: Layout) -> dict[str, int]:
    """Files of each language's index, by the entries it will have."""
    entries = dict.fromkeys(layout.languages, 0)
    for block in layout.blocks:
        entries[block[0]] += int(load(layout.vectors(block), "indptr")[-1])
    return {x: int(np.ceil(max(1, n) / PARTITION_ENTRIES)) for x, n in entries.items()}


def _copies(files: list[Path]) -> dict[str, dict[str, int]]:
    """Copies by language and reason."""
    found = scan(files).group_by("language", "reason").agg(pl.len()).sort("language", "reason").collect()
    counts: dict[str, dict[str, int]] = {}
    for language, reason, number in found.iter_rows():
        counts.setdefault(language, {})[reason] = number
    return counts


def _candidates(folder: Path, layout: Layout) -> dict[str, int]:
    """Candidates of each pair of languages."""
    counts: dict[str, int] = {}
    for a, b, number in layout.pair_blocks:
        rows = scan(folder / f"{a}-{b}-{number:05d}.parquet").select(pl.len()).collect().item()
        counts[f"{a}-{b}"] = counts.get(f"{a}-{b}", 0) + int(rows)
    return counts
