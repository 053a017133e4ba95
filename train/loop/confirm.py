"""Is a mixture better than another, or is the difference within the noise of the seeds? Pure."""

import math
import statistics
from collections.abc import Sequence

from scipy.special import stdtrit

from contracts.confirmation import Comparison, Verdict

LEVEL = 0.95
"""Coverage of the intervals, and so the certainty behind a verdict."""


def compare(
    baseline: str, proposed: Sequence[float], other: Sequence[float], predicted: float | None = None
) -> Comparison:
    """Weighted losses of two mixtures, a number for each seed, by Welch's test.

    Seeds of both sides are the same, but that is not made use of: with few of them, differences of pairs leave too few
    degrees of freedom, and that pairs go together would be an assumption.

    Args:
        baseline: name of the other mixture.
        proposed: losses of the proposed mixture.
        other: losses of the other one.
        predicted: the difference that the law predicts.
    """
    difference = statistics.fmean(proposed) - statistics.fmean(other)
    half = _half_width(proposed, other)
    if half is None:
        return Comparison(
            baseline=baseline, difference=difference, low=None, high=None, verdict="not known", predicted=predicted
        )
    low, high = difference - half, difference + half
    verdict: Verdict = "better" if high < 0 else "worse" if low > 0 else "within noise"
    return Comparison(
        baseline=baseline, difference=difference, low=low, high=high, verdict=verdict, predicted=predicted
    )


def _half_width(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Half of the interval of the difference of means; None: one side has a single number."""
    if min(len(first), len(second)) < 2:
        return None
    parts = [statistics.variance(values) / len(values) for values in (first, second)]
    error = math.sqrt(sum(parts))
    if error == 0:
        return 0.0
    # Welch and Satterthwaite's degrees of freedom
    freedom = sum(parts) ** 2 / sum(p * p / (len(v) - 1) for p, v in zip(parts, (first, second), strict=True))
    return float(stdtrit(freedom, 0.5 + LEVEL / 2)) * error


def in_words(comparison: Comparison, unit: str, toy: bool) -> str:
    """The verdict in a sentence.

    Args:
        comparison: of the proposed mixture with another one.
        unit: of the losses.
        toy: whether models or budgets are tiny.
    """
    where = " at toy scale" if toy else ""
    size, name = abs(comparison.difference), comparison.baseline
    if comparison.low is None or comparison.high is None:
        side = "below" if comparison.difference < 0 else "above"
        return f"one seed: {size:.4f} {unit} {side} {name}, with a noise that is not known"
    interval = f"{comparison.low:+.4f} to {comparison.high:+.4f}"
    if comparison.verdict == "within noise":
        return f"no difference to {name} beyond the noise of the seeds{where} ({interval} {unit})"
    return f"{comparison.verdict} than {name}{where} by {size:.4f} {unit} ({interval})"
