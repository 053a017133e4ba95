"""What an evaluation shows: tables of scores, of what was lost, of thresholds. Pure functions."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pairing.evaluate import measure
from pairing.evaluate.measure import Score, wilson
from pairing.evaluate.predictions import COLUMNS_OF_NAMES, Names
from pairing.evaluate.truth import NEGATIVE, POSITIVE, SAME_LANGUAGE, UNKNOWN
from report.table import Row, Summary

GRID = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
"""Thresholds that are printed; --curve writes all."""

DIGITS = 4

SHOWN = 10
"""Documents that are listed one by one."""


def rounded(value: float | None) -> float | None:
    """A share as it is shown."""
    return None if value is None else round(value, DIGITS)


def score_row(name: str, value: str, score: Score) -> Row:
    """One line of a table of scores, with intervals.

    Args:
        name: the first column.
        value: what stands there.
        score: the counts.
    """
    sure, found = wilson(score.right, score.predicted), wilson(score.right, score.gold)
    return {
        name: value,
        "predicted": score.predicted,
        "right": score.right,
        "gold": score.gold,
        "precision": rounded(score.precision),
        "from": rounded(sure[0] if sure else None),
        "to": rounded(sure[1] if sure else None),
        "recall": rounded(score.recall),
        "at least": rounded(found[0] if found else None),
        "at most": rounded(found[1] if found else None),
        "F1": rounded(score.f1),
    }


def overall(title: str, score: Score, macros: Mapping[str, float | None]) -> Summary:
    """Everything together: micro, and macro averages of F1."""
    rows: list[Row] = [score_row("average", "micro", score)]
    for name, value in macros.items():
        rows.append(dict.fromkeys(rows[0]) | {"average": f"macro over {name}", "F1": rounded(value)})
    return Summary(title, rows)


def sliced(title: str, name: str, slices: Mapping[str, Score]) -> Summary:
    """One line a slice."""
    return Summary(title, [score_row(name, value, score) for value, score in slices.items()])


def recalls(title: str, name: str, slices: Mapping[str, Score]) -> Summary:
    """One line a slice of the gold, for what wrong predictions have no slice in."""
    columns = (name, "right", "gold", "recall", "at least", "at most")
    rows = [score_row(name, value or "-", score) for value, score in slices.items()]
    return Summary(title, [{c: row[c] for c in columns} for row in rows])


def precisions(title: str, name: str, slices: Mapping[str, Score]) -> Summary:
    """One line a slice of the predictions, for what the gold has no slice in."""
    columns = (name, "predicted", "right", "precision", "from", "to")
    rows = [score_row(name, value, score) for value, score in slices.items()]
    return Summary(title, [{c: row[c] for c in columns} for row in rows])


def truths(judged: pl.DataFrame) -> Summary:
    """How many predictions are right, wrong or unknown; the lines sum to the last."""
    counts = dict(judged["truth"].value_counts().rows())
    rows: list[Row] = [{"truth": t, "pairs": counts.get(t, 0)} for t in (POSITIVE, NEGATIVE, UNKNOWN, SAME_LANGUAGE)]
    rows.append({"truth": "all", "pairs": judged.height})
    title = "Predictions"
    if "listed" in judged.columns:
        outside = judged.filter((pl.col("truth") == NEGATIVE) & ~pl.col("listed")).height
        title += f"; {outside:,} negative ones have a document that the gold does not list" if outside else ""
    return Summary(title, rows)


def lost(found: pl.DataFrame, gold: int) -> Summary:
    """Gold pairs of which a document was not mined, by reason."""
    total = int(found["pairs"].sum()) if found.height else 0
    share = f" ({total / gold:.1%})" if gold else ""
    title = f"Lost before mining: {total:,} of {gold:,} gold pairs{share} have a document that was not mined"
    return Summary(title, found.to_dicts())


def matched(ids: int, names: Names) -> Summary:
    """In which columns of the corpus the gold's ids were found; the lines sum to the last."""
    rows: list[Row] = [
        {"found as": name, "ids": int((names.documents["column"] == name).sum())} for name in COLUMNS_OF_NAMES
    ]
    gone = names.rejected.join(names.documents, on="name", how="anti").height
    rows.append({"found as": "of rejected files", "ids": gone})
    rows.append({"found as": "not in the corpus", "ids": ids - names.documents.height - gone})
    return Summary("Ids of the gold", [*rows, {"found as": "all", "ids": ids}])


def corrected(found: pl.DataFrame) -> Summary:
    """Documents of which the gold says another language than the corpus: the first ones."""
    title = f"Languages: {found.height:,} documents have another one in the corpus than in the gold; the first counts"
    return Summary(title, found.head(SHOWN).to_dicts())


def thresholds(curve: pl.DataFrame) -> Summary:
    """The curve at round thresholds; the first line is of all pairs."""
    return Summary(
        "Thresholds: what is left from a score on", [_point(row) for row in measure.at(curve, GRID).to_dicts()]
    )


def chosen(curve: pl.DataFrame, precision: float) -> tuple[Summary, float | None]:
    """The threshold that reaches a precision, and which it is."""
    found = measure.threshold_for(curve, precision)
    name = f"Threshold for precision: {precision:g}"
    if found is None:
        best = curve.sort("precision", "right", descending=True).head(1)
        reached = f"; no threshold reaches it, the highest is {best['precision'][0]:.4f}" if best.height else ""
        return Summary(name + (reached or "; no pair has a score"), [_point(row) for row in best.to_dicts()]), None
    if met(curve, precision):
        name += "; the pairs reach it as they are"
    return Summary(name, [_point(found)]), found["threshold"]


def met(curve: pl.DataFrame, precision: float) -> bool:
    """Whether the pairs reach a precision without any threshold above that of their run."""
    lowest = curve.filter(pl.col("threshold") == pl.col("threshold").min())
    return bool((lowest["precision"] >= precision).any())


def _point(row: Mapping[str, Any]) -> Row:
    sure = wilson(int(row["right"]), int(row["pairs"]))
    return {
        "threshold": row["threshold"],
        "pairs": row["pairs"],
        "right": row["right"],
        "precision": rounded(row["precision"]),
        "from": rounded(sure[0] if sure else None),
        "to": rounded(sure[1] if sure else None),
        "recall": rounded(row["recall"]),
        "F1": rounded(row["f1"]),
    }


def verdicts(reviewed: pl.DataFrame, gone: int) -> Summary:
    """Precision by people's verdicts: all, and for each language pair.

    A partial pair counts against the precision; `or partial` is the share that is right at least in part.

    Args:
        reviewed: languages and verdict of each reviewed pair that is still predicted.
        gone: reviewed pairs that are predicted no more.
    """
    rows = [_verdict_row("all", reviewed)]
    for (name,), part in reviewed.sort("languages").group_by("languages", maintain_order=True):
        rows.append(_verdict_row(str(name), part))
    title = "Review"
    title += f"; {gone:,} reviewed pairs are predicted no more and left out" if gone else ""
    return Summary(title, rows)


def _verdict_row(name: str, part: pl.DataFrame) -> Row:
    counts = dict(part["verdict"].value_counts().rows())
    right, partial, wrong = (counts.get(verdict, 0) for verdict in ("right", "partial", "wrong"))
    judged = right + partial + wrong
    sure = wilson(right, judged)
    return {
        "languages": name,
        "right": right,
        "partial": partial,
        "wrong": wrong,
        "unsure": counts.get("unsure", 0),
        "open": counts.get("open", 0),
        "precision": rounded(Score(right, judged, 0).precision),
        "from": rounded(sure[0] if sure else None),
        "to": rounded(sure[1] if sure else None),
        "or partial": rounded(Score(right + partial, judged, 0).precision),
    }
