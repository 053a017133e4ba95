"""The tables that `glotmix fit` prints: what was read, parameters, quality, warnings."""

from typing import TYPE_CHECKING, Any

from contracts.errors import GlotmixError
from fit.commands.run_warnings import warnings
from fit.estimate.fitted import Fit
from fit.laws.law import Law, Space, space_of
from fit.laws.registry import LAWS
from fit.laws.repetition import Repetition
from fit.points import Points
from fit.reading import Reading
from report.table import Row, Summary

if TYPE_CHECKING:
    from fit.bands import Uncertainty
    from fit.estimate.cutoff import Cutoff
    from fit.select.average import Average

DIGITS = 7
"""Significant digits of parameters in a terminal; JSON has all."""
SHORT = 5
"""The same where targets stand side by side."""
SIDE_BY_SIDE = 12
"""Targets at most that stand side by side."""


def tables(
    reading: Reading,
    fitted: "Fit | Average",
    points: Points,
    cuts: "list[Cutoff]",
    known: "Uncertainty | None",
    as_json: bool,
) -> list[Summary]:
    """All tables of one fit."""
    found = [what_was_read(reading, points)]
    if cuts:
        found.append(Summary("Least tokens", [{"target": c.target, "D": c.d_min, "why": c.reason} for c in cuts]))
    if isinstance(fitted, Fit):
        found += [_parameters(fitted, known, as_json), _quality(fitted)]
    else:
        found += _average(fitted, as_json)
    notes = (*reading.notes, *_unsuited(points, fitted))
    if rows := warnings(fitted, notes, as_json):
        found.append(Summary("Warnings", rows))
    if rows := left_out(points, fitted if isinstance(fitted, Fit) else None):
        found.append(Summary("Left out", rows))
    return found


def what_was_read(reading: Reading, points: Points) -> Summary:
    """One row: the table and what of it is fitted."""
    inputs = points.inputs
    row: Row = {
        "table": str(reading.path),
        "rows": reading.rows,
        "points": len(points),
        "runs": len(set(points.runs.tolist())),
        "targets": len(points.targets),
        "components": len(points.components),
        "N": _range(inputs.n),
        "D": _range(inputs.d),
    }
    return Summary("Read", [row])


def _range(values: Any) -> str:
    low, high = float(values.min()), float(values.max())
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def _parameters(fitted: Fit, known: "Uncertainty | None", as_json: bool) -> Summary:
    title = f"Parameters: {fitted.law}, {LAWS[fitted.law].title}; loss {fitted.loss}"
    rows = [row for target in fitted.names for row in _of_target(fitted, target, known)]
    if as_json:
        return Summary(title, rows)
    if len(fitted.names) == 1:
        return Summary(title, [{k: _digits(v) for k, v in row.items() if k != "target"} for row in rows])
    if len(fitted.names) > SIDE_BY_SIDE or known is not None:
        return Summary(title, [{k: _digits(v) for k, v in row.items()} for row in rows])
    by_symbol: dict[str, Row] = {}
    for row in rows:
        line = by_symbol.setdefault(row["parameter"], {"parameter": row["parameter"], "unit": row["unit"]})
        line[row["target"]] = _digits(row["value"], SHORT)
    blank = dict.fromkeys(fitted.names)
    return Summary(
        title, [{**{k: line[k] for k in ("parameter", "unit")}, **blank, **line} for line in by_symbol.values()]
    )


def _of_target(fitted: Fit, target: str, known: "Uncertainty | None") -> list[Row]:
    made = fitted.targets[target]
    units = {parameter.symbol: parameter.unit for parameter in made.law.parameters}
    percentiles = known.drawn.interval(target) if known is not None else {}
    rows = []
    for symbol, value in made.parameters.items():
        row: Row = {"target": target, "parameter": symbol, "value": value, "unit": units.get(symbol, "")}
        if known is not None:
            interval = known.intervals[target][symbol]
            row |= {"low": interval.low, "high": interval.high}
            row["bootstrap 2.5 %"], row["97.5 %"] = percentiles[symbol]
            row["not identified"] = interval.unidentified
        rows.append(row)
    return rows


def _digits(value: Any, digits: int = DIGITS) -> Any:
    return f"{value:.{digits}g}" if isinstance(value, float) else value


def _quality(fitted: Fit) -> Summary:
    rows = [
        {
            "target": name,
            "points": made.rows,
            "runs": made.runs,
            "objective": f"{made.objective:.6e}",
            "residual %": 100 * made.residual,
            "starts": made.starts,
            "reached %": 100 * made.reached,
            "condition": f"{made.condition:.2g}",
        }
        for name, made in fitted.targets.items()
    ]
    return Summary("Quality", rows)


def _average(fitted: "Average", as_json: bool) -> list[Summary]:
    """Members, why they were chosen, and in JSON their parameters."""
    members = [(label, member) for label, member in zip(fitted.labels, fitted.members, strict=True)]
    rows: list[Row] = []
    for weight, (label, member) in zip(fitted.weights, members, strict=True):
        row: Row = {"law": label, "weight": weight}
        if isinstance(member, Fit):
            residuals = [made.residual for made in member.targets.values()]
            row |= {"residual %": 100 * sum(residuals) / len(residuals), "formula": LAWS[member.law].title}
        rows.append(row)
    found = [Summary(f"Average: {len(rows)} laws; deviations times {fitted.scale:.3g}", rows)]
    if fitted.evidence:
        found.append(Summary("Chosen by roll-out", [dict(row) for row in fitted.evidence]))
    if as_json:
        found += [
            Summary(f"Parameters of {label}", [row for name in member.names for row in _of_target(member, name, None)])
            for label, member in members
            if isinstance(member, Fit)
        ]
    return found


def left_out(points: Points, fitted: "Fit | None" = None) -> list[Row]:
    """Reasons with counts: of the table, and of single targets."""
    rows = [{"targets": "all", "reason": reason, "rows": count} for reason, count in points.excluded.items()]
    for name, made in (fitted.targets if fitted else {}).items():
        rows += [{"targets": name, "reason": reason, "rows": count} for reason, count in made.excluded.items()]
    return rows


def suitable(points: Points) -> Summary:
    """Which laws suit the points."""
    target = points.targets[0]
    rows = []
    for name, law in LAWS.items():
        try:
            space = space_of(points, target)
            size = law(space).size
            why = _why_not(points, law, space, size)
        except GlotmixError as error:
            size, why = None, str(error)
        rows.append({"law": name, "parameters": size, "suits": not why, "why not": why, "formula": law.title})
    return Summary(f"Laws: for {len(points)} points, {len(points.components)} components", rows)


def _unsuited(points: Points, fitted: "Fit | Average") -> list[str]:
    """A note where the law is fitted to points that it is not made for."""
    if not isinstance(fitted, Fit):
        return []
    law = LAWS[fitted.law]
    why = _why_not(points, law, next(iter(fitted.targets.values())).law.space, 0)
    return [f"{fitted.law} does not suit these points: {why}"] if why else []


def _why_not(points: Points, law: type[Law], space: Space, size: int) -> str:
    varied = len(points.components) > 1 and bool((points.inputs.shares.std(axis=0) > 1e-6).any())
    if law is Repetition and not space.repeats:
        return "nothing is read more than once"
    if law.mixture and law is not Repetition and not varied:
        return "the mixture does not vary"
    if len(points) <= size:
        return f"{len(points)} points are too few"
    if not law.mixture and varied:
        return "the mixture varies, which this law passes over"
    return ""
