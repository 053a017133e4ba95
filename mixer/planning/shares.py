"""Which share of the tokens each component is to have. Pure functions."""

from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction

from contracts.errors import PlanError
from contracts.languages import in_order, is_parallel
from mixer.config import Limits, MixConfig
from mixer.planning.supply import Supply, exact

NO_LIMITS = Limits()


def wanted_shares(config: MixConfig, supply: Mapping[str, Supply]) -> dict[str, float]:
    """The shares that the configuration names or computes, before any bound, in the order of components.

    Args:
        config: its proportions are a mapping or a rule, not `allocation` any more.
        supply: what the pool holds.

    Raises:
        PlanError: a component without documents is asked for or bounded, or no component has any.
    """
    held = [c for c in in_order(supply) if supply[c].sequences and config.takes(c)]
    _check_known(config, supply)
    if isinstance(config.proportions, dict):
        wanted = {c: config.proportions[c] for c in in_order(config.proportions) if config.proportions[c] > 0}
        empty = [c for c in wanted if c not in held]
        if empty:
            raise PlanError(_empty(config, empty, held))
        return wanted
    if not held:
        raise PlanError(
            f"the pool holds no sequence of {config.sequence_length:,} tokens of any component; add sources or "
            "shorten mix.sequence_length"
        )
    power = {"uniform": 0.0, "unimax": 0.0, "natural": 1.0, "temperature": 1.0 / config.temperature}
    weights = {c: float(supply[c].tokens) ** power[str(config.proportions)] for c in held}
    total = sum(weights.values())
    return {c: w / total for c, w in weights.items()}


def _check_known(config: MixConfig, supply: Mapping[str, Supply]) -> None:
    unknown = [c for c in config.components if c not in supply]
    if unknown:
        raise PlanError(
            f"mix.components sets bounds for {', '.join(unknown)}, which the pool does not hold; "
            f"it holds {', '.join(in_order(supply)) or 'nothing'}"
        )
    empty = [c for c, limit in config.components.items() if limit.min_share and not supply[c].sequences]
    if empty:
        raise PlanError(
            f"mix.components.{empty[0]}.min_share={config.components[empty[0]].min_share:g}, but the pool holds no "
            f"sequence of {config.sequence_length:,} tokens of it; remove the bound, or add sources"
        )


def _empty(config: MixConfig, empty: list[str], held: list[str]) -> str:
    long = any(is_parallel(c) for c in empty)
    hint = f" Translation pairs longer than mix.sequence_length={config.sequence_length} tokens do not count."
    return (
        f"mix.proportions asks for {', '.join(empty)}, but the pool holds no sequence of it; it holds "
        f"{', '.join(held) or 'nothing'}.{hint if long else ''} See what there is: glotmix stats CONFIG"
    )


def bounded(
    shares: Mapping[str, Fraction], low: Mapping[str, Fraction], high: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """The shares scaled by one factor and cut to bounds, so that they sum to 1; nothing is rounded.

    What a bound takes from one component goes to the others in proportion to their shares (water filling).

    Args:
        shares: non-negative, of any sum; a component with share 0 gets its lower bound.
        low: lower bound of each.
        high: upper bound of each, at least the lower one.

    Raises:
        ValueError: the lower bounds sum to more than 1, or those with a share cannot take all of it.
    """
    free = {c: w for c, w in shares.items() if w > 0}
    fixed = sum((low[c] for c in shares if c not in free), Fraction(0))
    if sum(low.values()) > 1:
        raise ValueError(f"the lower bounds sum to {float(sum(low.values())):.6f}, more than 1")
    room = sum(high[c] for c in free) + fixed
    if room < 1:
        raise ValueError(f"the upper bounds sum to {float(room):.6f}, less than 1")
    # the factors at which a component meets one of its bounds: between two of them the sum is linear
    edges = [Fraction(0), *sorted({bound[c] / w for c, w in free.items() for bound in (low, high)})]

    def total(factor: Fraction) -> Fraction:
        return sum((min(max(factor * w, low[c]), high[c]) for c, w in free.items()), fixed)

    start = edges[max(bisect_left(edges, Fraction(1), key=total) - 1, 0)]
    moving = [c for c, w in free.items() if low[c] <= start * w < high[c]]
    slope = sum((free[c] for c in moving), Fraction(0))
    factor = start + (1 - total(start)) / slope if slope else start
    return {c: min(max(factor * shares[c], low[c]), high[c]) if c in free else low[c] for c in shares}


def limits_of(config: MixConfig, component: str) -> Limits:
    """The bounds of a component, the defaults where it has none of its own."""
    return config.components.get(component, NO_LIMITS)


def apply_bounds(config: MixConfig, shares: Mapping[str, float]) -> dict[str, float]:
    """The shares within min_share and max_share.

    Raises:
        PlanError: explicit shares are out of bounds and `redistribute` is off, or no shares keep all bounds.
    """
    names = in_order({*shares, *(c for c, limit in config.components.items() if limit.min_share > 0)})
    shares = {c: shares.get(c, 0.0) for c in names}
    limits = {c: limits_of(config, c) for c in names}
    out = [c for c, limit in limits.items() if not limit.min_share - 1e-9 <= shares[c] <= limit.max_share + 1e-9]
    if not out:
        return {c: s for c, s in shares.items() if s > 0}
    try:
        found = bounded(
            {c: exact(s) for c, s in shares.items()},
            {c: exact(limit.min_share) for c, limit in limits.items()},
            {c: exact(limit.max_share) for c, limit in limits.items()},
        )
    except ValueError as error:
        raise PlanError(
            f"mix.components: {error}; no shares of {', '.join(names)} can keep min_share and max_share. Change "
            "these, or take other components into mix.proportions"
        ) from error
    if isinstance(config.proportions, dict) and not config.redistribute:
        lines = [
            f"  {c}: asked for {shares[c]:.6f}, allowed {limits[c].min_share:g} to {limits[c].max_share:g}"
            for c in out
        ]
        raise PlanError(
            "\n".join(
                ["mix.proportions is outside of mix.components:", *lines, "Change one, or set mix.redistribute: true."]
            )
        )
    return {c: float(s) for c, s in found.items() if s > 0}


def largest_remainder(
    quotas: Mapping[str, Fraction], total: int, most: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Whole numbers that sum to `total`, each within one of its quota (Hamilton's method); ties go to the earlier.

    Args:
        quotas: non-negative, summing to at least `total` and to less than `total` + 1 for each to be within one.
        total: what the result sums to.
        most: what is not rounded up beyond, as far as others can be in its place: a share that takes all that a
            component has is met to the last whole sequence.
    """
    counts = {c: int(q) for c, q in quotas.items()}
    names = list(quotas)
    full = {c for c in names if most is not None and counts[c] >= most[c]}
    by_remainder = sorted(names, key=lambda c: (c in full, counts[c] - quotas[c], names.index(c)))
    for c in by_remainder[: total - sum(counts.values())]:
        counts[c] += 1
    return counts
