"""Where an allocation is made for: a size and tokens, or a budget of operations that is divided between them. Pure."""

from dataclasses import dataclass

import numpy as np

from contracts.errors import ConfigError
from fit.points import FLOPS_PER_PARAMETER_AND_TOKEN, Array
from fit.predictor import Predictor

REACH = 10.0
"""How far beyond the measured sizes N may be chosen: published ladders predict about a factor of ten beyond their
largest rung (arXiv 2412.04403 fits to 1B and predicts 7B and 13B)."""
FARTHEST = 1000.0
"""How far outside the measured sizes or tokens a place may lie unless --reach says more. At 1,000
times a term with the usual exponent (.3) has fallen to an eighth of what was measured: what is left rests on the floor
that the law guessed, a hundred times beyond what ladders were shown to predict (see `REACH`)."""
MOST = 1e21
"""Parameters or tokens from which a number is a slip: all text there is has some 10^14 tokens."""
GRID = 13
"""Sizes at which each mixture is tried before descending."""

Ranges = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Place:
    """A size and tokens; or, where `flops` is given, bounds of both whose product the budget limits."""

    n: float
    """Parameters; with `flops` where the search begins."""
    d: float
    """Tokens; with `flops` where the search begins."""
    flops: float | None = None
    factor: float = FLOPS_PER_PARAMETER_AND_TOKEN
    """Operations for each parameter and token."""
    low: tuple[float, float] = (1.0, 1.0)
    """Least N and D."""
    high: tuple[float, float] = (np.inf, np.inf)
    """Largest N and D."""

    @property
    def free(self) -> bool:
        """Whether N and D are to be chosen."""
        return self.flops is not None

    @property
    def product(self) -> float:
        """The largest N x D."""
        return self.n * self.d if self.flops is None else self.flops / self.factor

    def grid(self) -> Array:
        """(G, 2) sizes and tokens that use up the budget, as far as bounds allow."""
        if not self.free:
            return np.array([[self.n, self.d]])
        most = min(self.high[0], self.product / self.low[1])
        n = np.geomspace(self.low[0], max(self.low[0], most), GRID)
        return np.stack([n, np.minimum(self.product / n, self.high[1])], axis=1)


def ranges_of(predictor: Predictor) -> Ranges:
    """Least and largest n, d and flops of the points that a predictor rests on; empty where it does not tell.

    Of an average the widest: it has been fitted to the same points, as far as each law covers them.
    """
    own: Ranges = dict(getattr(predictor, "ranges", None) or {})
    for member in getattr(predictor, "members", ()):
        for name, (low, high) in ranges_of(member).items():
            least, most = own.get(name, (low, high))
            own[name] = (min(least, low), max(most, high))
    return own


def place_of(
    ranges: Ranges, *, n: float | None, d: float | None, flops: float | None, factor: float, reach: float
) -> Place:
    """The place that a command asks for.

    Raises:
        ConfigError: neither a size with tokens nor a budget is given, or a number is not positive; or the sizes that
            were measured are not known.
    """
    for option, value in (("--n", n), ("--tokens", d), ("--flops", flops), ("--flops-factor", factor)):
        if value is not None and not (np.isfinite(value) and value > 0):
            raise ConfigError(f"{option} {value}: give a number above 0")
    for option, value in (("--n", n), ("--tokens", d)):
        if value is not None and value > MOST:
            raise ConfigError(f"{option} {value:.4g}: give a number up to {MOST:g}")
    if not (np.isfinite(reach) and reach >= 1):
        raise ConfigError(f"--reach {reach}: give a factor from 1 on, such as 10")
    if flops is None:
        if n is None or d is None:
            raise ConfigError("give --n and --tokens, or --flops to have both chosen")
        _near(ranges, n, d, reach)
        return Place(n, d, factor=factor)
    if n is not None or d is not None:
        raise ConfigError("--flops chooses N and D; leave out --n and --tokens")
    if "n" not in ranges or "d" not in ranges:
        raise ConfigError("--flops: it is not known which sizes were measured; give --n and --tokens")
    return _budget(ranges, flops, factor, reach)


def _near(ranges: Ranges, n: float, d: float, reach: float) -> None:
    """Refuse a place so far from everything measured that the law says nothing there."""
    limit = max(FARTHEST, reach)
    for name, option, value in (("n", "--n", n), ("d", "--tokens", d)):
        low, high = ranges.get(name, (value, value))
        ratio = max(value / high, low / value)
        if ratio > limit * (1 + 1e-9):
            side = "above" if value > high else "below"
            raise ConfigError(
                f"{option} {value:.4g} is {ratio:.3g} times {side} the measured {low:.4g} to {high:.4g}, more than "
                f"{limit:g}: no law says anything there. Give {option} within {low / limit:.4g} to "
                f"{high * limit:.4g}, measure runs that are nearer, or insist with --reach {1.01 * ratio:.3g}"
            )


def _budget(ranges: Ranges, flops: float, factor: float, reach: float) -> Place:
    low = (ranges["n"][0] / reach, ranges["d"][0] / reach)
    most, tokens = ranges["n"][1] * reach, ranges["d"][1] * max(FARTHEST, reach)
    if low[0] * low[1] * factor > flops:
        raise ConfigError(
            f"--flops {flops:.4g} is too little: {low[0]:.4g} parameters and {low[1]:.4g} tokens, {reach:g} times "
            f"less than was measured, take {low[0] * low[1] * factor:.4g}. Give more, or raise --reach"
        )
    if most * tokens * factor < flops:
        raise ConfigError(
            f"--flops {flops:.4g} is too much: {most:.4g} parameters and {tokens:.4g} tokens, {reach:g} and "
            f"{max(FARTHEST, reach):g} times more than was measured, take {most * tokens * factor:.4g}. Give less, or "
            "raise --reach"
        )
    n = float(np.clip(np.sqrt(flops / factor * ranges["n"][1] / ranges["d"][1]), low[0], most))
    return Place(n, flops / factor / n, flops, factor, low, (most, tokens))


def beyond(ranges: Ranges, n: float, d: float, limit: float) -> list[str]:
    """Warnings about a place outside of what was measured."""
    found = []
    for name, title, value in (("n", "N", n), ("d", "D", d)):
        if name not in ranges:
            continue
        low, high = ranges[name]
        ratio = max(value / high, low / value)
        if ratio > 1.02:
            where = f"{'above' if value > high else 'below'} the measured {low:.4g} to {high:.4g}"
            far = f", beyond the stated limit of {limit:g}" if ratio > limit * 1.001 else ""
            found.append(f"{title} = {value:.4g} is {ratio:.3g} times {where}{far}: an extrapolation")
    return found
