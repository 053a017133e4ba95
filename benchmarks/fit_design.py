"""Whether proposed runs find the best mixture sooner than random ones within the same limits.

    python benchmarks/fit_design.py --truths 20

Truths are laws of three targets over three components. Each is measured in a first small swarm, fitted, and then in
8 more runs at most, within one budget: those that `fit.designs.propose` proposes, or random sizes, budgets and
mixtures (equal shares, corners, random; not the predicted optimum, which proposals may take). Random runs may
leave some of the budget unspent when there are 8 of them.
Printed is what the optimum of the law, fitted to all of them, costs by the truth. Reference: random runs.
"""

import argparse
from collections.abc import Sequence

import numpy as np
from fit_coverage import COMPONENTS, LEAST, best_mixture, mean_loss, truth

from fit.designs.candidates import Candidate, candidates, mixtures_around, points_of
from fit.designs.first import swarm
from fit.designs.propose import propose
from fit.estimate.estimate import fit
from fit.laws.law import Law, space_of
from fit.laws.registry import law_of
from fit.points import Array, Points, places, points

SIZES = {"small": 5e7, "middle": 1.5e8, "large": 5e8}
BUDGETS = (1_000_000_000, 3_000_000_000, 10_000_000_000)
AT = (2e9, 4e10, np.inf)
"""Where the optimum is wanted: size, tokens, unique tokens."""
MORE = 3.0
"""Cost of the proposed runs, in runs of the middle size and budget."""


def measure(runs: Sequence[Candidate], laws: list[Law], thetas: list[Array], noise: float, seed: int) -> Points:
    """Points of runs by the truth; the same run measured again has the same noise."""
    inputs, which = points_of(runs, COMPONENTS, np.full(len(COMPONENTS), np.inf))
    inputs = places(inputs.n, inputs.d, np.maximum(inputs.shares, LEAST), COMPONENTS)
    exact = np.stack([law.log_loss(theta, inputs)[0] for law, theta in zip(laws, thetas, strict=True)], axis=1)
    error = np.stack([np.random.default_rng([seed, i]).normal(size=exact.shape[1]) for i in range(len(exact))])
    return points(inputs, np.exp(exact + noise * error), COMPONENTS, which)


def random_runs(tried: list[Candidate], budget: float, rng: np.random.Generator) -> list[Candidate]:
    """Candidates in random order, as many as the budget allows."""
    chosen, left = [], budget
    for index in rng.permutation(len(tried)):
        if tried[index].flops <= left:
            chosen.append(tried[index])
            left -= tried[index].flops
        if len(chosen) >= 8:
            break
    return chosen


def one(law_name: str, seed: int, noise: float) -> tuple[float, float, float]:
    """Regret by the first swarm, with random runs added, and with proposed ones."""
    rng = np.random.default_rng([seed, *law_name.encode()])
    mixtures = swarm(len(COMPONENTS), 8, seed)
    ladder = candidates({k: SIZES[k] for k in ("small", "middle")}, BUDGETS[:2], mixtures)
    first = [run for run in ladder if len(run.tokens) == 2]
    inputs, _ = points_of(first, COMPONENTS, np.full(len(COMPONENTS), np.inf))
    blank = points(inputs, np.ones((len(inputs), len(COMPONENTS))), COMPONENTS)
    laws = [law_of(law_name)(space_of(blank, target)) for target in COMPONENTS]
    thetas = [truth(law, inputs, rng) for law in laws]
    best = best_mixture(laws, thetas, AT, seed)

    def regret(runs: list[Candidate]) -> float:
        data = measure(runs, laws, thetas, noise, seed)
        found = fit(data, law_name)
        made = [target.law for target in found.targets.values()]
        chosen = best_mixture(made, [target.theta for target in found.targets.values()], AT, seed)
        values = mean_loss(laws, thetas, AT, np.stack([best, chosen]))
        return max(0.0, float(np.expm1(values[1] - values[0])))

    data = measure(first, laws, thetas, noise, seed)
    fitted = fit(data, law_name)
    budget = MORE * 6 * SIZES["middle"] * BUDGETS[1]
    proposal = propose(fitted, data, SIZES, count=8, n=AT[0], d=AT[1], budgets=BUDGETS, budget=budget, seed=seed)
    tried = [run for run in candidates(SIZES, BUDGETS, mixtures_around(None, len(COMPONENTS), 24, seed))]
    at_random = [regret(first + random_runs(tried, budget, np.random.default_rng([seed, i]))) for i in range(2)]
    return regret(first), float(np.mean(at_random)), regret(first + [choice.run for choice in proposal.choices])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--truths", type=int, default=20)
    parser.add_argument("--law", default="transfer")
    parser.add_argument("--noise", type=float, default=0.003)
    options = parser.parse_args()
    found = np.array([one(options.law, seed, options.noise) for seed in range(options.truths)]) * 100
    print(f"mean regret of the optimum, {options.law}, {options.truths} truths, noise {options.noise:.1%}")
    print(f"first swarm          {found[:, 0].mean():.4f} %")
    print(f"random runs (ref.)   {found[:, 1].mean():.4f} %   median {np.median(found[:, 1]):.4f} %")
    print(f"proposed runs        {found[:, 2].mean():.4f} %   median {np.median(found[:, 2]):.4f} %")
    print(f"proposed better in   {(found[:, 2] <= found[:, 1]).mean():.0%}")


if __name__ == "__main__":
    main()
