"""The pairs stage in this process: for tests of the work, not of the executor."""

from pathlib import Path

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES
from pairing.config import PairsConfig
from pairing.given import read_given, resolve
from pairing.mine import _body
from pipelines.executor_config import ExecutorConfig
from pipelines.phase import Phase
from pipelines.stage import StageContext


class InProcess(StageContext):
    """Runs the tasks of a phase here, one after another."""

    def run(self, phase: Phase) -> None:
        for rank in range(phase.tasks):
            for step in phase.steps:
                list(step.run(rank=rank, world_size=phase.tasks))


def mined(corpus_folder: Path, out: Path, **options) -> dict:
    """Counts of the stage."""
    config = PairsConfig(**options)
    documents = manifests.read(corpus_folder).counts["documents"]["by_language"]
    files = {x: documents.get(x, {}).get("files", 0) for x in LANGUAGE_NAMES}
    context = InProcess("pairs", out, out / "work", ExecutorConfig(workers=1))
    context.work.mkdir(parents=True)
    given = resolve(read_given(config.given, corpus_folder), corpus_folder / "documents")
    return _body(config, corpus_folder, given, None, files)(context).counts
