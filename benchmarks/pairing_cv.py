"""Precision and recall of mined pairs, cross-validated by source; learns the coefficients that glotmix ships.

    python benchmarks/pairing_cv.py GOLD [--work FOLDER] [--two-languages] [--ship]

GOLD holds files.jsonl.zst and files_masked.jsonl.zst (id, language, content, ...), gold.csv and ignore_pairs.csv (see
docs/pairing_quality.md). Documents go through the stages that users run, without gates and without their paths. Each
fold leaves out whole sources: both models and the threshold are fitted on the others.
"""

import argparse
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from pairing_gold import FOLDS, VARIANTS, Dataset, Truth, candidates, dataset, read_truth
from scipy.special import expit

from contracts.files import write_json
from contracts.languages import LANGUAGE_NAMES
from pairing.match.assign import assigned
from pairing.match.groups import consistent
from pairing.score.learn import Case, learn
from pairing.score.model import Logistic, log_odds
from pairing.score.prevalence import DIGITS, PLAUSIBLE, prevalence
from pairing.score.shipped import COEFFICIENTS

PRECISION = 0.98
TARGETS = {
    "files": {"macro": 0.95, "micro": 0.95, "recall at .98": 0.92, "weakest": 0.91, "two languages": 0.93},
    "files_masked": {"macro": 0.86, "micro": 0.865, "recall at .98": 0.70, "weakest": 0.75, "two languages": 0.83},
}
MACRO_GOLD = 10
FEW_LANGUAGES = ((0, 3, 5), (1, 2, 6), (2, 4, 5), (0, 1, 3), (3, 4, 6))
"""Three languages each, as corpora of their own to learn from: a model that saw seven languages only takes missing
support for a contradiction, and corpora of two or three lose one to five points of F1 by it."""


def learnt(sets: Sequence[Dataset], *left_out: int) -> tuple[Logistic, Logistic]:
    """Both models from each corpus whole, and cut down to a few languages; some folds left out."""

    def case(data: Dataset) -> Case:
        known = (data.truth >= 0) & _apart(data, *left_out)
        return Case(data.graph, data.truth == 1, known, data.fold[data.graph.a])

    parts = [case(few(data, languages)) for data in sets for languages in FEW_LANGUAGES]
    return learn([case(data) for data in sets], parts)


def few(data: Dataset, languages: Sequence[int]) -> Dataset:
    """The candidates between some languages only."""
    graph = data.graph
    kept = np.isin(graph.language[graph.a], languages) & np.isin(graph.language[graph.b], languages)
    return Dataset(graph.only(kept), data.truth[kept], data.fold, data.ids)


def logits(data: Dataset, models: tuple[Logistic, Logistic], *, grouped: bool = True) -> np.ndarray:
    """Log odds of every edge by both stages, or by the first alone."""
    return log_odds(data.graph, *models)[int(grouped)]


def matched(data: Dataset, logit: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs by document numbers and their probabilities, as the stage decides them."""
    chosen = assigned(data.graph, expit(logit), float(expit(threshold)))
    found = consistent(data.graph.only(chosen), expit(logit[chosen]))
    return found.a, found.b, found.score


def out_of_fold(
    sets: Sequence[Dataset], truth: Truth, *, grouped: bool = True, shifted: bool = True
) -> list[np.ndarray]:
    """Log odds of every edge by models that did not see its sources; less those of the threshold, not seen either."""
    levels = {fold: level(sets, truth, fold, grouped=grouped) if shifted else 0.0 for fold in range(FOLDS)}
    return tested(sets, range(FOLDS), (), levels, grouped=grouped)


def level(sets: Sequence[Dataset], truth: Truth, fold: int, *, grouped: bool = True) -> float:
    """Threshold for a fold in log odds: the best one for each of the other folds by models that saw neither."""
    others = [x for x in range(FOLDS) if x != fold]
    return best_threshold(sets, tested(sets, others, (fold,), {}, grouped=grouped), truth, leave_out=fold)


def tested(
    sets: Sequence[Dataset],
    folds: Iterable[int],
    left_out: tuple[int, ...],
    levels: Mapping[int, float],
    *,
    grouped: bool,
) -> list[np.ndarray]:
    """Log odds of the edges of each of some folds by models that saw neither it nor what is left out; -inf: of none.

    An edge between two folds is wrong by construction; it takes the mean of the two models that saw one side only.
    """
    total = [np.zeros(len(d.truth)) for d in sets]
    count = [np.zeros(len(d.truth)) for d in sets]
    for fold in folds:
        models = learnt(sets, fold, *left_out)
        for i, data in enumerate(sets):
            inside = ~_apart(data, fold)
            total[i][inside] += logits(data, models, grouped=grouped)[inside] - levels.get(fold, 0.0)
            count[i][inside] += 1
    return [np.where(c > 0, t / np.maximum(c, 1), -np.inf) for t, c in zip(total, count, strict=True)]


def _apart(data: Dataset, *folds: int) -> np.ndarray:
    apart: np.ndarray = ~np.isin(data.fold[data.graph.a], folds) & ~np.isin(data.fold[data.graph.b], folds)
    return apart


def best_threshold(
    sets: Sequence[Dataset],
    made: Sequence[np.ndarray],
    truth: Truth,
    leave_out: int | None = None,
) -> float:
    """Log odds with the best mean F1 over variants and folds of sources, one fold left out."""
    gold = Counter(truth.fold[x] for x in truth.true["id_a"])
    found = {}
    for threshold in np.arange(-1.5, 1.51, 0.25):
        values = []
        for data, logit in zip(sets, made, strict=True):
            chosen = assigned(data.graph, expit(logit), float(expit(threshold)))
            for fold in range(FOLDS):
                if fold == leave_out or not gold[fold]:
                    continue
                a, b = data.fold[data.graph.a[chosen]], data.fold[data.graph.b[chosen]]
                inside = ((a == fold) | (b == fold)) & (a != leave_out) & (b != leave_out)
                known = data.truth[chosen][inside]
                values.append(2 * (known == 1).sum() / ((known >= 0).sum() + gold[fold]))
        found[float(threshold)] = float(np.mean(values))
    return max(found, key=lambda x: (found[x], -abs(x), x))


def report(data: Dataset, logit: np.ndarray, threshold: float, truth: Truth) -> dict[str, float | str]:
    """F1 over all pairs and by language pair, recall at the precision of the target, recall by kind."""
    a, b, _ = matched(data, logit, threshold)
    known = _known(data, a, b, truth)
    name = {x: i for i, x in enumerate(data.ids)}
    gold = Counter(truth.true["languages"])
    by_pair: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for x, y, value in zip(a.tolist(), b.tolist(), known.tolist(), strict=True):
        if value >= 0:
            languages = "-".join(LANGUAGE_NAMES[i] for i in data.graph.language[[x, y]])
            by_pair[languages][0] += value
            by_pair[languages][1] += 1
    f1 = {p: 2 * by_pair[p][0] / (by_pair[p][1] + n) for p, n in gold.items() if n >= MACRO_GOLD}
    weakest = min(f1, key=lambda p: f1[p])
    right, predicted = int((known == 1).sum()), int((known >= 0).sum())
    kinds = Counter(truth.true["kind"])
    pairs = set(zip(a.tolist(), b.tolist(), strict=True))
    hits = Counter(
        kind
        for x, y, kind in truth.true.select("id_a", "id_b", "kind").iter_rows()
        if tuple(sorted((name[x], name[y]))) in pairs
    )
    return {
        "micro": 2 * right / (predicted + truth.true.height),
        "macro": float(np.mean(list(f1.values()))),
        "precision": right / max(1, predicted),
        "recall": right / truth.true.height,
        "recall at .98": recall_at(data, logit, truth),
        "weakest": f1[weakest],
        "weakest pair": weakest,
        **{f"recall {kind}": hits[kind] / n for kind, n in sorted(kinds.items())},
    }


def _known(data: Dataset, a: np.ndarray, b: np.ndarray, truth: Truth) -> np.ndarray:
    return truth.of(
        pl.DataFrame({"id_a": [data.ids[i] for i in a.tolist()], "id_b": [data.ids[i] for i in b.tolist()]})
    )


def recall_at(data: Dataset, logit: np.ndarray, truth: Truth, precision: float = PRECISION) -> float:
    """Largest recall of the assigned pairs above some score whose precision reaches the target."""
    chosen = assigned(data.graph, expit(logit), float(expit(-3.0)))
    known = data.truth[chosen]
    order = np.argsort(-logit[chosen][known >= 0], kind="stable")
    right = np.cumsum(known[known >= 0][order])
    reached = np.flatnonzero(right / np.arange(1, len(right) + 1) >= precision)
    return float(right[reached[-1]] / truth.true.height) if len(reached) else 0.0


def curve(sets: Sequence[Dataset], made: Sequence[np.ndarray]) -> list[tuple[float, float]]:
    """(probability, precision of all pairs from it on) out of fold, both variants together, rising in both."""
    values, known = [], []
    for data, logit in zip(sets, made, strict=True):
        chosen = assigned(data.graph, expit(logit), float(expit(-3.0)))
        judged = data.truth[chosen] >= 0
        values.append(logit[chosen][judged])
        known.append(data.truth[chosen][judged])
    value, right = np.concatenate(values), np.concatenate(known)
    found: list[tuple[float, float]] = []
    for level in np.arange(-2.0, 6.01, 0.25):
        above = right[value >= level]
        if len(above) and (not found or above.mean() > found[-1][1]):
            found.append((round(float(expit(level)), 6), round(float(above.mean()), 6)))
    return found


def prevalences(sets: Sequence[Dataset], made: Sequence[np.ndarray]) -> tuple[float, dict[str, float]]:
    """What estimates of prevalence start from, and the lowest one by number of languages, out of fold.

    Of each corpus whole, and cut down to every two languages and to a few.

    Args:
        sets: both variants.
        made: log odds of their edges, out of fold, as the shipped model gives them.
    """
    whole = [_likely(data, logit) for data, logit in zip(sets, made, strict=True)]
    calibrated = round(float(expit(np.concatenate(whole)).mean()), DIGITS)
    lowest = {len(LANGUAGE_NAMES): min(prevalence(x, calibrated) for x in whole)}
    models = [learnt(sets, fold) for fold in range(FOLDS)]
    for languages in (*itertools.combinations(range(len(LANGUAGE_NAMES)), 2), *FEW_LANGUAGES):
        for data in sets:
            part = few(data, languages)
            share = prevalence(_likely(part, _mean_logits(part, models)), calibrated)
            lowest[len(languages)] = min(share, lowest.get(len(languages), 1.0))
    return calibrated, {str(number): lowest[number] for number in sorted(lowest)}


def _likely(data: Dataset, logit: np.ndarray) -> np.ndarray:
    """Log odds of the edges that assignment leaves when what is barely plausible counts."""
    return logit[assigned(data.graph, expit(logit), PLAUSIBLE)]


def _mean_logits(data: Dataset, models: Sequence[tuple[Logistic, Logistic]]) -> np.ndarray:
    """Log odds of each edge by the models that did not see the sources of its sides."""
    total, count = np.zeros(len(data.truth)), np.zeros(len(data.truth))
    for fold, pair in enumerate(models):
        inside = ~_apart(data, fold)
        total[inside] += logits(data, pair)[inside]
        count[inside] += 1
    found: np.ndarray = total / count
    return found


def two_languages(gold: Path, work: Path, truth: Truth, sets: Sequence[Dataset]) -> dict[str, dict[str, float]]:
    """F1 of a corpus of two languages alone, for each of the 21 pairs, by variant, out of fold.

    No third language is there, so the first stage decides.
    """
    models = []
    for fold in range(FOLDS):
        models.append((learnt(sets, fold), level(sets, truth, fold)))
    found: dict[str, dict[str, float]] = {variant: {} for variant in VARIANTS}
    for languages, variant in itertools.product(itertools.combinations(LANGUAGE_NAMES, 2), VARIANTS):
        name = "-".join(languages)
        true = truth.true.filter(pl.col("languages") == name)
        part = Truth(truth.gold, true, truth.files.filter(pl.col("language").is_in(languages)), truth.fold)
        data = dataset(candidates(gold, variant, work, languages), part)
        total, count = np.zeros(len(data.truth)), np.zeros(len(data.truth))
        for fold, (made, least) in enumerate(models):
            inside = ~_apart(data, fold)
            total[inside] += logits(data, made)[inside] - least
            count[inside] += 1
        found[variant][name] = float(report(data, total / count, 0.0, part)["micro"])
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--work", type=Path, default=Path("pairing-cv"))
    parser.add_argument("--two-languages", action="store_true", help="also 21 corpora of two languages each")
    parser.add_argument("--ship", action="store_true", help="write the coefficients learnt on all sources")
    options = parser.parse_args()
    truth = read_truth(options.gold)
    sets = [dataset(candidates(options.gold, v, options.work), truth) for v in VARIANTS]
    for variant, data in zip(VARIANTS, sets, strict=True):
        print(f"{variant}: {len(data.truth):,} candidates, recall {(data.truth == 1).sum() / truth.true.height:.4f}")
    first = out_of_fold(sets, truth, grouped=False)
    made = out_of_fold(sets, truth)
    for stage, values in (("first stage", first), ("both stages", made)):
        for variant, data, logit in zip(VARIANTS, sets, values, strict=True):
            _print(f"{variant}, {stage}, out of fold", report(data, logit, 0.0, truth), TARGETS[variant])
    if options.two_languages:
        for variant, f1 in two_languages(options.gold, options.work, truth, sets).items():
            mean = float(np.mean(list(f1.values())))
            _print(f"{variant}, two languages", {"two languages": mean, **f1}, TARGETS[variant])
    models = learnt(sets)
    shipped = [logits(d, models) for d in sets]
    unshifted = out_of_fold(sets, truth, shifted=False)
    least = best_threshold(sets, unshifted, truth)
    for variant, data, logit in zip(VARIANTS, sets, shipped, strict=True):
        _print(f"{variant}, model of all sources on the same (optimistic)", report(data, logit, least, truth), {})
    if options.ship:
        note = (
            f"Learnt on {truth.files.height:,} files in seven languages with {truth.true.height:,} known pairs, "
            "plain and with declared names masked (exercises, algorithms, ports of libraries, others); curve "
            "and threshold out of fold, folds by source"
        )
        calibrated, lowest = prevalences(sets, unshifted)
        record = {
            "direct": models[0].record(),
            "grouped": models[1].record(),
            "threshold": round(float(expit(least)), 6),
            "curve": curve(sets, unshifted),
            "calibrated": calibrated,
            "prevalence": lowest,
            "note": note,
        }
        target = Path(__file__).parent.parent / "pairing" / "score" / COEFFICIENTS
        write_json(target, record)
        print(f"wrote {target.name}: threshold {record['threshold']}, curve {record['curve']}")
        print(f"prevalence: calibrated for {calibrated}, lowest by number of languages {lowest}")


def _print(title: str, found: dict[str, float | str] | dict[str, float], targets: dict[str, float]) -> None:
    print(title)
    for name, value in found.items():
        bar = f"  (target {targets[name]})" if name in targets else ""
        print(f"  {name:22s} {value if isinstance(value, str) else format(value, '.4f')}{bar}")


if __name__ == "__main__":
    main()
