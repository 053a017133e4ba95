"""What each document declares, from the units that the corpus stage found in its syntax tree."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pairing.features.document import Declarations
from pipelines.frames import read

CONSTRUCTOR = "constructor"
"""Kind of unit whose name is its type's, or the language's."""


def declarations(units: pl.DataFrame, ids: Sequence[str]) -> list[Declarations]:
    """What documents declare, in their order. Pure.

    Args:
        units: columns document_id, kind, name, parameters of the units table, by document and position.
        ids: of the documents.
    """
    named = pl.when(pl.col("kind") == CONSTRUCTOR).then(pl.lit("")).otherwise(pl.col("name"))
    grouped = units.group_by("document_id").agg(named.alias("names"), "parameters")
    found = {
        document: Declarations([name.encode() for name in names if name], parameters)
        for document, names, parameters in grouped.select("document_id", "names", "parameters").iter_rows()
    }
    return [found.get(document, Declarations()) for document in ids]


def read_declarations(file: Path, ids: Sequence[str]) -> list[Declarations]:
    """What the documents of a file declare, in their order: the file of the units table has the same number."""
    return declarations(read(file, columns=["document_id", "kind", "name", "parameters"]), ids)
