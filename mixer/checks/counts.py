"""Checks of a manifest's numbers: against configuration and pool, against one another, and what was read. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from contracts.errors import PlanError
from contracts.languages import in_order
from mixer.checks.streams import Held
from mixer.config import MixConfig
from mixer.planning.plan import epochs_of
from mixer.planning.shares import apply_bounds, limits_of, wanted_shares
from mixer.planning.supply import Supply

CLOSE = 1e-9
"""Relative difference of two shares that rounding explains."""

ROUNDED = 1e-6
"""Difference of two sums of shares, or of sequences, that rounding explains."""

Numbers = Mapping[str, Any]


def count_faults(
    counts: Numbers, config: MixConfig, usable: Mapping[str, Numbers], sequences: Sequence[int]
) -> list[str]:
    """What is wrong with the numbers that need no lineage.

    Args:
        counts: of the mixture's manifest.
        config: of the mixture.
        usable: documents, tokens, lost_documents, lost_tokens and unique_tokens (with what is lost) of each component
            of the pool at this length.
        sequences: how many of each component the order holds.
    """
    parts, length = counts["components"], config.sequence_length
    faults = list(_differences("the mixture", counts, _totals(counts, config)))
    if list(parts) != in_order(parts):
        faults.append(f"components stand as {', '.join(parts)}, expected {', '.join(in_order(parts))}")
    shares, quotas = (sum(part[key] for part in parts.values()) for key in ("share", "quota"))
    if abs(shares - 1) > ROUNDED:
        faults.append(f"the shares sum to {shares:.6f}, expected 1")
    if not -ROUNDED <= quotas - counts["sequences"] < 1 + ROUNDED:
        faults.append(f"{counts['sequences']:,} sequences, expected the whole ones of {quotas:,.3f}")
    for (name, part), there in zip(parts.items(), sequences, strict=True):
        faults += _differences(name, part, {"sequences": there, **_part(name, part, counts, config)})
        faults += _differences(name, part, _of_pool(name, part, config, usable))
        target = counts["budget"] * part["share"]
        if abs(part["tokens"] - target) > length or abs(part["sequences"] - part["quota"]) >= 1 + ROUNDED:
            faults.append(
                f"{name}: {part['tokens']:,} tokens in {part['sequences']:,} sequences, expected {target:,.0f} tokens "
                f"(share {part['share']:.6f}) in {part['quota']:,.3f} within one sequence"
            )
        if part["sequences"] > part["available"]:
            faults.append(
                f"{name}: {part['epochs']:.3f} epochs ({part['sequences']:,} sequences), expected "
                f"{epochs_of(config, name):g} at most ({part['available']:,})"
            )
    return faults + _share_faults(counts, config, {name for name, there in usable.items() if there["documents"]})


def _totals(counts: Numbers, config: MixConfig) -> dict[str, Any]:
    parts = counts["components"].values()
    sums = {key: sum(part[key] for part in parts) for key in ("sequences", "tokens", "padding")}
    budget = {} if config.tokens is None else {"budget": config.tokens}
    return {
        "output": config.output,
        "sequence_length": config.sequence_length,
        "sequences_per_shard": config.shard_tokens // config.sequence_length,
        **budget,
        **sums,
    }


def _supply(part: Numbers, length: int) -> Supply:
    return Supply(
        part["pool_documents"], part["pool_tokens"], part["unique_tokens"], length, packed=part["pool_sequences"]
    )


def _part(name: str, part: Numbers, counts: Numbers, config: MixConfig) -> dict[str, Any]:
    """What the numbers of a component follow from each other."""
    supply, length = _supply(part, config.sequence_length), config.sequence_length
    epochs = part["sequences"] / supply.sequences if supply.sequences else Fraction(0)
    used = min(part["tokens"], part["pool_tokens"])
    quota = {} if part["pool_sequences"] else {"quota": counts["budget"] * part["share"] / length}
    return {
        **quota,
        "padding": part["sequences"] * length - part["tokens"],
        "epochs": round(float(epochs), 6),
        "max_epochs": epochs_of(config, name),
        "available": supply.limit(epochs_of(config, name)),
        "epochs_begun": -int(-epochs // 1),
        "realised_share": part["tokens"] / counts["tokens"] if counts["tokens"] else 0.0,
        "realised_share_padded": part["sequences"] / counts["sequences"] if counts["sequences"] else 0.0,
        "unused_documents": part["pool_documents"] - part["documents"],
        "unused_tokens": part["pool_tokens"] - used,
    }


def _of_pool(name: str, part: Numbers, config: MixConfig, usable: Mapping[str, Numbers]) -> dict[str, Any]:
    """What follows from the pool; the choice of unique tokens is bounded by it only."""
    there, limit = usable.get(name), limits_of(config, name).unique_tokens
    if there is None:
        return {"pool_documents": 0}
    found = {key: there[key] for key in ("lost_documents", "lost_tokens")}
    most = there["unique_tokens"] if limit is None else min(there["unique_tokens"], limit)
    whole = limit is None and not there["lost_documents"]
    found["unique_tokens"] = most if whole else min(part["unique_tokens"], most)
    return found if limit else {**found, "pool_documents": there["documents"], "pool_tokens": there["tokens"]}


def _share_faults(counts: Numbers, config: MixConfig, pool: set[str]) -> list[str]:
    """Shares that the configuration does not lead to, where that can be told from the components of the mixture."""
    parts = counts["components"]
    absent = {c for c in pool if config.takes(c)} - set(parts)
    if absent and not isinstance(config.proportions, dict):
        return []  # computed shares depend on components that bounds have put out of the mixture
    supply = {name: _supply(part, config.sequence_length) for name, part in parts.items()}
    supply |= {name: Supply(0, 0, 0, config.sequence_length) for name in config.components if name not in parts}
    try:
        wanted = wanted_shares(config, supply)
        asked = apply_bounds(config, wanted)
    except PlanError as error:
        return [str(error)]
    faults: list[str] = []
    for name, part in parts.items():
        faults += _differences(name, part, {"wanted": wanted.get(name, 0.0)})
        if not config.redistribute and config.proportions != "unimax":
            faults += _differences(name, part, {"share": asked.get(name, 0.0) / sum(asked.values())})
    return faults + [f"{name}: missing, expected a share of {asked[name]:.6f}" for name in asked if name not in parts]


def tokenizer_faults(counts: Numbers, tokenizer: Numbers) -> list[str]:
    """Facts of the tokenizer that are not those of its own manifest."""
    facts = {name: tokenizer[name] for name in ("vocab_size", "bytes_per_token", "pad_id", "end_id")}
    return list(_differences("the tokenizer", counts, {"tokenizer_hash": tokenizer["hash"], **facts}))


def lineage_faults(counts: Numbers, held: Mapping[str, Held]) -> list[str]:
    """What is wrong with the numbers of what the sequences hold, by their lineage.

    Args:
        counts: of the mixture's manifest.
        held: what was read of each component.
    """
    faults: list[str] = []
    for name, found in held.items():
        facts = {key: getattr(found, key) for key in ("tokens", "padding")}
        facts["epochs_begun"] = max(found.begun, default=-1) + 1
        if not found.strange:
            facts |= {"documents": found.documents, "bytes": found.bytes}
        faults += _differences(name, counts["components"][name], facts)
    return faults


def _differences(name: str, numbers: Numbers, expected: Numbers) -> Iterator[str]:
    for key, value in expected.items():
        found = numbers.get(key)
        if not _equal(found, value):
            yield f"{name}: {key} is {found} in the manifest, expected {value}"


def _equal(found: Any, expected: Any) -> bool:
    if isinstance(found, float) and isinstance(expected, int | float):
        return abs(found - expected) <= CLOSE * max(1.0, abs(expected))
    return bool(found == expected)
