"""Least squares from many starts at once, with the levels of the terms solved for after every step.

Floor, level and exponent of a term trade along a curved valley, in which steps on all parameters crawl. Solving for
the levels, which is linear, after each step follows the valley (variable projection, Golub and Pereyra 1973).
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from fit.points import Array

if TYPE_CHECKING:
    from fit.laws.sums import SumLaw

ROUNDS = 40
"""Steps: after these most starts are within 1e-4 of the least sum of squares on real tables."""
WIDE = 0.1
"""Residuals beyond this weigh less, in inverse proportion: outliers that no fit is to follow."""
NOISE = 1e-2
"""Standard deviation of log losses that priors are weighed against, as in the fit itself."""
SMALL = 1e-6
"""Relative gain below which a start counts as arrived."""
LARGEST = 2.0
"""Longest step of a parameter, in internal units."""
BLOCK = 4_000_000
"""Numbers in an array of derivatives (starts x rows x parameters) at most: 32 MB."""


def refined(law: "SumLaw", theta: Array, features: Any, log_loss: Array, weights: Array) -> Array:
    """Starts (S, P) moved to where the weighted least squares are least.

    Args:
        law: that is fitted.
        theta: (S, P).
        features: of R places.
        log_loss: (R,).
        weights: (S, R).
    """
    found = np.empty_like(theta)
    block = max(1, BLOCK // max(1, len(log_loss) * law.size))
    for first in range(0, len(theta), block):
        part = slice(first, first + block)
        found[part] = _Search(law, features, log_loss).run(theta[part], weights[part])
    return found


class _Search:
    """Levenberg and Marquardt's steps, each start with its own damping."""

    def __init__(self, law: "SumLaw", features: Any, log_loss: Array) -> None:
        self.law, self.features, self.log_loss = law, features, log_loss
        self.low, self.high = law.bounds
        self.columns = list(law.levels())
        priors = [(0.0, 0.0) if p.prior is None else p.prior for p in law.parameters]
        self.mean = np.array([mean for mean, _ in priors])
        self.strength = np.array([(NOISE / spread) ** 2 if spread else 0.0 for _, spread in priors])

    def run(self, theta: Array, weights: Array) -> Array:
        theta, alive = self.settled(theta, weights), np.arange(len(theta))
        value, damping = self.objective(theta, weights), np.full(len(theta), 1e-2)
        quiet = np.zeros(len(theta), int)
        for _ in range(ROUNDS):
            now, own = theta[alive], weights[alive]
            tried = self.settled(self.step(now, own, damping[alive]), own)
            new = self.objective(tried, own)
            better = new < value[alive]
            gain = (value[alive] - new) / np.maximum(value[alive], 1e-300)
            theta[alive[better]], value[alive[better]] = tried[better], new[better]
            damping[alive] = np.clip(damping[alive] * np.where(better, 0.2, 4.0), 1e-10, 1e8)
            still = np.where(better, gain < SMALL, damping[alive] >= 1e6)
            quiet[alive] = np.where(still, quiet[alive] + 1, 0)
            alive = alive[quiet[alive] < 2]
            if not len(alive):
                break
        return theta

    def objective(self, theta: Array, weights: Array) -> Array:
        """(S,) the sum of squares, linear beyond WIDE, with priors."""
        size = np.abs(self.log_loss - self.law.evaluate(theta, self.features, gradient=False)[0])
        squares = np.where(size <= WIDE, size * size, WIDE * (2 * size - WIDE))
        found: Array = (weights * squares).sum(axis=1) + (self.strength * (theta - self.mean) ** 2).sum(axis=1)
        return found

    def step(self, theta: Array, weights: Array, damping: Array) -> Array:
        """The next parameters; one that stands at a bound and is pushed outward stays there."""
        value, slopes = self.law.evaluate(theta, self.features)
        assert slopes is not None
        residual = self.log_loss - value
        curve = weights * WIDE / np.maximum(np.abs(residual), WIDE)
        across = (slopes * curve[..., None]).transpose(0, 2, 1)
        pull = (across @ residual[..., None])[..., 0] - self.strength * (theta - self.mean)
        matrix = across @ slopes
        index = np.arange(theta.shape[1])
        matrix[:, index, index] += self.strength
        free = ~(((theta <= self.low) & (pull < 0)) | ((theta >= self.high) & (pull > 0)))
        scale = matrix[:, index, index]
        scale = np.maximum(scale, 1e-12 * scale.max(axis=1, keepdims=True) + 1e-300)
        matrix *= free[:, :, None] & free[:, None, :]
        matrix[:, index, index] += damping[:, None] * scale + ~free
        moved = np.linalg.solve(matrix, (pull * free)[..., None])[..., 0]
        return np.asarray(np.clip(theta + np.clip(moved, -LARGEST, LARGEST), self.low, self.high))

    def settled(self, theta: Array, weights: Array) -> Array:
        """The same with the levels that fit best, unless they fit worse: bounds and priors may forbid them."""
        basis = self.law.basis(theta, self.features) / np.exp(self.log_loss)[:, None]
        curve = weights * WIDE / np.maximum(np.abs(np.log(basis.sum(axis=2))), WIDE)
        across = (basis * curve[..., None]).transpose(0, 2, 1)
        matrix, right = across @ basis, across.sum(axis=2)
        ridge = 1e-12 * np.trace(matrix, axis1=1, axis2=2)[:, None, None] * np.eye(len(self.columns))
        factor = np.linalg.solve(matrix + ridge, right[..., None])[..., 0]
        moved = theta.copy()
        moved[:, self.columns] += np.log(np.clip(factor, 0.1, 10.0))
        moved = np.clip(moved, self.low, self.high)
        worse = self.objective(moved, weights) > self.objective(theta, weights)
        return np.where(worse[:, None], theta, moved)
