"""Precision, recall, F1, their intervals, and what each threshold gives. Pure functions."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import polars as pl

from pairing.evaluate.truth import NEGATIVE, POSITIVE

CONFIDENCE = 0.95
"""Of all intervals."""

MACRO_GOLD = 10
"""Gold pairs that a language pair or source needs to count in a macro average: F1 on fewer is mostly chance."""

THRESHOLD_DIGITS = 6
THRESHOLD_STEP = 10.0**-THRESHOLD_DIGITS
"""Thresholds are cut down to a multiple of this: with fewer digits than a 32-bit score, none is lost by rounding."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one slice of the data.

    Attributes:
        right: predicted pairs that are in the gold.
        predicted: predicted pairs that are right or wrong; unknown ones do not count.
        gold: pairs in the gold.
    """

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float | None:
        """Share of the predicted pairs that are right; None without predictions."""
        return self.right / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Share of the gold that is found; None without gold."""
        return self.right / self.gold if self.gold else None

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where nothing is right."""
        return 2 * self.right / (self.predicted + self.gold) if self.right else 0.0


def wilson(hits: int, total: int, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
    """Wilson's score interval of a share (Wilson 1927), which holds for few cases and shares near 0 and 1.

    Returns:
        lower and upper bound; None without cases.
    """
    if not total:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, weight = hits / total, z * z / total
    middle = (share + weight / 2) / (1 + weight)
    half = z * math.sqrt(share * (1 - share) / total + weight / (4 * total)) / (1 + weight)
    # at the ends the bound is exact, and rounding would put it just inside
    return (0.0 if hits == 0 else max(0.0, middle - half)), (1.0 if hits == total else min(1.0, middle + half))


def total(judged: pl.DataFrame, gold: int) -> Score:
    """All predictions together.

    Args:
        judged: predictions with their truth.
        gold: pairs in the gold.
    """
    counts = dict(judged["truth"].value_counts().rows())
    right = counts.get(POSITIVE, 0)
    return Score(right, right + counts.get(NEGATIVE, 0), gold)


def sliced(judged: pl.DataFrame, true: pl.DataFrame, by: str, by_gold: str | None = None) -> dict[str, Score]:
    """One score for each value of a column, by name.

    Args:
        judged: predictions with their truth.
        true: the gold's pairs.
        by: column of the predictions.
        by_gold: column of the gold; the same if not given.
    """
    gold = dict(true.group_by(by_gold or by).len().rows())
    scored = judged.filter(pl.col("truth").is_in([POSITIVE, NEGATIVE]))
    found = scored.group_by(by).agg((pl.col("truth") == POSITIVE).sum().alias("right"), pl.len().alias("predicted"))
    counts = {name: (right, predicted) for name, right, predicted in found.rows()}
    names = sorted(name for name in {*gold, *counts} if name is not None)
    return {name: Score(*counts.get(name, (0, 0)), gold.get(name, 0)) for name in names}


def macro(slices: Mapping[str, Score]) -> float | None:
    """Mean F1 over slices with at least MACRO_GOLD pairs in the gold; None if there is none."""
    counted = [score.f1 for score in slices.values() if score.gold >= MACRO_GOLD]
    return sum(counted) / len(counted) if counted else None


def curve(judged: pl.DataFrame, gold: int) -> pl.DataFrame:
    """What is left when pairs below a threshold are dropped, for each threshold that changes something.

    Pairs without a score are kept at every threshold.

    Args:
        judged: predictions with score and truth.
        gold: pairs in the gold.

    Returns:
        threshold, pairs (right or wrong), right, precision, recall, f1; ascending.
    """
    scored = judged.filter(pl.col("truth").is_in([POSITIVE, NEGATIVE]))
    scored = scored.select(pl.col("score").cast(pl.Float64), (pl.col("truth") == POSITIVE).alias("right"))
    always = scored.filter(pl.col("score").is_null())
    levels = (
        scored.drop_nulls("score")
        .group_by(_threshold(pl.col("score")).alias("threshold"))
        .agg(pl.len().cast(pl.Int64).alias("pairs"), pl.col("right").sum().cast(pl.Int64))
        .sort("threshold", descending=True)
    )
    right = pl.col("right").cum_sum() + int(always["right"].sum())
    pairs = pl.col("pairs").cum_sum() + always.height
    return (
        levels.select("threshold", pairs, right)
        .with_columns(
            (pl.col("right") / pl.col("pairs")).alias("precision"),
            pl.lit(None, pl.Float64).alias("recall") if not gold else (pl.col("right") / gold).alias("recall"),
            (2 * pl.col("right") / (pl.col("pairs") + gold)).alias("f1"),
        )
        .sort("threshold")
    )


def _threshold(score: pl.Expr) -> pl.Expr:
    """The largest multiple of THRESHOLD_STEP that is not above a score, as the nearest number of so few digits."""
    found = ((score / THRESHOLD_STEP).floor() * THRESHOLD_STEP).round(THRESHOLD_DIGITS)
    return pl.when(found > score).then((found - THRESHOLD_STEP).round(THRESHOLD_DIGITS)).otherwise(found)


def threshold_for(found: pl.DataFrame, precision: float) -> dict[str, float] | None:
    """The row of a curve with the most right pairs among those that reach a precision; None if none does."""
    reached = found.filter(pl.col("precision") >= precision).sort("right", "threshold", descending=[True, True])
    return reached.row(0, named=True) if reached.height else None


def at(found: pl.DataFrame, thresholds: tuple[float, ...]) -> pl.DataFrame:
    """The rows of a curve at the given thresholds, where pairs are dropped by them."""
    rows = [
        found.filter(pl.col("threshold") >= t).head(1).with_columns(pl.lit(t).alias("threshold")) for t in thresholds
    ]
    kept = pl.concat(rows) if rows else found.clear()
    return kept.unique(["pairs", "right"], keep="last", maintain_order=True)
