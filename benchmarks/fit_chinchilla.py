"""The Chinchilla law on 240 runs: the command, its optimum and its time beside scipy's L-BFGS from a public grid.

    python benchmarks/fit_chinchilla.py [RUNS.csv --n COL --d COL --loss COL] [--peer-starts 450]

Without RUNS a replica is made: 240 runs with the law of arXiv 2404.10102, heavy-tailed noise of .3 %. With the 240
points of that paper, which are not part of this repository, the reference column is what it found.
Prints the time of `glotmix fit`, start-up included, for both losses; that of 1,000 bootstraps, each refitted from its
own starts; and the ratio to the peer: the same objective minimised by scipy.optimize.minimize (BFGS) from the grid of
arXiv 2203.15556, appendix D.3 (a, b 0 to 25, e -1 to 1, exponents 0 to 2: 4,500 starts; an even sample of them here).
"""

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import logsumexp

from fit.estimate.estimate import problem_of, usable
from fit.estimate.loss import Loss
from fit.estimate.solver import minimise
from fit.points import Points, places, points

REFERENCE = {
    "huber:1e-3": {"A": 477.826, "B": 2143.417, "E": 1.817218, "alpha": 0.347310, "beta": 0.367172},
    "l1": {"A": 482.006, "B": 2085.434, "E": 1.816864, "alpha": 0.347813, "beta": 0.365854},
}
"""What arXiv 2404.10102 and its code give for the 240 points."""
BARS = {"A": 1e-3, "B": 1e-3, "E": 1e-4, "alpha": 1e-4, "beta": 1e-4}
"""Largest difference: A and B relative, the others absolute."""
BOOTSTRAPS, STARTS_EACH = 1000, 2


def main() -> None:
    """Measure and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="?")
    parser.add_argument("--n", default="N")
    parser.add_argument("--d", default="D")
    parser.add_argument("--loss", default="loss")
    parser.add_argument("--peer-starts", type=int, default=450)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.runs or replica(Path(folder) / "runs.csv")
        names = (arguments.n, arguments.d, arguments.loss)
        frame = pl.read_csv(path)
        n, d, loss = (frame[name].to_numpy().astype(float) for name in names)
        print(f"{len(frame)} runs of {path.name}")
        for kind in REFERENCE:
            command(path, names, kind, Path(folder) / "fit.json", compare=arguments.runs is not None)
        found = points(places(n, d), loss)
        seconds = bootstraps(found)
        print(f"1,000 bootstraps, {STARTS_EACH} starts each: {seconds:.2f} s")
        peer(found, arguments.peer_starts)


def replica(path: Path) -> Path:
    """240 runs around 20 tokens a parameter over three and a half decades of compute."""
    rng, truth = np.random.default_rng(0), REFERENCE["huber:1e-3"]
    compute = 10 ** rng.uniform(18.5, 22, 240)
    n = np.sqrt(compute / 120) * 10 ** rng.uniform(-0.6, 0.6, 240)
    d = compute / 6 / n
    loss = truth["E"] + truth["A"] / n ** truth["alpha"] + truth["B"] / d ** truth["beta"]
    pl.DataFrame({"N": n, "D": d, "loss": loss * np.exp(0.003 * rng.standard_t(2.5, 240))}).write_csv(path)
    return path


def command(path: Path, names: tuple[str, str, str], kind: str, out: Path, compare: bool) -> None:
    """Time the command and show what it found."""
    n, d, loss = names
    options = ["--law", "chinchilla", "--loss", kind, "--n", n, "--d", d, "--loss-column", loss, "--out", str(out)]
    glotmix = str(Path(sys.executable).with_name("glotmix"))
    started = time.perf_counter()
    subprocess.run([glotmix, "fit", str(path), *options], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    record = json.loads(out.read_text())
    target = next(iter(record["targets"].values()))
    print(
        f"glotmix fit --loss {kind}: {seconds:.2f} s with start-up, objective {target['objective']:.9g}, "
        f"{target['reached']:.0%} of {target['starts']} starts"
    )
    for symbol, reference in REFERENCE[kind].items():
        value = record["parameters"][symbol]
        line = f"  {symbol:6} {value:14.6f}"
        if compare:
            apart = abs(value - reference) / (reference if symbol in "AB" else 1)
            verdict = "reproduced" if apart <= BARS[symbol] else "apart"
            line += f"   reference {reference:12.6f}   {apart:.1e} ({verdict})"
        print(line)


def bootstraps(found: Points) -> float:
    """Seconds of 1,000 refits to runs drawn with replacement."""
    kept, law, _ = usable(found, "loss", "chinchilla")
    problem = problem_of(kept, "loss", law, Loss())
    rng = np.random.default_rng(0)
    started = time.perf_counter()
    rows = len(kept)
    weights = rng.multinomial(rows, np.full(rows, 1 / rows), size=BOOTSTRAPS).astype(float)
    first = law.starts(problem.features, problem.log_loss, weights, STARTS_EACH, rng)
    minimise(problem, first.reshape(-1, law.size), np.repeat(weights, STARTS_EACH, axis=0), polish=False)
    return time.perf_counter() - started


def peer(found: Points, count: int) -> None:
    """One start after another with scipy, as the public notebooks do."""
    n, d, y = np.log(found.inputs.n), np.log(found.inputs.d), np.log(found.losses[:, 0])
    a = b = np.arange(0, 30, 5.0)
    grid = list(itertools.product(a, b, np.arange(-1, 1.5, 0.5), np.arange(0, 2.5, 0.5), np.arange(0, 2.5, 0.5)))

    def objective(theta: np.ndarray) -> float:
        a, b, e, alpha, beta = theta
        r = np.abs(y - logsumexp([a - alpha * n, b - beta * d, np.full_like(n, e)], axis=0))
        return float(np.where(r <= 1e-3, r * r / 2, 1e-3 * (r - 5e-4)).sum())

    starts = grid[:: max(1, len(grid) // count)]
    started = time.perf_counter()
    values = np.array([minimize(objective, s, method="L-BFGS-B", options={"ftol": 1e-14}).fun for s in starts])
    seconds = time.perf_counter() - started

    kept, law, _ = usable(found, "loss", "chinchilla")
    problem = problem_of(kept, "loss", law, Loss())
    started = time.perf_counter()
    first = law.starts(problem.features, problem.log_loss, kept.weights[None], 48, np.random.default_rng(0))[0]
    best = float(minimise(problem, first, kept.weights)[1].min())
    own = time.perf_counter() - started
    reached = (values <= best * 1.0001).mean()
    print(
        f"scipy L-BFGS-B, {len(starts)} of {len(grid):,} starts: {seconds:.1f} s, best {values.min():.9g}, "
        f"{reached:.0%} reached {best:.9g}\nglotmix, 48 starts: {own:.2f} s; {seconds / len(starts) * 48 / own:.0f} "
        "times as fast for each start"
    )


if __name__ == "__main__":
    main()
