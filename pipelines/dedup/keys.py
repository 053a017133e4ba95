"""What deduplication knows of every document: small columns, and the order in which documents survive."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from contracts.tables import files_of
from pipelines.frames import read

KEY_COLUMNS = ("id", "source", "path", "licence", "language", "bytes", "is_vendored", "content_hash")


Choose = Callable[[pl.DataFrame], pl.DataFrame]


def read_keys(documents: Path, sources: tuple[str, ...], choose: Choose | None = None) -> pl.DataFrame:
    """One row a document with its position and its survival rank.

    Who survives among duplicates: a known licence before none, own code before vendored copies, earlier sources
    before later ones (the order of the configuration), shorter paths before longer ones, then path and id. The order
    depends on the documents only, never on how they were dealt to tasks.

    Args:
        documents: folder of the ingested documents.
        sources: names of the sources in order.
        choose: leaves only the wanted rows of a file, given KEY_COLUMNS, file and row; the others are not held. Ranks
            of chosen documents compare as those of all would.

    Returns:
        KEY_COLUMNS and file (int64), row (int64), rank (uint32, 0 survives all); about 300 bytes a chosen document.
    """
    frames = []
    for file in files_of(documents):
        frame = (
            read(file, KEY_COLUMNS)
            .with_row_index("row")
            .with_columns(pl.col("row").cast(pl.Int64), pl.lit(int(file.stem), dtype=pl.Int64).alias("file"))
        )
        frames.append(choose(frame) if choose else frame)
    keys = pl.concat(frames)
    order = {name: index for index, name in enumerate(sources)}
    sorted_keys = keys.with_columns(
        pl.col("source").replace_strict(order, return_dtype=pl.Int32).alias("_source"),
        pl.col("path").str.len_bytes().alias("_length"),
    ).sort(
        [pl.col("licence").is_null(), "is_vendored", "_source", "_length", "path", "id", "file", "row"],
        maintain_order=True,
    )
    return sorted_keys.drop("_source", "_length").with_row_index("rank")
