"""What a fit says: parameters, how sure the optimum is, and what the data could not tell."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from contracts.errors import ConfigError
from fit.estimate.loss import Loss
from fit.estimate.stored import StoredFit, check
from fit.laws.law import Law, Space
from fit.laws.registry import LAWS, law_of
from fit.points import Array, Inputs


@dataclass(frozen=True, slots=True)
class TargetFit:
    """A law fitted to the losses on one target."""

    target: str
    law: Law
    theta: Array
    """(P,) parameters in internal units."""
    loss: Loss
    objective: float
    """Sum of the losses of the residuals, priors included."""
    starts: int
    """How many starts were made."""
    reached: float
    """Share of them that arrived at the objective, to one part in 10^4."""
    rows: int
    """Points that it was fitted to."""
    runs: int
    """Runs that they are of."""
    residual: float
    """Standard deviation of the residuals of log loss, robust (from the median absolute one), for P parameters."""
    condition: float
    """Condition number of the second derivatives, scaled to a unit diagonal: large where data cannot tell parameters
    apart. inf: a flat direction."""
    correlations: Array
    """(P, P) of the parameters' errors by the second derivatives; NaN where there is a flat direction."""
    flags: tuple[str, ...] = ()
    """Warnings, a sentence each."""
    excluded: dict[str, int] = field(default_factory=dict)
    """Points left out for this target: reason to count."""

    @property
    def parameters(self) -> dict[str, float]:
        """Natural parameters by the law's own symbols."""
        return {symbol: float(value[0]) for symbol, value in self.law.natural(self.theta[None]).items()}

    def predict(self, inputs: Inputs, theta: Array | None = None) -> Array:
        """Losses at R places: (R,), or (S, R) for (S, P) other parameters."""
        if theta is None:
            return np.asarray(np.exp(self.law.log_loss(self.theta, inputs)[0]))
        return np.asarray(np.exp(self.law.log_loss(theta, inputs)))

    def record(self) -> dict[str, Any]:
        """As JSON takes it; `restore` is the way back."""
        space = self.law.space
        return {
            "parameters": _written(self.parameters),
            "objective": self.objective,
            "rows": self.rows,
            "runs": self.runs,
            "residual": self.residual,
            "starts": self.starts,
            "reached": self.reached,
            "condition": self.condition if np.isfinite(self.condition) else None,
            "correlations": [[None if np.isnan(v) else v for v in row] for row in self.correlations.tolist()],
            "symbols": [parameter.symbol for parameter in self.law.parameters],
            "theta": self.theta.tolist(),
            "space": {name: getattr(space, name) for name in space.__slots__} | {"components": list(space.components)},
            "flags": list(self.flags),
            "excluded": self.excluded,
        }


@dataclass(frozen=True, slots=True)
class Fit:
    """A law fitted to every target of a runs table."""

    law: str
    loss: Loss
    targets: dict[str, TargetFit]
    components: tuple[str, ...]
    seed: int = 0
    identity: str = ""
    """Hash of the runs table."""
    excluded: dict[str, int] = field(default_factory=dict)
    """Rows left out for all targets: reason to count."""
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Least and largest n, d and flops of the points: beyond lies extrapolation."""

    @property
    def names(self) -> tuple[str, ...]:
        """The targets, in order."""
        return tuple(self.targets)

    def predict(self, inputs: Inputs) -> Array:
        """(R, T) losses."""
        return np.stack([fit.predict(inputs) for fit in self.targets.values()], axis=1)

    @property
    def parameters(self) -> dict[str, Any]:
        """By symbol for one target; by target, then symbol for several."""
        found = {name: fit.parameters for name, fit in self.targets.items()}
        return next(iter(found.values())) if len(found) == 1 else found

    def record(self) -> dict[str, Any]:
        """As JSON takes it."""
        return {
            "format": FORMAT,
            "law": self.law,
            "formula": law_of(self.law).title,
            "source": law_of(self.law).source,
            "loss": {"kind": self.loss.kind, "delta": self.loss.delta, "overestimate": self.loss.overestimate},
            "parameters": _written(self.parameters),
            "components": list(self.components),
            "ranges": {name: list(pair) for name, pair in self.ranges.items()},
            "seed": self.seed,
            "runs_identity": self.identity,
            "excluded": self.excluded,
            "targets": {name: fit.record() for name, fit in self.targets.items()},
        }


def _written(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as JSON takes them; null: one too large for a number, such as a level at a scale far away."""
    return {
        name: _written(value) if isinstance(value, dict) else value if np.isfinite(value) else None
        for name, value in parameters.items()
    }


FORMAT = "glotmix fit 1"
"""First entry of a fit's JSON."""


def restore(record: dict[str, Any], where: str = "fit") -> Fit:
    """A fit out of its JSON.

    Args:
        record: what `Fit.record` gave; further keys are passed over.
        where: what to call it in messages.

    Raises:
        ConfigError: it is no fit.
    """
    if record.get("format") != FORMAT:
        raise ConfigError(
            f"{where}: not a fit; its format is {record.get('format')!r}, expected {FORMAT!r}. "
            "Make one with: glotmix fit RUNS --law chinchilla --out fit.json"
        )
    check(StoredFit, record, where)
    if record["law"] not in LAWS:
        raise ConfigError(f"{where}: law: there is no such law as {record['law']}; there are {', '.join(LAWS)}")
    try:
        loss = Loss(**{key: record["loss"][key] for key in Loss.__slots__})
        return Fit(
            law=record["law"],
            loss=loss,
            targets={name: _target(name, record["law"], loss, found) for name, found in record["targets"].items()},
            components=tuple(record["components"]),
            seed=record["seed"],
            identity=record["runs_identity"],
            excluded=record["excluded"],
            ranges={name: (pair[0], pair[1]) for name, pair in record["ranges"].items()},
        )
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise ConfigError(f"{where}: a damaged fit ({type(error).__name__}: {error}); fit again") from error


def _target(name: str, law: str, loss: Loss, record: dict[str, Any]) -> TargetFit:
    given = {key: value for key, value in record["space"].items() if key in Space.__slots__}
    space = Space(**{**given, "components": tuple(given["components"])})
    made = law_of(law)(space)
    symbols = [parameter.symbol for parameter in made.parameters]
    if symbols != record["symbols"]:
        raise ValueError(f"{name} has parameters {record['symbols']}, the law has {symbols}")
    theta = np.array(record["theta"], float)
    with np.errstate(all="ignore"):
        wrong = [symbol for symbol, value in made.natural(theta[None]).items() if np.isnan(value).any()]
    if wrong:
        raise ValueError(f"targets.{name}.theta: {wrong[0]} is no number")
    condition = record["condition"]
    return TargetFit(
        target=name,
        law=made,
        theta=theta,
        loss=loss,
        objective=record["objective"],
        starts=record["starts"],
        reached=record["reached"],
        rows=record["rows"],
        runs=record["runs"],
        residual=record["residual"],
        condition=np.inf if condition is None else condition,
        correlations=np.array([[np.nan if v is None else v for v in row] for row in record["correlations"]], float),
        flags=tuple(record["flags"]),
        excluded=record["excluded"],
    )
