"""What a mixture holds under each licence, counted from its lineage a block of sequences at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts.errors import StageError
from contracts.manifest import Manifest
from mixer.checks.pool_index import UNKNOWN, PoolIndex, build_index
from mixer.lineage import lineage_of
from mixer.stats.licences import Licensed, Sums

FACTS: Any = np.dtype([("tokens", "<i4"), ("bytes", "<i8"), ("licence", "<i4")])
"""Facts of a document: its size, and the number of its licence."""

BLOCK_TOKENS = 1 << 22
"""Tokens whose lineage is read at once."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """The last document of a component, as far as it was read."""

    row: int
    tokens: int


def mixture_sums(
    folder: Path, manifest: Manifest, documents: Iterable[pl.LazyFrame], number: int, work: Path
) -> Licensed:
    """Sums by component and licence; every document of a component counts once, its tokens and bytes as often as seen.

    Args:
        folder: the mixture.
        manifest: its manifest.
        documents: of the pool, see `mixer.stats.licences.licensed_files`.
        number: about how many documents these are.
        work: an empty folder.

    Raises:
        StageError: the lineage names a document that the pool does not hold.
    """
    licences: dict[str, int] = {}
    index = build_index(work, _parts(documents, licences), number, FACTS)
    seen = np.memmap(work / "seen.bin", bool, "w+", shape=(max(len(index), 1),))
    names = list(manifest.counts["components"])
    sums = np.zeros((len(names), len(licences), 3), np.int64)
    cuts: dict[int, _Cut] = {}
    for first, last in _blocks(manifest):
        spans = lineage_of(folder, manifest, first, last).filter(pl.col("document_id") != "")
        rows_of = index.rows(np.array(spans["document_id"].to_list(), np.bytes_))
        if (rows_of == UNKNOWN).any():
            raise StageError(f"{folder}: its lineage is not that of its pool. Run: glotmix mix verify {folder}")
        for i, name in enumerate(names):
            chosen = (spans["component"] == name).to_numpy()
            if chosen.any():
                cuts[i] = _add(spans.filter(chosen), rows_of[chosen], index, seen, sums[i])
    for component, cut in cuts.items():
        tokens, size, licence = index.facts[cut.row].item()
        if cut.tokens < tokens:  # bytes of a document that is cut are in proportion to its tokens
            sums[component, licence, 2] += round(size * cut.tokens / tokens)
    return {
        name: {licence: Sums(*found.tolist()) for licence, found in zip(licences, sums[i], strict=True) if found[1]}
        for i, name in enumerate(names)
    }


def _parts(documents: Iterable[pl.LazyFrame], licences: dict[str, int]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Ids and facts; numbers the licences as they come."""
    for frame in documents:
        rows = frame.collect()
        for licence in rows["licence"].unique(maintain_order=True):
            licences.setdefault(licence, len(licences))
        facts = np.zeros(rows.height, FACTS)
        facts["tokens"], facts["bytes"] = rows["tokens"].to_numpy(), rows["bytes"].to_numpy()
        facts["licence"] = rows["licence"].replace_strict(licences, return_dtype=pl.Int32).to_numpy()
        if rows.height:
            yield np.array(rows["id"].to_list(), np.bytes_), facts


def _blocks(manifest: Manifest) -> Iterator[tuple[int, int]]:
    total = manifest.counts["sequences"]
    step = max(1, BLOCK_TOKENS // manifest.counts["sequence_length"])
    for first in range(0, total, step):
        yield first, min(first + step, total)


def _add(spans: pl.DataFrame, rows: np.ndarray, index: PoolIndex, seen: np.ndarray, sums: np.ndarray) -> _Cut:
    """Add the spans of one component to its sums: documents, tokens, bytes by licence."""
    facts = index.facts[rows]
    length = (spans["end"] - spans["start"]).to_numpy()
    new = np.zeros(len(rows), bool)
    new[np.unique(rows, return_index=True)[1]] = True
    new &= ~seen[rows]
    seen[rows] = True
    size = np.where(spans["ends_document"].to_numpy(), facts["bytes"], 0)
    for column, values in enumerate((new, length, size)):
        np.add.at(sums[:, column], facts["licence"], values.astype(np.int64))
    return _Cut(int(rows[-1]), int(spans["token_start"][-1]) + int(length[-1]))
