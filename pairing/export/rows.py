"""The rows of an export: pairs and pairs of functions with their texts, parallel documents, each with its split."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.columns import Table
from contracts.languages import ARROW
from contracts.pair_tables import PAIRS
from contracts.schema import DOCUMENTS
from contracts.tables import files_of
from pairing.evaluate.truth import language_pair
from pairing.export.allowed import LICENCES, LicenceRule
from pairing.export.parts import Part
from pairing.where import where
from pipelines.frames import scan
from pipelines.positions import blocks, fetch

TRAIN = "train"
BOTH = ""
"""In place of a split: the documents stand on two sides, so the row belongs to neither and is left out."""

REFUSED = "-"
"""In place of a split: the licences of the two do not go together, so the row is left out; it has no texts."""

ORIGIN = ("source", "repo", "commit")
"""Columns of documents that say where a text comes from, beside those that pairs have themselves."""

SPLIT = pa.field("split", pa.string(), nullable=False, metadata={"doc": "train or validation"})
"""The column that every table of an export ends with."""

BATCH_ROWS = 5000
"""Rows of a table that are read at once, where texts are not part of it."""

Rows = Iterator[tuple[Part, pa.Table]]


class Splits:
    """On which side of the split documents stand; all train where no split was made.

    Args:
        folder: the split table; None: there is none.
        ids: documents that are asked for.
    """

    def __init__(self, folder: Path | None, ids: pl.Series) -> None:
        self._known: dict[str, str] | None = None
        if folder is not None:
            wanted = pl.col("id").is_in(ids.unique().implode())
            self._known = dict(scan(files_of(folder)).filter(wanted).select("id", "split").collect().iter_rows())

    def of(self, rows: Iterable[Sequence[str]]) -> list[str]:
        """The split of rows, each given as the documents it names; an empty id names none."""
        if self._known is None:
            return [TRAIN for _ in rows]
        known = self._known
        sides = ({known.get(i, BOTH) for i in ids if i} for ids in rows)
        return [next(iter(found)) if len(found) == 1 else BOTH for found in sides]


class Texts:
    """The documents of a corpus that pairs name, by id.

    Args:
        corpus: folder of the corpus.
        ids: documents that are asked for.
    """

    def __init__(self, corpus: Path, ids: pl.Series) -> None:
        self._documents = corpus / "documents"
        self._places = where(self._documents, ids)

    def fetch(self, ids: pl.Series, columns: Sequence[str]) -> pa.Table:
        """Columns of documents, in the order of the ids."""
        places = pl.DataFrame({"id": ids}).join(self._places, on="id", how="left", maintain_order="left")
        return fetch(self._documents, places.select("file", "row").to_numpy(), columns)


def pair_rows(folder: Path, texts: Texts, splits: Splits, rule: LicenceRule) -> Rows:
    """Pairs with both texts and where they come from; memory: one block of texts (64 MB).

    Args:
        folder: the table of pairs.
        texts: the documents.
        splits: their sides.
        rule: which pairs are left out for their licences.
    """
    for path in files_of(folder):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                rows = pa.Table.from_batches([batch])
                allowed = rule.allowed(_frame(rows, LICENCES))
                yield Part("pairs", "", REFUSED), rows.filter((~allowed).to_arrow())
                yield from _pair_blocks(rows.filter(allowed.to_arrow()), texts, splits)


def _pair_blocks(batch: pa.Table, texts: Texts, splits: Splits) -> Rows:
    facts = _frame(batch, ("id_a", "id_b", "language_a", "language_b"))
    sizes = sum(texts.fetch(facts[f"id_{s}"], ["bytes"])["bytes"].to_numpy() for s in "ab") if len(facts) else []
    for part in blocks(np.asarray(sizes, np.int64)):
        found = _bare(batch.slice(part.start, part.stop - part.start))
        sides = {side: texts.fetch(facts[f"id_{side}"][part], [*ORIGIN, "content"]) for side in "ab"}
        for side, documents in sides.items():
            for column in ORIGIN:
                found = found.append_column(_field(column, side), documents[column])
        for side, documents in sides.items():
            found = found.append_column(_text(side, "program"), documents["content"])
        names = facts[part].select(language_pair("language_a", "language_b"))[:, 0]
        yield from _dealt(found, "pairs", names.to_list(), splits.of(facts[part].select("id_a", "id_b").iter_rows()))


def function_rows(pairs: Path, folder: Path, texts: Texts, splits: Splits, rule: LicenceRule) -> Rows:
    """Pairs of functions with both texts, decorators and comments before them included; memory: as `pair_rows`.

    Args:
        pairs: the table of pairs.
        folder: the table of pairs of functions.
        texts: the documents.
        splits: their sides.
        rule: which pairs are left out for their licences.
    """
    columns = ["pair_id", "language_a", "language_b", "path_a", "path_b", *LICENCES]
    known = scan(files_of(pairs)).select(columns).collect()
    refused = known["pair_id"].filter(~rule.allowed(known)).implode()
    for path in files_of(folder):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                rows = pa.Table.from_batches([batch])
                gone = _frame(rows, ("pair_id",)).select(pl.col("pair_id").is_in(refused))[:, 0]
                yield Part("functions", "", REFUSED), rows.filter(gone.to_arrow())
                yield from _function_blocks(rows.filter((~gone).to_arrow()), known, texts, splits)


def _function_blocks(batch: pa.Table, known: pl.DataFrame, texts: Texts, splits: Splits) -> Rows:
    frame = _frame(batch, [n for n in batch.column_names if n not in known.columns or n == "pair_id"])
    facts = frame.join(known, on="pair_id", how="left", maintain_order="left")
    first = facts["pair_id"].is_first_distinct().to_numpy()
    sizes = np.zeros(len(facts), np.int64)
    for side in "ab" if first.any() else ():
        sizes[first] += texts.fetch(facts[f"id_{side}"].filter(pl.Series(first)), ["bytes"])["bytes"].to_numpy()
    for part in blocks(sizes):
        rows = facts[part]
        found = _bare(batch.slice(part.start, part.stop - part.start))
        for column in known.columns[1:]:
            if column not in found.column_names:
                found = found.append_column(_documented(PAIRS, column), pa.array(rows[column].to_list(), pa.string()))
        for side in "ab":
            found = found.append_column(_text(side, "function"), pa.array(_functions(rows, side, texts), pa.string()))
        names = rows.select(language_pair("language_a", "language_b"))[:, 0]
        yield from _dealt(found, "functions", names.to_list(), splits.of(rows.select("id_a", "id_b").iter_rows()))


def _functions(rows: pl.DataFrame, side: str, texts: Texts) -> list[str]:
    """The text of each row's function, by its lines."""
    ids = rows[f"id_{side}"].unique(maintain_order=True)
    contents = dict(zip(ids.to_list(), texts.fetch(ids, ["content"])["content"].to_pylist(), strict=True))
    lines = {identity: content.split("\n") for identity, content in contents.items()}
    first = f"outer_start_line_{side}" if f"outer_start_line_{side}" in rows.columns else f"start_line_{side}"
    spans = rows.select(f"id_{side}", first, f"end_line_{side}").iter_rows()
    return ["\n".join(lines[identity][start - 1 : end]) + "\n" for identity, start, end in spans]


def parallel_rows(folder: Path, form: tuple[str, str], name: str, splits: Splits) -> Rows:
    """Parallel documents of one form and level as they are; memory: one row group of the table.

    Args:
        folder: the table of parallel documents.
        form: form and level.
        name: what the part is called.
        splits: sides of the documents.
    """
    for path in files_of(folder):
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                heads = _frame(file.read_row_group(group, columns=["form", "level"]), ("form", "level"))
                chosen = heads.select((pl.col("form") == form[0]) & (pl.col("level") == form[1]))[:, 0]
                if chosen.any():
                    rows = _bare(file.read_row_group(group)).filter(chosen.to_arrow())
                    yield from _dealt(rows, name, _directions(rows), splits.of(_named(rows)))


def forms(folder: Path) -> list[tuple[str, str]]:
    """Forms and levels of the parallel documents, in order."""
    return scan(files_of(folder)).select("form", "level").unique().sort("form", "level").collect().rows()


def _directions(rows: pa.Table) -> list[str]:
    return [direction.replace(ARROW, "-to-") for direction in rows["direction"].to_pylist()]


def _named(rows: pa.Table) -> list[list[str]]:
    """The documents that each parallel document is made of."""
    columns = [rows[c].to_pylist() for c in ("id_source", "id_target")]
    more = rows["ids"].to_pylist() if "ids" in rows.column_names else [[]] * rows.num_rows
    return [[*ids, *(others or [])] for *ids, others in zip(*columns, more, strict=True)]


def _dealt(rows: pa.Table, table: str, slices: list[str], splits: list[str]) -> Rows:
    """Rows by slice and split, in the order of both; the split is a column too."""
    rows = rows.append_column(SPLIT, pa.array(splits, pa.string()))
    keys = list(zip(slices, splits, strict=True))
    for key in sorted(set(keys)):
        chosen = rows.filter(pa.array([k == key for k in keys]))
        yield Part(table, *key), chosen


def _frame(table: pa.Table, columns: Sequence[str]) -> pl.DataFrame:
    found = pl.from_arrow(table.select(list(columns)))
    assert isinstance(found, pl.DataFrame)
    return found


def _bare(table: pa.Table) -> pa.Table:
    """The table without the metadata that names another table; columns keep their documentation."""
    return table.replace_schema_metadata(None)


def _text(side: str, what: str) -> Any:
    doc = {"doc": f"text of the {what} {side}, in language_{side}"}
    return pa.field(f"text_{side}", pa.string(), nullable=False, metadata=doc)


def _documented(table: Table, column: str) -> Any:
    """A column of a table, with what it means."""
    return table.schema.field(column)


def _field(column: str, side: str) -> Any:
    found = _documented(DOCUMENTS, column)
    doc = found.metadata[b"doc"].decode()
    return found.with_name(f"{column}_{side}").with_metadata({"doc": f"{doc}, of {side}"})
