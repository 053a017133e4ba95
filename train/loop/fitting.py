"""The stage `fit`: a law for the losses that the sweep measured, and its curves for the report."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.files import write_json
from contracts.manifest import Manifest
from mixer.recipe import Configuration
from pipelines.stage import Outcome, StageContext, StageResult, run_stage
from train.loop.config import FitSection
from train.loop.layout import CURVES, FIT, MEASURED

if TYPE_CHECKING:
    from fit.bands import Uncertainty
    from fit.estimate.fitted import Fit
    from fit.points import Points
    from fit.select.average import Average

AVERAGE = "average"


def fit_stage(section: FitSection, whole: Configuration, sweep: Path, made: Manifest, folder: Path) -> StageResult:
    """Fit what is configured; made anew whenever the sweep or the section changed, since that takes seconds.

    Args:
        section: what to fit.
        whole: of the run, for the executor's facts.
        sweep: folder of the sweep.
        made: its manifest.
        folder: where the fit goes.
    """

    def body(_: StageContext) -> Outcome:
        return _fit(section, sweep / MEASURED, folder)

    return run_stage(
        "fit", folder, section.model_dump(mode="json"), {"sweep": made.identity}, body, whole.executor, force=True
    )


def options_of(section: FitSection) -> dict[str, Any]:
    """How the table is read."""
    chosen = {"targets": section.targets} if section.targets else {}
    return {**chosen, **({"bpb": True} if section.bpb else {})}


def fit_points(section: FitSection, points: "Points") -> "Fit | Average":
    """Fit the configured law.

    Raises:
        ConfigError: there is no such law or loss.
        StageError: the points are too few for it.
    """
    from fit.estimate.loss import parse_loss

    loss = parse_loss(section.loss, section.overestimate)
    if section.law == AVERAGE:
        from fit.select.together import fit_average

        return fit_average(points, loss=loss, starts=section.starts, seed=section.seed)
    from fit.estimate.estimate import fit

    return fit(points, section.law, loss, section.starts, section.seed)


def _fit(section: FitSection, path: Path, folder: Path) -> Outcome:
    from fit.estimate.fitted import Fit
    from fit.reading import read
    from fit.record import save
    from fit.table.mapping import Request
    from train.loop.curves import curves_of

    reading = read(path, Request(**options_of(section)))
    fitted = fit_points(section, reading.points)
    known: Uncertainty | None = None
    more: dict[str, Any] = {"reading": reading.record() | {"options": options_of(section)}}
    if section.bootstrap and isinstance(fitted, Fit):
        from fit.bands import uncertainty

        known = uncertainty(fitted, reading.points, section.bootstrap, section.seed)
        more |= known.record()
    save(folder / FIT, fitted, more)
    curves = curves_of(fitted, reading.points, known, section.bpb)
    write_json(folder / CURVES, curves.model_dump(mode="json"))
    counts = {
        "law": curves.law,
        "formula": curves.formula,
        "loss": curves.loss,
        "runs": curves.runs,
        "points": curves.points,
        "draws": curves.draws,
        "excluded": curves.excluded,
        "targets": {
            t.target: {"parameters": t.parameters, "residual": t.residual, "flags": list(t.flags)}
            for t in curves.targets
        },
        "notes": list(reading.notes),
    }
    return Outcome([folder / FIT, folder / CURVES], counts)
