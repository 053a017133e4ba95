"""What is to become sure: how much loss the predicted optimum is expected to cost beside the true one. Pure.

Near the optimum p of the objective f a mixture that is off by e costs e'He / 2, H being the second derivatives of f on
the simplex. Parameters that are off by v move the optimum by -H^-1 G v, G being the mixed derivatives. So with the
covariance C of the parameters the expected regret is tr(A C) / 2, A = G' H^-1 G, and lies in units of log loss. Where
there is no mixture to choose (or the optimum is a corner) it is the variance of the predicted log loss instead.
"""

from dataclasses import dataclass

import numpy as np

from fit.allocate.goal import Goal
from fit.estimate.fitted import Fit, TargetFit
from fit.laws.registry import law_of
from fit.points import Array, Inputs, places

WIDTH = 1e-3
"""Half of differences in shares."""
INSIDE = 2e-3
"""Shares up to this count as standing at their bound, where small changes of the parameters do not move them."""
FLATTEST = 1e-3
"""Least curvature relative to the largest: along what is flatter the optimum leaves the simplex before it arrives."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Where the optimum is wanted."""

    n: float
    d: float
    shares: Array
    """(K,) the predicted optimum."""
    unique: Array
    """(K,) unique tokens that there are."""
    goal: Goal


@dataclass(frozen=True, slots=True)
class Criterion:
    """Quadratic forms of the errors of each target's parameters."""

    kind: str
    """regret: of the optimum; loss: variance of the predicted loss."""
    forms: dict[str, Array]
    """By target (P, P): what it says is tr(form covariance), summed over targets."""


def criterion(fit: Fit, aim: Aim) -> Criterion:
    """What is to become small.

    Args:
        fit: all targets, of which those with a weight count.
        aim: where.
    """
    weights = dict(zip(fit.names, aim.goal.of(fit.names), strict=True))
    basis = directions(aim.shares if law_of(fit.law).mixture else np.zeros(0))
    used = {name: target for name, target in fit.targets.items() if weights[name] > 0}
    if basis.shape[1]:
        curved = np.zeros((basis.shape[1], basis.shape[1]))
        mixed = {}
        for name, target in used.items():
            second, mixed[name] = _derivatives(target, aim, fit.components, basis)
            curved = curved + weights[name] * second
        inverse = _inverse(curved)
        if inverse is not None:
            forms = {name: 0.5 * weights[name] ** 2 * m.T @ inverse @ m for name, m in mixed.items()}
            return Criterion("regret", forms)
    forms = {}
    for name, target in used.items():
        slope = _slopes(target, _at(aim, fit.components, aim.shares[None]))[0]
        forms[name] = weights[name] ** 2 * np.outer(slope, slope)
    return Criterion("loss", forms)


def directions(shares: Array) -> Array:
    """(K, F) orthonormal directions on the simplex in which the optimum can move."""
    free = np.flatnonzero(shares > INSIDE)
    if len(free) < 2:
        return np.zeros((len(shares), 0))
    centred = np.eye(len(free)) - 1 / len(free)
    vectors = np.linalg.svd(centred)[0][:, : len(free) - 1]
    found = np.zeros((len(shares), len(free) - 1))
    found[free] = vectors
    return found


def _at(aim: Aim, components: tuple[str, ...], shares: Array) -> Inputs:
    unique = np.broadcast_to(aim.unique, shares.shape)
    return places(np.full(len(shares), aim.n), np.full(len(shares), aim.d), shares, components, unique)


def _slopes(target: TargetFit, inputs: Inputs) -> Array:
    """(R, P) derivatives of log loss."""
    slopes = target.law.evaluate(target.theta[None], target.law.features(inputs))[1]
    assert slopes is not None
    return np.asarray(slopes[0])


def _derivatives(target: TargetFit, aim: Aim, components: tuple[str, ...], basis: Array) -> tuple[Array, Array]:
    """Second derivatives of log loss along the basis (F, F), and mixed ones with the parameters (F, P)."""
    count = basis.shape[1]
    free = aim.shares[np.abs(basis).max(axis=1) > 0]
    width = min(WIDTH, 0.4 * float(free.min()))
    steps = width * basis.T
    ahead, back = (
        _slopes(target, _at(aim, components, aim.shares + steps)),
        _slopes(target, _at(aim, components, aim.shares - steps)),
    )
    mixed = (ahead - back) / (2 * width)
    pairs = [(i, j) for i in range(count) for j in range(i + 1)]
    corners = [
        aim.shares + a * steps[i] + b * steps[j] for i, j in pairs for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    # steps of two directions together may leave the simplex where shares are small; half as wide they do not
    corners = [aim.shares + 0.5 * (corner - aim.shares) for corner in corners]
    value = target.law.log_loss(target.theta, _at(aim, components, np.array(corners)))[0].reshape(-1, 4)
    second = np.zeros((count, count))
    for (i, j), (pp, pm, mp, mm) in zip(pairs, value, strict=True):
        second[i, j] = second[j, i] = (pp - pm - mp + mm) / width**2
    return second, mixed


def _inverse(curved: Array) -> Array | None:
    """Inverse with a least curvature; None where the place is no minimum."""
    values, vectors = np.linalg.eigh(curved)
    if not np.isfinite(values).all() or values[-1] <= 0:
        return None
    return np.asarray((vectors / np.maximum(values, FLATTEST * values[-1])) @ vectors.T)
