"""Synthetic runs whose truth is known."""

import numpy as np

from fit.points import Points, places, points

NAMES = ("a", "b", "c")


def chinchilla(n, d):
    return 1.7 + 90.0 / n**0.3 + 250.0 / d**0.32


def ladder(sizes=4, mixtures=8, budgets=(20, 60), noise=0.002, seed=0, names=NAMES) -> Points:
    """Runs of several sizes on several mixtures, each measured at some budgets: a transfer law with noise."""
    rng = np.random.default_rng(seed)
    count = len(names)
    mixes = rng.dirichlet(np.ones(count), mixtures)
    n = 1e7 * 2.0 ** np.arange(sizes)
    rows = [
        (size, size * b, m, run) for run, (size, m) in enumerate((s, m) for s in n for m in mixes) for b in budgets
    ]
    size, tokens, shares, runs = (np.array(column) for column in zip(*rows, strict=True))
    losses = np.stack([transfer(size, tokens, shares, target) for target in range(count)], axis=1)
    losses *= np.exp(noise * rng.normal(size=losses.shape))
    return points(places(size, tokens, shares, names), losses, names, runs)


def transfer(n, d, shares, target):
    worth = np.full(shares.shape[1], 0.1)
    worth[target] = 1.0
    effective = d * (shares**0.7 @ worth + 0.05)
    return 1.5 + 0.1 * target + 60.0 / n**0.3 + 120.0 / effective**0.3


def line(count=40, transient=0.0, noise=0.001, seed=0, width=1e9) -> Points:
    """Runs without a mixture; those with few tokens lie above the law, by `transient` at the start."""
    rng = np.random.default_rng(seed)
    sizes = 1e7 * 2.0 ** np.arange(5)
    n = np.repeat(sizes, count // 5)
    d = np.tile(np.geomspace(1.0, 200.0, count // 5), 5) * n
    loss = chinchilla(n, d) * (1 + transient * np.exp(-d / width)) * np.exp(noise * rng.normal(size=len(n)))
    return points(places(n, d), loss)
