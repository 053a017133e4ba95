"""Mixtures at an unseen larger size: fit on all sizes but the largest, score every mixture there.

    python benchmarks/fit_scale.py RUNS [--n COLUMN --d COLUMN --weights PREFIX --losses PREFIX --run COLUMN]
                                        [--laws A B] [--delta 0.01] [--starts 12] [--whole] [--power 0.5]

RUNS is a runs table with several mixtures and three sizes or more: glotmix's own, or any whose columns are named. The
average decides by itself, from the smaller sizes alone, which laws it holds, from how many tokens on rows count, and
how wide its interval is; the single laws are fitted to all rows.
"""

import argparse
import time
from pathlib import Path

from fit.estimate.cutoff import by_compute
from fit.estimate.estimate import fit
from fit.estimate.loss import Loss
from fit.points import Points
from fit.predictor import Predictor
from fit.reading import read_points
from fit.select.average import Average
from fit.select.baselines import BASELINES
from fit.select.score import score_of
from fit.select.splits import largest_n, mixtures
from fit.select.together import default_laws, fit_average

BAR = 1.75
"""Mean relative error in percent that the average is to stay below on the reference data."""
REFERENCE = {"additive": 3.36, "carry-over": 2.98, "mixture-blind": 4.63}
"""Errors in percent on the reference data: 7 web domains, sizes below 2.7B, scored at 2.7B."""
OPTIONS = ("n", "d", "weights", "losses", "run")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path)
    for name in OPTIONS:
        parser.add_argument(f"--{name}")
    parser.add_argument("--laws", nargs="+", default=[])
    parser.add_argument("--delta", type=float, default=0.01)
    parser.add_argument("--starts", type=int, default=12)
    parser.add_argument("--power", type=float, default=None, help="rows weigh as compute to this power")
    parser.add_argument("--whole", action="store_true", help="the average keeps the start of training")
    arguments = parser.parse_args()
    given = {name: getattr(arguments, name) for name in OPTIONS if getattr(arguments, name)}
    data = read_points(arguments.runs, **given)
    (split,) = largest_n(data)
    train, held = data.take(split.train), data.take(split.test)
    print(f"{len(train)} points fitted, {len(held)} held out: {split.about}; {mixtures(data).max() + 1} mixtures")
    loss = Loss("huber", arguments.delta)
    models: dict[str, Predictor] = {}
    show_head()
    for name, baseline in BASELINES.items():
        models[name] = timed(name, lambda baseline=baseline: baseline(train), held)
    power = 0.5 if arguments.power is None else arguments.power
    for law in arguments.laws or default_laws(train):
        timed(law, lambda law=law: fit(by_compute(train, power), law, loss, arguments.starts), held)

    def averaged() -> Average:
        return fit_average(
            train, arguments.laws, loss, arguments.starts, power=arguments.power, shorten=not arguments.whole
        )

    average = timed("average", averaged, held)
    assert isinstance(average, Average)
    print(f"average of {', '.join(average.labels)}; deviation x {average.scale:.2f}")
    for row in average.evidence:
        print(f"  {row['what']}: {row['decision']}; {row['why']}")
    print(f"reference data: {', '.join(f'{name} {value} %' for name, value in REFERENCE.items())}; bar < {BAR} %")


def show_head() -> None:
    print(f"{'model':16}{'MRE %':>8}{'bias %':>8}{'Spearman':>10}{'95 % holds':>12}{'seconds':>9}")


def timed(name: str, train, held: Points) -> Predictor:  # noqa: ANN001
    started = time.perf_counter()
    model = train()
    found = score_of(name, "", "", model, held, time.perf_counter() - started)
    rank = "-" if found.rank is None else f"{found.rank:.3f}"
    holds = "-" if found.coverage is None else f"{found.coverage:.1%}"
    print(f"{name:16}{100 * found.error:8.2f}{100 * found.bias:8.2f}{rank:>10}{holds:>12}{found.seconds:9.1f}")
    return model


if __name__ == "__main__":
    main()
