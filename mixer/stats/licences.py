"""Licences of documents and of translation pairs, and sums of what stands under each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from mixer.tokens.texts import sources_of
from pipelines.frames import scan

UNKNOWN = "(unknown)"
"""Stands for a licence that is not known."""

BOTH = " + "
"""Joins the licences of the two programs of a pair, source first."""

TOP = 8
"""Licences of a component that are shown, by tokens; the others are summed up."""


@dataclass(slots=True)
class Sums:
    """What stands under a licence."""

    documents: int = 0
    tokens: int = 0
    bytes: int = 0

    def add(self, other: "Sums") -> None:
        """Add what stands under another."""
        self.documents += other.documents
        self.tokens += other.tokens
        self.bytes += other.bytes


Licensed = dict[str, dict[str, Sums]]
"""Sums by component and licence."""


def licensed_files(pool: Path, corpus: Path, parallel: Path) -> Iterator[pl.LazyFrame]:
    """The documents of a pool, file by file, with their licences: id, component, tokens, bytes, licence.

    A file of the pool holds documents of one file of the corpus or of parallel documents, so that each can be read
    by itself.
    """
    for number, source in enumerate(sources_of(corpus, parallel)):
        licence = both_licences() if source.kind == "parallel" else _known("licence")
        rows = scan(pool / "tokenized" / f"{number:05d}.parquet").select("id", "component", "tokens", "bytes")
        texts = scan(source.path).select("id", licence=licence)
        yield rows.join(texts, on="id", how="left", maintain_order="left").with_columns(_known("licence"))


def _known(column: str) -> pl.Expr:
    return pl.col(column).fill_null(UNKNOWN)


def both_licences() -> pl.Expr:
    """The licences of the programs that a row of the table `parallel` holds, one or two."""
    sides = [
        pl.when(pl.col(f"id_{side}") != "").then(_known(f"licence_{side}")).otherwise(None)
        for side in ("source", "target")
    ]
    return pl.concat_str(sides, separator=BOTH, ignore_nulls=True)


def total(by_licence: Mapping[str, Sums]) -> Sums:
    """What stands under all licences."""
    found = Sums()
    for sums in by_licence.values():
        found.add(sums)
    return found


def known_share(by_licence: Mapping[str, Sums]) -> float | None:
    """Share of the tokens whose licence is known, of a pair both; None without tokens."""
    tokens = total(by_licence).tokens
    known = sum(sums.tokens for licence, sums in by_licence.items() if UNKNOWN not in licence.split(BOTH))
    return round(known / tokens, 6) if tokens else None


def licence_rows(licensed: Mapping[str, Mapping[str, Sums]]) -> list[dict[str, Any]]:
    """Rows for people: the licences with the most tokens of each component, and the sum of the others."""
    rows = []
    for component, by_licence in licensed.items():
        whole = total(by_licence).tokens
        ordered = sorted(by_licence.items(), key=lambda item: (-item[1].tokens, item[0]))
        shown, others = ordered[:TOP], dict(ordered[TOP:])
        if others:
            shown.append((f"({len(others)} others)", total(others)))
        for licence, sums in shown:
            rows.append(
                {
                    "component": component,
                    "licence": licence,
                    "documents": sums.documents,
                    "tokens": sums.tokens,
                    "bytes": sums.bytes,
                    "share": round(sums.tokens / whole, 6) if whole else None,
                }
            )
    return rows
