"""The functions of paired documents that correspond, and their rows: where alignment is called."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pairing.align import Alignment, Side, align_all
from pairing.config import ParallelConfig
from pairing.parallel.fit import Match
from pairing.parallel.rows import Row
from pipelines.positions import blocks

Document = Mapping[str, Any]
"""Columns of a document, and under `functions` the rows of its functions by position."""

_UNIT_COLUMNS = ("start_line", "end_line", "outer_start_line", "name")


PART_BYTES = 1_000_000
"""Text of pairs that is described at once: up to 200 times as much memory where functions are many and small."""


def alignments(pairs: Sequence[tuple[Document, Document]], config: ParallelConfig) -> list[Alignment]:
    """The alignment of each pair of documents; one that stands in several neighbouring pairs is read once."""
    sizes = np.array([a["bytes"] + b["bytes"] for a, b in pairs], np.int64)
    found: list[Alignment] = []
    for part in blocks(sizes, PART_BYTES):
        found += _aligned(pairs[part], config)
    return found


def _aligned(pairs: Sequence[tuple[Document, Document]], config: ParallelConfig) -> list[Alignment]:
    sides: dict[str, Side] = {}
    for document in (document for pair in pairs for document in pair):
        if document["id"] not in sides:
            content = str(document["content"]).encode()
            sides[document["id"]] = Side(document["language"], content, document["functions"])
    return align_all([(sides[a["id"]], sides[b["id"]]) for a, b in pairs], config.min_unit_score)


def matches(alignment: Alignment) -> list[Match]:
    """Corresponding functions of two documents, by number, in the order of a."""
    return [Match(match.a, match.b, match.probability, match.kind) for match in alignment.matches]


def unit_pair_rows(pair: str, a: Document, b: Document, alignment: Alignment) -> Iterator[Row]:
    """The rows of the table unit_pairs."""
    for match in alignment.matches:
        row: Row = {"pair_id": pair, "id_a": a["id"], "id_b": b["id"], "score": match.probability}
        row |= {"statements": match.statements, "kind": match.kind}
        for side, unit in (("a", a["functions"][match.a]), ("b", b["functions"][match.b])):
            row |= {f"{column}_{side}": unit[column] for column in _UNIT_COLUMNS}
        yield row


def unpaired_rows(pair: str, a: Document, b: Document, alignment: Alignment) -> Iterator[Row]:
    """The rows of the table unpaired_units."""
    for side, document, numbers in (("a", a, alignment.unpaired_a), ("b", b, alignment.unpaired_b)):
        for number in numbers:
            unit = document["functions"][number]
            row: Row = {"pair_id": pair, "side": side, "id": document["id"]}
            yield row | {column: unit[column] for column in _UNIT_COLUMNS}
