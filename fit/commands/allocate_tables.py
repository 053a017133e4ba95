"""An allocation as tables."""

from typing import Any

from contracts.allocation import Allocation, Baseline, Estimate
from report.table import Summary

COUNTED = 1e15
"""Tokens from which a number is shown in few digits; all text there is has some 10^14."""


def allocation_tables(made: Allocation) -> list[Summary]:
    """Shares, losses, baselines, prices, laws, path, certificate, warnings; empty ones left out."""
    tables = [
        Summary(f"Allocation: {title(made)}", _shares(made)),
        Summary("Losses: predicted", _losses(made)),
        Summary("Baselines: gain over each, in % of the objective", [_baseline(one) for one in made.baselines]),
        Summary("Shares of the baselines", [{"baseline": one.name, **one.weights} for one in made.baselines]),
        Summary(
            "Prices: change of the objective if a constraint is loosened by 1 %",
            [price.model_dump() for price in made.prices],
        ),
        Summary(
            "Laws: what each alone would choose, and what the allocation loses if it is right",
            [{"law": one.law, "regret %": 100 * one.regret, **one.weights} for one in made.laws],
        ),
        Summary("Path: the optimum along sizes and tokens", [_point(one) for one in made.path]),
        Summary("Certificate", [made.certificate.model_dump()] if made.certificate else []),
        Summary("Warnings", [{"warning": text} for text in made.warnings]),
    ]
    return [table for table in tables if table.rows]


def title(made: Allocation) -> str:
    """What the proportions are for."""
    place = f"N = {made.n_parameters:.4g}, D = {made.tokens:.4g}"
    budget = f", chosen for {made.flops:.4g} operations" if made.flops else ""
    return f"{made.law or 'a predictor'}, {place}{budget}"


def beats(made: Allocation) -> str:
    """How much better than the uniform mixture, in a line."""
    for one in made.baselines:
        if one.name == "uniform":
            return f"Beats {one.name} by {_percent(made, one.gain)} (predicted)"
    return ""


def _percent(made: Allocation, gain: Estimate) -> str:
    told = f"{100 * gain.value:.3g} %"
    if gain.interval is None:
        return told
    of = ", over its laws" if made.draws_of == "laws" else ""
    return f"{told} [{100 * gain.interval.low:.3g}, {100 * gain.interval.high:.3g}{of}]"


def _shares(made: Allocation) -> list[dict[str, Any]]:
    rows = []
    bounded = any(bound.low > 0 or bound.high < 1 for bound in made.bounds.values())
    repeated = any(bound.epochs is not None for bound in made.bounds.values())
    for name, share in made.weights.items():
        interval, bound = made.intervals.get(name), made.bounds.get(name)
        row: dict[str, Any] = {"component": name, "share": share}
        if interval:
            row |= _interval(made, interval.low, interval.high)
        row["tokens"] = _tokens(share * (made.tokens or 0))
        if bound and bounded:
            row |= {"least": bound.low, "most": bound.high}
        if bound and repeated:
            row["epochs"] = bound.epochs
        if made.unconstrained:
            row["unconstrained"] = made.unconstrained.weights[name]
        rows.append(row)
    return rows


def _interval(made: Allocation, low: float, high: float) -> dict[str, float]:
    """Columns that say what an interval is of: the middle of draws, or all of a few laws."""
    if made.draws_of == "laws":
        return {"lowest law": low, "highest law": high}
    return {"95 % low": low, "high": high}


def _tokens(value: float) -> float:
    """Whole tokens as long as they can be counted; beyond, digits would be invented."""
    return round(value) if value < COUNTED else value


def _losses(made: Allocation) -> list[dict[str, Any]]:
    even = next((one for one in made.baselines if one.name == "uniform"), None)
    rows = []
    for name, loss in made.losses.items():
        row: dict[str, Any] = {"target": name, "loss": loss.value}
        if loss.interval:
            row |= _interval(made, loss.interval.low, loss.interval.high)
        if even:
            row |= {"uniform": even.losses[name], "change %": 100 * (loss.value / even.losses[name] - 1)}
        row["weight"] = made.objective.weights.get(name, 0.0) if made.objective else None
        rows.append(row)
    return rows


def _baseline(one: Baseline) -> dict[str, Any]:
    interval = one.gain.interval
    row: dict[str, Any] = {"baseline": one.name, "gain %": 100 * one.gain.value}
    if interval:
        row |= {"low %": 100 * interval.low, "high %": 100 * interval.high}
    return row | {"N": one.n_parameters, "D": one.tokens, "keeps the bounds": one.keeps_bounds}


def _point(one: Any) -> dict[str, Any]:
    return {"N": one.n_parameters, "D": one.tokens, **one.weights, "gain over uniform %": 100 * one.gain_over_uniform}
