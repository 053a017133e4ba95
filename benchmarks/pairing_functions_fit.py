"""Logistic regression over cells of functions, with the loss of choosing among rivals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from pairing.align.model import CLIP, probability

L2 = 0.01
"""Penalty on squared standardised coefficients, beside the mean loss of a cell."""
RIVALS = 0.1
"""Weight of the loss of choosing among rivals: of a known function's row, or column, of cells by softmax."""


@dataclass
class Fit:
    """A regression over named columns."""

    names: list[str]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    intercept: float

    def logits(self, matrix: np.ndarray) -> np.ndarray:
        """Log odds of every row."""
        return np.clip((matrix - self.mean) / self.scale, -CLIP, CLIP) @ self.weights + self.intercept


class Choice:
    """Of the cells of each line that has a true one, which is it? Softmax, each line with the weight of its view."""

    def __init__(self, line: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> None:
        _, inverse = np.unique(line, return_inverse=True)
        known = np.flatnonzero((np.bincount(inverse, truth) > 0)[inverse])
        self.cells = known[np.argsort(inverse[known], kind="stable")]
        line = inverse[self.cells]
        self.starts = np.flatnonzero(np.r_[True, np.diff(line) > 0])
        self.line = np.cumsum(np.r_[0, np.diff(line) > 0])
        self.truth, weight = truth[self.cells], weight[self.cells]
        self.weight = weight / weight[self.starts].sum()

    def loss(self, logits: np.ndarray) -> tuple[float, np.ndarray]:
        """Mean loss of a line, and its slope at `cells`."""
        values = logits[self.cells]
        values = values - np.maximum.reduceat(values, self.starts)[self.line]
        values -= np.log(np.add.reduceat(np.exp(values), self.starts))[self.line]
        return float(-(self.weight * self.truth) @ values), self.weight * (np.exp(values) - self.truth)


def fit(
    names: list[str], matrix: np.ndarray, truth: np.ndarray, share: np.ndarray, choices: Sequence[Choice] = ()
) -> Fit:
    """Logistic regression with an L2 penalty on standardised columns, and the loss of choosing among rivals.

    Args:
        names: of the columns.
        matrix: float64 (cells, columns).
        truth: 0 or 1.
        share: weight of each cell.
        choices: among the cells of rows and of columns.
    """
    mean, scale, share = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6, share / share.sum()
    standard = np.clip((matrix - mean) / scale, -CLIP, CLIP)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        weights, logits = theta[:-1], standard @ theta[:-1] + theta[-1]
        slope = (probability(logits) - truth) * share
        value = share @ (np.logaddexp(0, logits) - truth * logits) + 0.5 * L2 * weights @ weights
        for choice in choices:
            more, at = choice.loss(logits)
            value += RIVALS * more
            slope[choice.cells] += RIVALS * at
        return float(value), np.r_[standard.T @ slope + L2 * weights, slope.sum()]

    start = np.r_[np.zeros(len(names)), -2.0]
    theta = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Fit(names, mean, scale, theta[:-1], float(theta[-1]))


def written(fitted: Fit, slope: float = 1.0, offset: float = 0.0) -> dict[str, Any]:
    columns = zip(fitted.names, fitted.mean, fitted.scale, slope * fitted.weights, strict=True)
    return {
        "intercept": round(slope * fitted.intercept + offset, 5),
        "columns": [[name, *(float(f"{number:.6g}") for number in numbers)] for name, *numbers in columns],
    }
