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
import io
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xxhash
import zstandard
from scipy.optimize import minimize

from pairing.align.assign import assigned
from pairing.align.background import RARE, Background, background_of
from pairing.align.bags import CLASSES, bags_of
from pairing.align.cells import Cells, cells_of
from pairing.align.document import Described, Side, describe
from pairing.align.model import CLIP, FILE, probability
from pairing.align.propagate import propagated
from pairing.align.score import columns_of
from pairing.align.tokens import read_text
from parsers.syntax import parse
from parsers.units import extract_units

FOLDS = ("exercism", "thealgorithms", "ports")
VIEWS = ("plain", "masked")
INNER = 5
"""Parts of the groups of training sources, for estimates that the second regression is fitted on."""
L2 = 0.01
"""Penalty on squared standardised coefficients, beside the mean loss of a cell."""
RIVALS = 0.1
"""Weight of the loss of choosing among rivals: of a known function's row, or column, of cells by softmax."""
POWER = 0.35
"""Cells of a pair of files weigh 1 / cells ** POWER in fitting."""
WEIGHTS = {"plain": 0.1, "masked": 1.0}
"""Weight of a cell in each view. Where names tell everything, as they define what is known, nothing else is learnt."""
THRESHOLDS = np.arange(-4.0, 1.6, 0.25)
BARS = (("TF-IDF per function, mutual best", 0.817, 0.668), ("prototype with one round of propagation", 0.0, 0.811))
"""What was measured before, plain and masked; 0: not measured."""

Columns = dict[str, np.ndarray]
Span = tuple[int, int]


@dataclass
class Gold:
    """Files in two views, and which functions of which pairs of files correspond."""

    documents: dict[str, dict[str, Described]]
    frequency: dict[str, dict[str, Counter[bytes]]]
    """For each source, in how many functions (names hidden) each feature of each class occurs."""
    functions: Counter[str]
    pairs: list[tuple[str, str]]
    fold: np.ndarray
    source: list[str]
    part: np.ndarray
    truth: dict[str, np.ndarray]
    """For each view, of every cell: 1 corresponds, 0 does not, -1 unknown."""


@dataclass
class Fit:
    """A regression over named columns."""

    names: list[str]
    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    intercept: float

    def logits(self, matrix: np.ndarray) -> np.ndarray:
        """Log odds of every row."""
        return np.clip((matrix - self.mean) / self.scale, -CLIP, CLIP) @ self.weights + self.intercept


def records(path: Path) -> Iterable[dict[str, Any]]:
    with path.open("rb") as handle:
        yield from map(json.loads, io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(handle), "utf-8"))


def side_of(record: Mapping[str, Any]) -> Side:
    content = record["content"].encode()
    units = [asdict(unit) for unit in extract_units(parse(content, record["language"]))]
    return Side(record["language"], content, [unit for unit in units if unit["parameters"] >= 0 and unit["has_body"]])


def count_features(side: Side, into: dict[str, Counter[bytes]]) -> None:
    declared = {str(unit["name"]).encode() for unit in side.units}
    for unit in side.units:
        above = side.content[unit["outer_start_byte"] : unit["start_byte"]]
        text = read_text(side.content[unit["start_byte"] : unit["end_byte"]], side.language, above)
        for name, bag in bags_of(text, declared).items():
            into[name].update(bag.keys())


def read_gold(folder: Path) -> Gold:
    rows = pl.read_csv(folder / "gold_functions.csv", infer_schema=False).rows(named=True)
    known: dict[tuple[str, str], set[tuple[Span, Span]]] = defaultdict(set)
    facts: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows:
        pair = (row["id_a"], row["id_b"])
        spans = [(int(row[f"start_line_{s}"]), int(row[f"end_line_{s}"])) for s in "ab"]
        known[pair].add((spans[0], spans[1]))
        facts[pair] = (row["source"], row["group"])
    pairs = sorted(known)
    wanted = {document for pair in pairs for document in pair}
    documents: dict[str, dict[str, Described]] = {view: {} for view in VIEWS}
    spans_of: dict[str, dict[str, list[Span]]] = {view: {} for view in VIEWS}
    frequency: dict[str, dict[str, Counter[bytes]]] = defaultdict(lambda: {name: Counter() for name in CLASSES})
    functions: Counter[str] = Counter()
    for view, name in zip(VIEWS, ("files", "files_masked"), strict=True):
        for record in records(folder / f"{name}.jsonl.zst"):
            if view == "plain" and record["id"] not in wanted:
                continue
            side = side_of(record)
            if view == "masked":
                count_features(side, frequency[record["source"]])
                functions[record["source"]] += len(side.units)
            if record["id"] in wanted:
                documents[view][record["id"]] = describe(side)
                spans_of[view][record["id"]] = [(unit["start_line"], unit["end_line"]) for unit in side.units]
    source = [facts[pair][0] for pair in pairs]
    fold = [FOLDS.index(name) if name in FOLDS else len(FOLDS) - 1 for name in source]
    part = [xxhash.xxh3_64_intdigest(facts[pair][1]) % INNER for pair in pairs]
    truth = {
        view: np.concatenate([labels(known[p], *(spans_of[view][d] for d in p)) for p in pairs]) for view in VIEWS
    }
    return Gold(documents, frequency, functions, pairs, np.array(fold), source, np.array(part), truth)


def labels(known: set[tuple[Span, Span]], a: list[Span], b: list[Span]) -> np.ndarray:
    """Truth of the cells of a pair of files, by function of a, then of b."""
    touched_a, touched_b = {one for one, _ in known}, {other for _, other in known}
    found = [1 if (x, y) in known else 0 if x in touched_a or y in touched_b else -1 for x in a for y in b]
    return np.array(found, np.int8)


def shares_of(gold: Gold, left_out: int | None) -> dict[str, dict[str, float]]:
    """Shares of functions that have a feature, without the sources of one fold; those below RARE are left away."""
    kept = [
        s for s in gold.functions if s == "distractor" or left_out is None or s not in fold_sources(gold, left_out)
    ]
    total = sum(gold.functions[source] for source in kept)
    result: dict[str, dict[str, float]] = {}
    for name in CLASSES:
        summed: Counter[bytes] = Counter()
        for source in kept:
            summed.update(gold.frequency[source][name])
        found = {word.decode("latin-1"): round(count / total, 4) for word, count in summed.items()}
        result[name] = {word: share for word, share in sorted(found.items()) if share >= RARE}
    return result


def fold_sources(gold: Gold, fold: int) -> set[str]:
    return {source for source, number in zip(gold.source, gold.fold, strict=True) if number == fold}


class Choice:
    """Of the cells of each line that has a true one, which is it? Softmax, each line with the weight of its view."""

    def __init__(self, line: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> None:
        _, inverse = np.unique(line, return_inverse=True)
        known = np.flatnonzero((np.bincount(inverse, truth) > 0)[inverse])
        self.cells = known[np.argsort(inverse[known], kind="stable")]
        line = inverse[self.cells]
        self.starts = np.flatnonzero(np.r_[True, np.diff(line) > 0])
        self.line = np.cumsum(np.r_[0, np.diff(line) > 0])
        self.truth, weight = truth[self.cells], weight[self.cells]
        self.weight = weight / weight[self.starts].sum()

    def loss(self, logits: np.ndarray) -> tuple[float, np.ndarray]:
        """Mean loss of a line, and its slope at `cells`."""
        values = logits[self.cells]
        values = values - np.maximum.reduceat(values, self.starts)[self.line]
        values -= np.log(np.add.reduceat(np.exp(values), self.starts))[self.line]
        return float(-(self.weight * self.truth) @ values), self.weight * (np.exp(values) - self.truth)


def fit(
    names: list[str], matrix: np.ndarray, truth: np.ndarray, share: np.ndarray, choices: Sequence[Choice] = ()
) -> Fit:
    """Logistic regression with an L2 penalty on standardised columns, and the loss of choosing among rivals.

    Args:
        names: of the columns.
        matrix: float64 (cells, columns).
        truth: 0 or 1.
        share: weight of each cell.
        choices: among the cells of rows and of columns.
    """
    mean, scale, share = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6, share / share.sum()
    standard = np.clip((matrix - mean) / scale, -CLIP, CLIP)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        weights, logits = theta[:-1], standard @ theta[:-1] + theta[-1]
        slope = (probability(logits) - truth) * share
        value = share @ (np.logaddexp(0, logits) - truth * logits) + 0.5 * L2 * weights @ weights
        for choice in choices:
            more, at = choice.loss(logits)
            value += RIVALS * more
            slope[choice.cells] += RIVALS * at
        return float(value), np.r_[standard.T @ slope + L2 * weights, slope.sum()]

    start = np.r_[np.zeros(len(names)), -2.0]
    theta = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Fit(names, mean, scale, theta[:-1], float(theta[-1]))


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


def written(fitted: Fit, slope: float = 1.0, offset: float = 0.0) -> dict[str, Any]:
    columns = zip(fitted.names, fitted.mean, fitted.scale, slope * fitted.weights, strict=True)
    return {
        "intercept": round(slope * fitted.intercept + offset, 5),
        "columns": [[name, *(float(f"{number:.6g}") for number in numbers)] for name, *numbers in columns],
    }


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
        ship(gold, measured, Path(__file__).parents[1] / "pairing" / "align" / FILE)
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
