"""The stages after the mixture in order; nothing but wiring."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.manifest import Manifest
from mixer.layout import Layout
from mixer.stages import run_one
from pipelines.phase import Observer
from pipelines.stage import StageResult
from train.loop.config import LoopConfiguration
from train.loop.layout import LoopLayout
from train.loop.runs import sweep_runs, trial_runs
from train.loop.sweeping import Tell


@dataclass(slots=True)
class Loop:
    """What the stages after the mixture work with.

    Attributes:
        config: of the whole run, with a sweep.
        path: its file.
        layout: where results go.
        force: redo the second mixture if it does not match, instead of refusing.
        observe: told about progress.
        tell: told a line for people.
    """

    config: LoopConfiguration
    path: Path
    layout: Layout
    force: bool
    observe: Observer | None
    tell: Tell

    @property
    def places(self) -> LoopLayout:
        """Where the stages' results go."""
        return LoopLayout(self.layout)

    def run(self, stage: str) -> Iterator[StageResult]:
        """Run one stage, or find it finished. The last one has two parts: the trials, and what they say.

        Args:
            stage: one of LOOP.
        """
        runs = sweep_runs(self.config, self.path, self.layout)
        if stage == "sweep":
            from train.loop.sweeping import run_stage

            yield run_stage(runs, self.observe, self.tell)
        elif stage == "fit":
            from train.loop.fitting import fit_stage

            made = self._made("sweep", self.places.sweep)
            yield fit_stage(self.config.fitted, self.config, self.places.sweep, made, self.places.fit)
        elif stage == "allocate":
            from train.loop.allocating import allocate_stage

            sweep, fit = self._made("sweep", self.places.sweep), self._made("fit", self.places.fit)
            yield allocate_stage(self.config, runs, sweep, fit)
        elif stage == "remix":
            yield self._remix()
        else:
            yield from self._confirm()

    def _remix(self) -> StageResult:
        from train.loop.allocating import second_mixture

        self._made("allocate", self.places.allocation)
        base = self.path.resolve().parent
        config = second_mixture(self.config, self.layout)
        return run_one("mix", config, base, self.layout, force=self.force, observe=self.observe)

    def _confirm(self) -> Iterator[StageResult]:
        from train.loop.allocating import proposed
        from train.loop.confirming import confirm_stage
        from train.loop.sweeping import run_stage

        allocated = self._made("allocate", self.places.allocation)
        allocation = proposed(self.places)
        runs = trial_runs(self.config, self.path, self.layout, allocation.weights)
        trials = run_stage(runs, self.observe, self.tell)
        yield trials
        yield confirm_stage(self.config, runs, trials.manifest, allocated, allocation)

    def _made(self, stage: str, folder: Path) -> Manifest:
        found = manifests.read(folder)
        if found is None:
            raise StageError(f"{folder}: the {stage} stage is not finished. Run: glotmix run {self.path}")
        return found
