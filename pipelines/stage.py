"""A stage: skipped when its manifest matches, refused when it does not, resumed when it was cut short."""

import fcntl
import os
import platform
import resource
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from contracts import manifest as manifests
from contracts.errors import StageError, StaleStageError
from contracts.files import TEMPORARY_PREFIX, remove_others, remove_tree
from contracts.manifest import Manifest, digest
from parsers.loaders import grammar_versions
from pipelines.executor import run_phase
from pipelines.executor_config import ExecutorConfig
from pipelines.phase import Observer, Phase, PhaseReport

WORK = ".work"
"""Folder inside a stage's folder for what only a run in progress needs."""

LIBRARIES = (
    "datasketch",
    "datatrove",
    "faust-cchardet",
    "gigatoken",
    "numpy",
    "polars",
    "pyarrow",
    "scipy",
    "tokenizers",
    "tree-sitter",
)
"""Libraries that results depend on, beside the grammars. Their versions stand in the manifest, and a run is not
resumed with others."""


COMMANDS = {"parallel": "pairs"} | dict.fromkeys(("split", "tokenizer", "validation", "tokens"), "mix")
"""The command that makes a stage, where it is not named like the stage."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage made: its files (absolute paths inside the stage's folder) and its counts.

    `run` is what its manifest says beside the executor's facts: outside the identity.
    """

    files: list[Path]
    counts: dict[str, Any]
    run: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class StageContext:
    """What the body of a stage works with.

    Attributes:
        folder: where the stage's results go.
        work: where its intermediate files go; the same folder after a kill, removed at the end.
        executor: how to run phases.
        observe: told about progress.
        reports: one entry a phase that ran.
    """

    name: str
    folder: Path
    work: Path
    executor: ExecutorConfig
    observe: Observer | None = None
    reports: list[PhaseReport] = field(default_factory=list)

    def run(self, phase: Phase) -> None:
        """Run a phase to its end, or what a killed run left of it.

        Raises:
            StageError: tasks failed.
        """
        self.reports.append(run_phase(phase, self.work / "logs", self.executor, self.observe))

    def progress(self, phase: str) -> Path:
        """Folder in which tasks of a phase report progress."""
        return self.work / "logs" / phase / "progress"


@dataclass(frozen=True, slots=True)
class StageResult:
    """A finished stage: its manifest, and whether it was found finished."""

    manifest: Manifest
    skipped: bool


def run_stage(
    name: str,
    folder: Path,
    configuration: Mapping[str, Any],
    inputs: Mapping[str, str],
    body: Callable[[StageContext], Outcome],
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
    elsewhere: str = "give another output folder (--set output=...)",
    before_redoing: Callable[[], object] | None = None,
) -> StageResult:
    """Make a stage's folder hold what configuration and inputs ask for.

    Args:
        name: the stage's name.
        folder: its output folder.
        configuration: what decides the outcome, as plain data; nothing about executors or paths.
        inputs: identities of what it reads.
        body: makes the files; may be called again after a kill and then finds its finished phases.
        executor: how phases run.
        force: redo a stage that does not match, instead of refusing.
        check: make nothing: a stage that is not finished is an error.
        observe: told about progress.
        elsewhere: how to keep what is there and make the other outcome too, for the refusal.
        before_redoing: called before a finished outcome is removed for another one; may refuse by raising.

    Raises:
        StaleStageError: the folder holds another outcome and `force` is not given; shows the difference.
        StageError: the body failed, another process works in the same folder, or the folder holds something else.
    """
    _refuse_foreign(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder):
        finished = manifests.read(folder) if not force else _read_anyway(folder)
        if finished is not None:
            changed = manifests.differences(finished, folder, configuration, inputs)
            if not changed:
                remove_tree(folder / WORK)
                return StageResult(finished, skipped=True)
            if not force:
                raise StaleStageError(_stale(name, folder, changed, elsewhere))
        if check:
            raise StageError(
                f"{folder}: the {name} stage is not finished. Run: glotmix {COMMANDS.get(name, name)} CONFIG"
            )
        if finished is not None and before_redoing is not None:
            before_redoing()
        # from here on the folder is not finished, whatever happens
        (folder / manifests.MANIFEST).unlink(missing_ok=True)
        key = digest([manifests.CODE_VERSION, configuration, inputs, _versions()])[:16]
        work = folder / WORK / key
        if not work.exists():  # what another configuration left must not be counted or read as part of this one
            remove_others(folder, set(), ignore=(LOCK,))
        work.mkdir(parents=True, exist_ok=True)
        for left in work.rglob(f"{TEMPORARY_PREFIX}*"):  # a process that was killed could not remove its own
            left.unlink(missing_ok=True)
        context = StageContext(name, folder, work, executor, observe)
        started = time.time()
        outcome = body(context)
        remove_others(folder, set(outcome.files), ignore=(WORK, LOCK))
        run = _run_facts(context, started) | outcome.run
        manifest = manifests.build(name, folder, outcome.files, configuration, inputs, outcome.counts, run)
        manifests.write(folder, manifest)
        remove_tree(folder / WORK)
        return StageResult(manifest, skipped=False)


def require(folder: Path, stage: str, command: str) -> Manifest:
    """The manifest of a stage that must have run before.

    Raises:
        StageError: it is not finished; names the command that makes it.
    """
    manifest = manifests.read(folder)
    if manifest is None:
        raise StageError(f"{folder}: the {stage} stage is not finished. Run: {command}")
    if manifest.stage != stage:
        raise StageError(f"{folder}: the folder of a {manifest.stage} stage, not of {stage}")
    return manifest


def require_chain(stages: Mapping[str, Manifest], command: str) -> None:
    """Check that stages were made from one another, not from earlier states of the same folders.

    Args:
        stages: manifests by the name under which later stages list them as input.
        command: what to run otherwise.

    Raises:
        StageError: one was made from another state of one of the others.
    """
    broken = manifests.broken_links(stages)
    if broken:
        raise StageError(f"{broken[0]}. Run: {command}")


LOCK = ".lock"


def _refuse_foreign(folder: Path) -> None:
    """Files that are not the stage's are removed at its end: never begin in a folder that somebody else filled."""
    if not folder.is_dir() or any((folder / name).exists() for name in (LOCK, WORK, manifests.MANIFEST)):
        return
    found = sorted(path.name for path in folder.iterdir())
    if found:
        shown = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
        raise StageError(
            f"{folder}: holds files that glotmix did not make ({shown}), and a stage clears its folder. "
            "Give another output folder (--set output=...), or move them away"
        )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the operating system frees it however the process ends."""
    with open(folder / LOCK, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StageError(f"{folder}: another glotmix process works here; wait for it or end it") from error
        yield


def _read_anyway(folder: Path) -> Manifest | None:
    try:
        return manifests.read(folder)
    except StaleStageError:
        return None


def _stale(name: str, folder: Path, changed: list[str], elsewhere: str) -> str:
    shown = "\n".join(f"  {line}" for line in changed[:20])
    more = f"\n  and {len(changed) - 20} more" if len(changed) > 20 else ""
    return (
        f"{folder}: the finished {name} stage does not match what is asked:\n{shown}{more}\n"
        f"Redo it with --force, or {elsewhere}."
    )


def _run_facts(context: StageContext, started: float) -> dict[str, Any]:
    return {
        "executor": context.executor.kind,
        "workers": context.executor.workers or len(os.sched_getaffinity(0)),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3),
        "peak_bytes": max([_own_peak(), *(r.peak_bytes for r in context.reports)]),
        "phases": [
            {"name": r.name, "tasks": r.tasks, "seconds": round(r.seconds, 3), "peak_bytes": r.peak_bytes}
            for r in context.reports
        ],
        "python": platform.python_version(),
        "glotmix": manifests.VERSION,
        "versions": _versions(),
    }


def _own_peak() -> int:
    """The largest resident set of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _versions() -> dict[str, str]:
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return found | grammar_versions()
