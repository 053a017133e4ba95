"""Does anything leak from training into validation? Checked on the finished tables, whatever made the split.

A link is whatever ties two documents together: near-duplicates that were both kept, copies and what stood for them
while pairs were mined, translations, equal texts. The check joins the rows of these tables with the side of each
document; it knows nothing of how groups were formed.
"""

from pathlib import Path

import polars as pl

from contracts.errors import StageError
from contracts.tables import files_of
from pipelines.frames import scan

NEAR_DUPLICATE, COPY, TRANSLATION, EQUAL_TEXT = "near-duplicate", "copy", "translation", "equal text"

MAX_NAMED = 3
"""Links that a message names."""


def crossing_links(corpus: Path, pairs: Path, parallel: Path, split: Path) -> pl.DataFrame:
    """The links whose ends stand on different sides of the split; none if nothing leaks.

    Memory: about 600 bytes a document.

    Args:
        corpus: folder of the finished corpus.
        pairs: folder of the finished pairs.
        parallel: folder of the finished parallel documents.
        split: folder with the table `split`.

    Returns:
        kind (near-duplicate, copy, translation or equal text), id_a, id_b, side_a, side_b, in that order; a side is
        null for a document without one, which is no better than the wrong one.
    """
    sides = scan(files_of(split / "split")).select("id", side="split").collect(engine="streaming")
    found = [
        _crossing(_links(corpus / "near_duplicates", "id_a", "id_b"), sides, NEAR_DUPLICATE),
        _crossing(_links(pairs / "copies", "id", "representative_id"), sides, COPY),
        _crossing(_translations(pairs, parallel), sides, TRANSLATION),
        _equal_texts(corpus / "documents", sides),
    ]
    return pl.concat(found).sort("kind", "id_a", "id_b")


def require_no_leak(corpus: Path, pairs: Path, parallel: Path, split: Path) -> None:
    """Check that no link has its ends on different sides.

    Raises:
        StageError: one has; names how many of each kind, and some of them.
    """
    crossing = crossing_links(corpus, pairs, parallel, split)
    if crossing.height:
        kinds = ", ".join(f"{kind}: {n}" for kind, n in crossing.group_by("kind").len().sort("kind").iter_rows())
        named = "; ".join(f"{a} ({x}) and {b} ({y})" for _, a, b, x, y in crossing.head(MAX_NAMED).iter_rows())
        raise StageError(
            f"{split}: {crossing.height} links have their ends on different sides ({kinds}), such as {named}. Tables "
            "of corpus or pairs were changed, or glotmix is at fault: check them with glotmix verify, and run again"
        )


def _links(folder: Path, a: str, b: str) -> pl.LazyFrame:
    """Pairs of ids out of a table that may not be there; rows with an empty id are of one document only."""
    files = sorted(folder.glob("[0-9]*.parquet"))
    if not files:
        return pl.LazyFrame(schema={"id_a": pl.String, "id_b": pl.String})
    links = scan(files).select(id_a=a, id_b=b)
    return links.filter((pl.col("id_a") != "") & (pl.col("id_b") != ""))


def _translations(pairs: Path, parallel: Path) -> pl.LazyFrame:
    """Links, pairs, and the programs that parallel documents really join; the same two may be named in each."""
    named = [_links(pairs / table, "id_a", "id_b") for table in ("links", "pairs")]
    return pl.concat([*named, _joined(parallel / "parallel")])


def _joined(folder: Path) -> pl.LazyFrame:
    """The first program of each parallel document with each of the others."""
    files = sorted(folder.glob("[0-9]*.parquet"))
    if not files:
        return pl.LazyFrame(schema={"id_a": pl.String, "id_b": pl.String})
    ids = pl.col("ids")
    pairs = scan(files).select(id_a=ids.list.first(), id_b=ids.list.slice(1)).filter(pl.col("id_b").list.len() > 0)
    return pairs.unique().explode("id_b")


def _crossing(links: pl.LazyFrame, sides: pl.DataFrame, kind: str) -> pl.DataFrame:
    of = sides.lazy()
    joined = (
        links.select(id_a=pl.min_horizontal("id_a", "id_b"), id_b=pl.max_horizontal("id_a", "id_b"))
        .unique()
        .join(of.rename({"id": "id_a", "side": "side_a"}), on="id_a", how="left")
        .join(of.rename({"id": "id_b", "side": "side_b"}), on="id_b", how="left")
        .filter(pl.col("side_a").is_null() | pl.col("side_b").is_null() | (pl.col("side_a") != pl.col("side_b")))
    )
    return joined.select(pl.lit(kind).alias("kind"), "id_a", "id_b", "side_a", "side_b").collect(engine="streaming")


def _equal_texts(documents: Path, sides: pl.DataFrame) -> pl.DataFrame:
    """For each text that stands on both sides, its smallest id on each."""
    texts = scan(files_of(documents)).select("id", "content_hash").join(sides.lazy(), on="id", how="left")
    first = texts.group_by("content_hash", "side").agg(pl.col("id").min())
    several = first.filter(pl.len().over("content_hash") > 1).collect(engine="streaming")
    wide = several.sort("content_hash", "side", nulls_last=True).group_by("content_hash", maintain_order=True)
    rows = wide.agg(
        id_a=pl.col("id").first(),
        id_b=pl.col("id").last(),
        side_a=pl.col("side").first(),
        side_b=pl.col("side").last(),
    )
    return rows.select(pl.lit(EQUAL_TEXT).alias("kind"), "id_a", "id_b", "side_a", "side_b")
