"""The stages pairs and parallel in this process: for tests of the work, not of the executor."""

from pathlib import Path

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES
from pairing.config import PairsConfig
from pairing.given import read_given, resolve
from pairing.mine import _body
from pairing.parallel.stage import _body as _parallel_body
from pipelines.executor_config import ExecutorConfig
from pipelines.phase import Phase
from pipelines.stage import StageContext

from .stages import sections


class InProcess(StageContext):
    """Runs the tasks of a phase here, one after another, and notes its name in `phases.txt`."""

    def run(self, phase: Phase) -> None:
        with open(self.folder / "phases.txt", "a") as names:
            names.write(f"{phase.name}\n")
        for rank in range(phase.tasks):
            for step in phase.steps:
                list(step.run(rank=rank, world_size=phase.tasks))


def _context(stage: str, out: Path) -> InProcess:
    context = InProcess(stage, out, out / "work", ExecutorConfig(workers=1))
    context.work.mkdir(parents=True)
    return context


def mined(corpus_folder: Path, out: Path, **options) -> dict:
    """Counts of the stage pairs, whose folder is `out`."""
    config = PairsConfig(**options)
    documents = manifests.read(corpus_folder).counts["documents"]["by_language"]
    files = {x: documents.get(x, {}).get("files", 0) for x in LANGUAGE_NAMES}
    given = resolve(read_given(config.given, corpus_folder), corpus_folder / "documents")
    return _body(config, corpus_folder, given, files)(_context("pairs", out)).counts


def written(corpus_folder: Path, out: Path, **options) -> tuple[dict, dict]:
    """Counts of the stages pairs and parallel, whose folders are out/pairs and out/parallel."""
    mining, writing = sections(options)
    found = mined(corpus_folder, out / "pairs", **mining.model_dump(exclude_unset=True))
    writing = writing.model_copy(update={"require_licence": mining.require_licence})
    body = _parallel_body(writing, corpus_folder, out / "pairs" / "pairs", None)
    return found, body(_context("parallel", out / "parallel")).counts
