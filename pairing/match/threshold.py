"""From which probability on a candidate counts as a pair. Pure functions."""

from math import floor

from contracts.errors import ConfigError
from pairing.config import PairsConfig
from pairing.score.model import PairModel


def threshold(config: PairsConfig, model: PairModel) -> float:
    """The threshold that the configuration asks for: min_score, or that of min_precision, or the model's own.

    Raises:
        ConfigError: no threshold reaches the precision that is asked for.
    """
    if config.min_score is not None:
        return config.min_score
    if config.min_precision is None:
        return model.threshold
    found = model.threshold_for(config.min_precision)
    if found is None:
        best = max((precision for _, precision in model.curve), default=0.0)
        raise ConfigError(
            f"pairs.min_precision: {config.min_precision} was never reached where the score was measured; at most "
            f"{floor(best * 10_000) / 10_000}. Lower it, or set pairs.min_score"
        )
    return found


def measured(score: float, model: PairModel) -> float | None:
    """Precision from a score on, as it was measured at the next lower point of the curve; None below the first."""
    return max((precision for probability, precision in model.curve if probability <= score), default=None)
