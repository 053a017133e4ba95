"""Fits a law to every target of the points, from many starts."""

import numpy as np

from contracts.errors import StageError
from fit.estimate.diagnose import diagnose
from fit.estimate.fitted import Fit, TargetFit
from fit.estimate.loss import Loss, parse_loss
from fit.estimate.problem import Problem
from fit.estimate.solver import minimise, polished
from fit.laws.law import Law, space_of
from fit.laws.registry import law_of
from fit.points import Array, Points

STARTS = 48
"""Starts of each fit by default."""
POLISHED = 2
"""Of so many of the best starts the minimum is found to the accuracy of the arithmetic."""
SAME = 1e-4
"""Relative difference of objectives within which starts have reached the same optimum."""
FEW = 0.2
"""Share of the starts below which they are told to have been too few."""
SIGMA = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


def fit(points: Points, law: str, loss: Loss | str | None = None, starts: int = STARTS, seed: int = 0) -> Fit:
    """Fit a law to every target.

    Args:
        points: what was measured.
        law: name of a law.
        loss: what is minimised, or as the command line writes it: "huber:1e-3" or "l1"; Huber's with delta 1e-3 by
            default.
        starts: of each target.
        seed: of the starts.

    Raises:
        ConfigError: there is no such law.
        StageError: too few points for the law; names the target and what is needed.
    """
    loss = parse_loss(loss) if isinstance(loss, str) else loss or Loss()
    inputs, flops = points.inputs, points.flops
    return Fit(
        law=law,
        loss=loss,
        targets={target: fit_target(points, target, law, loss, starts, seed) for target in points.targets},
        components=points.components,
        seed=seed,
        identity=points.identity,
        excluded=points.excluded,
        ranges={
            name: (float(values.min()), float(values.max()))
            for name, values in {"n": inputs.n, "d": inputs.d, "flops": flops}.items()
        },
    )


def fit_target(
    points: Points, target: str, law: str, loss: Loss | None = None, starts: int = STARTS, seed: int = 0
) -> TargetFit:
    """Fit a law to the losses on one target; see `fit`."""
    loss = loss or Loss()
    kept, made, excluded = usable(points, target, law)
    problem = problem_of(kept, target, made, loss)
    rng = np.random.default_rng([seed, *target.encode()])
    first = made.starts(problem.features, problem.log_loss, kept.weights[None], starts, rng)[0]
    found, value = minimise(problem, first, kept.weights, polish=False)
    theta, objective, value = _best(problem, found, value, kept.weights)
    residual = problem.residual(theta[None])[0]
    spread = _spread(residual, made.size)
    condition, correlations, flags = diagnose(problem, theta, kept, spread)
    reached = float((value <= objective * (1 + SAME) + 1e-15).mean())
    flags = (*flags, *_lonely(reached, len(value)))
    return TargetFit(
        target=target,
        law=made,
        theta=theta,
        loss=loss,
        objective=objective,
        starts=len(first),
        reached=reached,
        rows=len(kept),
        runs=len(np.unique(kept.runs)),
        residual=spread,
        condition=condition,
        correlations=correlations,
        flags=flags,
        excluded=excluded,
    )


def usable(points: Points, target: str, law: str) -> tuple[Points, Law, dict[str, int]]:
    """The points that a law can be fitted to for a target, the law made for them, and what was left out.

    Raises:
        StageError: too few are left.
    """
    measured = np.isfinite(points.loss(target))
    chosen = law_of(law)
    if not measured.any():
        raise StageError(f"{target}: no point has a loss on it; leave it out of the targets")
    kept = points.take(measured)
    excluded = {f"no loss on {target}": int((~measured).sum())} if not measured.all() else {}
    covered = chosen(space_of(kept, target)).covers(kept.inputs)
    if not covered.all():
        excluded[f"outside what {law} describes"] = int((~covered).sum())
        kept = kept.take(covered)
    made = chosen(space_of(kept, target)) if len(kept) else chosen(space_of(points, target))
    needed = sum(parameter.prior is None for parameter in made.parameters) + 1
    if len(kept) < needed:
        raise StageError(
            f"{target}: {len(kept)} points for the law {law}, which has {made.size} parameters; it needs at least "
            f"{needed}. Take a law with fewer parameters, or run more: glotmix fit design"
        )
    return kept, made, excluded


def problem_of(points: Points, target: str, law: Law, loss: Loss) -> Problem:
    """What a solver needs for points that the law covers."""
    return Problem(law, law.features(points.inputs), np.log(points.loss(target)), loss)


def _best(problem: Problem, found: Array, value: Array, weights: Array) -> tuple[Array, float, Array]:
    """The best start's parameters and objective, and the objectives of all."""
    order = np.argsort(value, kind="stable")
    if problem.loss.kind == "huber":
        # Newton's method costs a law of many parameters more than all before: the best are enough
        near, least = polished(problem, found[order[:POLISHED]], weights)
        value[order[:POLISHED]] = least
        best = int(np.argmin(least))
        return near[best], float(least[best]), value
    from fit.estimate import absolute  # linear programs take long to import, and Huber's loss needs none

    exact = problem.objective(found, np.broadcast_to(weights, (len(found), len(weights))))
    order = np.argsort(exact, kind="stable")
    theta, objective = absolute.polish(problem, found[order[0]], weights)
    # what came as close as Huber's loss with a small delta can belongs to the same optimum
    same = exact <= exact[order[0]] * (1 + SAME)
    return theta, objective, np.where(same, objective, exact)


def _lonely(reached: float, starts: int) -> tuple[str, ...]:
    """A flag where so few starts reached the optimum that a better one may have been missed."""
    if reached >= FEW:
        return ()
    count = round(reached * starts)
    return (f"{count} of {starts} starts reached the optimum: a better one may exist (--starts)",)


def _spread(residual: Array, parameters: int) -> float:
    """Robust standard deviation of residuals, for the degrees of freedom that are left."""
    free = max(1, len(residual) - parameters)
    return float(SIGMA * np.median(np.abs(residual)) * np.sqrt(len(residual) / free))
