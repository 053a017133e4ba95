"""A Gaussian process on log loss: smooth in the mixture, sure of itself only near what was measured.

The kernel is Matern-5/2 plus linear, each with a scale per feature; the hyperparameters maximise the marginal
likelihood with weak priors. Leaving points out afterwards is exact and free (Rasmussen and Williams, equation 5.12).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

from contracts.errors import StageError
from fit.points import Array, Inputs
from fit.select.features import Features, features_of

ROOT5 = float(np.sqrt(5.0))
START = (1.0, 0.3, 0.1)
"""Where hyperparameters start: length scales in standard deviations of a feature, relative sizes of the linear terms,
of the noise."""
SPREADS = (1.5, 1.5, 2.0)
"""Standard deviations of the priors on the logarithms of length scales, linear terms and the other two: nothing within
a factor of 5 to 10 of the start is improbable, and a feature that tells nothing cannot run away."""
BOUND = 7.0
"""Logarithms of hyperparameters stay within this: a factor of a thousand either way."""
ITERATIONS = 120
"""Steps of the optimiser at most; the likelihood is flat long before."""
MOST = 2_000
"""Points at most: time grows as their third power, memory as their square; so many take minutes for each target."""
JITTER = 1e-8
"""Variance on the diagonal, relative to the losses', that keeps the factorisation possible."""


@dataclass(frozen=True, slots=True)
class Process:
    """A Gaussian process fitted to values at points."""

    z: Array
    """(R, F) features, standardised."""
    values: Array
    """(R,) values, standardised."""
    hyper: Array
    """(2F + 2,) logarithms of length scales, linear terms, size, noise."""
    mean: float
    scale: float
    factor: Array
    """(R, R) lower Cholesky factor of the covariance."""
    weights: Array
    """(R,) covariance^-1 values."""
    evidence: float
    """Logarithm of the marginal likelihood."""

    def predict(self, z: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, (S,) each, of new measurements (noise included)."""
        cross = _kernel(self.hyper, z, self.z)
        half = solve_triangular(self.factor, cross.T, lower=True)
        own = _own_variance(self.hyper, z) + np.exp(2 * self.hyper[-1])
        variance = np.maximum(own - (half * half).sum(axis=0), 1e-12)
        return self.mean + self.scale * (cross @ self.weights), self.scale * np.sqrt(variance)

    def left_out(self, groups: NDArray | None = None) -> tuple[Array, Array]:
        """What the process says of each of its own points when that point, or its group, is left out.

        Hyperparameters stay as they are.

        Args:
            groups: (R,) equal numbers are left out together; None: each point alone.

        Returns:
            Means and standard deviations, (R,) each.
        """
        inverse = cho_solve((self.factor, True), np.eye(len(self.values)))
        labels = np.arange(len(self.values)) if groups is None else np.asarray(groups)
        mean, variance = np.empty_like(self.values), np.empty_like(self.values)
        for label in np.unique(labels):
            block = np.flatnonzero(labels == label)
            covariance = np.linalg.inv(inverse[np.ix_(block, block)])
            mean[block] = self.values[block] - covariance @ self.weights[block]
            variance[block] = np.diag(covariance)
        return self.mean + self.scale * mean, self.scale * np.sqrt(variance)


def fit_process(z: Array, values: Array, hyper: Array | None = None) -> Process:
    """A process with the hyperparameters of greatest marginal likelihood, priors included.

    Args:
        z: (R, F) features, standardised.
        values: (R,).
        hyper: hyperparameters that are to be taken as they are.
    """
    mean, scale = float(values.mean()), float(values.std()) or 1.0
    y = (values - mean) / scale
    if hyper is None:
        start = prior_mean(z.shape[1])
        found = minimize(
            objective,
            start,
            args=(z, y),
            jac=True,
            method="L-BFGS-B",
            bounds=[(-BOUND, BOUND)] * len(start),
            options={"maxiter": ITERATIONS},
        )
        hyper = np.asarray(found.x)
    factor = _factor(_covariance(hyper, z))
    weights = cho_solve((factor, True), y)
    evidence = -0.5 * float(y @ weights) - float(np.log(np.diag(factor)).sum()) - 0.5 * len(y) * np.log(2 * np.pi)
    return Process(z, y, hyper, mean, scale, factor, weights, evidence)


def prior_mean(features: int) -> Array:
    """The most probable hyperparameters before anything is measured, (2F + 2,)."""
    length, linear, noise = START
    first = [np.log(length * np.sqrt(features))] * features + [np.log(linear / np.sqrt(features))] * features
    return np.array([*first, 0.0, np.log(noise)])


def objective(hyper: Array, z: Array, y: Array) -> tuple[float, Array]:
    """Minus the logarithm of marginal likelihood and priors, and its gradient.

    Args:
        hyper: (2F + 2,).
        z: (R, F).
        y: (R,) standardised values.
    """
    size = z.shape[1]
    matern, falling = _matern(hyper, z, z)
    covariance = matern + (z * np.exp(2 * hyper[size : 2 * size])) @ z.T
    covariance[np.diag_indices_from(covariance)] += np.exp(2 * hyper[-1]) + JITTER
    factor = _factor(covariance)
    weights = cho_solve((factor, True), y)
    inverse = cho_solve((factor, True), np.eye(len(y)))
    slope = 0.5 * (inverse - np.outer(weights, weights))
    gradient = np.empty_like(hyper)
    gradient[:size] = _length_slopes(slope * falling, hyper[:size], z)
    gradient[size : 2 * size] = 2 * np.exp(2 * hyper[size : 2 * size]) * (z * (slope @ z)).sum(axis=0)
    gradient[-2] = 2 * (slope * matern).sum()
    gradient[-1] = 2 * np.exp(2 * hyper[-1]) * np.trace(slope)
    value = 0.5 * float(y @ weights) + float(np.log(np.diag(factor)).sum())
    away = (hyper - prior_mean(size)) / _prior_spread(size)
    return value + 0.5 * float(away @ away), gradient + away / _prior_spread(size)


def _prior_spread(features: int) -> Array:
    length, linear, other = SPREADS
    return np.array([*[length] * features, *[linear] * features, other, other])


def _factor(covariance: Array) -> Array:
    return np.asarray(cholesky(covariance, lower=True, check_finite=False))


def _matern(hyper: Array, left: Array, right: Array) -> tuple[Array, Array]:
    """The Matern part (S, R), and what its derivatives in log length scales have in common."""
    size = left.shape[1]
    a, b = left / np.exp(hyper[:size]), right / np.exp(hyper[:size])
    square = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None] - 2 * a @ b.T
    distance = ROOT5 * np.sqrt(np.maximum(square, 0.0))
    decay = np.exp(2 * hyper[-2] - distance)
    return (1 + distance + distance * distance / 3) * decay, (5 / 3) * (1 + distance) * decay


def _length_slopes(weight: Array, lengths: Array, z: Array) -> Array:
    """Sums over pairs of weight times squared, scaled differences of each feature: derivatives in log lengths."""
    scaled = z / np.exp(lengths)
    total = 2 * (weight.sum(axis=1)[:, None] * scaled * scaled).sum(axis=0)
    return np.asarray(total - 2 * (scaled * (weight @ scaled)).sum(axis=0))


def _kernel(hyper: Array, left: Array, right: Array) -> Array:
    size = left.shape[1]
    return np.asarray(_matern(hyper, left, right)[0] + (left * np.exp(2 * hyper[size : 2 * size])) @ right.T)


def _covariance(hyper: Array, z: Array) -> Array:
    covariance = _kernel(hyper, z, z)
    covariance[np.diag_indices_from(covariance)] += np.exp(2 * hyper[-1]) + JITTER
    return covariance


def _own_variance(hyper: Array, z: Array) -> Array:
    size = z.shape[1]
    return np.asarray(np.exp(2 * hyper[-2]) + (z * z * np.exp(2 * hyper[size : 2 * size])).sum(axis=1))


@dataclass(frozen=True, slots=True)
class GaussianProcess:
    """Processes for the losses on all targets, in the mixture, and in N and D where they vary."""

    names: tuple[str, ...]
    components: tuple[str, ...]
    features: Features
    processes: tuple[Process, ...]

    def predict(self, inputs: Inputs) -> Array:
        """(R, T) losses."""
        z = self.features.of(inputs)
        return np.exp(np.stack([process.predict(z)[0] for process in self.processes], axis=1))

    def deviation(self, inputs: Inputs) -> Array:
        """(R, T) standard deviations of new measurements of log loss."""
        z = self.features.of(inputs)
        return np.stack([process.predict(z)[1] for process in self.processes], axis=1)


def fit_processes(inputs: Inputs, values: Array, names: tuple[str, ...]) -> GaussianProcess:
    """Processes for several values at the same places.

    Args:
        inputs: R places.
        values: (R, T), logarithms of losses or what laws left of them; NaN where not measured.
        names: T targets.

    Raises:
        StageError: too many places, or nothing differs between them.
    """
    if len(inputs) > MOST:
        raise StageError(
            f"{len(inputs):,} points: a Gaussian process takes at most {MOST:,}, its time grows as their third power. "
            "Take trees, or fewer rows with --where"
        )
    features = features_of(inputs)
    z = features.of(inputs)
    made = []
    for column in values.T:
        known = np.isfinite(column)
        made.append(fit_process(z[known], column[known]))
    return GaussianProcess(names, inputs.components, features, tuple(made))
