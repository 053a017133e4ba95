"""Sections on what was learned: training, laws, proportions, confirmation."""

from typing import Any

from contracts.allocation import Allocation, Interval
from contracts.confirmation import Confirmation, Tried
from contracts.curves import FitCurves
from contracts.scale import toy_scale
from report.html import draw
from report.html.markup import Markup, element, joined, notes, paragraph, table
from report.html.sources import RunFiles
from report.loop_tables import by_size

PARAMETERS = 16
"""Parameters of a law in the table; fit.json has all."""


def training(files: RunFiles) -> Markup | None:
    """The runs of the sweep, and how their training loss fell."""
    made = files.manifest("sweep")
    curves, runs = files.curves("sweep")
    if made is None and not curves:
        return None
    parts = []
    if made is not None:
        counts = made.counts
        parts.append(_scale(counts["n_parameters"], counts["tokens"]))
        rows = by_size(counts)
        parts.append(table(f"Runs of the sweep, over {counts['mixtures']:,} mixtures", rows))
    else:
        parts.append(paragraph("The sweep is not finished.", "absent"))
    if curves:
        some = f"{len(curves):,} of {runs:,} runs" if len(curves) < runs else f"{runs:,} runs"
        caption = f"Training loss of {some}, before the learning rate is decayed"
        parts.append(draw.training(curves, "optimizer steps", caption))
    return joined(parts)


def laws(files: RunFiles) -> Markup | None:
    """What was fitted, with its warnings."""
    found = files.model(FitCurves, "fit", "curves.json")
    if found is None:
        return None
    formula = f": {found.formula}" if found.formula else ""
    head = f"{found.law}{formula}. {found.points:,} points of {found.runs:,} runs"
    bands = f"; bands are to hold {found.level:.0%} of what is measured, by {found.draws:,} resamplings of the runs"
    parts = [paragraph(head + (f", loss {found.loss}" if found.loss else "") + (bands if found.draws else "") + ".")]
    parts.append(table("Points left out", [{"reason": k, "points": v} for k, v in found.excluded.items()], "none"))
    if found.targets:
        equal = " at equal shares" if found.mixture else ""
        caption = f"Lines: the law{equal}. Dots: points of all mixtures, so they spread around the lines"
        parts += [draw.laws(found, caption), draw.residuals(found, "Points by the law, beside what was measured")]
    parts.append(table("Parameters", _parameters(found)))
    flags: dict[str, list[str]] = {}
    for target in found.targets:
        for flag in target.flags:
            flags.setdefault(flag, []).append(target.target)
    parts.append(notes([f"{', '.join(names)}: {flag}" for flag, names in flags.items()]))
    return joined(parts)


def _parameters(found: FitCurves) -> list[dict[str, Any]]:
    rows = []
    for target in found.targets:
        row: dict[str, Any] = {"target": target.target}
        if target.residual is not None:
            row["residual %"] = 100 * target.residual
        row |= dict(list(target.parameters.items())[:PARAMETERS])
        rows.append(row)
    return rows


def proportions(files: RunFiles) -> Markup | None:
    """The allocation, with intervals, repetition and what it predicts."""
    found = files.model(Allocation, "allocation", "allocation.json")
    if found is None:
        return None
    uniform = next((one for one in found.baselines if one.name == "uniform"), None)
    n, d = found.n_parameters, found.tokens
    parts = [paragraph(f"By {found.law or 'an unnamed law'}{_meant(n, d)}.")]
    if n is not None and d is not None:
        parts.append(_scale(n, d))
    caption = "Proposed shares" + (f"; lines: intervals of {found.draws:,} draws" if found.intervals else "")
    parts.append(draw.proportions(found, uniform.weights if uniform else {}, caption))
    parts.append(table("Proportions", _shares(found)))
    rows = [
        {
            "target": name,
            "predicted": loss.value,
            "interval": _between(loss.interval),
            "uniform": uniform.losses.get(name) if uniform else None,
        }
        for name, loss in found.losses.items()
    ]
    parts.append(table("Predicted losses", rows))
    compared = [
        {
            "mixture": one.name,
            "gain of the proposed %": 100 * one.gain.value,
            "interval %": _between(one.gain.interval, 100),
            "keeps bounds": one.keeps_bounds,
        }
        for one in found.baselines
    ]
    parts.append(table("Against other mixtures, as predicted", compared, "none"))
    parts.append(notes(found.warnings))
    return joined(parts)


def _shares(found: Allocation) -> list[dict[str, Any]]:
    rows = []
    for name, share in found.weights.items():
        bound = found.bounds.get(name)
        rows.append(
            {
                "component": name,
                "share": share,
                "interval": _between(found.intervals.get(name)),
                "unique tokens": bound.unique_tokens if bound else None,
                "epochs": bound.epochs if bound else None,
                "epochs allowed": bound.max_epochs if bound else None,
            }
        )
    return rows


def confirmation(files: RunFiles) -> Markup | None:
    """What trained models said of the proposed mixture."""
    found = files.model(Confirmation, "confirm", "confirm.json")
    if found is None:
        return None
    parts = [
        paragraph(
            f"{found.rung} ({found.n_parameters:,.0f} parameters), {found.tokens:,.0f} tokens, {len(found.seeds)} "
            f"seed(s) of weights and order of documents for each mixture."
        )
    ]
    if found.toy:
        parts.append(paragraph(f"Note: {found.toy}.", "toy"))
    parts.append(table("Verdicts", [_verdict(found, number) for number in range(len(found.comparisons))]))
    parts.append(draw.trials(found, f"Weighted loss of each seed in {found.unit}; lines: means"))
    tried = [found.proposed, *found.baselines]
    parts.append(table("Mixtures that were trained", [_tried(one) for one in tried]))
    rows = [{"target": t, **{one.name: one.by_target.get(t) for one in tried}} for t in found.proposed.by_target]
    parts.append(table("Loss on each target, mean over seeds", rows))
    epochs = [{"component": c, **{o.name: o.epochs.get(c) for o in tried}} for c in _components(tried)]
    parts.append(table("Epochs: how often unique tokens were read", epochs))
    return joined(parts)


def _verdict(found: Confirmation, number: int) -> dict[str, Any]:
    one = found.comparisons[number]
    interval = None if one.low is None or one.high is None else Interval(low=one.low, high=one.high)
    return {
        "proposed against": one.baseline,
        "verdict": element("strong", one.verdict + (" at toy scale" if found.toy else "")),
        "difference": one.difference,
        f"{found.level:.0%} interval": _between(interval),
        "predicted": one.predicted,
    }


def _tried(one: Tried) -> dict[str, Any]:
    row: dict[str, Any] = {"mixture": one.name, "weighted loss": sum(one.losses) / len(one.losses)}
    row["by the law"] = one.predicted
    shares = sorted(one.proportions.items(), key=lambda item: -item[1])
    row["shares"] = ", ".join(f"{name} {share:.3g}" for name, share in shares if share)
    return row


def _components(tried: list[Tried]) -> list[str]:
    return list(dict.fromkeys(name for one in tried for name in one.epochs))


def _between(interval: Interval | None, factor: float = 1.0) -> str | None:
    return None if interval is None else f"{factor * interval.low:.4g} to {factor * interval.high:.4g}"


def _meant(n: float | None, d: float | None) -> str:
    if n is None or d is None:
        return ""
    return f", for {n:,.0f} parameters and {d:,.0f} training tokens"


def _scale(n: float, tokens: float) -> Markup:
    toy = toy_scale(n, tokens)
    return paragraph(f"Note: {toy}.", "toy") if toy else Markup("")
