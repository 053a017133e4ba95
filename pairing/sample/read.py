"""Reads what a sample shows: the drawn pairs, their texts, their functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from contracts.errors import StageError
from contracts.tables import files_of
from pairing.evaluate.truth import language_pair
from pairing.sample.layout import UNPAIRED, Beside, Span
from pairing.sample.statements import Lines, Matched, aligned_statements
from pairing.where import where
from pipelines.frames import scan
from pipelines.positions import fetch

FUNCTIONS = ("function", "method", "constructor")
"""Kinds of units that are shown."""

TOGETHER = 50
"""Pairs whose texts are read at once."""

FACTS = ["id", "language", "repo", "path", "commit", "licence", "content"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pairs may be drawn.

    Attributes:
        languages: names such as python-go; empty: all.
        kind: close, loose, or none for pairs whose kind was not judged; empty: all.
        min_score: lowest score; None: all.
        max_score: highest score; None: all.
    """

    languages: tuple[str, ...] = ()
    kind: str = ""
    min_score: float | None = None
    max_score: float | None = None

    def filters(self) -> Iterator[pl.Expr]:
        """As conditions on a table of pairs with `languages`."""
        if self.languages:
            yield pl.col("languages").is_in(self.languages)
        if self.kind:
            yield pl.col("kind").is_null() if self.kind == "none" else pl.col("kind") == self.kind
        if self.min_score is not None:
            yield pl.col("score") >= self.min_score
        if self.max_score is not None:
            yield pl.col("score") <= self.max_score


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair to show.

    Attributes:
        pair: its row in the table of pairs.
        documents: id, language, repo, path, commit, licence, content of both sides.
        spans: functions of both sides; paired ones have the same label.
        statements: aligned statements of close functions; None: not asked for.
    """

    pair: dict[str, Any]
    documents: tuple[dict[str, Any], dict[str, Any]]
    spans: tuple[list[Span], list[Span]]
    statements: list[Beside] | None = None


def read_pairs(folder: Path, wanted: Wanted) -> pl.DataFrame:
    """The pairs that may be drawn, with `languages`.

    Raises:
        StageError: there is none; says what there is.
    """
    every = scan(files_of(folder)).with_columns(language_pair("language_a", "language_b").alias("languages")).collect()
    found = every.filter(*wanted.filters()) if any(True for _ in wanted.filters()) else every
    if not found.height:
        raise StageError(f"{folder}: no pair is left to show; {_there(every)}")
    return found


def _there(pairs: pl.DataFrame) -> str:
    if not pairs.height:
        return "the table is empty, and glotmix pairs summary CONFIG says why"
    kinds = [kind or "none" for kind in pairs["kind"].unique().sort().to_list()]
    scores = [f"{value:.4g}" for value in (pairs["score"].min(), pairs["score"].max()) if isinstance(value, float)]
    return (
        f"there are {pairs.height:,} pairs, of {', '.join(pairs['languages'].unique().sort())}; "
        f"kinds: {', '.join(kinds)}; scores: {' to '.join(scores) or 'none'}"
    )


def read_shown(drawn: pl.DataFrame, parallel: Path, corpus: Path, statements: bool = False) -> Iterator[Shown]:
    """The drawn pairs with texts and functions; memory: the texts of TOGETHER pairs.

    Args:
        drawn: rows of the table of pairs.
        parallel: folder of the parallel stage.
        corpus: folder of the corpus.
        statements: align the statements of close functions too.
    """
    for part in drawn.iter_slices(TOGETHER):
        ids = pl.concat([part["id_a"], part["id_b"]]).unique().sort()
        places = where(corpus / "documents", ids)
        texts = fetch(corpus / "documents", places.select("file", "row").to_numpy(), FACTS).to_pylist()
        documents = {row["id"]: row for row in texts}
        aligned = _aligned(parallel / "unit_pairs", part["pair_id"].to_list())
        units = _units(corpus / "units", ids)
        for pair in part.iter_rows(named=True):
            sides = documents[pair["id_a"]], documents[pair["id_b"]]
            matched = aligned.get(pair["pair_id"], [])
            spans = [_spans(units.get(d["id"], []), [m.lines[s] for m in matched]) for s, d in enumerate(sides)]
            beside = aligned_statements(sides, matched) if statements else None
            yield Shown(pair, sides, (spans[0], spans[1]), beside)


def _spans(units: Sequence[Lines], matched: Sequence[Lines]) -> list[Span]:
    labels = {lines: number for number, lines in enumerate(matched, 1)}
    paired = [Span(start, end, number) for number, (start, end) in enumerate(matched, 1)]
    return paired + [Span(start, end, UNPAIRED) for start, end in units if (start, end) not in labels]


def _aligned(folder: Path, pairs: list[str]) -> dict[str, list[Matched]]:
    columns = ["pair_id", "start_line_a", "end_line_a", "start_line_b", "end_line_b", "kind"]
    found = scan(files_of(folder)).select(columns).filter(pl.col("pair_id").is_in(pairs)).collect().sort(columns)
    lines: dict[str, list[Matched]] = {}
    for pair, *numbers, kind in found.iter_rows():
        lines.setdefault(pair, []).append(Matched(((numbers[0], numbers[1]), (numbers[2], numbers[3])), kind))
    return lines


def _units(folder: Path, ids: pl.Series) -> dict[str, list[Lines]]:
    inside = pl.col("document_id").is_in(ids.implode()) & pl.col("kind").is_in(FUNCTIONS) & pl.col("has_body")
    found = scan(files_of(folder)).filter(inside).select("document_id", "start_line", "end_line").collect()
    lines: dict[str, list[Lines]] = {}
    for document, start, end in found.unique(maintain_order=True).sort("document_id", "start_line", "end_line").rows():
        lines.setdefault(document, []).append((start, end))
    return lines
