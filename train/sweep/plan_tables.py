"""The tables of a plan: cost by size and points, and what was left out."""

from collections import defaultdict
from typing import Any

from report.table import Summary
from train.sweep.make import Planned
from train.sweep.rows import Row


def plan_tables(planned: Planned) -> list[Summary]:
    """Cost by size and points, and what was left out."""
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
            **_costs(mine),
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
        **_costs(planned.rows),
    }
    points = total["points a run"]
    title = f"Plan: {len(planned.rows):,} runs, {points:,} points, {planned.mixtures:,} mixtures"
    tables = [Summary(title, [*lines, total] if len(lines) > 1 else lines)]
    if planned.dropped:
        told = [{"runs": number, "reason": reason} for reason, number in planned.dropped.items()]
        tables.append(Summary(f"Left out: {sum(planned.dropped.values()):,} runs the corpus does not allow", told))
    return tables


def _costs(rows: list[Row]) -> dict[str, Any]:
    hours = [row.gpu_hours for row in rows]
    known = [hour for hour in hours if hour is not None]
    return {"PFLOP": sum(row.flops for row in rows) / 1e15, "GPU-hours": sum(known) if known else None}
