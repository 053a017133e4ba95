"""Fits every model to every split and scores it on what was held out: one table, and what it says to use."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contracts.errors import StageError
from fit.estimate.loss import Loss
from fit.laws.registry import LAWS
from fit.points import Points
from fit.predictor import Predictor
from fit.select.baselines import BASELINES
from fit.select.models import AVERAGE, PROCESS, RESIDUAL, STARTS, TREES, Model, model_of
from fit.select.score import Score, mean_score, score_of
from fit.select.splits import FOLDS, Split, splits_of
from fit.select.together import default_laws, mixed

CLOSE = 1.1
"""Models whose error is within this factor of the best one's count as equally good."""
NEVER = "cannot be fitted"
MENDED, MENDED_PLAIN = ("transfer", "joint"), ("chinchilla",)
"""Laws that are tried with a Gaussian process on their residuals, where mixtures differ and where not. Settled
beforehand: chosen by the rows that they are scored on, their scores would be too good."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All scores, and what follows."""

    scores: tuple[Score, ...]
    """Of every model on every split."""
    splits: tuple[Split, ...]
    refused: dict[str, str]
    """Splits that the points do not allow: why."""

    def summary(self) -> list[Score]:
        """Means over the splits of each kind, best first; models that failed on one of them last."""
        kinds = list(dict.fromkeys(split.kind for split in self.splits))
        found = []
        for kind in kinds:
            names = {split.name for split in self.splits if split.kind == kind}
            groups: dict[str, list[Score]] = {}
            for score in self.scores:
                if score.split in names:
                    groups.setdefault(score.model, []).append(score)
            found += sorted((mean_score(kind, group) for group in groups.values()), key=_order)
        return found

    def best(self, kind: str, laws_only: bool = False) -> Score | None:
        """The model with the least error on a kind of split; None where none could be fitted.

        Args:
            kind: of the splits.
            laws_only: laws alone, which can be optimised and extrapolated.
        """
        for score in self.summary():
            if score.split == kind and score.error is not None and (not laws_only or score.kind == "law"):
                return score
        return None

    def advice(self) -> list[str]:
        """What to use, with the evidence, a sentence for each kind of split."""
        said = []
        for kind in dict.fromkeys(split.kind for split in self.splits):
            best, law = self.best(kind), self.best(kind, laws_only=True)
            if best is None or best.error is None:
                said.append(f"{kind}: no model could be fitted")
                continue
            close = [
                score.model
                for score in self.summary()
                if score.split == kind and score.error is not None and best.error < score.error <= CLOSE * best.error
            ]
            text = f"{kind}: {best.model} is best, {best.error:.2%} off"
            text += f"; as good: {', '.join(close)}" if close else ""
            if law is not None and law.model != best.model and law.error is not None:
                text += f"; of the laws {law.model}, {law.error:.2%}"
            said.append(text + _warning([score for score in self.summary() if score.split == kind]))
        return said


def _warning(scores: Sequence[Score]) -> str:
    """What to beware of: a baseline that is better than every law. Scores are in order, best first.

    One that is hardly better counts for nothing: without mixtures the mixture-blind law is Chinchilla's.
    """
    laws = [score.error for score in scores if score.kind in ("law", "average") and score.error is not None]
    first = next((score for score in scores if score.kind in ("baseline", "trees")), None)
    if not laws or first is None or first.error is None or min(laws) <= CLOSE * first.error:
        return ""
    return f". No law beats the baseline {first.model} here: do not extrapolate from these points"


def default_models(points: Points) -> list[str]:
    """What is compared beside the baselines where nothing is named."""
    mended = [law + RESIDUAL for law in (MENDED if mixed(points) else MENDED_PLAIN)]
    return [*LAWS, AVERAGE, *mended, PROCESS, TREES]


def compare(
    points: Points,
    laws: Sequence[str] = (),
    splits: Sequence[str] = ("largest-n", "mixtures"),
    loss: Loss | None = None,
    folds: int = FOLDS,
    starts: int = STARTS,
    seed: int = 0,
    observe: Callable[[str], None] | None = None,
) -> Comparison:
    """Score models on held-out points; the baselines always take part.

    Args:
        points: what was measured.
        laws: names of models; empty: every law, some of them with a process, gp, trees and the average.
        splits: names of ways to hold out, see `fit.select.splits.SPLITS`.
        loss: of the laws' fits.
        folds: of mixtures.
        starts: of each fit.
        seed: of folds and starts.
        observe: told the name of each model before it is fitted.

    Raises:
        ConfigError: there is no such law or split.
        StageError: nothing can be held out.
    """
    found, refused = splits_of(points, splits, folds, seed)
    names = list(laws) or default_models(points)
    averaged = [name for name in names if name in LAWS] if laws else list(default_laws(points))
    names += [name for name in BASELINES if name not in names]
    models = [model_of(name, averaged, loss, starts, seed) for name in names]
    scores: list[Score] = []
    for model in models:
        if observe:
            observe(model.name)
        scores += _scored(points, model, found)
    return Comparison(tuple(scores), tuple(found), refused)


def _scored(points: Points, model: Model, splits: Sequence[Split]) -> list[Score]:
    """The model on each split; the same rows are fitted once."""
    fitted: dict[bytes, tuple[Predictor | None, str, float]] = {}
    found = []
    for split in splits:
        key = split.train.tobytes()
        if key not in fitted:
            fitted[key] = _trained(model, points.take(split.train))
        predictor, why, seconds = fitted[key]
        if predictor is None:
            found.append(Score(model.name, model.kind, split.name, failed=f"{NEVER}: {why}"))
        else:
            found.append(score_of(model.name, model.kind, split.name, predictor, points.take(split.test), seconds))
    return found


def _trained(model: Model, points: Points) -> tuple[Predictor | None, str, float]:
    started = time.perf_counter()
    try:
        return model.train(points), "", time.perf_counter() - started
    except StageError as error:
        return None, str(error), 0.0


def _order(score: Score) -> tuple[bool, float]:
    return score.error is None, score.error or 0.0
