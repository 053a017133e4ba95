"""An allocation as tables."""

from typing import Any

from contracts.allocation import Allocation, Baseline, Estimate
from report.table import Summary


def allocation_tables(made: Allocation) -> list[Summary]:
    """Shares, losses, baselines, prices, laws, path, certificate, warnings; empty ones left out."""
    tables = [
        Summary(f"Allocation: {title(made)}", _shares(made)),
        Summary("Losses: predicted", _losses(made)),
        Summary("Baselines: gain over each, in % of the objective", [_baseline(one) for one in made.baselines]),
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
            return f"Beats {one.name} by {_percent(one.gain)} (predicted)"
    return ""


def _percent(gain: Estimate) -> str:
    told = f"{100 * gain.value:.3g} %"
    if gain.interval is None:
        return told
    return f"{told} [{100 * gain.interval.low:.3g}, {100 * gain.interval.high:.3g}]"


def _shares(made: Allocation) -> list[dict[str, Any]]:
    rows = []
    for name, share in made.weights.items():
        interval, bound = made.intervals.get(name), made.bounds.get(name)
        row: dict[str, Any] = {"component": name, "share": share}
        if interval:
            row |= {"low": interval.low, "high": interval.high}
        row["tokens"] = round(share * (made.tokens or 0))
        if bound:
            row |= {"least": bound.low, "most": bound.high, "epochs": bound.epochs}
        if made.unconstrained:
            row["unconstrained"] = made.unconstrained.weights[name]
        rows.append(row | {one.name: one.weights[name] for one in made.baselines})
    return rows


def _losses(made: Allocation) -> list[dict[str, Any]]:
    even = next((one for one in made.baselines if one.name == "uniform"), None)
    rows = []
    for name, loss in made.losses.items():
        row: dict[str, Any] = {"target": name, "loss": loss.value}
        if loss.interval:
            row |= {"low": loss.interval.low, "high": loss.interval.high}
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
