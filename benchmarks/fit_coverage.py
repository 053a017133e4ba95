"""How often intervals hold the truth, for every law, and what the optimum costs: random truths, measured with noise.

    python benchmarks/fit_coverage.py                          # 200 truths for every law
    python benchmarks/fit_coverage.py --truths 20 --laws chinchilla transfer

A truth is a law with random parameters out of the ranges that the law starts from. It is measured on a ladder of 5
sizes x 4 budgets (x 3 (K + 1) mixtures of K components for laws of mixtures, which have K targets), with independent
noise of 0.3 %, and fitted. The optimum is that of the mean of the targets at 4 times the largest size and budget.
Reference: 92 to 98 % of the parameters inside 95 % intervals, pooled; the optimum's regret below .1 %.

The last lines are of the average of laws (--averages), which decides by itself what it holds: how often its 95 %
interval holds new measurements, and the truth without noise, at places among the points and at the larger scale.
"plain" is Chinchilla's law with published exponents, 5 sizes x 5 budgets, and scores ten times both.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from fit.estimate.estimate import fit
from fit.estimate.loss import parse_loss
from fit.laws.law import Law, space_of
from fit.laws.registry import LAWS, law_of
from fit.points import Array, Inputs, Points, places, points
from fit.predictor import Predictor
from fit.select.deviation import interval
from fit.select.together import fit_average
from fit.uncertainty.bootstrap import bootstrap
from fit.uncertainty.intervals import Interval, parameter_intervals
from fit.uncertainty.prediction import predicted

COMPONENTS = ("python", "java", "go")
SIZES = np.geomspace(5e7, 1e9, 5)
BUDGETS = np.geomspace(1e9, 3e10, 4)
MIDDLE = 0.8
"""Share of a parameter's range of starts that truths are drawn from."""
LEAST = 1e-4
"""Share that every component keeps when the best mixture is sought: some laws are infinite at zero."""
LARGER = (4.0, 4.0)
"""Held-out scale: so many times the largest N and D."""


@dataclass
class Tally:
    """What one law has come to."""

    inside: int = 0
    judged: int = 0
    flagged: int = 0
    parameters: int = 0
    near: list[float] = field(default_factory=list)
    """Share of predictions inside their intervals, at places among the points."""
    far: list[float] = field(default_factory=list)
    """The same at a larger scale."""
    width: list[float] = field(default_factory=list)
    regret: list[float] = field(default_factory=list)
    distance: list[float] = field(default_factory=list)
    seconds: float = 0.0
    by_symbol: dict[str, list[int]] = field(default_factory=dict)


def design(mixture: bool, rng: np.random.Generator) -> tuple[Inputs, Array]:
    """The places of a ladder, and which run each is of."""
    mixtures = np.zeros((1, 0))
    if mixture:
        mixtures = rng.dirichlet(np.ones(len(COMPONENTS)), 3 * (len(COMPONENTS) + 1))
    n, d, which = (grid.ravel() for grid in np.meshgrid(SIZES, BUDGETS, np.arange(len(mixtures)), indexing="ij"))
    names = COMPONENTS if mixture else ()
    unique = np.full((len(n), len(names)), np.inf)
    if mixture:
        unique[:] = BUDGETS[-1] / 8  # large shares of the largest budgets are read more than once
    runs = np.unique(np.stack([n, which], axis=1), axis=0, return_inverse=True)[1]
    return places(n, d, mixtures[which], names, unique), runs


def truth(law: Law, inputs: Inputs, rng: np.random.Generator) -> Array:
    """Random parameters, with terms that sum to a loss of about 1 nat."""
    ranges = np.array([p.start for p in law.parameters])
    low, high = law.bounds
    theta = ranges.mean(axis=1) + MIDDLE * (ranges[:, 1] - ranges[:, 0]) * (rng.random(law.size) - 0.5)
    theta = np.clip(theta, low, high)
    if index := list(law.levels()):
        theta[index] -= law.log_loss(theta, inputs)[0].mean()
    return theta


def larger(inputs: Inputs) -> Inputs:
    """The same mixtures at a scale that was not measured."""
    last = inputs.take((inputs.n == inputs.n.max()) & (inputs.d == inputs.d.max()))
    return places(last.n * LARGER[0], last.d * LARGER[1], last.shares, last.components, last.unique * LARGER[1])


def mean_loss(laws: list[Law], thetas: list[Array], at: tuple[float, float, float], shares: Array) -> Array:
    """Mean log loss over the targets for mixtures (R, K), at a size, a budget and so many unique tokens of each."""
    n, d, unique = at
    place = places(n, d, shares, COMPONENTS, np.full(len(COMPONENTS), unique))
    return np.mean([law.log_loss(theta, place)[0] for law, theta in zip(laws, thetas, strict=True)], axis=0)


def best_mixture(laws: list[Law], thetas: list[Array], at: tuple[float, float, float], seed: int) -> Array:
    """The mixture of least mean loss: random ones, then ever smaller steps around the best."""
    rng = np.random.default_rng(seed)
    count = len(COMPONENTS)
    tried, spread = rng.dirichlet(np.ones(count), 400), 0.2
    for _ in range(20):
        tried = np.maximum(tried, LEAST)
        tried /= tried.sum(axis=1, keepdims=True)
        best = tried[mean_loss(laws, thetas, at, tried).argmin()]
        moved = np.abs(best + spread * rng.normal(size=(200, count)))
        tried = np.concatenate([best[None], moved / moved.sum(axis=1, keepdims=True)])
        spread *= 0.6
    return best


def one(name: str, seed: int, noise: float, loss: str, draws: int, tally: Tally) -> None:
    """One truth: a law for each target, measured in the same runs."""
    rng = np.random.default_rng([seed, *name.encode()])
    inputs, runs = design(law_of(name).mixture, rng)
    targets = COMPONENTS if law_of(name).mixture else ("loss",)
    blank = points(inputs, np.ones((len(inputs), len(targets))), targets, runs)
    laws = [law_of(name)(space_of(blank, target)) for target in targets]
    thetas = [truth(law, inputs, rng) for law in laws]

    def measured(place: Inputs) -> Array:
        exact = [law.log_loss(theta, place)[0] for law, theta in zip(laws, thetas, strict=True)]
        return np.exp(np.stack(exact, axis=1) + noise * rng.normal(size=(len(place), len(laws))))

    data = points(inputs, measured(inputs), targets, runs)
    started = time.perf_counter()
    found = fit(data, name, parse_loss(loss))
    intervals = parameter_intervals(found, data)
    tally.seconds += time.perf_counter() - started
    for target, law, theta in zip(targets, laws, thetas, strict=True):
        judge(law.natural(theta[None]), intervals[target], tally)
    if draws:
        drawn = bootstrap(found, data, draws, seed)
        for place, into in ((inputs.take(rng.permutation(len(inputs))[:20]), tally.near), (larger(inputs), tally.far)):
            band, again = predicted(found, data, drawn, place), measured(place)
            into.append(float(((band.low <= again) & (again <= band.high)).mean()))
        tally.width.append(float(np.median(np.log(band.high / band.low) / 2)))
    if law_of(name).mixture:
        at = (SIZES[-1] * LARGER[0], BUDGETS[-1] * LARGER[1], BUDGETS[-1])
        fitted = [found.targets[target].theta for target in targets]
        pair = np.stack([best_mixture(laws, which, at, seed) for which in (thetas, fitted)])
        value = mean_loss(laws, thetas, at, pair)
        tally.regret.append(max(0.0, float(np.expm1(value[1] - value[0]))))
        tally.distance.append(float(np.abs(pair[1] - pair[0]).sum() / 2))


@dataclass
class Averaged:
    """What averages have come to, in worlds of one kind: shares inside their intervals."""

    near: list[float] = field(default_factory=list)
    far: list[float] = field(default_factory=list)
    truth: list[float] = field(default_factory=list)
    """At the larger scale, without noise."""
    width: list[float] = field(default_factory=list)
    seconds: float = 0.0


def plain_world(seed: int, noise: float) -> tuple[Points, Inputs, Callable[[Inputs], Array], np.random.Generator]:
    """Chinchilla's law as published, without mixtures, and what lies ten times beyond."""
    rng = np.random.default_rng(seed)
    n, d = (grid.ravel() for grid in np.meshgrid(SIZES, np.geomspace(1e9, 5e10, 5), indexing="ij"))

    def exact(place: Inputs) -> Array:
        return np.log(1.69 + 406.4 / place.n**0.34 + 410.7 / place.d**0.28)[:, None]

    inputs = places(n, d)
    far = places(np.array([n.max(), 10 * n.max(), 10 * n.max()]), np.array([10 * d.max(), d.max(), 10 * d.max()]))
    return points(inputs, np.exp(exact(inputs) + noise * rng.normal(size=(len(n), 1)))), far, exact, rng


def mixed_world(
    name: str, seed: int, noise: float
) -> tuple[Points, Inputs, Callable[[Inputs], Array], np.random.Generator]:
    """A random truth of one law of mixtures, and the same mixtures at a larger scale."""
    rng = np.random.default_rng([seed, *name.encode()])
    inputs, runs = design(True, rng)
    blank = points(inputs, np.ones((len(inputs), len(COMPONENTS))), COMPONENTS, runs)
    laws = [law_of(name)(space_of(blank, target)) for target in COMPONENTS]
    thetas = [truth(law, inputs, rng) for law in laws]

    def exact(place: Inputs) -> Array:
        return np.stack([law.log_loss(theta, place)[0] for law, theta in zip(laws, thetas, strict=True)], axis=1)

    losses = np.exp(exact(inputs) + noise * rng.normal(size=(len(inputs), len(COMPONENTS))))
    return points(inputs, losses, COMPONENTS, runs), larger(inputs), exact, rng


def averaged(name: str, seed: int, noise: float, tally: Averaged) -> None:
    """One world, fitted by the average."""
    data, far, exact, rng = plain_world(seed, noise) if name == "plain" else mixed_world(name, seed, noise)
    started = time.perf_counter()
    made = fit_average(data)
    tally.seconds += time.perf_counter() - started
    near = data.inputs.take(rng.permutation(len(data))[:20])
    for place, into in ((near, tally.near), (far, tally.far)):
        into.append(share_inside(made, place, exact(place) + noise * rng.normal(size=(len(place), len(data.targets)))))
    tally.truth.append(share_inside(made, far, exact(far)))
    tally.width.append(float(np.median(made.deviation(far))))


def share_inside(made: Predictor, place: Inputs, log_loss: Array) -> float:
    """Share of losses inside the interval."""
    ends = interval(made, place)
    assert ends is not None
    return float(((np.log(ends[0]) <= log_loss) & (log_loss <= np.log(ends[1]))).mean())


def averaged_row(name: str, tally: Averaged) -> str:
    """A line of the table."""
    told = f"average: {name:14s} new measurements {100 * np.mean(tally.near):5.1f} %, larger scale "
    told += f"{100 * np.mean(tally.far):5.1f} %, truth there {100 * np.mean(tally.truth):5.1f} %"
    return f"{told}; deviation there {100 * np.median(tally.width):.2f} %  {tally.seconds:.1f} s"


def judge(natural: dict[str, Array], intervals: dict[str, Interval], tally: Tally) -> None:
    """Which true parameters lie inside."""
    for symbol, value in natural.items():
        interval = intervals[symbol]
        tally.parameters += 1
        if interval.unidentified:
            tally.flagged += 1
            continue
        inside = value[0] in interval
        tally.judged += 1
        tally.inside += inside
        tally.by_symbol.setdefault(symbol, []).append(int(inside))


def row(name: str, tally: Tally) -> str:
    """A line of the table."""
    told = f"{name:16s} {100 * tally.inside / max(1, tally.judged):6.1f} % of {tally.judged:5d}"
    told += f"  flagged {100 * tally.flagged / tally.parameters:5.1f} %"
    if tally.near:
        told += f"  predictions {100 * np.mean(tally.near):5.1f} %, larger scale {100 * np.mean(tally.far):5.1f} %"
        told += f" (+- {100 * np.median(tally.width):.2f} %)"
    if tally.regret:
        told += f"  regret {100 * np.mean(tally.regret):.4f} % (95th {100 * np.percentile(tally.regret, 95):.4f} %)"
        told += f"  distance {np.mean(tally.distance):.3f}"
    return f"{told}  {tally.seconds:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--truths", type=int, default=200)
    parser.add_argument("--laws", nargs="*", default=list(LAWS))
    parser.add_argument("--averages", nargs="*", default=["plain", "transfer", "joint", "additive", "bimix"])
    parser.add_argument("--worlds", type=int, default=25, help="of each kind for the average")
    parser.add_argument("--noise", type=float, default=0.003)
    parser.add_argument("--averaged-noise", type=float, default=0.005)
    parser.add_argument("--loss", default="huber:1e-3")
    parser.add_argument("--draws", type=int, default=100, help="of the bootstrap for predictions; 0: no predictions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--symbols", action="store_true", help="coverage of each parameter too")
    options = parser.parse_args()
    print("parameters inside 95 % intervals (reference 92 to 98 %); regret of the optimum (reference < .1 %)")
    for name in options.laws:
        tally = Tally()
        for number in range(options.truths):
            one(name, options.seed + number, options.noise, options.loss, options.draws, tally)
        print(row(name, tally), flush=True)
        if options.symbols:
            for symbol, hits in tally.by_symbol.items():
                print(f"    {symbol:20s} {100 * np.mean(hits):6.1f} % of {len(hits)}")
    for name in options.averages:
        found = Averaged()
        for number in range(options.worlds):
            averaged(name, options.seed + number, options.averaged_noise, found)
        print(averaged_row(name, found), flush=True)


if __name__ == "__main__":
    main()
