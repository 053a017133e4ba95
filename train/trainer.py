"""Trains one run: the trunk, its branches, and what is measured at their ends."""

import gc
import os
import time
from pathlib import Path
from typing import IO, Any

import torch

from contracts.errors import StageError
from contracts.files import write_json
from train.agreement import from_first, require_all
from train.batches import MicroBatches, batch_of, steps
from train.checkpoints import MODEL, Checkpoints
from train.config import TrainConfig
from train.distributed import join
from train.engines.engine import Engine, StepResult
from train.failures import explained
from train.guards import Guard
from train.identify import Identity, identify
from train.journal import Journal, Say
from train.measure import Progress, held_out_nothing, measure
from train.opening import open_engine
from train.prepare import Prepared, prepare
from train.progress import Position, Tag, require_in_order, resume, unneeded
from train.run_folder import CHECKPOINTS, RunFolder, lock
from train.schedule import Leg
from train.signals import Stopped, StopRequest
from train.trackers import require_installed

PROBE_TOLERANCE = {"fp32": 1e-3, "bf16": 1e-2}
"""How far the loss of one sequence may be from what it was when a checkpoint was written, in nats a token. The same
ranks give the same number; another number of ranks adds in another order (measured up to 5e-5 in fp32)."""


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
        Stopped: it was asked to, and has saved a checkpoint.
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
        self.saved: Tag | None = None  # the newest checkpoint of them
        self.lock: IO[str] | None = None
        self.seconds = 0.0
        self.guard = Guard(prepared.config.guards)
        self.saved_at = time.monotonic()
        self.journal: Journal | None = None  # of rank 0

    def go(self) -> None:
        """Do what is left."""
        prepared = self.prepared
        require_installed(prepared.config.tracking)
        points, tags = from_first(prepared.world, self._found)
        require_in_order(prepared.ends, points)
        position = resume(prepared.legs, points, tags)
        if position is None:
            self.say(
                f"finished before: {prepared.folder}; nothing is exported, generated or reported afterwards (for "
                "losses and generated text: glotmix evaluate)"
            )
            return
        self.say(self._plan(position))
        if empty := held_out_nothing(prepared.validation):
            self.say(
                f"note: no loss on {', '.join(empty[:8])}{' and others' if len(empty) > 8 else ''}, of which nothing "
                "is held out (split.validation_share)"
            )
        self._open(position.tag)
        from_first(prepared.world, lambda: self._begin_files(position))
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
        for part in (self.journal, self.lock):
            if part is not None:
                part.close()
        self.journal = self.lock = None
        self._close_engine()

    def _found(self) -> tuple[list[int], list[Tag]]:
        """On rank 0: the measured points and the complete checkpoints; from now on the folder is ours."""
        self.lock = lock(self.prepared.folder)
        self.folder.require(self.identity.run.run_id, self.identity.facts)
        self.checkpoints.clean()
        points = self.folder.points()
        self._add_rows(points)
        return list(points), self.checkpoints.tags()

    def _begin_files(self, position: Position) -> None:
        """On rank 0, once the engine is there: what a run that cannot start must not leave behind."""
        prepared, run = self.prepared, self.identity.run.run_id
        place = os.path.relpath(prepared.validation, prepared.folder)
        self.folder.claim(run, self.identity.facts, {"validation": place, "form": prepared.form})
        write_json(self.checkpoints.folder / MODEL, self.identity.model)
        self.journal = Journal(
            prepared.folder,
            prepared.legs,
            position,
            prepared.config.tracking,
            run,
            self.identity.facts,
            self.say,
        )

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
        if self.holds != wanted:
            self._open(wanted if start > 0 else None)

    def _open(self, tag: Tag | None) -> None:
        world, config = self.prepared.world, self.prepared.config
        if tag is not None:
            self._check_facts(tag)
        self._close_engine()  # before the next one is made: they need not fit into memory side by side
        self.engine = open_engine(self.prepared, self.checkpoints, tag)
        self.saved, self.holds = tag, tag or Tag(0)
        if tag is None:
            self.seconds, self.guard = 0.0, Guard(config.guards)
            return
        facts = self.checkpoints.facts(tag)
        self.seconds, self.guard = facts["seconds"], Guard(config.guards, facts["recent"], facts["spikes"])
        now, limit = self._probe(), PROBE_TOLERANCE["bf16" if self.prepared.bf16 else "fp32"]
        told = (
            f"{self.checkpoints.folder / tag.name}: the loss of the first sequence was {facts['probe']:.6f} when it "
            f"was written and is {now:.6f} now; it was not loaded whole. Remove it to go on from the one before"
        )
        require_all(world, abs(now - facts["probe"]) <= limit, told)

    def _close_engine(self) -> None:
        engine, self.engine = self.engine, None
        if engine is not None:
            engine.close()
            del engine
            gc.collect()  # engines are cycles of references, which hold all their tensors until then
            if torch.cuda.is_available():
                torch.cuda.empty_cache()

    def _check_facts(self, tag: Tag) -> None:
        """A checkpoint must be there on every rank, of this run, and with the same steps left out."""
        prepared, folder = self.prepared, self.checkpoints.folder / tag.name
        told = f"{folder} is not seen by every rank; output must be on a disk that all ranks share"
        require_all(prepared.world, tag in self.checkpoints.tags(), told)
        facts = self.checkpoints.facts(tag)
        if facts["run_id"] != self.identity.run.run_id:
            raise StageError(f"{folder} is of another run; remove it, or give another folder")
        before, now = facts["skipped"], self._skipped(tag.step)
        if before != now:
            raise StageError(
                f"{folder}: {before} of the steps before {tag.step} were left out, guards.skip_steps says {now}; give "
                f"those, or remove the checkpoints from step {min({*before} ^ {*now}) + 1} on"
            )

    def _skipped(self, step: int) -> list[int]:
        return [number for number in self.prepared.config.guards.skip_steps if number < step]

    def _steps(self, leg: Leg, start: int, stop: StopRequest) -> None:
        prepared, engine = self.prepared, self.engine
        assert engine is not None
        config, world = prepared.config, prepared.world
        batches = MicroBatches(prepared.mixture, prepared.geometry, world.rank, config.mask_documents)
        pin = world.device.type == "cuda"
        mark = time.monotonic()
        feed = steps(batches, start, leg.stop, read_ahead=config.engine.read_ahead, pin=pin)
        for step, micro_batches in enumerate(feed, start):
            rate = prepared.rate * prepared.schedule.rate(step, leg.end)
            overdue = config.checkpoints.seconds is not None and mark - self.saved_at > config.checkpoints.seconds
            flags = (int(stop.wanted), int(overdue and self.first))
            taken = [] if step in config.guards.skip_steps else micro_batches
            result = engine.train_step(taken, rate, flags)
            self.seconds += time.monotonic() - mark
            self.holds = Tag(step + 1, leg.end)
            self._judge(step, leg, rate, result)
            if result.flags[0] or result.flags[1] or (step + 1) % config.checkpoints.every == 0:
                self._save()
            if result.flags[0]:
                raise Stopped(f"asked to stop after step {step}; a checkpoint is saved")
            mark = time.monotonic()

    def _judge(self, step: int, leg: Leg, rate: float, result: StepResult) -> None:
        """Write a step down, also the one that stops the run."""
        row = {
            "step": step,
            "end": leg.end,
            "loss": result.loss if result.targets else None,
            "gradient_norm": result.gradient_norm,
            "rate": rate,
            "targets": result.targets,
            "seconds": round(self.seconds, 3),
            "spike": False,
        }
        try:
            row["spike"] = bool(result.targets) and self.guard.watch(step, result.loss, result.gradient_norm)
        finally:
            if self.journal is not None:
                self.journal.step(row)

    def _save(self) -> None:
        assert self.engine is not None and self.holds is not None
        if self.saved == self.holds:
            return
        if self.journal is not None:
            self.journal.flush()
        facts = {
            "run_id": self.identity.run.run_id,
            "skipped": self._skipped(self.holds.step),
            "seconds": self.seconds,
            "recent": self.guard.recent,
            "spikes": self.guard.spikes,
            "probe": self._probe(),
        }
        self.checkpoints.save(self.holds, self.engine, facts)
        self.saved = self.holds
        self.saved_at = time.monotonic()
        self._prune()

    def _prune(self) -> None:
        """Rank 0 removes what is not needed any more."""
        prepared = self.prepared
        if self.first:
            tags, keep = self.checkpoints.tags(), prepared.config.checkpoints.keep
            self.checkpoints.remove(unneeded(tags, prepared.legs, self.folder.points(), keep))
        if prepared.world.ranks > 1:
            torch.distributed.barrier()

    def _finish(self, leg: Leg) -> None:
        """The end of a trunk leg is saved, since branches leave it there; the end of a branch is measured."""
        if leg.end is None:
            self._save()
            return
        prepared, engine = self.prepared, self.engine
        assert engine is not None
        tokens = prepared.config.points[prepared.ends.index(leg.end)]
        progress = Progress(leg.end, annealed=True, seconds=self.seconds, train_loss=self._recent_loss())
        folder, last = self.folder.point_folder(tokens), leg is prepared.legs[-1]
        row = measure(prepared, self.identity.run, engine, progress, folder, last)
        if self.journal is not None:
            self.journal.flush()
            self.folder.add_point(tokens, leg.end, row)
            self._add_rows({leg.end: row})
            self.journal.point(leg.end, row)
        self._prune()

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
        engine, prepared = self.engine, self.prepared
        assert engine is not None
        batch = batch_of(prepared.mixture, range(1), prepared.config.mask_documents)
        engine.objective.eval()
        nats = engine.score(batch.to(prepared.world.device), reduce=True)
        engine.objective.train()
        return float(nats) / max(batch.targets, 1)
