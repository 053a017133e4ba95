"""One law, the places and losses it is fitted to, and the objective with its gradient, for many thetas at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fit.estimate.loss import Loss
from fit.laws.law import Law
from fit.points import Array


@dataclass(frozen=True, slots=True)
class Problem:
    """What a solver needs: R rows, P parameters."""

    law: Law
    features: Any
    """Of the R rows."""
    log_loss: Array
    """(R,) logarithms of the measured losses."""
    loss: Loss
    noise: float = 0.01
    """Standard deviation of log losses that priors are weighed against: the weaker the data, the more a prior says."""

    def residual(self, theta: Array) -> Array:
        """(S, R) measured minus predicted."""
        return self.log_loss - self.law.evaluate(theta, self.features, gradient=False)[0]

    def linearised(self, theta: Array) -> tuple[Array, Array]:
        """Residuals (S, R) and the derivatives of the prediction (S, R, P)."""
        value, slopes = self.law.evaluate(theta, self.features, gradient=True)
        assert slopes is not None
        return self.log_loss - value, slopes

    def priors(self) -> tuple[Array, Array]:
        """Means and strengths of the priors, (P,) each; strength 0: none.

        A prior of standard deviation s is worth noise^2 / s^2 of a squared residual. For residuals beyond Huber's
        delta a squared residual of the size of the noise costs less by delta / noise, and so must the prior.
        """
        found = [(0.0, 0.0) if p.prior is None else p.prior for p in self.law.parameters]
        mean = np.array([m for m, _ in found])
        scale = self.noise if self.loss.kind == "l1" else self.noise * min(self.noise, self.loss.delta)
        return mean, np.array([scale / (s * s) if s else 0.0 for _, s in found])

    def objective(self, theta: Array, weights: Array, loss: Loss | None = None) -> Array:
        """(S,) objective with priors, for (S, P) thetas and (S, R) weights."""
        mean, strength = self.priors()
        prior = 0.5 * (strength * (theta - mean) ** 2).sum(axis=-1)
        total: Array = (loss or self.loss).sum(self.residual(theta), weights) + prior
        return total

    def gradient(self, theta: Array, weights: Array) -> Array:
        """(S, P) derivatives of the objective."""
        mean, strength = self.priors()
        residual, slopes = self.linearised(theta)
        pull = weights * self.loss.slope(residual)
        total: Array = strength * (theta - mean) - np.einsum("sr,srp->sp", pull, slopes)
        return total
