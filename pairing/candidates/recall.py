"""How many known pairs are among the candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pairing.catalogue import read_catalogue
from pairing.duplicates import read_copies
from pipelines.frames import scan

KEY = ["language_a", "a", "language_b", "b"]


@dataclass(frozen=True, slots=True)
class Recall:
    """Known pairs, those with both files in the corpus, those of them among the candidates; candidates in all."""

    known: int
    present: int
    found: int
    candidates: int

    @property
    def share(self) -> float:
        """Candidate recall: of the pairs that are present, those found; 1 where there are none to find."""
        return self.found / self.present if self.present else 1.0


def candidate_recall(
    corpus: Path, catalogue: Path, candidates: Path, copies: Path, gold: Sequence[tuple[str, str]]
) -> Recall:
    """Candidate recall of known pairs; a pair counts when the documents that stand for its sides are candidates.

    Args:
        corpus: the corpus that was searched.
        catalogue: folder of its catalogues.
        candidates: folder of the candidates.
        copies: folder of the copies.
        gold: pairs of files in two languages, by source_id.
    """
    at = _positions(corpus, catalogue, copies)
    wanted = pl.DataFrame(
        {"x": [x for x, _ in gold], "y": [y for _, y in gold]}, schema={"x": pl.String, "y": pl.String}
    )
    sides = wanted.unique()
    for side, name in (("x", "a"), ("y", "b")):
        renamed = at.rename(
            {"source_id": side, "order": f"order_{name}", "number": name, "language": f"language_{name}"}
        )
        sides = sides.join(renamed, on=side)
    swapped = sides.rename({f"{c}{x}": f"{c}{y}" for c in ("order_", "language_", "") for x, y in ("ab", "ba")})
    ordered = pl.concat([sides, swapped], how="diagonal").filter(pl.col("order_a") < pl.col("order_b")).select(KEY)
    found, total = 0, 0
    for file in sorted(candidates.glob("*.parquet")):
        a, b, _ = file.stem.split("-")
        here = ordered.filter((pl.col("language_a") == a) & (pl.col("language_b") == b))
        rows = scan(file)
        total += int(rows.select(pl.len()).collect().item())
        found += rows.join(here.lazy(), on=["a", "b"]).select(pl.len()).collect().item()
    return Recall(wanted.unique().height, ordered.height, int(found), total)


def _positions(corpus: Path, catalogue: Path, copies: Path) -> pl.DataFrame:
    """source_id, language, its order, and the number of the document that stands for it."""
    named = scan(files_of(corpus / "documents")).select("id", "source_id").filter(pl.col("source_id") != "").collect()
    frames = []
    for order, language in enumerate(LANGUAGE_NAMES):
        numbered = read_catalogue(catalogue, language).select("id").with_row_index("number").cast({"number": pl.Int64})
        stands = read_copies(copies, language)
        joined = named.join(numbered, on="id").join(stands, on="number", how="left")
        number = pl.coalesce("representative", "number").alias("number")
        frames.append(
            joined.select("source_id", number, pl.lit(language).alias("language"), pl.lit(order).alias("order"))
        )
    return pl.concat(frames)
