"""Fits several laws and averages them; which ones, and whether their interval is wide enough, roll-out decides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from contracts.errors import StageError
from fit.estimate.cutoff import by_compute, cut, cutoff
from fit.estimate.estimate import fit
from fit.estimate.fitted import Fit
from fit.estimate.loss import Loss
from fit.laws.law import VARIES
from fit.points import Array, Points
from fit.predictor import Predictor
from fit.select.average import Average, Covariance, average
from fit.select.deviation import NORMAL
from fit.select.sizes import sizes_of
from fit.select.splits import mixtures, rollout
from fit.uncertainty.sandwich import linear_fit

MIXED = ("additive", "transfer", "joint", "capacity")
"""Laws of mixtures that are averaged by default: they part in what the mixture acts on (a term of its own, the tokens,
floor and size as well, the size by shares)."""
ALIKE = "joint"
"""Of one size and budget this says what `JUDGE` says: on 512 mixtures of 17 domains both miss by .053."""
PLAIN = ("chinchilla", "chinchilla-tied")
"""The same where there is one mixture. Farseer's nine parameters follow small sizes closely and then lead astray: on
open_lm's code losses it is 10 to 20 % off at 7B."""
JUDGE = "transfer"
"""Law of mixtures that judges from how many tokens on rows follow a law; without mixtures each judges for itself."""
POWER = 0.5
"""Rows of mixtures weigh as compute to this power: where a law has the wrong form, it had better be right next to what
is foretold. On simulated ladders of other truths that halves the error of the laws that are wrong and hardly moves the
others. Where there is no mixture all rows weigh alike: single long runs are too few to lean on."""
WORST = 2.0
"""A law whose error at the largest size is more than this times the best law's is left out: that one has the wrong
form. Closer ones are not ranked: the order at one size says little about the next."""
STARTS = 12
"""Starts of each fit by default: members are averaged, so that one that arrived a little later costs little."""
EXACT = 1e-9
"""Least deviation: points without noise lie no closer than this."""
LEAST_SCORED = 6
"""Losses at the largest size from which the deviation may be scaled by them."""
COVERED = 0.95
"""Share of them that the interval has to hold."""


def default_laws(points: Points) -> tuple[str, ...]:
    """The laws that are averaged where none are named."""
    if not mixed(points):
        return PLAIN
    inputs = points.inputs
    one = max(inputs.n.max() / inputs.n.min(), inputs.d.max() / inputs.d.min()) <= VARIES
    return tuple(law for law in MIXED if not (one and law == ALIKE))


def mixed(points: Points) -> bool:
    """Whether the points have different mixtures."""
    return len(points.components) > 1 and bool(mixtures(points).max(initial=0) > 0)


def fit_average(
    points: Points,
    laws: Sequence[str] = (),
    loss: Loss | None = None,
    starts: int = STARTS,
    seed: int = 0,
    power: float | None = None,
    shorten: bool = True,
) -> Average:
    """Laws fitted to all points, averaged with equal weights.

    Where there are three sizes or more, the laws are first fitted without the largest one and score there: a law that
    is far worse than the best is left out, and if the interval of the others does not hold 95 % of the losses there,
    it is widened until it does. Where mixtures differ, what all laws leave at whole sizes is carried over.

    Args:
        points: what was measured.
        laws: names; empty: `default_laws`.
        loss: of the fits.
        starts: of each fit.
        seed: of the starts.
        power: rows weigh as compute to this power; None: 1/2 where mixtures differ, else 0.
        shorten: leave out rows at the start of training, where roll-out says so; see `fit.estimate.cutoff`.

    Raises:
        StageError: none of the laws can be fitted.
    """
    names = list(laws) or list(default_laws(points))
    power = (POWER if mixed(points) else 0.0) if power is None else power
    tables, cuts = _shortened(points, names, loss, power, seed) if shorten else (dict.fromkeys(names, points), [])
    tables = {name: by_compute(table, power) for name, table in tables.items()}
    kept, scale, evidence = _rolled(tables, loss, starts, seed)
    fits, refused = _fits({name: tables[name] for name in kept}, loss, starts, seed)
    if not fits:
        raise StageError("none of the laws can be averaged. " + "; ".join(f"{n}: {why}" for n, why in refused.items()))
    evidence += [_said(f"law {name}", "left out", why) for name, why in refused.items()]
    return replace(_average(fits, tables, scale), evidence=(*evidence, *cuts))


def _said(what: str, decision: str, why: str) -> dict[str, Any]:
    """A row of evidence."""
    return {"what": what, "decision": decision, "why": why}


def _shortened(
    points: Points, names: list[str], loss: Loss | None, power: float, seed: int
) -> tuple[dict[str, Points], list[dict[str, Any]]]:
    """Points without the start of training for each law, and why."""
    judges = dict.fromkeys(names, JUDGE) if mixed(points) else {name: name for name in names}
    tables, told = {}, []
    for judge in dict.fromkeys(judges.values()):
        found = [cutoff(points, target, judge, loss, (power,), seed) for target in points.targets]
        tables[judge] = cut(points, {c.target: c.d_min for c in found})
        by = "" if judge == JUDGE else f" for {judge}"
        for c in found:
            least = f"{c.d_min:.3g}" if c.d_min else "all rows"
            told.append(_said(f"least tokens of {c.target}{by}", least, c.reason))
    return {name: tables[judge] for name, judge in judges.items()}, told


def _rolled(
    tables: dict[str, Points], loss: Loss | None, starts: int, seed: int
) -> tuple[list[str], float, list[dict[str, Any]]]:
    """The laws to average, the factor of the deviation, and the evidence for both."""
    names = list(tables)
    try:
        splits = {name: rollout(points)[-1] for name, points in tables.items()}
    except StageError as error:
        return names, 1.0, [_said("roll-out", "not possible: no law is left out, no interval widened", str(error))]
    # laws differ in how many of the short runs they leave out; they are judged on what all of them keep
    fewest = min(tables, key=lambda name: len(splits[name].test))
    judged = tables[fewest].take(splits[fewest].test)
    shorter = {name: tables[name].take(split.train) for name, split in splits.items()}
    fits, refused = _fits(shorter, loss, starts, seed)
    errors = {name: _error(made, judged) for name, made in fits.items()}
    kept, evidence = chosen(errors, refused)
    if not any(name in errors for name in kept):
        return kept, 1.0, evidence
    return kept, _scale(_average({name: fits[name] for name in kept}, shorter, 1.0), judged), evidence


def chosen(errors: dict[str, float], refused: dict[str, str]) -> tuple[list[str], list[dict[str, Any]]]:
    """The laws to average by their errors at the largest size, and the evidence.

    Args:
        errors: NaN: the law foretells nothing there.
        refused: why laws could not be fitted without that size.
    """
    reasons = {name: f"cannot be judged: {why}" for name, why in refused.items()}
    reasons |= {name: "cannot be judged: foretells no losses there" for name, e in errors.items() if not e < np.inf}
    judged = {name: error for name, error in errors.items() if name not in reasons}
    if not judged:  # then nothing speaks against any of them
        return [*errors, *refused], [_said(f"law {name}", "averaged", why) for name, why in reasons.items()]
    most = WORST * min(judged.values())
    evidence = [
        _said(f"law {name}", "averaged", f"{error:.2%} off at the largest size, fitted without it")
        if error <= most
        else _said(f"law {name}", "left out", f"{error:.2%} off there: more than {WORST:g} times the best law")
        for name, error in judged.items()
    ]
    evidence += [_said(f"law {name}", "left out", why) for name, why in reasons.items()]
    return [name for name, error in judged.items() if error <= most], evidence


def _fits(
    tables: dict[str, Points], loss: Loss | None, starts: int, seed: int
) -> tuple[dict[str, Fit], dict[str, str]]:
    """Fits by law, and why others failed."""
    found: dict[str, Fit] = {}
    refused = {}
    for name, points in tables.items():
        try:
            found[name] = fit(points, name, loss, starts, seed)
        except StageError as error:
            refused[name] = str(error)
    return found, refused


def _average(fits: dict[str, Fit], tables: dict[str, Points], scale: float) -> Average:
    """Equal weights, the members' mean noise, and how well the points tell their parameters."""
    known = [_uncertainty(made, tables[name]) for name, made in fits.items()]
    noise = np.mean([noise for noise, _ in known], axis=0)
    made = average(dict(fits), noise, scale=scale, covariances=[covariance for _, covariance in known])
    table = tables[next(iter(fits))]
    # without mixtures there are too few runs of a size, and each law has rows of its own
    return replace(made, sizes=sizes_of(table, made.predict(table.inputs))) if mixed(table) else made


def _uncertainty(made: Fit, points: Points) -> tuple[list[float], Covariance]:
    """Noise by target, and covariances of the parameters.

    Few points leave the noise itself uncertain: both are so much larger that 1.96 of them hold 95 %.
    """
    noises, covariances = [], {}
    for name, target in made.targets.items():
        noise, linear = linear_fit(target, points)
        wider = noise.quantile(COVERED) / NORMAL
        noises.append(wider * noise.sigma)
        covariances[name] = wider**2 * linear.covariance
    return noises, covariances


def _error(made: Predictor, judged: Points) -> float:
    found: Array = np.abs(made.predict(judged.inputs) / judged.losses - 1)
    return float(np.nanmean(found))


def _scale(made: Average, judged: Points) -> float:
    """By how much the deviation has to grow for the interval to hold 95 % of what was measured; never less than 1."""
    away = np.abs(np.log(judged.losses / made.predict(judged.inputs))) / np.maximum(
        made.deviation(judged.inputs), EXACT
    )
    away = away[np.isfinite(away)]
    if len(away) < LEAST_SCORED:
        return 1.0
    return float(max(1.0, np.quantile(away, COVERED) / NORMAL))
