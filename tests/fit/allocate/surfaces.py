"""Laws with known optima, and a real fit, for tests."""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from fit.allocate.constraints import Constraints, check, resolve
from fit.allocate.goal import Goal
from fit.allocate.path import referenced
from fit.allocate.place import place_of
from fit.allocate.program import Program
from fit.allocate.surface import Surface
from fit.estimate.estimate import fit
from fit.estimate.fitted import Fit
from fit.points import Array, Inputs, Points, places, points
from fit.predictor import Predictor

RANGES = {"n": (1e7, 1e9), "d": (1e8, 1e11), "flops": (6e15, 6e20)}


@dataclass(frozen=True)
class Separable:
    """L_t = E_t + A_t / N^a_t + B_t / (sum_j S_tj D_j)^b_t, D_j = p_j D or, saturating, less of what is repeated."""

    e: Array
    b: Array
    beta: Array
    names: tuple[str, ...]
    components: tuple[str, ...]
    a: Array
    alpha: Array
    transfer: Array
    """(T, K)."""
    ranges: dict[str, tuple[float, float]] = field(default_factory=lambda: dict(RANGES))
    saturates: float = np.inf
    """Epochs beyond which repeated tokens are worth ever less."""
    identity: str = "runs-1"
    law: str = "separable"

    def predict(self, inputs: Inputs) -> Array:
        tokens = inputs.shares * inputs.d[:, None]
        if np.isfinite(self.saturates):
            limit = inputs.unique * self.saturates
            tokens = limit * -np.expm1(-tokens / np.maximum(limit, 1e-9))
        return self.e + self.a / inputs.n[:, None] ** self.alpha + self.b / (tokens @ self.transfer.T) ** self.beta

    def moved(self, rng: np.random.Generator, size: float = 0.05) -> "Separable":
        """The same with other coefficients of data."""
        return replace(self, b=self.b * np.exp(size * rng.standard_normal(len(self.b))))

    def permuted(self, order: list[int]) -> "Separable":
        """The same with targets and components in another order."""
        return replace(
            self,
            e=self.e[order],
            b=self.b[order],
            beta=self.beta[order],
            a=self.a[order],
            alpha=self.alpha[order],
            names=tuple(self.names[i] for i in order),
            components=tuple(self.components[i] for i in order),
            transfer=self.transfer[np.ix_(order, order)],
        )


def separable(b, beta=0.3, e=1.0, a=50.0, alpha=0.3, transfer=None, names=None, extra=(), **more) -> Separable:
    """A law for so many targets; `extra` components help none of them."""
    size = len(b)
    targets = tuple(names or ("python", "java", "go", "rust", "csharp")[:size])
    full = np.ones(size)
    matrix = np.eye(size) if transfer is None else np.asarray(transfer, float)
    return Separable(
        e=e * full,
        b=np.asarray(b, float),
        beta=beta * full,
        names=targets,
        components=(*targets, *extra),
        a=a * full,
        alpha=alpha * full,
        transfer=np.concatenate([matrix, np.full((size, len(extra)), 1e-9)], axis=1),
        **more,
    )


@dataclass(frozen=True)
class Linear:
    """The paper's equation 6 in essence: one loss that is linear in the shares, for every target alike."""

    levels: Array
    names: tuple[str, ...]
    components: tuple[str, ...]

    def predict(self, inputs: Inputs) -> Array:
        return np.repeat((inputs.shares @ self.levels)[:, None], len(self.names), axis=1)


@dataclass(frozen=True)
class Together:
    """The geometric mean of laws, as an average of fits is."""

    members: tuple[Predictor, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.members[0].names

    @property
    def components(self) -> tuple[str, ...]:
        return self.members[0].components

    def predict(self, inputs: Inputs) -> Array:
        return np.exp(np.mean([np.log(member.predict(inputs)) for member in self.members], axis=0))


def program(
    law: Predictor, goal: Goal | None = None, limits: Constraints | None = None, n=1e8, d=1e10, flops=None, reach=10.0
) -> Program:
    """A program as `allocate` makes it, without a prior."""
    goal = goal or Goal()
    bounds = resolve(limits or Constraints(), law.components)
    place = place_of(RANGES, n=None if flops else n, d=None if flops else d, flops=flops, factor=6, reach=reach)
    check(bounds, None if flops else d)
    size = len(law.components)
    start = Program(
        surface=Surface(law, bounds.unique),
        goal=goal,
        weights=goal.of(law.names),
        reference=np.zeros(len(law.names)),
        reference_at=(np.full(size, 1 / size), place.n, place.d),
        bounds=bounds,
        place=place,
    )
    return referenced(start)


def measured(rows: int = 60, seed: int = 0) -> Points:
    """Points of a law with two languages, with a little noise."""
    law = separable([200.0, 500.0], transfer=[[1, 0.3], [0.1, 1]])
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet([1, 1], rows)
    n, d = 10 ** rng.uniform(7, 9, rows), 10 ** rng.uniform(8.5, 10.5, rows)
    inputs = places(n, d, shares, law.components)
    losses = law.predict(inputs) * np.exp(0.002 * rng.standard_normal((rows, 2)))
    return points(inputs, losses, law.names)


@cache
def fitted() -> Fit:
    """The transfer law, fitted to these."""
    return fit(measured(), "transfer", starts=6)
