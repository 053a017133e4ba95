"""The terms that most laws share: a floor, a power of the model size and a power of the tokens."""

from typing import NamedTuple

import numpy as np

from fit.laws.law import Parameter, Space
from fit.laws.sums import SumLaw, Term, exponent, level
from fit.points import Array, Inputs


class Scales(NamedTuple):
    """Logarithms of N / N0 and D / D0, (R,) each."""

    n: Array
    d: Array


def scales(space: Space, inputs: Inputs) -> Scales:
    """Centred logarithms of sizes and tokens."""
    return Scales(np.log(inputs.n / space.n0), np.log(inputs.d / space.d0))


def power_parameters(space: Space) -> list[Parameter]:
    """E, and A, B and their exponents as far as the points can tell them."""
    found = [level("E")]
    found += [level("A")] if space.varies_n else []
    found += [level("B")] if space.varies_d else []
    found += [exponent("alpha")] if space.varies_n else []
    found += [exponent("beta")] if space.varies_d else []
    return found


def floor_term(law: SumLaw, theta: Array, scale: Scales) -> Term:
    """E, at every place."""
    where = law.at["E"]
    return Term(np.broadcast_to(theta[:, where, None], (len(theta), len(scale.n))), [(where, 1.0)])


def size_term(law: SumLaw, theta: Array, n: Array) -> list[Term]:
    """A / N^alpha, where the law has it."""
    return _power(law, theta, "A", "alpha", n)


def data_term(law: SumLaw, theta: Array, d: Array) -> list[Term]:
    """B / D^beta, where the law has it."""
    return _power(law, theta, "B", "beta", d)


def _power(law: SumLaw, theta: Array, symbol: str, power: str, scale: Array) -> list[Term]:
    if symbol not in law.at:
        return []
    term, index = law.at[symbol], law.at[power]
    fallen = np.exp(theta[:, index, None]) * scale
    return [Term(theta[:, term, None] - fallen, [(term, 1.0), (index, -fallen)])]


def natural_powers(law: SumLaw, theta: Array) -> dict[str, Array]:
    """E, A, B, alpha and beta, as far as the law has them, for N in parameters and D in tokens."""
    at, space = law.at, law.space
    known = [(s, p, r) for s, p, r in (("A", "alpha", space.n0), ("B", "beta", space.d0)) if s in at]
    powers = {power: np.exp(theta[:, at[power]]) for _, power, _ in known}
    levels = {symbol: np.exp(theta[:, at[symbol]] + powers[power] * np.log(scale)) for symbol, power, scale in known}
    return {"E": np.exp(theta[:, at["E"]]), **levels, **powers}
