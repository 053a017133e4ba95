"""L = E + A / N^alpha + B / D^beta (arXiv 2203.15556, equation 2), with free or equal exponents."""

from typing import ClassVar, NamedTuple

import numpy as np

from fit.laws.law import Law, Parameter, Space
from fit.laws.terms import log_sum
from fit.points import Array, Inputs

TERM = (-14.0, 8.0)
"""Bounds of a term's logarithm at the reference scales; below e^-14 it is no part of any loss."""
EXPONENT = (-6.0, 1.6)
"""Bounds of an exponent's logarithm: .0025 to 5. Published exponents of sound fits lie within .05 to 1.4."""
GRID = np.exp(np.linspace(np.log(0.05), np.log(2.0), 10))
"""Exponents of which starts take every combination."""
FLOOR = 1e-3
"""Least share of the mean loss that a start gives to a term, so that its gradient does not vanish."""


class Features(NamedTuple):
    """Logarithms of N / N0 and D / D0, (R,) each."""

    n: Array
    d: Array


class Chinchilla(Law):
    """Loss as a floor plus a term of model size and one of data, each a power law.

    Internal parameters: logarithms of the three terms at N0 and D0, and of the exponents.
    """

    name: ClassVar[str] = "chinchilla"
    title: ClassVar[str] = "E + A / N^alpha + B / D^beta"
    source: ClassVar[str] = "arXiv 2203.15556"
    tied: ClassVar[bool] = False

    def __init__(self, space: Space) -> None:
        super().__init__(space)
        term = {"low": TERM[0], "high": TERM[1], "start": (-1.5, 1.0), "unit": "loss"}
        exponent = {"low": EXPONENT[0], "high": EXPONENT[1], "start": (-2.0, 0.3)}
        found = [Parameter("E", **term)]  # type: ignore[arg-type]
        found += [Parameter("A", **term)] if space.varies_n else []  # type: ignore[arg-type]
        found += [Parameter("B", **term)] if space.varies_d else []  # type: ignore[arg-type]
        found += [Parameter("alpha", **exponent)] if space.varies_n else []  # type: ignore[arg-type]
        found += [Parameter("beta", **exponent)] if space.varies_d and not self._one else []  # type: ignore[arg-type]
        self.parameters = tuple(found)
        self._at = {parameter.symbol: index for index, parameter in enumerate(found)}

    @property
    def _one(self) -> bool:
        """Whether one exponent stands for both."""
        return self.tied and self.space.varies_n

    def levels(self) -> tuple[int, ...]:
        """E, A and B."""
        return tuple(self._at[symbol] for symbol in ("E", "A", "B") if symbol in self._at)

    def features(self, inputs: Inputs) -> Features:
        """Centred logarithms."""
        return Features(np.log(inputs.n / self.space.n0), np.log(inputs.d / self.space.d0))

    def _powers(self) -> list[tuple[int, int, int]]:
        """For each power term: index of its level, of its exponent, and of its feature."""
        found = []
        if self.space.varies_n:
            found.append((self._at["A"], self._at["alpha"], 0))
        if self.space.varies_d:
            found.append((self._at["B"], self._at["alpha" if self._one else "beta"], 1))
        return found

    def evaluate(self, theta: Array, features: Features, gradient: bool = True) -> tuple[Array, Array | None]:
        """See `Law.evaluate`."""
        rows = len(features.n)
        terms = [np.broadcast_to(theta[:, :1], (len(theta), rows))]
        for level, exponent, which in self._powers():
            terms.append(theta[:, level, None] - np.exp(theta[:, exponent, None]) * features[which])
        value, shares = log_sum(terms)
        if not gradient:
            return value, None
        slopes = np.zeros((*value.shape, self.size))
        slopes[..., 0] = shares[0]
        for (level, exponent, which), share in zip(self._powers(), shares[1:], strict=True):
            slopes[..., level] = share
            slopes[..., exponent] -= share * np.exp(theta[:, exponent, None]) * features[which]
        return value, slopes

    def natural(self, theta: Array) -> dict[str, Array]:
        """E, A, B in units of the loss, for N in parameters and D in tokens; alpha and beta."""
        space, found = self.space, {"E": np.exp(theta[:, 0])}
        for (level, exponent, which), symbol in zip(self._powers(), self._symbols(), strict=True):
            power = np.exp(theta[:, exponent])
            found[symbol] = np.exp(theta[:, level] + power * np.log((space.n0, space.d0)[which]))
            found["alpha" if which == 0 or self._one else "beta"] = power
        return found

    def _symbols(self) -> list[str]:
        return [symbol for symbol in ("A", "B") if symbol in self._at]

    def starts(
        self, features: Features, log_loss: Array, weights: Array, count: int, rng: np.random.Generator
    ) -> Array:
        """The best of a grid of exponents, with the terms by relative least squares, which is linear.

        What least squares makes negative is raised to a small share of the loss.
        """
        cells = _cells([exponent for _, exponent, _ in self._powers()])
        loss = np.exp(log_loss)
        target = np.ones_like(loss)
        found = np.empty((len(weights), len(cells), self.size))
        misfit = np.empty((len(weights), len(cells)))
        for index, powers in enumerate(cells):
            basis = np.stack(
                [np.ones_like(loss)]
                + [np.exp(-powers[exponent] * features[which]) for _, exponent, which in self._powers()],
                axis=1,
            )
            levels, misfit[:, index] = _relative_least_squares(basis / loss[:, None], target, weights, loss.mean())
            found[:, index, list(self.levels())] = np.log(levels)
            for exponent, power in powers.items():
                found[:, index, exponent] = np.log(power)
        order = np.argsort(misfit, axis=1, kind="stable")[:, :count]
        low, high = self.bounds
        return np.clip(np.take_along_axis(found, order[..., None], axis=1), low, high)


class TiedChinchilla(Chinchilla):
    """The same with one exponent for size and data, as in arXiv 2403.08540."""

    name: ClassVar[str] = "chinchilla-tied"
    title: ClassVar[str] = "E + A / N^alpha + B / D^alpha"
    source: ClassVar[str] = "arXiv 2403.08540"
    tied: ClassVar[bool] = True


def _cells(exponents: list[int]) -> list[dict[int, float]]:
    """Every combination of exponents of the grid: index of the parameter to the exponent."""
    cells: list[dict[int, float]] = [{}]
    for exponent in dict.fromkeys(exponents):
        cells = [{**cell, exponent: float(power)} for cell in cells for power in GRID]
    return cells


def _relative_least_squares(basis: Array, target: Array, weights: Array, mean: float) -> tuple[Array, Array]:
    """Positive levels that fit best for each row of weights, and the squared misfit.

    Args:
        basis: (R, C) columns.
        target: (R,).
        weights: (B, R).
        mean: of the loss.
    """
    rows, columns = basis.shape
    outer = (basis[:, :, None] * basis[:, None, :]).reshape(rows, columns * columns)
    normal = (weights @ outer).reshape(-1, columns, columns)
    right = weights @ (basis * target[:, None])
    ridge = 1e-9 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(columns)
    levels = np.linalg.solve(normal + ridge, right[..., None])[..., 0]
    levels = np.maximum(levels, FLOOR * mean)
    misfit = (levels * ((normal @ levels[..., None])[..., 0] - 2 * right)).sum(axis=1) + weights @ (target * target)
    return levels, misfit
