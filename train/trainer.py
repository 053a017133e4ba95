"""Trains one run: the trunk, its branches, and what is measured at their ends."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from contracts.errors import StageError
from contracts.files import write_json
from train.batches import MicroBatches, batch_of, steps
from train.checkpoints import MODEL, Checkpoints
from train.config import TrainConfig
from train.distributed import join
from train.engines.engine import Engine
from train.failures import explained
from train.guards import Guard
from train.identify import Identity, identify
from train.measure import Progress, measure
from train.opening import open_engine
from train.prepare import Prepared, prepare
from train.progress import Position, Tag, resume, unneeded
from train.run_folder import CHECKPOINTS, RunFolder, StepLog
from train.schedule import Leg
from train.signals import StopRequest
from train.trackers import POINTS, Trackers, open_trackers, require_installed, series_of

Say = Callable[[str], None]

PROBE_TOLERANCE = {"fp32": 1e-3, "bf16": 1e-2}
"""How far the loss of one sequence may be from what it was when a checkpoint was written, in nats a token. The same
ranks give the same number; another number of ranks adds in another order (measured up to 5e-5 in fp32)."""

SAY_EVERY = 10.0
"""Seconds between lines on progress."""


def train(config: TrainConfig, base: Path, say: Say | None = None) -> Path:
    """Do a run, or what is left of it.

    Args:
        config: of the run.
        base: folder that its paths start from.
        say: told about progress, on rank 0.

    Returns:
        The run's folder.

    Raises:
        GlotmixError: it cannot be run, or had to stop; what is done stays, and the same command goes on.
        KeyboardInterrupt: it was asked to stop, and has saved a checkpoint.
    """
    world = join(config.launch)
    with explained(config, base):
        prepared = prepare(config, base, world)
        run = _Run(prepared, say if say is not None and world.rank == 0 else _silent)
        try:
            run.go()
        finally:
            run.close()
    return prepared.folder


def _silent(_: str) -> None:
    """Say nothing."""


class _Run:
    """The state of a run in this process."""

    def __init__(self, prepared: Prepared, say: Say) -> None:
        self.prepared, self.say = prepared, say
        self.first = prepared.world.rank == 0
        self.identity: Identity = identify(prepared)
        self.folder = RunFolder(prepared.folder)
        self.checkpoints = Checkpoints(prepared.folder / CHECKPOINTS, prepared.world, prepared.config.engine)
        self.engine: Engine | None = None
        self.holds: Tag | None = None  # what the engine's weights are
        self.seconds = 0.0
        self.guard = Guard(prepared.config.guards)
        self.saved_at = time.monotonic()
        self.said_at = 0.0
        self.log: StepLog | None = None
        self.tracker: Trackers | None = None

    def go(self) -> None:
        """Do what is left."""
        prepared = self.prepared
        require_installed(prepared.config.tracking)
        if self.first:
            place = os.path.relpath(prepared.validation, prepared.folder)
            evaluation = {"validation": place, "form": prepared.form}
            self.folder.claim(self.identity.run.run_id, self.identity.facts, evaluation)
            write_json(self.checkpoints.folder / MODEL, self.identity.model)
        self.checkpoints.clean()
        points = self.folder.points()
        self._add_rows(points)
        position = resume(prepared.legs, points, self.checkpoints.tags())
        if position is None:
            self.say(f"finished before: {prepared.folder}")
            return
        if self.first:
            self.log = StepLog(prepared.folder, prepared.legs, position)
            run = self.identity.run.run_id
            self.tracker = open_trackers(prepared.config.tracking, prepared.folder, run, self.identity.facts)
        self.say(self._plan(position))
        self._open(position.tag)
        with StopRequest() as stop:
            for number in range(position.leg, len(prepared.legs)):
                leg = prepared.legs[number]
                if leg.end in points:  # None is no point
                    continue
                start = position.step if number == position.leg else leg.start
                self._begin(leg, start)
                self._steps(leg, start, stop)
                self._finish(leg)

    def close(self) -> None:
        """Free the engine and close files."""
        for part in (self.log, self.tracker, self.engine):
            if part is not None:
                part.close()
        self.log = self.tracker = self.engine = None

    def _plan(self, position: Position) -> str:
        prepared = self.prepared
        geometry, world = prepared.geometry, prepared.world
        start = "from the start" if position.tag is None else f"on from step {position.step}"
        return (
            f"{prepared.shape.name}: {prepared.ends[-1]:,} steps of {geometry.step_tokens:,} tokens, points at "
            f"{', '.join(f'{end:,}' for end in prepared.ends)}; {world.ranks} rank(s) on {world.device.type}, "
            f"{geometry.accumulation} micro-batch(es) of {geometry.micro_batch}, peak rate {prepared.rate:.3g}, "
            f"{start}"
        )

    def _begin(self, leg: Leg, start: int) -> None:
        """Have the engine hold what the leg starts from."""
        wanted = Tag(start, leg.end if start > leg.start else None)
        if self.holds == wanted:
            return
        if wanted not in self.checkpoints.tags() and start > 0:
            raise StageError(f"{self.checkpoints.folder / wanted.name} is gone; the same command starts before it")
        self._open(wanted if start > 0 else None)

    def _open(self, tag: Tag | None) -> None:
        if tag is not None:
            self._facts(tag)
        if self.engine is not None:
            self.engine.close()
        self.engine = open_engine(self.prepared, self.checkpoints, tag)
        self.holds = tag or Tag(0)
        new: dict[str, Any] = {"seconds": 0.0, "recent": [], "spikes": 0}
        facts = new if tag is None else self._facts(tag)
        self.seconds = facts["seconds"]
        self.guard = Guard(self.prepared.config.guards, facts["recent"], facts["spikes"])
        if tag is not None:
            self._check_probe(tag, facts["probe"])

    def _facts(self, tag: Tag) -> dict[str, Any]:
        """What stands beside a checkpoint, which must be of this run."""
        facts = self.checkpoints.facts(tag)
        if facts["run_id"] != self.identity.run.run_id:
            told = f"{self.checkpoints.folder / tag.name} is of another run; remove it, or give another folder"
            raise StageError(told)
        return facts

    def _check_probe(self, tag: Tag, before: float) -> None:
        """A checkpoint that was loaded in part trains on like a new model; its loss tells."""
        now = self._probe()
        limit = PROBE_TOLERANCE["bf16" if self.prepared.bf16 else "fp32"]
        if not abs(now - before) <= limit:
            raise StageError(
                f"{self.checkpoints.folder / tag.name}: the loss of the first sequence was {before:.6f} when it was "
                f"written and is {now:.6f} now; it was not loaded whole. Remove it to go on from the one before"
            )

    def _steps(self, leg: Leg, start: int, stop: StopRequest) -> None:
        prepared, engine = self.prepared, self.engine
        assert engine is not None
        config, world = prepared.config, prepared.world
        batches = MicroBatches(prepared.mixture, prepared.geometry, world.rank, config.mask_documents)
        pin = world.device.type == "cuda"
        feed = steps(batches, start, leg.stop, read_ahead=config.engine.read_ahead, pin=pin)
        for step, micro_batches in enumerate(feed, start):
            began = time.monotonic()
            rate = prepared.rate * prepared.schedule.rate(step, leg.end)
            overdue = config.checkpoints.seconds is not None and began - self.saved_at > config.checkpoints.seconds
            flags = (int(stop.wanted), int(overdue and self.first))
            if step in config.guards.skip_steps:
                micro_batches = []
            result = engine.train_step(micro_batches, rate, flags)
            self.seconds += time.monotonic() - began
            self.holds = Tag(step + 1, leg.end)
            spike = bool(result.targets) and self.guard.watch(step, result.loss, result.gradient_norm)
            row = {
                "step": step,
                "end": leg.end,
                "loss": result.loss if result.targets else None,
                "gradient_norm": result.gradient_norm,
                "rate": rate,
                "targets": result.targets,
                "seconds": round(self.seconds, 3),
                "spike": spike,
            }
            self._note(row)
            last = step + 1 == leg.stop
            if result.flags[0] or result.flags[1] or ((step + 1) % config.checkpoints.every == 0 and not last):
                self._save()
            if result.flags[0]:
                raise KeyboardInterrupt(f"asked to stop after step {step}; a checkpoint is saved")

    def _note(self, row: dict[str, Any]) -> None:
        if self.log is not None:
            self.log.add(row)
        if self.tracker is not None:
            values = {key: row[key] for key in ("loss", "gradient_norm", "rate") if row[key] is not None}
            self.tracker.log(row["step"] + 1, values, series_of(row["end"]))
        if row["spike"]:
            self.say(f"step {row['step']:,}: spike, loss {row['loss']:.4f}")
        if time.monotonic() - self.said_at > SAY_EVERY and row["loss"] is not None:
            self.said_at = time.monotonic()
            branch = "" if row["end"] is None else f" (branch to {row['end']:,})"
            self.say(f"step {row['step'] + 1:,}{branch}: loss {row['loss']:.4f}, {row['seconds']:.0f} s")

    def _save(self) -> None:
        assert self.engine is not None and self.holds is not None
        if self.log is not None:
            self.log.flush()
        facts = {
            "run_id": self.identity.run.run_id,
            "seconds": self.seconds,
            "recent": self.guard.recent,
            "spikes": self.guard.spikes,
            "probe": self._probe(),
        }
        self.checkpoints.save(self.holds, self.engine, facts)
        self.saved_at = time.monotonic()
        self._prune()

    def _prune(self) -> None:
        prepared = self.prepared
        finished = self.folder.points()
        gone = unneeded(self.checkpoints.tags(), prepared.legs, finished, prepared.config.checkpoints.keep)
        if prepared.world.ranks > 1:
            torch.distributed.barrier()  # all have looked before any is removed
        self.checkpoints.remove(gone)

    def _finish(self, leg: Leg) -> None:
        """The end of a trunk leg is saved, since branches leave it there; the end of a branch is measured."""
        if leg.end is None:
            self._save()
            return
        prepared, engine = self.prepared, self.engine
        assert engine is not None
        tokens = prepared.config.points[prepared.ends.index(leg.end)]
        progress = Progress(leg.end, annealed=True, seconds=self.seconds, train_loss=self._recent_loss())
        row = measure(
            prepared, self.identity.run, engine, progress, self.folder.point_folder(tokens), leg is prepared.legs[-1]
        )
        if self.first:
            self.folder.add_point(tokens, leg.end, row)
            self._add_rows({leg.end: row})
            if self.tracker is not None:
                numbers = {k: v for k, v in row.items() if k.startswith(("loss_", "bpb_")) and v is not None}
                self.tracker.log(leg.end, numbers, POINTS)
        if prepared.world.ranks > 1:
            torch.distributed.barrier()
        self._prune()
        self.said_at = 0.0

    def _recent_loss(self) -> float | None:
        """Mean of the last losses: one step's is noisy."""
        recent = self.guard.recent[-10:]
        return sum(recent) / len(recent) if recent else None

    def _add_rows(self, points: dict[int, dict[str, Any]]) -> None:
        if self.first and points:
            from train.results.table import RunsTable

            RunsTable(self.prepared.runs).add(list(points.values()))

    def _probe(self) -> float:
        """Loss of the first sequence; every rank computes it, since ZeRO 3 needs all."""
        assert self.engine is not None
        prepared = self.prepared
        batch = batch_of(prepared.mixture, range(1), prepared.config.mask_documents)
        objective = self.engine.objective
        objective.eval()
        with torch.no_grad():
            nats = objective(batch.to(prepared.world.device))
        objective.train()
        return float(nats) / max(batch.targets, 1)
