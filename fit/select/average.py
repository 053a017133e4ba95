"""The average of structurally different laws, with an interval out of their disagreement and of each one's own.

Laws that fit the same points equally well part where they extrapolate. No roll-out of one step tells which is right,
so the geometric mean of several is the better bet, and how far they part says how good a bet it is. Where one of them
is right, they agree, and what is left is how well the points tell its parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from contracts.errors import ConfigError
from fit.estimate import fitted
from fit.estimate.fitted import Fit, TargetFit
from fit.estimate.stored import check_members
from fit.points import Array, Inputs
from fit.predictor import Predictor
from fit.select import sizes
from fit.select.sizes import Sizes

FORMAT = "glotmix average 1"
"""First entry of an average's JSON."""

NO_SIZES = Sizes()

Covariance = Mapping[str, Array]
"""Of a member's parameters: target to (P, P)."""


@dataclass(frozen=True, slots=True)
class Average:
    """Geometric mean of the losses that several models predict, times what all of them leave at whole sizes."""

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
    covariances: tuple[Covariance, ...] = ()
    """Of each member's parameters by linearisation; empty, or a target missing: taken as known."""
    sizes: Sizes = NO_SIZES
    """What all of them leave at whole sizes."""
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
        middle = np.einsum("m,mrt->rt", np.array(self.weights), np.log(self.each(inputs)))
        return np.asarray(np.exp(middle + self.sizes.offset(inputs)))

    def deviation(self, inputs: Inputs) -> Array:
        """(R, T) standard deviations of log loss: the members' disagreement, their parameters' and the points' noise.

        Members are fitted to the same points, so their errors do not cancel: the mean of their variances counts.
        """
        logs, weights = np.log(self.each(inputs)), np.array(self.weights)
        away = logs - np.einsum("m,mrt->rt", weights, logs)
        # the members are a sample of laws: unbiased for weights that are not equal, too
        free = 1 - float((weights * weights).sum())
        between = np.einsum("m,mrt->rt", weights, away * away) / free if free > 0 else np.zeros(logs.shape[1:])
        known = between + self._within(inputs) + np.square(self.noise)
        return np.asarray(self.scale * np.sqrt(known + self.sizes.variance(inputs)))

    def _within(self, inputs: Inputs) -> Array:
        """(R, T) mean over the members of the variance that comes from their parameters."""
        found = np.zeros((len(inputs), len(self.names)))
        for weight, member, known in zip(self.weights, self.members, self.covariances, strict=False):
            for column, (name, target) in enumerate(member.targets.items() if isinstance(member, Fit) else ()):
                if weight and name in known:
                    found[:, column] += weight * variance(target, inputs, known[name])
        return found

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
            "sizes": self.sizes.record(),
            "components": list(self.components),
            "targets": list(self.names),
            "evidence": list(self.evidence),
            "covariances": [{t: found.tolist() for t, found in known.items()} for known in self.covariances],
            "members": [_record(label, member) for label, member in zip(self.labels, self.members, strict=True)],
        }


def average(
    members: dict[str, Predictor],
    noise: Array,
    weights: dict[str, float] | None = None,
    scale: float = 1.0,
    covariances: Sequence[Covariance] = (),
) -> Average:
    """An average of models by their names, with equal weights unless others are given.

    Args:
        members: at least one.
        noise: (T,) standard deviations of log loss from point to point.
        weights: not negative; scaled to sum to 1.
        scale: of the deviation.
        covariances: of each member's parameters.
    """
    given = np.array([1.0 if weights is None else weights[label] for label in members])
    found = list(members.values())
    assert all(m.names == found[0].names and m.components == found[0].components for m in found)
    shares = tuple((given / given.sum()).tolist())
    noises = tuple(np.asarray(noise, float).tolist())
    return Average(tuple(found), shares, tuple(members), noises, scale, tuple(covariances))


def variance(target: TargetFit, inputs: Inputs, covariance: Array) -> Array:
    """(R,) variances of log predictions, linearised in the parameters.

    Args:
        target: a fitted law.
        inputs: R places.
        covariance: (P, P) of its parameters.
    """
    _, slopes = target.law.evaluate(target.theta[None], target.law.features(inputs))
    assert slopes is not None
    return np.asarray(np.maximum(((slopes[0] @ covariance) * slopes[0]).sum(axis=1), 0.0))


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
        members = tuple(fitted.restore(member, f"{where}, members[{i}]") for i, member in enumerate(record["members"]))
        check_members(record, members, where)
        found = Average(
            members=members,
            weights=tuple(float(weight) for weight in record["weights"]),
            labels=tuple(record["labels"]),
            noise=tuple(float(noise) for noise in record["noise"]),
            scale=float(record["scale"]),
            covariances=tuple(
                {name: np.array(rows, float) for name, rows in known.items()} for known in record["covariances"]
            ),
            sizes=sizes.restore(record["sizes"]),
            evidence=tuple(record["evidence"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{where}: a damaged average ({type(error).__name__}: {error}); fit again") from error
    if not _sound(found):
        raise ConfigError(f"{where}: a damaged average: its parts do not match each other; fit again")
    return found


def _sound(found: Average) -> bool:
    """Whether all that is said of members is said of each of them."""
    if not found.members or not len(found.members) == len(found.weights) == len(found.labels):
        return False
    if found.covariances and len(found.covariances) != len(found.members):
        return False
    sizes = [{n: t.law.size for n, t in member.targets.items()} for member in found.members if isinstance(member, Fit)]
    shapes = all(
        name in size and rows.shape == (size[name], size[name])
        for size, known in zip(sizes, found.covariances, strict=False)
        for name, rows in known.items()
    )
    targets = all(len(row) == len(found.names) for row in (found.noise, *found.sizes.left))
    return shapes and targets and len(found.sizes.n) == len(found.sizes.left)


def _record(label: str, member: Predictor) -> dict[str, Any]:
    if not isinstance(member, Fit):
        raise ConfigError(f"an average that holds {label} cannot be written: only laws can, which have parameters")
    return member.record()
