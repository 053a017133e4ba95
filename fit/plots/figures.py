"""All figures that a fit, its table and its allocation allow, written to a folder."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from contracts.allocation import Allocation
from contracts.errors import StageError
from fit.allocate.place import ranges_of
from fit.estimate.fitted import Fit
from fit.plots import canvas, curves, isoloss, proportions, residuals, synergy
from fit.points import Array, Points
from fit.predictor import Predictor
from fit.uncertainty.bootstrap import Bootstrap


def figures(
    folder: Path,
    predictor: Predictor,
    points: Points | None = None,
    allocation: Allocation | None = None,
    drawn: Bootstrap | None = None,
    noise: dict[str, Any] | None = None,
    kind: str = "svg",
) -> list[Path]:
    """Draw what can be drawn.

    Args:
        folder: where to.
        predictor: a fit, or an average of fits.
        points: what it was fitted to, for residuals and measured losses.
        allocation: proportions, which curves are drawn for too; without it equal shares.
        drawn: bootstrap of the fit, for bands.
        noise: of the fit's file, for bands.
        kind: svg or png.

    Raises:
        StageError: it is not known which sizes were measured.
    """
    ranges = ranges_of(predictor)
    if not {"n", "d"} <= set(ranges):
        raise StageError("the fit does not say which sizes were measured; fit again: glotmix fit RUNS --out fit.json")
    shares = mixture(predictor, allocation)
    lines = curves.curves(predictor, ranges, shares, points, drawn, noise)
    made: dict[str, Any] = {"curves": (partial(curves.draw, data=lines), curves.size_of(lines))}
    if all(high / low > 1.02 for low, high in (ranges["n"], ranges["d"])):
        made["isoloss"] = (partial(isoloss.draw, data=isoloss.isoloss(predictor, ranges, shares)), (6.0, 4.6))
    if isinstance(predictor, Fit) and (found := synergy.synergy(predictor)) is not None:
        made["synergy"] = (partial(synergy.draw, data=found), (6.0, 4.6))
    if allocation is not None:
        made["allocation"] = (partial(proportions.draw, data=proportions.proportions(allocation)), (6.0, 3.6))
    if points is not None:
        made["residuals"] = (partial(residuals.draw, data=residuals.residuals(predictor, points)), (9.0, 3.4))
    for name, (draw, size) in made.items():
        canvas.save(folder / f"{name}.{kind}", draw, size)
    return [folder / f"{name}.{kind}" for name in made]


def mixture(predictor: Predictor, allocation: Allocation | None) -> Array:
    """(K,) shares of an allocation, or equal ones."""
    count = len(predictor.components)
    if allocation is None:
        return np.full(count, 1 / count) if count else np.zeros(0)
    unknown = [name for name in allocation.weights if name not in predictor.components]
    if unknown:
        raise StageError(
            f"the allocation has a share of {unknown[0]}, which the fit does not know; it has "
            f"{', '.join(predictor.components)}. Allocate again: glotmix fit allocate"
        )
    return np.array([allocation.weights.get(name, 0.0) for name in predictor.components])
