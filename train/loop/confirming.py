"""The stage `confirm`: trains the proposed mixture beside others, and says whether it is better."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from contracts.allocation import Allocation
from contracts.confirmation import Confirmation, Tried
from contracts.errors import StageError
from contracts.files import write_json
from contracts.manifest import Manifest
from contracts.runs import named_after
from contracts.scale import toy_scale
from pipelines.stage import Outcome, StageContext, StageResult, run_stage
from train.loop.config import LoopConfiguration
from train.loop.confirm import LEVEL, compare
from train.loop.layout import CONFIRM, FIT, MEASURED, LoopLayout
from train.loop.measured import run_id_of
from train.loop.runs import PROPOSED
from train.loop.sweeping import Runs
from train.sweep.folder import SweepFolder
from train.sweep.mixtures import with_kept
from train.sweep.rows import Row, read_list

SAME = 1e-9
"""Largest difference of shares of the same mixture: both are whole millionths."""
NATURAL = "sweep-natural-"
"""How names of mixtures in natural proportions begin."""


def confirm_stage(
    config: LoopConfiguration, runs: Runs, trials: Manifest, allocated: Manifest, allocation: Allocation
) -> StageResult:
    """Compare the trials.

    Args:
        config: of the whole run.
        runs: the trials.
        trials: their manifest.
        allocated: manifest of the allocation.
        allocation: what it found.
    """
    places, section = LoopLayout(runs.layout), config.fitted

    def body(_: StageContext) -> Outcome:
        found = _confirmation(runs, allocation, config.confirmed.baselines, section.bpb, places.fit / FIT)
        path = places.confirm / CONFIRM
        data = found.model_dump(mode="json")
        write_json(path, data)
        return Outcome([path], {"confirmation": data})

    inputs = {"trials": trials.identity, "allocate": allocated.identity}
    asked = {"bpb": section.bpb, "level": LEVEL, "baselines": list(config.confirmed.baselines)}
    return run_stage("confirm", places.confirm, asked, inputs, body, config.executor, force=True)


def _confirmation(runs: Runs, allocation: Allocation, baselines: Sequence[str], bpb: bool, fit: Path) -> Confirmation:
    folder = SweepFolder(runs.folder)
    rows = read_list(folder.list)
    frame = pl.read_parquet(runs.folder / MEASURED)
    weights = weights_of(allocation)
    unit = "bpb" if bpb else "loss"
    law = _Law(fit, weights)
    tried = {
        name: _tried(name, mine, frame.filter(pl.col("run_id").is_in([run_id_of(folder, r) for r in mine])), unit, law)
        for name, mine in {n: rows_of(rows, n, allocation.weights) for n in (PROPOSED, *baselines)}.items()
    }
    best, *others = tried.values()
    n, tokens = float(frame["n_parameters"].item(0)), float(frame["tokens"].max())  # type: ignore[arg-type]
    return Confirmation(
        rung=rows[0].rung,
        n_parameters=n,
        tokens=tokens,
        seeds=sorted({row.seed for row in rows}),
        weights=weights,
        unit="bits per byte" if bpb else "nats per token",
        level=LEVEL,
        toy=toy_scale(n, tokens),
        proposed=best,
        baselines=others,
        comparisons=[
            compare(
                other.name,
                best.losses,
                other.losses,
                None if best.predicted is None or other.predicted is None else best.predicted - other.predicted,
            )
            for other in others
        ],
    )


def weights_of(allocation: Allocation) -> dict[str, float]:
    """Weight of each target that counts, as the allocation had them."""
    assert allocation.objective is not None
    return {name: weight for name, weight in allocation.objective.weights.items() if weight}


def rows_of(rows: Sequence[Row], name: str, weights: Mapping[str, float]) -> list[Row]:
    """The runs of a mixture. Where a baseline is what was proposed, both have the same runs.

    Args:
        rows: of all trials.
        name: proposed, uniform or natural.
        weights: the proposed shares.

    Raises:
        StageError: there are none.
    """
    if name == "natural":
        found = [row for row in rows if row.mixture.startswith(NATURAL)]
    else:
        wanted = with_kept(weights if name == PROPOSED else dict.fromkeys(weights, 1.0), {})
        found = [row for row in rows if _same(row.proportions, wanted)]
    if not found:
        raise StageError(f"no trial is of the {name} mixture; remove the folder trials, and run again")
    return found


def _same(first: Mapping[str, float], second: Mapping[str, float]) -> bool:
    return all(abs(first.get(name, 0.0) - second.get(name, 0.0)) <= SAME for name in {*first, *second})


def _tried(name: str, rows: Sequence[Row], frame: pl.DataFrame, unit: str, law: "_Law") -> Tried:
    """A mixture with its seeds, measured at the last point of each."""
    last = frame.sort("seed", "tokens").group_by("seed", maintain_order=True).last()
    losses = {target: last[f"{unit}_{target}"].to_list() for target in law.weights}
    absent = [target for target, values in losses.items() if None in values]
    if absent:
        raise StageError(f"the trials have no loss on {', '.join(absent)}, which counts; set its weight to 0")
    first = last.row(0, named=True)
    return Tried(
        name=name,
        proportions=rows[0].proportions,
        losses=[weighted({t: v[i] for t, v in losses.items()}, law.weights) for i in range(len(last))],
        by_target={target: sum(values) / len(values) for target, values in losses.items()},
        predicted=law.predict(first),
        epochs={c: first[f"epochs_{c}"] for c in named_after("epochs", last.columns) if first[f"epochs_{c}"]},
    )


def weighted(losses: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted geometric mean of losses: what an allocation with the mean as objective minimises."""
    whole = sum(weights.values())
    return math.exp(sum(weight / whole * math.log(losses[target]) for target, weight in weights.items()))


class _Law:
    """What the fit predicts for a measured point.

    Args:
        path: fit.json.
        weights: of the targets.
    """

    def __init__(self, path: Path, weights: Mapping[str, float]) -> None:
        from fit.record import load

        self.predictor, self.weights = load(path), weights

    def predict(self, row: Mapping[str, Any]) -> float | None:
        """The weighted loss; None: the law says nothing about such a mixture."""
        import numpy as np

        from fit.points import places

        names = self.predictor.components
        shares = np.array([row.get(f"p_{name}") or 0.0 for name in names], float)
        unique = np.array([row.get(f"unique_{name}") or np.inf for name in names], float)
        at = places(float(row["n_parameters"]), float(row["tokens"]), shares, names, unique)
        with np.errstate(all="ignore"):
            losses = dict(zip(self.predictor.names, self.predictor.predict(at)[0].tolist(), strict=True))
        if not all(math.isfinite(losses[name]) and losses[name] > 0 for name in self.weights):
            return None
        return weighted(losses, self.weights)
