"""How well functions inside translated files are aligned; fits the coefficients of `pairing.align`.

    python benchmarks/pairing_functions.py GOLD            # cross-validated by source
    python benchmarks/pairing_functions.py GOLD --ship     # ... and writes pairing/align/coefficients.json

GOLD is a folder with `files.jsonl.zst` and `files_masked.jsonl.zst` (id, source, language, content; the second with
the names that each file declares hidden) and `gold_functions.csv`
(group, source, id_a, start_line_a, end_line_a and the same of b).
A prediction counts where it touches a function whose counterpart is known; all others are unknown. Whatever is fitted
(weights of words, coefficients, threshold) is fitted on the other sources: exercism, TheAlgorithms, or all ports.
Prints micro F1 of functions inside known pairs of files, by source, beside what simpler methods gave.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from pairing_functions_fit import Choice, Fit, fit, written
from pairing_functions_gold import FOLDS, INNER, VIEWS, Gold, fold_sources, read_gold, shares_of
from scipy.optimize import minimize

from pairing.align.assign import assigned
from pairing.align.background import Background, background_of
from pairing.align.cells import Cells, cells_of
from pairing.align.model import probability
from pairing.align.propagate import propagated
from pairing.align.score import columns_of
from pairing.align.shipped import COEFFICIENTS

POWER = 0.35
"""Cells of a pair of files weigh 1 / cells ** POWER in fitting."""
WEIGHTS = {"plain": 0.1, "masked": 1.0}
"""Weight of a cell in each view. Where names tell everything, as they define what is known, nothing else is learnt."""
THRESHOLDS = np.arange(-4.0, 1.6, 0.25)
BARS = (("TF-IDF per function, mutual best", 0.817, 0.668), ("prototype with one round of propagation", 0.0, 0.811))
"""What was measured before, plain and masked; 0: not measured."""


class Trial:
    """Both views of all pairs with the columns of one background."""

    def __init__(self, gold: Gold, background: Background) -> None:
        self.gold = gold
        self.pairs = {v: [(gold.documents[v][a], gold.documents[v][b]) for a, b in gold.pairs] for v in VIEWS}
        self.cells: dict[str, Cells] = {view: cells_of(self.pairs[view]) for view in VIEWS}
        columns = {view: columns_of(self.pairs[view], self.cells[view], background) for view in VIEWS}
        self.names = list(columns["plain"])
        self.base = {view: np.stack(list(columns[view].values()), axis=1) for view in VIEWS}

    def _stacked(self, pick: Callable[[str], np.ndarray]) -> np.ndarray:
        return np.concatenate([pick(view) for view in VIEWS])

    def weight(self, view: str) -> np.ndarray:
        """Weight of each cell in fitting: pairs of large files would else count by the square of their functions."""
        cells = self.cells[view]
        count = (cells.size_a * cells.size_b)[cells.pair]
        return WEIGHTS[view] / count**POWER

    def lines(self, view: str, way: str) -> np.ndarray:
        """The row, or the column, of each cell; those of the two views apart."""
        found: np.ndarray = getattr(self.cells[view], way) * len(VIEWS) + VIEWS.index(view)
        return found

    def second_columns(self, logits: Mapping[str, np.ndarray]) -> tuple[list[str], dict[str, np.ndarray]]:
        """The columns of the second regression, with what a first estimate says of the neighbours."""
        names: list[str] = []
        found = {}
        for view in VIEWS:
            more = propagated(logits[view], self.pairs[view], self.cells[view])
            names = [*self.names, *more]
            found[view] = np.column_stack([self.base[view], *more.values()])
        return names, found

    def out_of_part(
        self, names: list[str], matrices: Mapping[str, np.ndarray], training: np.ndarray
    ) -> tuple[Fit, dict[str, np.ndarray]]:
        """A fit on the pairs in training; and logits of all cells, those of training from fits without their part."""
        gold = self.gold

        def rows(chosen: np.ndarray, view: str) -> np.ndarray:
            return chosen[self.cells[view].pair] & (gold.truth[view] >= 0)

        def fitted(chosen: np.ndarray) -> Fit:
            kept = {view: rows(chosen, view) for view in VIEWS}
            matrix = self._stacked(lambda view: matrices[view][kept[view]])
            truth = self._stacked(lambda view: gold.truth[view][kept[view]]).astype(float)
            share = self._stacked(lambda view: self.weight(view)[kept[view]])
            weight = self._stacked(lambda view: np.full(int(kept[view].sum()), WEIGHTS[view]))
            lines = [
                self._stacked(lambda view, way=way: self.lines(view, way)[kept[view]]) for way in ("row", "column")
            ]
            return fit(names, matrix, truth, share, [Choice(line, truth, weight) for line in lines])

        whole = fitted(training)
        logits = {view: whole.logits(matrices[view]) for view in VIEWS}
        for part in range(INNER):
            held = training & (gold.part == part)
            if held.any() and not held[training].all():
                without = fitted(training & (gold.part != part))
                for view in VIEWS:
                    inside = held[self.cells[view].pair]
                    logits[view][inside] = without.logits(matrices[view][inside])
        return whole, logits

    def stages(self, training: np.ndarray) -> tuple[Fit, Fit, dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Both regressions and the logits of each."""
        first, estimate = self.out_of_part(self.names, self.base, training)
        names, matrices = self.second_columns(estimate)
        second, final = self.out_of_part(names, matrices, training)
        return first, second, estimate, final

    def hits(self, logits: np.ndarray, view: str, threshold: float, chosen: np.ndarray) -> np.ndarray:
        """True predictions, scored predictions and known pairs of functions, over the chosen pairs of files."""
        cells, truth = self.cells[view], self.gold.truth[view]
        total = np.zeros(3, int)
        for number in np.flatnonzero(chosen):
            known = cells.block(truth, number)
            predicted = [known[place] for place in assigned(cells.block(logits, number), threshold)]
            total += (predicted.count(1), sum(value >= 0 for value in predicted), int((known == 1).sum()))
        return total

    def best_threshold(self, logits: Mapping[str, np.ndarray], training: np.ndarray) -> float:
        """The threshold with the best F1 over the training pairs, names hidden."""
        values = [f1(self.hits(logits["masked"], "masked", t, training)) for t in THRESHOLDS]
        return float(THRESHOLDS[int(np.argmax(values))])

    def assigned_cells(self, logits: np.ndarray, view: str, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logits and truth of the scored cells that assignment takes, down to the lowest threshold."""
        cells, truth = self.cells[view], self.gold.truth[view]
        found: list[tuple[float, int]] = []
        for number in np.flatnonzero(chosen):
            values, known = cells.block(logits, number), cells.block(truth, number)
            found += [(values[p], known[p]) for p in assigned(values, THRESHOLDS[0]) if known[p] >= 0]
        both = np.array(found, float).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def calibration(self, logits: Mapping[str, np.ndarray], training: np.ndarray) -> tuple[float, float]:
        """Slope and offset that make the logits of assigned cells, names hidden, log odds that they are true."""
        values, truth = self.assigned_cells(logits["masked"], "masked", training)

        def loss(theta: np.ndarray) -> float:
            scaled = theta[0] * values + theta[1]
            return float(np.mean(np.logaddexp(0, scaled) - truth * scaled))

        slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
        return float(slope), float(offset)


def reliability(chance: np.ndarray, truth: np.ndarray) -> str:
    """Expected calibration error over ten bins of equal size, and the extreme bins."""
    bins = np.array_split(np.argsort(chance, kind="stable"), 10)
    means = np.array([(chance[b].mean(), truth[b].mean(), len(b)) for b in bins])
    error = np.abs(means[:, 0] - means[:, 1]) @ means[:, 2] / len(chance)
    shown = "  ".join(f"{said:.2f}:{was:.2f}" for said, was, _ in means)
    return f"calibration error {error:.3f} (said:was {shown})"


def f1(counts: np.ndarray) -> float:
    return float(2 * counts[0] / max(1, counts[1] + counts[2]))


def cross_validate(gold: Gold) -> dict[tuple[str, str, str], np.ndarray]:
    """Counts by (stage, view, source), each source scored by what the other folds gave."""
    found: dict[tuple[str, str, str], np.ndarray] = defaultdict(lambda: np.zeros(3, int))
    source = np.array(gold.source)
    chances: dict[str, list[np.ndarray]] = {view: [] for view in VIEWS}
    for fold in range(len(FOLDS)):
        training = gold.fold != fold
        trial = Trial(gold, background_of(shares_of(gold, fold)))
        _, _, estimate, final = trial.stages(training)
        for stage, logits in (("alone", estimate), ("propagated", final)):
            threshold = trial.best_threshold(logits, training)
            for view in VIEWS:
                for name in sorted(fold_sources(gold, fold)):
                    found[stage, view, name] += trial.hits(logits[view], view, threshold, source == name)
            print(f"  {FOLDS[fold]}: {stage}, threshold {threshold:+.2f}", flush=True)
        slope, offset = trial.calibration(final, training)
        for view in VIEWS:
            values, truth = trial.assigned_cells(final[view], view, ~training)
            chances[view].append(np.stack([probability(slope * values + offset), truth]))
    for view in VIEWS:
        print(f"{view}: {reliability(*np.concatenate(chances[view], axis=1))}")
    return found


def report(found: Mapping[tuple[str, str, str], np.ndarray]) -> dict[str, float]:
    print(f"{'':42s}{'plain':>8s}{'masked':>8s}")
    for name, plain, masked in BARS:
        print(f"{name:42s}{plain or float('nan'):8.3f}{masked:8.3f}")
    total: dict[str, float] = {}
    for stage in ("alone", "propagated"):
        names = sorted({name for s, _, name in found if s == stage})
        for name in names if stage == "propagated" else ():
            print(f"  {name:40s}" + "".join(f"{f1(found[stage, view, name]):8.3f}" for view in VIEWS))
        sums = {view: np.sum([found[stage, view, name] for name in names], axis=0) for view in VIEWS}
        total = {view: round(f1(sums[view]), 4) for view in VIEWS}
        print(f"{stage:42s}" + "".join(f"{total[view]:8.4f}" for view in VIEWS))
    print("target, masked: 0.850")
    return total


def ship(gold: Gold, measured: Mapping[str, float], path: Path) -> None:
    """Fit on all sources and write the model."""
    shares = shares_of(gold, None)
    trial = Trial(gold, background_of(shares))
    everything = np.ones(len(gold.pairs), bool)
    first, second, _, final = trial.stages(everything)
    slope, offset = trial.calibration(final, everything)
    threshold = slope * trial.best_threshold(final, everything) + offset
    model = {
        "note": "Written by benchmarks/pairing_functions.py --ship. Fitted on "
        + f"{len(gold.pairs)} pairs of files, each plain and with declared names hidden, of "
        + ", ".join(f"{name} ({count})" for name, count in sorted(Counter(gold.source).items()))
        + "; weights of words from all functions with declared names hidden. Cross-validated by source: micro F1 "
        + ", ".join(f"{view} {value:.3f}" for view, value in measured.items())
        + ". The threshold maximises F1 out of sample, names hidden; probabilities are calibrated there too.",
        "threshold": round(float(probability(np.array(threshold))), 4),
        "first": written(first),
        "second": written(second, slope, offset),
        "background": shares,
    }
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":")).replace('],["', '],\n["')
    path.write_text(text.replace("},", "},\n") + "\n", encoding="utf-8")
    print(f"{path}: {path.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--ship", action="store_true", help="write the coefficients, fitted on all sources")
    args = parser.parse_args()
    began = time.perf_counter()
    gold = read_gold(args.gold)
    print(f"{len(gold.pairs):,} pairs of files read in {time.perf_counter() - began:.0f} s", flush=True)
    measured = report(cross_validate(gold))
    if args.ship:
        ship(gold, measured, Path(__file__).parents[1] / "pairing" / "align" / COEFFICIENTS)
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
