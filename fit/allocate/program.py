"""An allocation as a constrained minimisation: variables, objective, constraints and their derivatives. Pure.

Variables are the shares; log N and log D where a budget of operations is divided; and, where the worst loss is
minimised, a number that all losses stay below.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fit.allocate.constraints import LEAST_TOKENS, Bounds
from fit.allocate.goal import Goal
from fit.allocate.place import Place
from fit.allocate.surface import Slopes, Surface, losses
from fit.points import Array

FLOOR = 1e-6
"""Least share of what may have any: some laws are infinite, or infinitely steep, at zero. It is printed as zero."""


@dataclass(frozen=True)
class Program:
    """What a solver needs."""

    surface: Surface
    goal: Goal
    weights: Array
    """(T,) weights of the targets."""
    reference: Array
    """(T,) log losses of the uniform mixture."""
    reference_at: tuple[Array, float, float]
    """Its shares, N and D."""
    bounds: Bounds
    place: Place
    prior: Array | None = None
    """(K,) proportions that the result is drawn towards."""
    strength: float = 0.0
    allowance: Array | float = 0.0
    """(T,) what the guard allows more, in log loss."""

    @cached_property
    def counted(self) -> NDArray[np.int64]:
        """Numbers of the targets with a weight."""
        return np.flatnonzero(self.weights > 0)

    @property
    def size(self) -> int:
        """Number of components K."""
        return len(self.bounds.low)

    @property
    def variables(self) -> int:
        """Number of variables V."""
        return self.size + 2 * self.place.free + (self.goal.kind == "worst")

    def box(self, tokens: float) -> tuple[Array, Array]:
        """Least and largest shares at a budget of tokens, with the floor."""
        low, high = self.bounds.at(tokens)
        high = np.maximum(high, low)
        floor = np.minimum(FLOOR, high)
        return (np.maximum(low, floor) if np.maximum(low, floor).sum() <= 1 else low), high

    @cached_property
    def most_tokens(self) -> float:
        """The largest D that the constraints allow, a part in 10^9 less where they are tight."""
        return min(self.place.high[1], self.bounds.most_tokens * (1 - 1e-9))

    @property
    def centre(self) -> Array:
        """(K,) what would be taken without a law: the prior, else the uniform mixture."""
        return self.reference_at[0] if self.prior is None else self.prior

    # values at many places

    def score(self, logs: Array) -> Array:
        """(R,) the objective without the prior, of log losses (R, T)."""
        value = logs - self.reference if self.goal.units == "log" else losses(logs)
        if self.goal.kind == "worst":
            worst: Array = value[:, self.counted].max(axis=1)
            return worst
        mean: Array = value @ self.weights
        return mean

    def pull(self, shares: Array) -> Array:
        """(R,) what the prior adds for shares (R, K)."""
        if self.prior is None or not self.strength:
            return np.zeros(len(shares))
        ratio = np.log(np.maximum(shares, 1e-300) / np.maximum(self.prior, 1e-300))
        pulled: Array = self.strength * np.where(shares > 0, shares * ratio, 0.0).sum(axis=1)
        return pulled

    def excess(self, logs: Array) -> Array:
        """(R,) how far the worst target is beyond the guard, in log loss; 0 or less: within it."""
        if self.goal.guard is None:
            return np.full(len(logs), -np.inf)
        most: Array = (logs - self.reference - self.allowance)[:, self.counted].max(axis=1) - np.log1p(self.goal.guard)
        return most

    def objective(self, shares: Array, n: Array | float, d: Array | float) -> tuple[Array, Array]:
        """Objectives (R,), and how far they are beyond the guard (R,)."""
        logs = self.surface.logs(shares, n, d)
        return self.score(logs) + self.pull(shares), self.excess(logs)

    # one vector of variables

    def pack(self, shares: Array, n: float, d: float) -> Array:
        """Variables for a mixture at a place."""
        found = [shares, np.log([n, d])] if self.place.free else [shares]
        if self.goal.kind == "worst":
            found.append(self.score(self.surface.logs(shares[None], n, d)))
        return np.concatenate(found)

    def unpack(self, x: Array) -> tuple[Array, float, float]:
        """Shares, N and D."""
        shares = x[: self.size]
        if not self.place.free:
            return shares, self.place.n, self.place.d
        n, d = np.exp(x[self.size : self.size + 2])
        return shares, float(n), float(d)

    def slopes(self, x: Array) -> Slopes:
        """Log losses and derivatives."""
        shares, n, d = self.unpack(x)
        shares = np.maximum(shares, 0.0)
        return self.surface.slopes(shares / shares.sum(), n, d, self.place.free)

    def target_slopes(self, found: Slopes) -> Array:
        """(T, V) derivatives of log losses in the variables."""
        parts = [found.shares, *([found.size[:, None], found.tokens[:, None]] if self.place.free else [])]
        if self.goal.kind == "worst":
            parts.append(np.zeros((len(found.value), 1)))
        return np.concatenate(parts, axis=1)

    def gradient(self, x: Array, found: Slopes) -> tuple[float, Array]:
        """Objective and its derivatives in the variables."""
        shares = np.maximum(x[: self.size], 1e-300)
        pull = float(self.pull(shares[None])[0])
        if self.goal.kind == "worst":
            value, slope = float(x[-1]) + pull, np.eye(self.variables)[-1]
        else:
            value = float(self.score(found.value[None])[0]) + pull
            factor = self.weights * (1.0 if self.goal.units == "log" else losses(found.value))
            slope = factor @ self.target_slopes(found)
        if self.prior is not None and self.strength:
            slope = slope.copy()
            slope[: self.size] += self.strength * np.log(shares / np.maximum(self.prior, 1e-300))
        return value, slope

    def rows(self, x: Array, found: Slopes) -> tuple[list[str], Array, Array]:
        """Constraints that are at least 0, bounds of variables apart: labels, values (M,), derivatives (M, V)."""
        labels: list[str] = []
        values: list[Array] = []
        slopes: list[Array] = []
        for part in (self._budget(x), self._caps(x), self._below(x, found), self._guarded(found)):
            labels += part[0]
            values.append(part[1])
            slopes.append(part[2])
        return labels, np.concatenate(values), np.concatenate(slopes)

    def _none(self) -> tuple[list[str], Array, Array]:
        return [], np.zeros(0), np.zeros((0, self.variables))

    def _budget(self, x: Array) -> tuple[list[str], Array, Array]:
        if not self.place.free:
            return self._none()
        slope = np.zeros((1, self.variables))
        slope[0, self.size : self.size + 2] = -1
        return ["flops"], np.array([np.log(self.place.product) - x[self.size] - x[self.size + 1]]), slope

    def _caps(self, x: Array) -> tuple[list[str], Array, Array]:
        """Repetition caps where D is a variable; elsewhere they are bounds of the shares."""
        capped = np.flatnonzero(np.isfinite(self.bounds.cap) & (self.bounds.cap > 0))
        if not self.place.free or not len(capped):
            return self._none()
        most = self.bounds.cap[capped] * np.exp(-x[self.size + 1])
        slope = np.zeros((len(capped), self.variables))
        slope[range(len(capped)), capped] = -1
        slope[:, self.size + 1] = -most
        return [f"epochs {self.bounds.names[i]}" for i in capped], most - x[capped], slope

    def _below(self, x: Array, found: Slopes) -> tuple[list[str], Array, Array]:
        """The number that is minimised is above every loss."""
        if self.goal.kind != "worst":
            return self._none()
        rows = self.counted
        slope = -self.target_slopes(found)[rows]
        if self.goal.units == "log":
            value = x[-1] - (found.value - self.reference)[rows]
        else:
            values = losses(found.value[rows])
            value, slope = x[-1] - values, slope * values[:, None]
        slope[:, -1] = 1
        return [f"worst {rows_}" for rows_ in rows], value, slope

    def _guarded(self, found: Slopes) -> tuple[list[str], Array, Array]:
        if self.goal.guard is None:
            return self._none()
        rows = self.counted
        value = np.log1p(self.goal.guard) - (found.value - self.reference - self.allowance)[rows]
        names = self.surface.predictor.names
        return [f"guard {names[i]}" for i in rows], value, -self.target_slopes(found)[rows]

    def limits(self) -> tuple[Array, Array]:
        """(V,) lower and upper bounds of the variables."""
        low, high = self.box(LEAST_TOKENS if self.place.free else self.place.d)
        lows, highs = [low], [high]
        if self.place.free:
            lows.append(np.log(self.place.low))
            highs.append(np.log([self.place.high[0], min(self.most_tokens, 1e300)]))
        if self.goal.kind == "worst":
            lows.append(np.array([-np.inf]))
            highs.append(np.array([np.inf]))
        return np.concatenate(lows), np.concatenate(highs)
