"""The calibrated score: two logistic models whose coefficients are data (`pairing.score.shipped`). Pure functions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from pairing.score.evidence import DIRECT, GROUPED, direct_evidence, grouped_evidence
from pairing.score.graph import CandidateGraph
from pairing.score.support import LIKELY


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: names of its columns, a coefficient for each, intercept."""

    columns: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def logit(self, evidence: np.ndarray) -> np.ndarray:
        """Log odds, float (rows,), of evidence (rows, columns)."""
        found: np.ndarray = evidence @ np.array(self.coefficients) + self.intercept
        return found

    def record(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def restore(cls, record: Mapping[str, Any]) -> "Logistic":
        """The model of a record."""
        return cls(tuple(record["columns"]), tuple(record["coefficients"]), float(record["intercept"]))


@dataclass(frozen=True, slots=True)
class PairModel:
    """Both stages, the probability from which a pair counts by default, and the measured curve.

    Attributes:
        direct: from the two documents and their rivals.
        grouped: from third languages; used where there are likely partners in one.
        threshold: probability with the best F1 across sources.
        curve: (probability, precision) pairs, rising in both, measured across sources.
        calibrated: share of pairs among the edges that assignment leaves, which the log odds hold for.
        prevalence: (number of languages, lowest such share of a corpus of so many), ascending, across sources.
        note: what it was learnt on.
    """

    direct: Logistic
    grouped: Logistic
    threshold: float
    curve: tuple[tuple[float, float], ...]
    calibrated: float
    prevalence: tuple[tuple[int, float], ...]
    note: str

    def threshold_for(self, precision: float) -> float | None:
        """Lowest probability whose measured precision reaches the wanted one; None: none does."""
        return next((p for p, measured in self.curve if measured >= precision), None)

    @classmethod
    def restore(cls, record: Mapping[str, Any]) -> "PairModel":
        """The model of a record.

        Raises:
            ValueError: its columns are not those of this version, or it does not say how common pairs were.
        """
        direct, grouped = Logistic.restore(record["direct"]), Logistic.restore(record["grouped"])
        if (direct.columns, grouped.columns) != (DIRECT, GROUPED):
            raise ValueError(
                "coefficients for other columns than this version reads; run benchmarks/pairing_cv.py --ship"
            )
        if not record.get("prevalence") or "calibrated" not in record:
            raise ValueError("coefficients without their prevalence; run benchmarks/pairing_cv.py --ship")
        return cls(
            direct,
            grouped,
            threshold=float(record["threshold"]),
            curve=tuple((float(p), float(q)) for p, q in record["curve"]),
            calibrated=float(record["calibrated"]),
            prevalence=tuple(sorted((int(n), float(share)) for n, share in record["prevalence"].items())),
            note=str(record["note"]),
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities of each edge, float (edges,): from the two documents alone, and in the end."""

    direct: np.ndarray
    final: np.ndarray


def score(graph: CandidateGraph, model: PairModel) -> Scores:
    """Probability of each candidate pair."""
    direct, final = log_odds(graph, model.direct, model.grouped)
    return Scores(expit(direct), expit(final))


def log_odds(graph: CandidateGraph, direct: Logistic, grouped: Logistic) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of each edge by the first stage, and in the end, float (edges,).

    Where neither document has a likely partner in a third language, nobody can support or contradict, and the first
    stage decides: whether a corpus has other languages elsewhere makes no difference then. (One Rust file beside a
    corpus of Python and Go would cost six points of F1.)
    """
    evidence, _ = direct_evidence(graph)
    first = direct.logit(evidence)
    if len(np.unique(graph.language[np.r_[graph.a, graph.b]])) <= 2:
        return first, first
    evidence, _ = grouped_evidence(graph, expit(first))
    alone = evidence[:, GROUPED.index("more_partners")] < LIKELY
    return first, np.where(alone, first, grouped.logit(evidence))
