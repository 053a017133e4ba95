"""How many sequences of each component make the mixture: exact, or an explanation why not. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contracts.errors import PlanError
from mixer.config import COMPONENTS, MixConfig


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
            raise PlanError(
                f"mix.proportions asks for {', '.join(empty)}, but the pool holds no sequence of it; "
                f"it holds {', '.join(held) or 'nothing'}. Look at the corpus and pairs tables: glotmix inspect"
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
    if total < 1:
        asked = "no budget" if config.tokens is None else f"mix.tokens={config.tokens}"
        raise PlanError(
            f"{asked} at mix.sequence_length={config.sequence_length} leaves no whole sequence "
            f"({', '.join(f'{c}: {limit[c]} available' for c in names)}); shorten the sequences, "
            f"{'raise mix.max_epochs or leave scarce components out' if config.tokens is None else 'raise the budget'}"
        )
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
    total_share = sum(shares.values())
    total = min(int(limit[c] * total_share / shares[c]) + len(names) for c in names)

    def fits(n: int) -> bool:
        counts = largest_remainder([shares[c] for c in names], n)
        return all(count <= limit[c] for c, count in zip(names, counts, strict=True))

    # rounding moves a count by less than one sequence, so the answer lies within a few steps of the bound
    while total > 0 and not fits(total):
        total -= 1
    return total


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
            f"(enough at max_epochs {counts[c] / supply[c].sequences:.2f})"
        )
    largest = _largest_total(shares, limit) * length
    budget = f"a budget of at most mix.tokens={largest}, " if largest else ""
    lines.append(f"Cures: {budget}a smaller share for {', '.join(lacking)}, more max_epochs, or more sources.")
    return "\n".join(lines)
