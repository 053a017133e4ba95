"""The tables of a plan: cost by size and points, mixtures, and what was left out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from report.table import Summary
from train.sweep.make import Planned
from train.sweep.rows import Row

SHOWN = 20
"""Mixtures that people are shown; programs get all."""

PREFIXES = ((1e21, "Z"), (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"))
"""Of the SI, by their factor."""


def plan_tables(planned: Planned, exact: bool = False) -> list[Summary]:
    """Cost by size and points, mixtures, and what was left out.

    Args:
        planned: the plan.
        exact: for programs: plain numbers instead of units, and all mixtures.
    """
    groups: defaultdict[tuple[str, int, int, str], list[Row]] = defaultdict(list)
    for row in planned.rows:
        groups[row.rung, row.n_parameters, len(row.tokens), f"{row.tokens[-1]:,}"].append(row)
    lines = [
        {
            "size": size,
            "parameters": parameters,
            "runs": len(mine),
            "points a run": points,
            "tokens up to": tokens,
            "epochs up to": max((e for row in mine for e in row.epochs.values()), default=0.0),
            **_costs(mine, exact),
        }
        for (size, parameters, points, tokens), mine in groups.items()
    ]
    total = {
        "size": "all",
        "parameters": None,
        "runs": len(planned.rows),
        "points a run": sum(len(row.tokens) for row in planned.rows),
        "tokens up to": f"{max(row.tokens[-1] for row in planned.rows):,}",
        "epochs up to": max((e for row in planned.rows for e in row.epochs.values()), default=0.0),
        **_costs(planned.rows, exact),
    }
    points = total["points a run"]
    title = f"Plan: {len(planned.rows):,} runs, {points:,} points, {planned.mixtures:,} mixtures"
    tables = [Summary(title, [*lines, total] if len(lines) > 1 else lines), _mixtures(planned.rows, exact)]
    if planned.dropped:
        told = [{"runs": number, "reason": reason} for reason, number in planned.dropped.items()]
        tables.append(Summary(f"Left out: {sum(planned.dropped.values()):,} runs the corpus does not allow", told))
    return tables


def operations(flops: float) -> str:
    """A number of floating-point operations with the unit that suits its size."""
    for factor, prefix in PREFIXES:
        if flops >= factor:
            number = flops / factor
            return f"{f'{number:,.0f}' if number >= 100 else f'{number:.3g}'} {prefix}FLOP"
    return f"{flops:,.0f} FLOP"


def shown_shares(shares: Mapping[str, float]) -> str:
    """Shares, the largest first."""
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {share:.3g}" for name, share in ranked if share)


def _mixtures(rows: Sequence[Row], exact: bool) -> Summary:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.mixture].append(row)
    lines = [
        {
            "mixture": name,
            "shares": mine[0].proportions if exact else shown_shares(mine[0].proportions),
            "pairs": mine[0].strategy,
            "runs": len(mine),
        }
        for name, mine in groups.items()
    ]
    if exact or len(lines) <= SHOWN:
        return Summary("Mixtures", lines)
    return Summary(f"Mixtures: the first {SHOWN} of {len(lines):,}; --json has all", lines[:SHOWN])


def _costs(rows: list[Row], exact: bool) -> dict[str, Any]:
    hours = [row.gpu_hours for row in rows]
    known = [hour for hour in hours if hour is not None]
    flops = sum(row.flops for row in rows)
    return {"FLOPs": flops if exact else operations(flops), "GPU-hours": sum(known) if known else None}
