"""What a user should know before betting on an allocation. Pure."""

from typing import TYPE_CHECKING

import numpy as np

from contracts.allocation import Allocation, Baseline
from fit.allocate import path as along
from fit.allocate import sound, vertex
from fit.allocate.place import beyond
from fit.predictor import Predictor

if TYPE_CHECKING:
    from fit.allocate.record import Findings

ANY = 0.99
"""Share of the mixtures tried anywhere that are as good from which any mixture is said to be."""

EQUAL = 1e-3
"""Difference of shares below which two mixtures are called the same."""


def warnings(found: "Findings", made: Allocation) -> list[str]:
    """Sentences, the gravest first."""
    lines = [f"vertex: {text}; it was allowed" for text in found.vertex]
    lines += _blind(found)
    lines += _unfit(found)
    lines += _edges(found)
    lines += beyond(found.ranges, found.best.n, found.best.d, found.reach)
    lines += _limits(found)
    lines += _unlimited(found)
    lines += _doubts(found, made)
    if found.path is not None:
        lines += along.reversals(found.path, found.baselines)
    return lines


def _blind(found: "Findings") -> list[str]:
    """Members of an average that have no say."""
    names = list(dict.fromkeys(sound.blind(found.program.surface.predictor)))
    if not names:
        return []
    return [
        f"{', '.join(names)} know{'' if len(names) > 1 else 's'} no mixtures: in this average only the other laws "
        "choose the shares, and differences of losses are predicted too small"
    ]


def _unfit(found: "Findings") -> list[str]:
    """Targets that count for nothing and have no finite loss."""
    best, surface = found.best, found.program.surface
    losses = surface.predicted(found.shares[None], best.n, best.d)[0]
    names = [name for name, loss in zip(surface.predictor.names, losses, strict=True) if not np.isfinite(loss)]
    return [f"no finite loss is predicted of {', '.join(names)}, which count for nothing"] if names else []


def _edges(found: "Findings") -> list[str]:
    zero = vertex.near_zero(found.program, found.shares, found.best.d)
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
    if certificate is not None and not certificate.certified and not found.best.flat:
        lines.append(
            f"the optimum is not certified: {100 * certificate.reached:.0f} % of {certificate.starts} starts reached "
            f"it, first-order conditions are off by {certificate.kkt_residual:.2g}; the predictor may not be smooth"
        )
    lines += _flat(found)
    even = [one for one in made.baselines if one.name == "uniform" and _doubtful(one)]
    lines += [_unsure(one, max(abs(made.weights[name] - one.weights[name]) for name in made.weights)) for one in even]
    if not made.draws:
        lines.append("no intervals: the fit has no bootstrap; make one with --bootstrap 200")
    return lines


def _flat(found: "Findings") -> list[str]:
    """Mixtures far apart that are as good."""
    best = found.best
    if not best.flat:
        small = "a mixture hardly matters here: any one is as good to a part in a million"
        return [small] if best.equal >= ANY else []
    kind = "uniform mixture" if found.program.prior is None else "prior"
    if best.equal >= ANY:
        return [
            f"the objective is flat: any mixture is as good, so nothing speaks for these shares but that they are "
            f"nearest to the {kind}. Not certified"
        ]
    return [
        f"the optimum is flat: mixtures as good differ in {100 * best.distance:.0f} % of the tokens; the one nearest "
        f"to the {kind} was taken. Not certified"
    ]


def _doubtful(baseline: Baseline) -> bool:
    interval = baseline.gain.interval
    return baseline.gain.value <= 0 or (interval is not None and interval.low <= 0)


def _unsure(baseline: Baseline, apart: float) -> str:
    interval = baseline.gain.interval
    if apart < EQUAL:
        return f"these shares are the {baseline.name} mixture itself: nothing within the constraints is better"
    if interval is None or baseline.gain.value <= 0:
        return f"the constraints cost more than the mixture gains: it is not better than {baseline.name}"
    return (
        f"not surely better than {baseline.name}: the interval of the gain, {100 * interval.low:.2g} to "
        f"{100 * interval.high:.2g} %, holds 0"
    )
