"""How many sequences of each component make the mixture: exact, or an explanation why not. Pure functions."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from contracts.errors import PlanError
from mixer.config import MixConfig
from mixer.planning.shares import apply_bounds, bounded, largest_remainder, limits_of, wanted_shares
from mixer.planning.supply import Supply, exact


@dataclass(frozen=True, slots=True)
class ComponentPlan:
    """One component's part.

    Attributes:
        wanted: share that was asked for.
        share: share that is planned, of the tokens without padding.
        quota: sequences that would hold the share to the token, before rounding to whole ones.
        sequences: sequences, exact.
        tokens: tokens in them, padding left out.
        padding: the rest of them.
        available: sequences that max_epochs allows.
        epochs: how often its documents are seen.
        max_epochs: how often they may be.
        pool_documents: documents to choose from.
        pool_tokens: their tokens.
        unique_tokens: the same with each program of translation pairs counted once.
        pool_sequences: sequences of one epoch, for documents that are never cut; else None.
        epochs_begun: epochs that are begun.
        lost_documents: left out because they are longer than a sequence and must not be cut.
        lost_tokens: their tokens.
    """

    wanted: float
    share: float
    quota: float
    sequences: int
    tokens: int
    padding: int
    available: int
    epochs: float
    max_epochs: float
    pool_documents: int
    pool_tokens: int
    pool_sequences: int | None
    epochs_begun: int
    unique_tokens: int
    lost_documents: int
    lost_tokens: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole mixture; components with a share of 0 are left out.

    Attributes:
        sequence_length: tokens in a sequence.
        budget: tokens asked for, or the most that fit.
        components: those with a share.
        left_out: components of the pool without a single sequence, and how many of their documents are too long.
    """

    sequence_length: int
    budget: int
    components: dict[str, ComponentPlan]
    left_out: dict[str, int]

    @property
    def counts(self) -> list[int]:
        """Sequences of each component."""
        return [part.sequences for part in self.components.values()]

    @property
    def quotas(self) -> list[float]:
        """Sequences of each component before rounding."""
        return [part.quota for part in self.components.values()]

    @property
    def sequences(self) -> int:
        """Sequences in all."""
        return sum(self.counts)

    @property
    def tokens(self) -> int:
        """Tokens in all, padding left out."""
        return sum(part.tokens for part in self.components.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain data for manifests and tables; realised shares with and without padding stand beside the target."""
        return {
            "sequence_length": self.sequence_length,
            "budget": self.budget,
            "sequences": self.sequences,
            "tokens": self.tokens,
            "padding": self.sequences * self.sequence_length - self.tokens,
            "left_out": self.left_out,
            "components": {
                name: {
                    **asdict(part),
                    "realised_share": part.tokens / self.tokens,
                    "realised_share_padded": part.sequences / self.sequences,
                    "epochs": round(part.epochs, 6),
                }
                for name, part in self.components.items()
            },
        }


@dataclass(frozen=True, slots=True)
class _Room:
    """What each component may give at most: sequences and tokens."""

    sequences: dict[str, int]
    tokens: dict[str, int]


def plan(config: MixConfig, supply: Mapping[str, Supply]) -> Plan:
    """Exact sequence counts for the wanted shares of the tokens.

    Shares are of tokens without padding; each component gets the sequences that hold its tokens, by largest remainder.

    Args:
        config: proportions (a mapping or a rule), bounds, budget, sequence length, epochs.
        supply: what each component holds.

    Raises:
        PlanError: the budget holds no sequence, bounds cannot be kept, or components lack tokens; says which lack how
            many and what would fit.
    """
    wanted = wanted_shares(config, supply)
    asked = _exactly(apply_bounds(config, wanted))
    room = _room(config, supply, asked)
    budget = _largest_budget(asked, room) if config.tokens is None else config.tokens
    if budget < 1 or (budget < config.sequence_length and config.tokens is not None):
        raise PlanError(_nothing(config, supply, asked, room))
    shares = _within_room(config, asked, room, budget)
    quotas = {c: supply[c].sequences_for(share * budget) for c, share in shares.items()}
    counts = largest_remainder(quotas, int(sum(quotas.values())), room.sequences)
    if not sum(counts.values()):
        raise PlanError(_nothing(config, supply, asked, room))
    lacking = [c for c in counts if counts[c] > room.sequences[c]]
    if lacking:
        raise PlanError(_explain(config, supply, asked, room, lacking))
    parts = {
        c: _part(config, supply[c], (wanted.get(c, 0.0), float(shares[c]), quotas[c]), counts[c], room.sequences[c], c)
        for c in shares
    }
    left_out = {c: held.lost_documents for c, held in supply.items() if not held.sequences and config.takes(c)}
    return Plan(config.sequence_length, budget, parts, left_out)


def _part(
    config: MixConfig,
    supply: Supply,
    aim: tuple[float, float, Fraction],
    sequences: int,
    available: int,
    name: str,
) -> ComponentPlan:
    tokens = supply.tokens_in(sequences)
    return ComponentPlan(
        wanted=aim[0],
        share=aim[1],
        quota=float(aim[2]),
        sequences=sequences,
        tokens=tokens,
        padding=sequences * supply.length - tokens,
        available=available,
        epochs=float(sequences / supply.sequences),
        max_epochs=epochs_of(config, name),
        pool_documents=supply.documents,
        pool_tokens=supply.tokens,
        pool_sequences=supply.packed,
        epochs_begun=supply.epochs_for(sequences),
        unique_tokens=supply.unique_tokens,
        lost_documents=supply.lost_documents,
        lost_tokens=supply.lost_tokens,
    )


def _exactly(shares: Mapping[str, float]) -> dict[str, Fraction]:
    """The shares as they are written, made to sum to 1: what floats round must not cost a sequence."""
    whole = sum(exact(s) for s in shares.values())
    return {c: exact(s) / whole for c, s in shares.items()}


def epochs_of(config: MixConfig, component: str) -> float:
    """How often a component's documents may be seen."""
    return limits_of(config, component).max_epochs or config.max_epochs


def _room(config: MixConfig, supply: Mapping[str, Supply], names: Iterable[str]) -> _Room:
    sequences = {c: supply[c].limit(epochs_of(config, c)) for c in names}
    return _Room(sequences, {c: supply[c].tokens_in(n) for c, n in sequences.items()})


def _largest_budget(shares: Mapping[str, Fraction], room: _Room) -> int:
    """The most tokens at these shares with no component beyond its room."""
    return int(min(room.tokens[c] / share for c, share in shares.items()))


def _within_room(config: MixConfig, shares: Mapping[str, Fraction], room: _Room, budget: int) -> dict[str, Fraction]:
    """The shares, cut to what the components hold where that is asked for."""
    if not config.redistribute and config.proportions != "unimax":
        return dict(shares)
    return _nearest(config, shares, room, budget) or dict(shares)


def _nearest(
    config: MixConfig, shares: Mapping[str, Fraction], room: _Room, budget: int
) -> dict[str, Fraction] | None:
    """The shares at which the budget fits, the rest dealt in proportion; None if nothing makes it fit."""
    low = {c: exact(limits_of(config, c).min_share) for c in shares}
    high = {c: min(exact(limits_of(config, c).max_share), Fraction(room.tokens[c], budget)) for c in shares}
    if any(low[c] > high[c] for c in shares):
        return None
    try:
        return bounded(shares, low, high)
    except ValueError:
        return None


def _epochs_key(config: MixConfig, component: str) -> str:
    """The option that says how often a component may be seen."""
    own = limits_of(config, component).max_epochs is not None
    return f"mix.components.{component}.max_epochs" if own else "mix.max_epochs"


def _nothing(config: MixConfig, supply: Mapping[str, Supply], shares: Mapping[str, Fraction], room: _Room) -> str:
    """Why there is no mixture: the budget is below a sequence, or components are that hold less than one."""
    if config.tokens is not None:
        return (
            f"mix.tokens={config.tokens} at mix.sequence_length={config.sequence_length} leaves no whole sequence; "
            "raise the budget or shorten the sequences"
        )
    scarce = [c for c in shares if not room.sequences[c]] or list(shares)
    held = ", ".join(
        f"{c} ({supply[c].tokens:,} tokens, {_epochs_key(config, c)}={epochs_of(config, c):g})" for c in scarce
    )
    return (
        f"there is not one sequence of {config.sequence_length:,} tokens of {held}: shorten mix.sequence_length, "
        "raise max_epochs, add sources, name the other components in mix.proportions, or set mix.tokens with "
        "mix.redistribute: true"
    )


def _explain(
    config: MixConfig,
    supply: Mapping[str, Supply],
    shares: Mapping[str, Fraction],
    room: _Room,
    lacking: list[str],
) -> str:
    """Which component lacks how many tokens, which bound it meets, and the nearest plans that fit."""
    budget = config.tokens or 0
    lines = [f"mix.tokens={budget:,} at these shares needs more than the pool holds:"]
    for c in lacking:
        need, have = math.ceil(shares[c] * budget), room.tokens[c]
        enough = math.ceil(supply[c].sequences_for(shares[c] * budget)) / supply[c].sequences
        key, unique = _epochs_key(config, c), limits_of(config, c).unique_tokens
        subset = f" of mix.components.{c}.unique_tokens={unique:,}" if unique else ""
        lines.append(
            f"  {c}: needs {need:,} tokens, has {have:,} ({room.sequences[c]:,} sequences) at {key}="
            f"{epochs_of(config, c):g}{subset}; lacks {need - have:,} (enough at {key}="
            f"{math.ceil(100 * enough) / 100:.2f})"
        )
    largest = _largest_budget(shares, room)
    cures = [f"mix.tokens={largest} at these shares"] if largest >= config.sequence_length else []
    nearest = _nearest(config, shares, room, budget)
    if nearest:
        listed = ", ".join(f"{c} {float(s):.4f}" for c, s in nearest.items())
        cures.append(f"mix.redistribute: true for this budget at the shares {listed}")
    else:
        total = sum(room.tokens.values())
        lines.append(f"Other shares do not help: these components hold {total:,} tokens at their epochs and bounds.")
    if nearest:
        cures.append(f"a smaller share for {', '.join(lacking)}")
    cures += ["more epochs", "more sources"]
    lines.append("What fits: " + "; ".join(cures) + ".")
    return "\n".join(lines)
