"""Logistic regression with a fixed share of positives in each source: what the coefficients come from. Pure functions.

The share is fixed because it differs between sources by a factor of four: a model that learns it from one source is
wrong about the next by as much, and F1 across sources falls by two points (measured on pairs_dev). Each source counts
the same, however large: where the largest decides, F1 with declared names masked is 0.004 lower, plain 0.002.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from pairing.score.evidence import DIRECT, GROUPED, direct_evidence, grouped_evidence
from pairing.score.graph import CandidateGraph
from pairing.score.model import Logistic


@dataclass(frozen=True, slots=True)
class Case:
    """A graph to learn from.

    Attributes:
        graph: candidates of a corpus.
        truth: bool (edges,), which are pairs.
        known: bool (edges,), of which edges that may be learnt from.
        source: int (edges,), where each comes from.
    """

    graph: CandidateGraph
    truth: np.ndarray
    known: np.ndarray
    source: np.ndarray


PENALTY: Final = 30.0
"""Weight of half the sum of squares of the standardised coefficients. Only 30 and 300 were compared: F1 across sources
differs by 0.004."""


def fit_logistic(
    evidence: np.ndarray, truth: np.ndarray, weight: np.ndarray, columns: tuple[str, ...], penalty: float = PENALTY
) -> Logistic:
    """Fit by L-BFGS on standardised columns; deterministic.

    Args:
        evidence: float (rows, columns).
        truth: bool (rows,).
        weight: float (rows,).
        columns: names of the columns.
        penalty: on the sum of squares of the coefficients.
    """
    mean, scale = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    scaled = (evidence - mean) / scale
    target = truth.astype(float)

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        score = scaled @ parameters[:-1] + parameters[-1]
        value = (weight * (np.logaddexp(0, score) - target * score)).sum()
        value += 0.5 * penalty * (parameters[:-1] ** 2).sum()
        slope = weight * (expit(score) - target)
        return float(value), np.r_[scaled.T @ slope + penalty * parameters[:-1], slope.sum()]

    found = minimize(loss, np.zeros(len(columns) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    coefficients = found.x[:-1] / scale
    return Logistic(columns, tuple(coefficients.tolist()), float(found.x[-1] - coefficients @ mean))


DIRECT_SHARE: Final = 0.9
GROUPED_SHARE: Final = 0.6
"""Positives for each negative, by weight, among the edges that a stage learns from: those that are the best of both
sides. pairs_dev has more, plain and with declared names masked: 2.4 and 1.8 for the first stage, 2.3 and 1.7 for the
second. Fewer make doubtful pairs less likely, so they cost recall and spare precision; these two were chosen by F1 on
pairs_dev."""


def learn(whole: Sequence[Case], parts: Sequence[Case] = ()) -> tuple[Logistic, Logistic]:
    """Both stages; the second learns on what the first one says of the same edges.

    Args:
        whole: graphs with what is known of their edges.
        parts: such graphs cut down to a few languages; only the second stage learns from them too. What the first one
            reads is the same there, and it would count some pairs of languages more often than others.

    Returns:
        the models of the first and the second stage.
    """
    direct = _stage(whole, [direct_evidence(case.graph) for case in whole], DIRECT, DIRECT_SHARE)
    every = [*whole, *parts]
    found = []
    for case in every:
        evidence, _ = direct_evidence(case.graph)
        found.append(grouped_evidence(case.graph, expit(direct.logit(evidence))))
    return direct, _stage(every, found, GROUPED, GROUPED_SHARE)


def _stage(
    cases: Sequence[Case], found: Sequence[tuple[np.ndarray, np.ndarray]], columns: tuple[str, ...], share: float
) -> Logistic:
    rows = [case.known & best for case, (_, best) in zip(cases, found, strict=True)]
    truth = [case.truth[row] for case, row in zip(cases, rows, strict=True)]
    evidence = [table[row] for (table, _), row in zip(found, rows, strict=True)]
    weight = [balanced(part, case.source[row], share) for part, case, row in zip(truth, cases, rows, strict=True)]
    return fit_logistic(np.concatenate(evidence), np.concatenate(truth), np.concatenate(weight), columns)


def balanced(truth: np.ndarray, source: np.ndarray, positives_per_negative: float) -> np.ndarray:
    """Weights that give each source the same mass, and inside it `fixed_share`; their sum is the number of rows."""
    weight = np.zeros(len(truth))
    sources = np.unique(source)
    for one in sources:
        inside = source == one
        own = fixed_share(truth[inside], positives_per_negative)
        weight[inside] = own * (len(truth) / len(sources) / own.sum())
    return weight


def fixed_share(truth: np.ndarray, positives_per_negative: float) -> np.ndarray:
    """Weights that give the positives a fixed mass beside the negatives, float (rows,); all 1 where one is missing."""
    positives = int(truth.sum())
    weight = np.ones(len(truth))
    if 0 < positives < len(truth):
        weight[truth] = positives_per_negative * (len(truth) - positives) / positives
    return weight
