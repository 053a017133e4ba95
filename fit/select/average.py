"""The average of structurally different laws, with their disagreement as the interval.

Laws that fit the same points equally well part where they extrapolate. No roll-out of one step tells which is right,
so the geometric mean of several is the better bet, and how far they part says how good a bet it is.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from contracts.errors import ConfigError
from fit.estimate import fitted
from fit.estimate.fitted import Fit
from fit.points import Array, Inputs
from fit.predictor import Predictor

FORMAT = "glotmix average 1"
"""First entry of an average's JSON."""


@dataclass(frozen=True, slots=True)
class Average:
    """Geometric mean of the losses that several models predict."""

    members: tuple[Predictor, ...]
    """M models of the same targets and components."""
    weights: tuple[float, ...]
    """Of the members; they sum to 1."""
    labels: tuple[str, ...]
    """What to call the members: their laws."""
    noise: tuple[float, ...]
    """Standard deviation of log loss from point to point, by target: what no law foretells."""
    scale: float = 1.0
    """Factor of the deviation, where a roll-out showed the laws' disagreement to be too small a measure."""
    evidence: tuple[dict[str, Any], ...] = ()
    """How the members were chosen: a row each."""

    @property
    def names(self) -> tuple[str, ...]:
        """The targets."""
        return self.members[0].names

    @property
    def components(self) -> tuple[str, ...]:
        """The components of mixtures."""
        return self.members[0].components

    def each(self, inputs: Inputs) -> Array:
        """(M, R, T) losses that the members predict."""
        return np.stack([member.predict(inputs) for member in self.members])

    def predict(self, inputs: Inputs) -> Array:
        """(R, T) losses."""
        return np.asarray(np.exp(np.einsum("m,mrt->rt", np.array(self.weights), np.log(self.each(inputs)))))

    def deviation(self, inputs: Inputs) -> Array:
        """(R, T) standard deviations of log loss: the members' disagreement and the points' noise."""
        logs, weights = np.log(self.each(inputs)), np.array(self.weights)
        away = logs - np.einsum("m,mrt->rt", weights, logs)
        # the members are a sample of laws: unbiased for weights that are not equal, too
        free = 1 - float((weights * weights).sum())
        between = np.einsum("m,mrt->rt", weights, away * away) / free if free > 0 else np.zeros(logs.shape[1:])
        return np.asarray(self.scale * np.sqrt(between + np.square(self.noise)))

    def record(self) -> dict[str, Any]:
        """As JSON takes it; `restore` is the way back.

        Raises:
            ConfigError: a member is no fitted law.
        """
        return {
            "format": FORMAT,
            "labels": list(self.labels),
            "weights": list(self.weights),
            "noise": list(self.noise),
            "scale": self.scale,
            "components": list(self.components),
            "targets": list(self.names),
            "evidence": list(self.evidence),
            "members": [_record(label, member) for label, member in zip(self.labels, self.members, strict=True)],
        }


def average(
    members: dict[str, Predictor], noise: Array, weights: dict[str, float] | None = None, scale: float = 1.0
) -> Average:
    """An average of models by their names, with equal weights unless others are given.

    Args:
        members: at least one.
        noise: (T,) standard deviations of log loss from point to point.
        weights: not negative; scaled to sum to 1.
        scale: of the deviation.
    """
    given = np.array([1.0 if weights is None else weights[label] for label in members])
    found = list(members.values())
    assert all(m.names == found[0].names and m.components == found[0].components for m in found)
    shares = tuple((given / given.sum()).tolist())
    return Average(tuple(found), shares, tuple(members), tuple(np.asarray(noise, float).tolist()), scale)


def restore(record: dict[str, Any], where: str = "average") -> Average:
    """An average out of its JSON.

    Args:
        record: what `Average.record` gave; further keys are passed over.
        where: what to call it in messages.

    Raises:
        ConfigError: it is no average.
    """
    if record.get("format") != FORMAT:
        raise ConfigError(f"{where}: not an average; its format is {record.get('format')!r}, expected {FORMAT!r}")
    try:
        members = tuple(fitted.restore(member, where) for member in record["members"])
        found = Average(
            members=members,
            weights=tuple(float(weight) for weight in record["weights"]),
            labels=tuple(record["labels"]),
            noise=tuple(float(noise) for noise in record["noise"]),
            scale=float(record["scale"]),
            evidence=tuple(record["evidence"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{where}: a damaged average ({type(error).__name__}: {error}); fit again") from error
    sound = members and len(members) == len(found.weights) == len(found.labels)
    if not (sound and len(found.noise) == len(members[0].names)):
        raise ConfigError(f"{where}: a damaged average: members, weights, labels and noise do not match; fit again")
    return found


def _record(label: str, member: Predictor) -> dict[str, Any]:
    if not isinstance(member, Fit):
        raise ConfigError(f"an average that holds {label} cannot be written: only laws can, which have parameters")
    return member.record()
