"""An allocation as it is written, out of what was found. Pure."""

from dataclasses import dataclass

import numpy as np

from contracts import allocation as contract
from contracts.errors import ConfigError
from contracts.manifest import digest
from fit.allocate import draws as drawing
from fit.allocate import path as along
from fit.allocate import warn
from fit.allocate.draws import Drawn, gain
from fit.allocate.place import Ranges
from fit.allocate.program import FLOOR, Program
from fit.allocate.solve import SAME, Optimum
from fit.allocate.surface import losses
from fit.points import Array
from fit.predictor import Predictor

CERTIFIED = 1e-4
"""Largest residual of first-order conditions, in units of the objective per share, at a certified optimum: moving a
hundredth of the tokens would gain a part in a million."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was computed."""

    program: Program
    best: Optimum
    shares: Array
    """(K,) rounded."""
    baselines: dict[str, Array]
    unconstrained: Optimum
    prices: list[contract.Price]
    drawn: Drawn | None
    laws: dict[str, tuple[Program, Optimum]]
    path: along.Path | None
    ranges: Ranges
    reach: float
    vertex: list[str]

    @property
    def score(self) -> float:
        """The objective at the rounded shares, without the prior."""
        return self.score_of(self.shares, self.best.n, self.best.d)

    def score_of(self, shares: Array, n: float, d: float) -> float:
        """The objective of a mixture, without the prior."""
        return float(self.program.score(self.program.surface.logs(shares[None], n, d))[0])


def allocation_of(found: Findings, pool_identity: str = "") -> contract.Allocation:
    """What allocation.json holds."""
    program, best, drawn = found.program, found.best, found.drawn
    predictor = program.surface.predictor
    names = program.bounds.names
    made = contract.Allocation(
        weights=named(names, found.shares),
        n_parameters=best.n,
        tokens=best.d,
        law=law_name(predictor),
        runs_identity=runs_identity(predictor),
        fit_identity=fit_identity(predictor),
        pool_identity=pool_identity,
        flops=program.place.flops,
        objective=_objective(found),
        bounds=_bounds(found),
        draws=len(drawn.optima) if drawn else 0,
        draws_of=drawn.kind if drawn else "none",
        intervals=_intervals(found),
        losses=_losses(found),
        guard_slack=_slack(found),
        regret=_regret(found),
        baselines=[_baseline(found, name, shares) for name, shares in found.baselines.items()],
        unconstrained=_unconstrained(found),
        prices=found.prices,
        laws=_laws(found),
        path=_path(found),
        certificate=_certificate(found),
    )
    return made.model_copy(update={"warnings": warn.warnings(found, made)})


def named(names: tuple[str, ...], shares: Array) -> dict[str, float]:
    """Shares by component."""
    return {name: float(share) for name, share in zip(names, shares, strict=True)}


def tidy(shares: Array) -> Array:
    """Shares that are not used any further, with six digits, the floor as zero."""
    return np.asarray(np.where(shares <= 2 * FLOOR, 0.0, shares), np.float64).round(6)


def law_name(predictor: Predictor) -> str:
    """What the predictor calls itself; an average lists its laws."""
    labels = getattr(predictor, "labels", None) or [law_name(one) for one in getattr(predictor, "members", ())]
    return f"average of {', '.join(labels)}" if labels else str(getattr(predictor, "law", ""))


def runs_identity(predictor: Predictor) -> str:
    """Hash of the runs table that the predictor was fitted to."""
    own = getattr(predictor, "identity", "")
    members = getattr(predictor, "members", ())
    return str(own or (runs_identity(members[0]) if members else ""))


def fit_identity(predictor: Predictor) -> str:
    """Hash of the predictor as it is recorded; empty where it has no record."""
    record = getattr(predictor, "record", None)
    try:
        return digest(record()) if callable(record) else ""
    except ConfigError:  # an average of what cannot be written
        return ""


def _objective(found: Findings) -> contract.Objective:
    program = found.program
    names = program.surface.predictor.names
    return contract.Objective(
        kind=program.goal.kind,
        units=program.goal.units,
        weights={names[i]: float(program.weights[i]) for i in program.counted},
        guard=program.goal.guard,
        prior=None if program.prior is None else named(program.bounds.names, program.prior),
        strength=program.strength,
        value=found.score,
    )


def _bounds(found: Findings) -> dict[str, contract.Bound]:
    bounds, d = found.program.bounds, found.best.d
    low, high = bounds.at(d)
    made = {}
    for index, name in enumerate(bounds.names):
        unique, cap = float(bounds.unique[index]), float(bounds.cap[index])
        known = np.isfinite(unique) and unique > 0
        made[name] = contract.Bound(
            low=float(low[index]),
            high=float(high[index]),
            fixed=bounds.fixed[index],
            unique_tokens=unique if np.isfinite(unique) else None,
            max_epochs=cap / unique if known and np.isfinite(cap) else None,
            epochs=float(found.shares[index]) * d / unique if known else None,
        )
    return made


def _intervals(found: Findings) -> dict[str, contract.Interval]:
    if not found.drawn:
        return {}
    shares = np.where(found.drawn.shares() <= 2 * FLOOR, 0.0, found.drawn.shares())
    if found.best.span is not None:  # draws begin at the optimum, and on flat ground they stay there
        shares = np.concatenate([shares, np.repeat(np.stack(found.best.span), len(shares), axis=0)])
    values = {name: shares[:, index] for index, name in enumerate(found.program.bounds.names)}
    if found.program.place.free:
        values |= {
            "n_parameters": np.array([one.n for one in found.drawn.optima]),
            "tokens": np.array([one.d for one in found.drawn.optima]),
        }
    return {name: _interval(value) for name, value in values.items()}


def _interval(values: Array) -> contract.Interval:
    low, high = drawing.interval(values)
    return contract.Interval(low=low, high=high)


def _losses(found: Findings) -> dict[str, contract.Estimate]:
    best = found.best
    logs = found.program.surface.logs(found.shares[None], best.n, best.d)[0]
    drawn = losses(found.drawn.logs(found.shares, best.n, best.d)) if found.drawn else None
    return {
        name: contract.Estimate(
            value=float(losses(logs)[index]), interval=None if drawn is None else _interval(drawn[:, index])
        )
        for index, name in enumerate(found.program.surface.predictor.names)
    }


def _slack(found: Findings) -> dict[str, float]:
    program = found.program
    logs = program.surface.logs(found.shares[None], found.best.n, found.best.d)[0]
    names = program.surface.predictor.names
    return {names[i]: float(gain("log", logs[i], program.reference[i])) for i in program.counted}


def _regret(found: Findings) -> contract.Estimate | None:
    if not found.drawn:
        return None
    ours = found.drawn.scores(found.shares, found.best.n, found.best.d)
    theirs = np.array(
        [
            float(program.score(one.logs[None])[0])
            for program, one in zip(found.drawn.programs, found.drawn.optima, strict=True)
        ]
    )
    lost = np.maximum(0.0, -gain(found.program.goal.units, ours, theirs))
    return contract.Estimate(value=float(lost.mean()), interval=_interval(lost))


def _baseline(found: Findings, name: str, shares: Array) -> contract.Baseline:
    program, best = found.program, found.best
    n, d = along.best_size(program, shares)
    logs = program.surface.logs(shares[None], n, d)
    units = program.goal.units
    interval = None
    if found.drawn:
        ours = found.drawn.scores(found.shares, best.n, best.d)
        interval = _interval(gain(units, ours, found.drawn.scores(shares, n, d)))
    low, high = program.bounds.at(d)
    return contract.Baseline(
        name=name,
        weights=named(program.bounds.names, shares),
        n_parameters=n,
        tokens=d,
        losses={
            target: float(loss) for target, loss in zip(program.surface.predictor.names, losses(logs[0]), strict=True)
        },
        gain=contract.Estimate(
            value=float(gain(units, found.score, float(program.score(logs)[0]))), interval=interval
        ),
        keeps_bounds=bool(
            (shares >= low - 1e-9).all() and (shares <= high + 1e-9).all() and program.excess(logs)[0] <= 1e-9
        ),
    )


def _unconstrained(found: Findings) -> contract.Unconstrained:
    one, program = found.unconstrained, found.program
    return contract.Unconstrained(
        weights=named(program.bounds.names, tidy(one.shares)),
        n_parameters=one.n,
        tokens=one.d,
        gain=float(gain(program.goal.units, float(program.score(one.logs[None])[0]), found.score)),
    )


def _laws(found: Findings) -> list[contract.LawOptimum]:
    """The optimum of each law of an average and what the allocation loses if it is right; the mean of these optima."""
    if not found.laws:
        return []
    names, units = found.program.bounds.names, found.program.goal.units
    made, at = [], (found.best.n, found.best.d)
    for law, (program, one) in found.laws.items():
        ours = float(program.score(program.surface.logs(found.shares[None], *at))[0])
        own = float(program.score(one.logs[None])[0])
        regret = max(0.0, -float(gain(units, ours, own)))
        made.append(contract.LawOptimum(law=law, weights=named(names, tidy(one.shares)), regret=regret))
    mean = np.mean([one.shares for _, one in found.laws.values()], axis=0)
    lost = max(0.0, -float(gain(units, found.score_of(mean, *at), found.score)))
    made.append(contract.LawOptimum(law="mean of the optima", weights=named(names, tidy(mean)), regret=lost))
    return made


def _path(found: Findings) -> list[contract.PathPoint]:
    if found.path is None:
        return []
    made = []
    for program, one in zip(found.path.programs, found.path.optima, strict=True):
        shares, n, d = program.reference_at
        even = float(program.score(program.surface.logs(shares[None], n, d))[0])
        won = float(gain(program.goal.units, float(program.score(one.logs[None])[0]), even))
        weights = named(program.bounds.names, tidy(one.shares))
        made.append(contract.PathPoint(n_parameters=one.n, tokens=one.d, weights=weights, gain_over_uniform=won))
    return made


def _certificate(found: Findings) -> contract.Certificate:
    best = found.best
    unit = 1.0 if found.program.goal.units == "log" else abs(best.value)
    residual = best.multipliers.residual
    return contract.Certificate(
        starts=best.starts,
        reached=best.reached,
        distance=best.distance,
        searched=best.searched,
        search_gap=best.gap,
        kkt_residual=residual,
        certified=bool(
            residual <= CERTIFIED * unit
            and best.gap >= -SAME * unit
            and best.reached * best.starts >= 2
            and not best.flat
        ),
    )
