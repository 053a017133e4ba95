"""Does a law rank mixtures that it has not seen? On the weighted loss, among runs of one size and one budget.

    python benchmarks/fit_ranking.py RUNS [--law transfer] [--weights python=2,go=1] [--folds 5]

RUNS is a runs table with mixtures. Each fold of mixtures is held out of all sizes and budgets, so that nothing of a
scored mixture was seen; predictions of all folds are then compared with what was measured, size by size and budget by
budget: budgets and sizes, which any law ranks, do not help. The weighted loss is the weighted mean of log losses, what
`glotmix fit allocate` minimises. Prints Spearman's rank correlation beside the bar of .8 and the nearest measured
mixture as a predictor.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from fit.estimate.estimate import fit
from fit.points import Points
from fit.reading import read_points
from fit.select.splits import levels, mixtures
from fit.select.together import fit_average

BAR = 0.8


def main() -> None:
    """Rank."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--law", default="transfer")
    parser.add_argument("--weights", default="")
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    points = read_points(arguments.runs)
    given = dict(part.split("=") for part in arguments.weights.split(",") if part)
    weights = np.array([float(given.get(target, 0 if given else 1)) for target in points.targets])
    weights /= weights.sum()
    which = mixtures(points)
    order = np.random.default_rng(0).permutation(which.max() + 1)
    fold = np.empty_like(order)
    fold[order] = np.arange(len(order)) % arguments.folds
    held = fold[which]
    law, near = np.full(len(points), np.nan), np.full(len(points), np.nan)
    for k in range(arguments.folds):
        inner, judged = points.take(held != k), held == k
        made = fit_average(inner) if arguments.law == "average" else fit(inner, arguments.law)
        law[judged] = np.log(made.predict(points.inputs.take(judged))) @ weights
        near[judged] = nearest(inner, points.take(judged)) @ weights
    real = np.log(points.losses) @ weights
    sizes, budgets = levels(points.inputs.n), levels(points.inputs.d)
    shown = dict(zip(points.targets, weights.round(3).tolist(), strict=True))
    print(f"{len(order)} mixtures, {arguments.folds} folds, weights {shown}")
    print(f"{'N':>12} {'D':>12} {'runs':>5} {arguments.law:>9} {'nearest':>9}   bar {BAR}")
    found = []
    for n in np.unique(sizes):
        for d in np.unique(budgets):
            rows = (sizes == n) & (budgets == d) & np.isfinite(real)
            if rows.sum() < 5:
                continue
            ranks = [float(spearmanr(real[rows], guess[rows]).statistic) for guess in (law, near)]
            found.append(ranks)
            n_here, d_here = points.inputs.n[rows].mean(), points.inputs.d[rows].mean()
            print(f"{n_here:12,.0f} {d_here:12,.0f} {rows.sum():5} {ranks[0]:9.3f} {ranks[1]:9.3f}")
    print(f"{'mean':>31} {np.mean(found, axis=0)[0]:9.3f} {np.mean(found, axis=0)[1]:9.3f}")


def nearest(known: Points, asked: Points) -> np.ndarray:
    """Log losses of the nearest mixture among the points of the nearest size and budget."""
    scale = np.log(known.inputs.n)[None] - np.log(asked.inputs.n)[:, None]
    budget = np.log(known.inputs.d)[None] - np.log(asked.inputs.d)[:, None]
    apart = np.abs(known.inputs.shares[None] - asked.inputs.shares[:, None]).sum(axis=2)
    distance = 100 * np.abs(scale) + 100 * np.abs(budget) + apart
    return np.log(known.losses[np.argmin(distance, axis=1)])


if __name__ == "__main__":
    main()
