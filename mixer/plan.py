"""How many sequences of each component make the mixture: exact, or an explanation why not. Pure functions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contracts.errors import PlanError
from contracts.languages import PARALLEL
from mixer.config import COMPONENTS, MixConfig

SEARCH = 2_000
"""Totals above the safe one that are tried: enough for shares down to 1 / 2,000, in a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What the pool holds of one component.

    Attributes:
        documents: training documents.
        tokens: their tokens.
        sequences: sequences one epoch of them fills.
    """

    documents: int
    tokens: int
    sequences: float


@dataclass(frozen=True, slots=True)
class ComponentPlan:
    """One component's part: target share, sequences, and how often its documents are seen."""

    component: str
    share: float
    sequences: int
    available: int
    epochs: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole mixture, components with a share of 0 left out."""

    sequence_length: int
    components: tuple[ComponentPlan, ...]

    @property
    def sequences(self) -> int:
        """Sequences in all."""
        return sum(c.sequences for c in self.components)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for manifests and tables."""
        return {
            "sequence_length": self.sequence_length,
            "sequences": self.sequences,
            "tokens": self.sequences * self.sequence_length,
            "components": {
                c.component: {
                    "share": c.share,
                    "realised_share": c.sequences / self.sequences,
                    "sequences": c.sequences,
                    "available": c.available,
                    "epochs": round(c.epochs, 6),
                }
                for c in self.components
            },
        }


def largest_remainder(shares: Sequence[float], total: int) -> list[int]:
    """Whole numbers that sum to `total`, each within one of its share (Hamilton's method).

    Computed in fractions, so that ties and sums are exact; ties go to the earlier component.

    Args:
        shares: non-negative, any sum above 0.
        total: what the result sums to.
    """
    whole = sum(Fraction(s) for s in shares)
    quotas = [Fraction(s) * total / whole for s in shares]
    counts = [int(q) for q in quotas]
    left = total - sum(counts)
    order = sorted(range(len(shares)), key=lambda i: (counts[i] - quotas[i], i))
    for i in order[:left]:
        counts[i] += 1
    return counts


def target_shares(config: MixConfig, supply: Mapping[str, Supply]) -> dict[str, float]:
    """The share of each component with a share above 0, in the fixed order of components.

    Raises:
        PlanError: explicit proportions ask for a component that holds nothing, or nothing holds anything.
    """
    held = [c for c in COMPONENTS if c in supply and supply[c].sequences > 0]
    if isinstance(config.proportions, dict):
        wanted = {c: config.proportions[c] for c in COMPONENTS if config.proportions.get(c, 0) > 0}
        empty = [c for c in wanted if c not in held]
        if empty:
            too_long = (
                ""
                if PARALLEL not in empty
                else (
                    f" Translation pairs longer than mix.sequence_length={config.sequence_length} tokens do not count."
                )
            )
            raise PlanError(
                f"mix.proportions asks for {', '.join(empty)}, but the pool holds no sequence of it; it holds "
                f"{', '.join(held) or 'nothing'}.{too_long} Look at the corpus and pairs tables: glotmix inspect"
            )
        return wanted
    if not held:
        raise PlanError("the pool holds no sequence of any component; add sources or shorten mix.sequence_length")
    power = {"uniform": 0.0, "natural": 1.0, "temperature": 1.0 / config.temperature}[config.proportions]
    weights = {c: float(supply[c].tokens) ** power for c in held}
    total = sum(weights.values())
    return {c: w / total for c, w in weights.items()}


def plan(config: MixConfig, supply: Mapping[str, Supply]) -> Plan:
    """Exact sequence counts for the wanted shares.

    Args:
        config: proportions, budget, sequence length, epochs.
        supply: what each component holds.

    Raises:
        PlanError: the budget holds no sequence, or components lack tokens; says which lack how many and what budget
            would fit.
    """
    shares = target_shares(config, supply)
    names = list(shares)
    limit = {c: int(supply[c].sequences * config.max_epochs + 1e-9) for c in names}
    total = _largest_total(shares, limit) if config.tokens is None else config.tokens // config.sequence_length
    scarce = [c for c in names if not limit[c]] if config.tokens is None else []
    if scarce or total < 1:
        raise PlanError(_nothing(config, supply, scarce))
    counts = dict(zip(names, largest_remainder([shares[c] for c in names], total), strict=True))
    lacking = [c for c in names if counts[c] > limit[c]]
    if lacking:
        raise PlanError(_explain(config, supply, shares, counts, limit, lacking))
    parts = tuple(
        ComponentPlan(c, shares[c], counts[c], limit[c], counts[c] / supply[c].sequences) for c in names if counts[c]
    )
    return Plan(config.sequence_length, parts)


def _largest_total(shares: Mapping[str, float], limit: Mapping[str, int]) -> int:
    """The largest number of sequences whose exact counts stay within the limits."""
    names = list(shares)
    whole = sum(Fraction(s) for s in shares.values())
    # rounding moves a count by less than one sequence: up to `safe` every total fits, above `bound` none does
    safe = min(limit[c] * whole // Fraction(shares[c]) for c in names)
    bound = min(math.ceil((limit[c] + 1) * whole / Fraction(shares[c])) - 1 for c in names)

    def fits(n: int) -> bool:
        counts = largest_remainder([shares[c] for c in names], n)
        return all(count <= limit[c] for c, count in zip(names, counts, strict=True))

    return next((n for n in range(min(bound, safe + SEARCH), safe, -1) if fits(n)), safe)


def _nothing(config: MixConfig, supply: Mapping[str, Supply], scarce: Sequence[str]) -> str:
    """Why there is no mixture: the budget is below a sequence, or components are that hold less than one."""
    if not scarce:
        return (
            f"mix.tokens={config.tokens} at mix.sequence_length={config.sequence_length} leaves no whole sequence; "
            "raise the budget or shorten the sequences"
        )
    held = ", ".join(f"{c} ({supply[c].tokens:,} tokens)" for c in scarce)
    return (
        f"at mix.max_epochs={config.max_epochs:g} there is not one sequence of {config.sequence_length:,} tokens of "
        f"{held}: shorten mix.sequence_length, raise mix.max_epochs, add sources, name the other components in "
        "mix.proportions, or set mix.tokens"
    )


def _explain(
    config: MixConfig,
    supply: Mapping[str, Supply],
    shares: Mapping[str, float],
    counts: Mapping[str, int],
    limit: Mapping[str, int],
    lacking: Sequence[str],
) -> str:
    length = config.sequence_length
    lines = [f"the mixture needs more than the pool holds at mix.max_epochs={config.max_epochs:g}:"]
    for c in lacking:
        missing = (counts[c] - limit[c]) * length
        lines.append(
            f"  {c}: needs {counts[c]} sequences ({counts[c] * length:,} tokens), has {limit[c]} "
            f"({limit[c] * length:,}); lacks {missing:,} tokens "
            f"(enough at max_epochs {math.ceil(100 * counts[c] / supply[c].sequences) / 100:.2f})"
        )
    largest = _largest_total(shares, limit) * length
    budget = f"a budget of at most mix.tokens={largest}, " if largest else ""
    lines.append(f"Cures: {budget}a smaller share for {', '.join(lacking)}, more max_epochs, or more sources.")
    return "\n".join(lines)
