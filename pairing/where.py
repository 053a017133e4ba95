"""Where documents stand in their table, for those who have ids and want texts a few at a time."""

from pathlib import Path

import polars as pl

from contracts.errors import StageError
from contracts.tables import files_of
from pipelines.frames import read

SCHEMA = {"id": pl.String, "file": pl.Int64, "row": pl.Int64, "bytes": pl.Int64}


def where(documents: Path, ids: pl.Series) -> pl.DataFrame:
    """File and row of documents; memory: the ids of one file beside those asked for.

    Args:
        documents: the documents table.
        ids: which documents.

    Returns:
        id, file, row, bytes.

    Raises:
        StageError: a document is not there.
    """
    wanted = pl.DataFrame({"id": ids.unique().cast(pl.String)})
    found = [pl.DataFrame(schema=SCHEMA)]
    for path in files_of(documents):
        rows = read(path, columns=["id", "bytes"]).with_row_index("row").join(wanted, on="id", maintain_order="left")
        number = pl.lit(int(path.stem), pl.Int64).alias("file")
        found.append(rows.select("id", number, pl.col("row", "bytes").cast(pl.Int64)))
    there = pl.concat(found)
    if there.height < wanted.height:
        missing = wanted.join(there, on="id", how="anti").sort("id")
        raise StageError(
            f"{documents}: lacks {missing.height:,} documents that pairs name, the first is {missing['id'][0]}. "
            "Run the stages again: glotmix pairs CONFIG --force"
        )
    return there
