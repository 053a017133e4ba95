"""Tables of the stages after the mixture, out of their manifests' counts."""

from typing import Any

from contracts.scale import toy_scale
from report.table import Row, Summary

PARAMETERS = 8
"""Parameters of a law that a terminal shows for each target; fit.json has all."""


def sweep(counts: Row) -> list[Summary]:
    """Sizes, points and repetition of the sweep's runs."""
    return _runs("Sweep", counts)


def trials(counts: Row) -> list[Summary]:
    """The same of the confirmation runs."""
    return _runs("Trials", counts)


def by_size(counts: Row) -> list[Row]:
    """Rows of the runs of each size."""
    return [
        {
            "size": name,
            "parameters": v["n_parameters"],
            "runs": v["runs"],
            "points": v["points"],
            "tokens up to": v["tokens"],
            "epochs up to": v["epochs"],
        }
        for name, v in counts["by_size"].items()
    ]


def _runs(what: str, counts: Row) -> list[Summary]:
    title = f"{what}: {counts['runs']:,} runs, {counts['points']:,} points, {counts['mixtures']:,} mixtures"
    return [Summary(_with_scale(title, counts["n_parameters"], counts["tokens"]), by_size(counts))]


def fit(counts: Row) -> list[Summary]:
    """The law for each target, and what the points could not tell."""
    rows: list[Row] = []
    flags: dict[str, list[str]] = {}
    for name, v in counts["targets"].items():
        shown = dict(list(v["parameters"].items())[:PARAMETERS])
        residual = None if v["residual"] is None else round(100 * v["residual"], 3)
        rows.append({"target": name, "residual %": residual, **{k: float(f"{x:.4g}") for k, x in shown.items()}})
        for flag in v["flags"]:
            flags.setdefault(flag, []).append(name)
    columns = dict.fromkeys(key for row in rows for key in row)
    title = f"Fit: {counts['law']}; {counts['points']:,} points of {counts['runs']:,} runs"
    found = [Summary(title, [{key: row.get(key) for key in columns} for row in rows])]
    notes = [{"targets": "all", "warning": note} for note in counts["notes"]]
    every = len(counts["targets"])
    notes += [
        {"targets": "all" if len(names) == every else ", ".join(names), "warning": flag}
        for flag, names in flags.items()
    ]
    return [*found, Summary("Warnings of the fit", notes)] if notes else found


def allocate(counts: Row) -> list[Summary]:
    """Proportions with intervals, repetition, predicted losses."""
    found = counts["allocation"]
    bounds, intervals = found["bounds"], found["intervals"]
    baselines = {one["name"]: one for one in found["baselines"]}
    uniform = baselines.get("uniform", {})
    rows = []
    for name, share in found["weights"].items():
        interval, bound = intervals.get(name), bounds.get(name, {})
        rows.append(
            {
                "component": name,
                "share": round(share, 4),
                "95 % interval": between(interval, 3),
                "uniform": _rounded(uniform.get("weights", {}).get(name), 4),
                "epochs": _rounded(bound.get("epochs"), 2),
                "allowed": bound.get("max_epochs"),
            }
        )
    title = (
        f"Proportions: {found['law']}, for {found['n_parameters']:,.0f} parameters and {found['tokens']:,.0f} tokens"
    )
    tables = [Summary(_with_scale(title, found["n_parameters"], found["tokens"]), rows), _losses(found, uniform)]
    if found["warnings"]:
        tables.append(Summary("Warnings of the allocation", [{"warning": text} for text in found["warnings"]]))
    return tables


def _losses(found: Row, uniform: Row) -> Summary:
    rows = []
    for name, loss in found["losses"].items():
        other = uniform.get("losses", {}).get(name)
        rows.append(
            {
                "target": name,
                "predicted": round(loss["value"], 4),
                "95 % interval": between(loss["interval"], 4),
                "uniform": _rounded(other, 4),
                "change %": None if not other else round(100 * (loss["value"] / other - 1), 2),
            }
        )
    return Summary("Predicted losses", rows)


def confirm(counts: Row) -> list[Summary]:
    """What the trials said."""
    found = counts["confirmation"]
    tried = [found["proposed"], *found["baselines"]]
    seeds = len(found["seeds"])
    rows = [
        {
            "mixture": one["name"],
            "loss": round(sum(one["losses"]) / len(one["losses"]), 4),
            "least": round(min(one["losses"]), 4),
            "largest": round(max(one["losses"]), 4),
            "predicted": _rounded(one["predicted"], 4),
            "epochs up to": max(one["epochs"].values(), default=None),
        }
        for one in tried
    ]
    title = f"Confirmation: {found['rung']}, {found['tokens']:,.0f} tokens, {seeds} seed(s), weighted loss"
    verdicts = [
        {
            "proposed against": one["baseline"],
            "difference": round(one["difference"], 4),
            "95 % interval": between(one if one["low"] is not None else None, 4),
            "predicted": _rounded(one["predicted"], 4),
            "verdict": one["verdict"] + (" at toy scale" if found["toy"] else ""),
        }
        for one in found["comparisons"]
    ]
    return [Summary(title, rows), Summary("Verdict", verdicts)]


def between(interval: dict[str, Any] | None, digits: int) -> str | None:
    """An interval in words."""
    return None if interval is None else f"{interval['low']:.{digits}f} to {interval['high']:.{digits}f}"


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _with_scale(title: str, n: float, tokens: float) -> str:
    return f"{title}; toy scale" if toy_scale(n, tokens) else title


VIEWS = {"sweep": sweep, "trials": trials, "fit": fit, "allocate": allocate, "confirm": confirm}
