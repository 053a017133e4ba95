"""From a predictor of losses to proportions: the optimum, its intervals, prices, baselines and warnings. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from contracts.allocation import Allocation
from contracts.errors import ConfigError, StageError
from fit.allocate import draws as drawing
from fit.allocate import path as along
from fit.allocate import simplex, sound, vertex
from fit.allocate.baselines import baselines, natural, uniform
from fit.allocate.constraints import Bounds, Constraints, check, resolve
from fit.allocate.goal import Goal
from fit.allocate.place import REACH, Place, Ranges, place_of, ranges_of
from fit.allocate.prices import prices
from fit.allocate.program import Program
from fit.allocate.record import Findings, allocation_of, law_name
from fit.allocate.solve import STARTS, Optimum, solve
from fit.allocate.surface import Surface
from fit.points import FLOPS_PER_PARAMETER_AND_TOKEN, Array
from fit.predictor import Predictor
from fit.uncertainty.bootstrap import Bootstrap

DIGITS = 4
"""Digits of the shares that are written: a part in ten thousand is far inside every interval."""
DRAWS = 100
"""Draws that are optimised again: the ends of a 95 % interval then rest on the outer five."""


@dataclass(frozen=True, slots=True)
class Allocated:
    """What was decided."""

    allocation: Allocation
    """As it is written."""
    shares: Array
    """(K,) shares, rounded."""
    n: float
    d: float
    best: Optimum
    """Before rounding."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done beyond the optimum itself."""

    starts: int = STARTS
    seed: int = 0
    digits: int = DIGITS
    path: bool = False
    """Whether optima along sizes and budgets are found too."""
    reach: float = REACH
    """How far beyond the measured sizes N may be chosen."""
    draws: int = DRAWS
    """Draws of a bootstrap that are optimised again at most."""
    pool_identity: str = ""
    """Of the pool that unique tokens were taken from, for the record."""


def allocate(
    predictor: Predictor,
    goal: Goal | None = None,
    constraints: Constraints | None = None,
    *,
    n: float | None = None,
    d: float | None = None,
    flops: float | None = None,
    factor: float = FLOPS_PER_PARAMETER_AND_TOKEN,
    draws: Bootstrap | Sequence[Predictor] | None = None,
    allow_vertex: bool = False,
    effort: Effort | None = None,
) -> Allocated:
    """The proportions with the lowest predicted objective within the constraints.

    Args:
        predictor: a fit, an average of fits, or anything that predicts losses.
        goal: what is minimised; the mean over languages by default.
        constraints: what limits the shares; none by default.
        n: model size in parameters.
        d: training tokens.
        flops: instead of both: a budget that is divided between them.
        factor: operations for each parameter and token, with `flops`.
        draws: a bootstrap of the fit, or predictors that are as likely; of an average its laws by default.
        allow_vertex: accept an optimum that leaves out a language that counts.
        effort: starts, seed, digits, path, reach.

    Raises:
        ConfigError: what is asked for contradicts itself or names what the predictor does not have.
        StageError: no mixture keeps the constraints, the optimum is a vertex, or the predictor knows no mixtures or
            predicts what is no loss.
    """
    goal, constraints, effort = goal or Goal(), constraints or Constraints(), effort or Effort()
    sound.check_mixtures(predictor)
    if not predictor.components:
        raise ConfigError("this law knows no mixture; fit one that does, such as: glotmix fit RUNS --law transfer")
    ranges = ranges_of(predictor)
    place = place_of(ranges, n=n, d=d, flops=flops, factor=factor, reach=effort.reach)
    program = _program(predictor, goal, constraints, place)
    mixtures = baselines(program.bounds, constraints, program.reference_at[2])
    _check_baselines(program, mixtures)
    best = solve(program, np.stack(list(mixtures.values())), effort.starts, effort.seed)
    found = vertex.refused(program, best.shares, best.d)
    if found and not allow_vertex:
        raise _vertex_error(found, program, best)
    shares = _rounded(program, best, effort.digits)
    free = along.referenced(_unbounded(program))
    kind = "bootstrap" if draws is not None else "laws"
    drawn = drawing.predictors(draws, predictor, effort.draws)
    sound.check_draws(program, [drawing.under(program, one) for one in drawn])
    findings = Findings(
        program=program,
        best=best,
        shares=shares,
        baselines=mixtures,
        unconstrained=solve(free, best.shares[None], effort.starts, effort.seed),
        prices=prices(program, best),
        drawn=drawing.reoptimise(program, best, drawn, kind),  # type: ignore[arg-type]
        laws=_laws(program, best, predictor),
        path=_path(program, best, ranges, effort) if effort.path else None,
        ranges=ranges,
        reach=effort.reach,
        vertex=found,
    )
    made = allocation_of(findings, effort.pool_identity)
    return Allocated(made, shares, best.n, best.d, best)


def _check_baselines(program: Program, mixtures: dict[str, Array]) -> None:
    """Refuse predictions that are no losses before anything is searched."""
    for name, shares in mixtures.items():
        sound.check_finite(program, f"the baseline {name}", shares, *along.best_size(program, shares))


def _rounded(program: Program, best: Optimum, digits: int) -> Array:
    """The shares as they are written, with more digits where a law is infinite without the last of a component."""
    low, high = program.bounds.at(best.d)
    for places in range(digits, simplex.MOST_DIGITS + 1):
        shares = np.array(simplex.rounded(best.shares, low, np.maximum(low, high), places))
        if not sound.unfit(program, shares, best.n, best.d):
            return shares
    sound.check_finite(program, "the optimum", shares, best.n, best.d)
    return shares


def _program(predictor: Predictor, goal: Goal, constraints: Constraints, place: Place) -> Program:
    bounds = resolve(constraints, predictor.components)
    prior = _prior(constraints, bounds)
    if prior is not None:
        bounds = replace(bounds, high=np.where(prior > 0, bounds.high, bounds.low))
    check(bounds, None if place.free else place.d)
    if place.free and bounds.most_tokens < place.low[1]:
        raise StageError(
            f"the constraints allow {bounds.most_tokens:.4g} tokens at most, fewer than the {place.low[1]:.4g} that "
            "--reach allows; raise --max-epochs or --reach"
        )
    start = Program(
        surface=Surface(predictor, bounds.unique),
        goal=goal,
        weights=goal.of(predictor.names),
        reference=np.zeros(len(predictor.names)),
        reference_at=(uniform(bounds), place.n, place.d),
        bounds=bounds,
        place=place,
        prior=prior,
        strength=constraints.strength,
    )
    # with zeros as the reference the best size of the uniform mixture is that of its own losses
    return along.referenced(start)


def _prior(constraints: Constraints, bounds: Bounds) -> Array | None:
    """(K,) proportions that the result is drawn towards."""
    strength, given = constraints.strength, constraints.prior
    if not (np.isfinite(strength) and strength >= 0):
        raise ConfigError(f"--kl {strength}: give a strength from 0 on, such as 0.01")
    if given is None:
        if strength:
            raise ConfigError("--kl needs --prior: uniform, natural or proportions")
        return None
    if not strength:
        raise ConfigError("--prior needs --kl, its strength, such as 0.01")
    if given == "uniform":
        return uniform(bounds)
    if given == "natural":
        found = natural(bounds, constraints)
        if found is None:
            raise ConfigError("--prior natural needs to know what tokens there are: give --pool or --unique")
        return found
    unknown = [name for name in given if name not in bounds.names]
    if unknown:
        raise ConfigError(f"--prior {unknown[0]}: the fit has no such component; it has {', '.join(bounds.names)}")
    shares = np.array([given.get(name, 0.0) for name in bounds.names], float)
    if (shares < 0).any() or abs(shares.sum() - 1) > 1e-6:
        raise ConfigError(f"--prior: proportions must be from 0 on and sum to 1; they sum to {shares.sum():.6g}")
    return shares


def _unbounded(program: Program) -> Program:
    """The program without bounds, caps, guard and prior; what there is nothing of stays out."""
    size = program.size
    bounds = Bounds(
        names=program.bounds.names,
        low=np.zeros(size),
        high=np.where(program.bounds.unique > 0, 1.0, 0.0),
        unique=program.bounds.unique,
        cap=np.full(size, np.inf),
        fixed=(False,) * size,
    )
    return replace(program, bounds=bounds, goal=replace(program.goal, guard=None), prior=None, strength=0.0)


def _laws(program: Program, best: Optimum, predictor: Predictor) -> dict[str, tuple[Program, Optimum]]:
    """For each law of an average its own optimum."""
    found = {}
    for number, member in enumerate(sound.seeing(predictor)):
        name = str(getattr(member, "law", f"law {number + 1}"))
        own = drawing.under(program, member)
        key = name if name not in found else f"{name} ({number + 1})"
        found[key] = (own, solve(own, best.shares[None], count=0, seed=number))
    return found


def _path(program: Program, best: Optimum, ranges: Ranges, effort: Effort) -> along.Path:
    programs = [along.at(program, place) for place in along.places(program.place, ranges, effort.reach)]
    return along.walk(programs, best)


def _vertex_error(found: list[str], program: Program, best: Optimum) -> StageError:
    shares = ", ".join(f"{n} {s:.4f}" for n, s in zip(program.bounds.names, best.shares, strict=True))
    law = law_name(program.surface.predictor) or "this predictor"
    return StageError(
        f"the optimum is a vertex: {'; '.join(found)} ({shares}). Laws without diminishing returns end so, whatever "
        f"is true, so it is refused ({law}). Give least shares (--min python=0.02), another law or an average, "
        "a prior (--prior uniform --kl 0.01), or --allow-vertex"
    )
