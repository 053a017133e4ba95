"""What a user should know before betting on an allocation. Pure."""

from typing import TYPE_CHECKING

import numpy as np

from contracts.allocation import Allocation, Baseline
from fit.allocate import path as along
from fit.allocate import vertex
from fit.allocate.place import beyond
from fit.predictor import Predictor

if TYPE_CHECKING:
    from fit.allocate.record import Findings

APART = 0.05
"""Part of the tokens by which equally good mixtures differ from which the optimum is called flat."""


def warnings(found: "Findings", made: Allocation) -> list[str]:
    """Sentences, the gravest first."""
    lines = [f"vertex: {text}; it was allowed" for text in found.vertex]
    lines += _edges(found)
    lines += beyond(found.ranges, found.best.n, found.best.d, found.reach)
    lines += _limits(found)
    lines += _unlimited(found)
    lines += _doubts(found, made)
    if found.path is not None:
        lines += along.reversals(found.path, found.baselines)
    return lines


def _edges(found: "Findings") -> list[str]:
    zero = vertex.near_zero(found.program, found.shares)
    told = {name for text in found.vertex for name in zero if name in text}
    left = [name for name in zero if name not in told]
    return [f"nearly left out: {', '.join(left)}; give --min where that is not wanted"] if left else []


def _limits(found: "Findings") -> list[str]:
    """What keeps a budget from being divided freely."""
    program, best = found.program, found.best
    if not program.place.free:
        return []
    lines = []
    if best.n >= program.place.high[0] * (1 - 1e-6):
        lines.append(
            f"N* = {best.n:.4g} stands at the limit of {found.reach:g} times the largest measured size: the budget "
            "calls for runs of larger models"
        )
    if best.n <= program.place.low[0] * (1 + 1e-6):
        lines.append(f"N* = {best.n:.4g} stands at the lower limit, the smallest measured size over {found.reach:g}")
    used = best.n * best.d / program.place.product
    if used < 0.999:
        lines.append(f"only {100 * used:.3g} % of the operations are used: tokens and bounds allow no more")
    return lines


def _unlimited(found: "Findings") -> list[str]:
    """Laws that know repetition, and no word of how many tokens there are."""
    if np.isfinite(found.program.bounds.unique).any() or not _repeats(found.program.surface.predictor):
        return []
    return ["unique tokens are taken as unlimited though the law knows repetition; give --pool or --unique"]


def _repeats(predictor: Predictor) -> bool:
    members = getattr(predictor, "members", ())
    targets = getattr(predictor, "targets", None) or {}
    own = any(getattr(getattr(fit.law, "space", None), "repeats", False) for fit in targets.values())
    return own or any(_repeats(member) for member in members)


def _doubts(found: "Findings", made: Allocation) -> list[str]:
    lines = []
    certificate = made.certificate
    if certificate is not None and not certificate.certified:
        lines.append(
            f"the optimum is not certified: {100 * certificate.reached:.0f} % of {certificate.starts} starts reached "
            f"it, first-order conditions are off by {certificate.kkt_residual:.2g}; the predictor may not be smooth"
        )
    if found.best.distance > APART:
        apart = 100 * found.best.distance
        lines.append(f"the optimum is flat: mixtures as good differ in {apart:.0f} % of the tokens")
    lines += [_unsure(baseline) for baseline in made.baselines if baseline.name == "uniform" and _doubtful(baseline)]
    if not made.draws:
        lines.append("no intervals: the fit has no bootstrap; make one with --bootstrap 200")
    return lines


def _doubtful(baseline: Baseline) -> bool:
    interval = baseline.gain.interval
    return baseline.gain.value <= 0 or (interval is not None and interval.low <= 0)


def _unsure(baseline: Baseline) -> str:
    interval = baseline.gain.interval
    if interval is None or baseline.gain.value <= 0:
        return f"the constraints cost more than the mixture gains: it is not better than {baseline.name}"
    return (
        f"not surely better than {baseline.name}: the interval of the gain, {100 * interval.low:.2g} to "
        f"{100 * interval.high:.2g} %, holds 0"
    )
