"""What an allocation must keep: bounds of shares, fixed shares, and how often tokens may be repeated. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from contracts.errors import ConfigError, StageError
from contracts.languages import PARALLEL
from fit.points import Array

TIGHT = 1e-9
"""How far bounds may contradict each other before that is an error: rounding of what the user wrote."""
LEAST_TOKENS, MOST_TOKENS = 1e-3, 1e30
"""Budgets between which the largest possible one is sought: below the first only empty components are at fault."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What limits the shares, by component."""

    minimum: Mapping[str, float] = field(default_factory=dict)
    maximum: Mapping[str, float] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)
    pairs: tuple[float, float] | None = None
    """Least and largest share of the component `parallel`."""
    unique: Mapping[str, float] | None = None
    """Unique tokens U that exist of each component; what is not named has none. None: as many as are needed."""
    held: Mapping[str, float] | None = None
    """Tokens at hand, for natural proportions: translations of one program count each time. None: as `unique`."""
    max_epochs: float | None = None
    """How often unique tokens may be repeated: p D <= r U. None: as often as one likes."""
    epochs: Mapping[str, float] = field(default_factory=dict)
    """The same for single components."""
    sequence_length: int | None = None
    """Tokens in a training sequence: caps are then whole sequences, as mixtures are made of. None: not known."""
    prior: Literal["uniform", "natural"] | Mapping[str, float] | None = None
    """Proportions q that the result is drawn towards, by `strength` x KL(p || q)."""
    strength: float = 0.0
    """In units of the objective."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Constraints by component, in the order of the components."""

    names: tuple[str, ...]
    low: Array
    """(K,) least shares."""
    high: Array
    """(K,) largest shares, repetition apart."""
    unique: Array
    """(K,) unique tokens; inf: as many as are needed."""
    cap: Array
    """(K,) tokens that may be used of each, repeats counted: r U; inf: no limit."""
    fixed: tuple[bool, ...]
    """Which shares are fixed."""

    def at(self, tokens: float) -> tuple[Array, Array]:
        """Least and largest shares for a budget of tokens, caps included."""
        return self.low, np.minimum(self.high, self.cap / tokens)

    @property
    def most_tokens(self) -> float:
        """The largest D at which shares that sum to 1 keep everything; inf: any, 0: none."""
        low, high = np.log(LEAST_TOKENS), np.log(MOST_TOKENS)
        if self._room(MOST_TOKENS):
            return np.inf
        if not self._room(LEAST_TOKENS):
            return 0.0
        for _ in range(80):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self._room(float(np.exp(middle))) else (low, middle)
        return float(np.exp(low))

    def _room(self, tokens: float) -> bool:
        low, high = self.at(tokens)
        return bool((low <= high + TIGHT).all() and high.sum() >= 1 - TIGHT and low.sum() <= 1 + TIGHT)


def resolve(constraints: Constraints, components: Sequence[str]) -> Bounds:
    """Constraints as arrays.

    Raises:
        ConfigError: a bound is of no component, no share, or contradicts another one.
    """
    names = tuple(components)
    found = _with_pairs(constraints, names)
    low, high = np.zeros(len(names)), np.ones(len(names))
    for option, given, target in (("--min", found.minimum, low), ("--max", found.maximum, high)):
        for name, share in given.items():
            target[_place(option, name, names)] = _share(option, name, share)
    for name, share in found.fixed.items():
        index = _place("--fix", name, names)
        _share("--fix", name, share)
        if not low[index] - TIGHT <= share <= high[index] + TIGHT:
            raise ConfigError(
                f"--fix {name}={share:g} is outside of its bounds {low[index]:g} to {high[index]:g}; give one of them"
            )
        low[index] = high[index] = share
    crossed = np.flatnonzero(low > high + TIGHT)
    if len(crossed):
        name, at = names[crossed[0]], crossed[0]
        raise ConfigError(f"{name}: its least share {low[at]:g} is above its largest {high[at]:g}; change one of them")
    unique, cap = _caps(found, names)
    return Bounds(names, low, high, unique, cap, tuple(name in found.fixed for name in names))


def _with_pairs(constraints: Constraints, names: tuple[str, ...]) -> Constraints:
    """The bounds of pairs as those of the component `parallel`."""
    if constraints.pairs is None:
        return constraints
    if PARALLEL not in names:
        raise ConfigError(
            f"--pairs bounds the component {PARALLEL}, which this fit does not have; it has {', '.join(names)}. "
            "Bound single components with --min and --max"
        )
    low, high = constraints.pairs
    both = [o for o, g in (("--min", constraints.minimum), ("--max", constraints.maximum)) if PARALLEL in g]
    if both:
        raise ConfigError(f"--pairs and {both[0]} {PARALLEL} bound the same share; give one of them")
    return replace(
        constraints,
        minimum={**constraints.minimum, PARALLEL: low},
        maximum={**constraints.maximum, PARALLEL: high},
    )


def _place(option: str, name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        raise ConfigError(f"{option} {name}: the fit has no such component; it has {', '.join(names)}")
    return names.index(name)


def _share(option: str, name: str, share: float) -> float:
    if not 0 <= share <= 1:
        raise ConfigError(f"{option} {name}={share:g}: a share lies within 0 to 1")
    return share


def _caps(constraints: Constraints, names: tuple[str, ...]) -> tuple[Array, Array]:
    """Unique tokens, and tokens that may be used, of each component."""
    for name in constraints.epochs:
        _place("--max-epochs", name, names)
    limits = [constraints.max_epochs, *constraints.epochs.values()]
    if any(limit is not None and not (np.isfinite(limit) and limit > 0) for limit in limits):
        raise ConfigError("--max-epochs: give numbers above 0, such as 4 or python=8")
    if constraints.unique is None:
        if any(limit is not None for limit in limits):
            raise ConfigError("--max-epochs needs to know how many unique tokens there are: give --pool or --unique")
        return np.full(len(names), np.inf), np.full(len(names), np.inf)
    wrong = [name for name, tokens in constraints.unique.items() if not tokens >= 0]
    if wrong:
        raise ConfigError(
            f"--unique {wrong[0]}={constraints.unique[wrong[0]]:g}: unique tokens are a number from 0 on"
        )
    unique = np.array([constraints.unique.get(name, 0.0) for name in names], float)
    epochs = [constraints.epochs.get(name, constraints.max_epochs) for name in names]
    cap = np.array([u * (np.inf if r is None else r) if u > 0 else 0.0 for u, r in zip(unique, epochs, strict=True)])
    length = constraints.sequence_length
    return unique, cap if length is None else np.floor(cap / length + 1e-9) * length


def check(bounds: Bounds, tokens: float | None) -> None:
    """Refuse constraints that no mixture keeps.

    Args:
        bounds: resolved.
        tokens: the budget; None: it is free, and some must do.

    Raises:
        StageError: says which constraints clash, and what would do.
    """
    if bounds.low.sum() > 1 + TIGHT:
        raise StageError(
            f"the least shares sum to {bounds.low.sum():.4g}, more than 1: {_listed(bounds, bounds.low, 0)}. "
            "Lower some"
        )
    most = bounds.most_tokens
    empty = [name for name, u in zip(bounds.names, bounds.unique, strict=True) if u == 0]
    none = f" The pool holds nothing of {', '.join(empty)}." if empty else ""
    if bounds.high.sum() < 1 - TIGHT:
        raise StageError(
            f"the largest shares sum to {bounds.high.sum():.4g}, less than 1: {_listed(bounds, bounds.high, 1)}. "
            "Raise some"
        )
    if not most:
        raise StageError(f"no mixture keeps the bounds at any number of tokens.{none} {_clash(bounds, 1.0)}")
    if tokens is not None and tokens > most * (1 + TIGHT):
        raise StageError(
            f"{tokens:.4g} tokens are more than the constraints allow. {_clash(bounds, tokens)} The largest D that is "
            f"possible is {most:.6g} tokens;{none} for more, raise --max-epochs or --max, lower --min, or add sources"
        )


def _clash(bounds: Bounds, tokens: float) -> str:
    """Which constraints contradict each other at a budget."""
    low, high = bounds.at(tokens)
    crossed = [
        f"{name} (least share {a:.4g}, its unique tokens and epochs allow {b:.4g})"
        for name, a, b in zip(bounds.names, low, high, strict=True)
        if a > b + TIGHT
    ]
    if crossed:
        return f"Least shares and repetition caps clash for {', '.join(crossed)}."
    return f"The largest shares sum to {high.sum():.4g}, less than 1: {_listed(bounds, high, 1)}."


def _listed(bounds: Bounds, shares: Array, neutral: float) -> str:
    return ", ".join(f"{n} {s:.4g}" for n, s in zip(bounds.names, shares, strict=True) if s != neutral)
