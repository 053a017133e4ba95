"""Both stages end in the same bytes: with any number of workers, any blocks, and after kill -9 in any phase.

What is killed runs with two workers; what resumes it, with one; what both must make ran without any, in one block.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipelines.executor_config import ExecutorConfig

from .conftest import document, write_corpus
from .in_process import written
from .stages import both
from .stages import sections as sections_of

REPOSITORY = Path(__file__).resolve().parents[2]
WRITING = {"task_bytes": 300, "forms": ("concat", "group"), "directions": "balanced"}
MINED = {**WRITING, "block_documents": 3}
GIVEN = {**WRITING, "mine": False, "given": ("given.csv",)}
MINING_PHASES = ("features", "frequencies", "copies", "search-vectors", "postings", "buckets", "search", "support",
                 "candidates", "weights", "vectors", "compare", "decide", "match", "refuse")  # fmt: skip
WRITING_PHASES = ("positions", "align", "directions", "parallel", "groups", "group")
KILLED = ("compare", "decide", "align")

DRIVER = """
import json, os, signal, sys
from pathlib import Path
from pairing.config import PairsConfig, ParallelConfig
from pairing.mine import pairs
from pairing.parallel.stage import parallel
from pipelines.executor_config import ExecutorConfig

folder, phase, sections = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
base = folder.parent

def kill(name, done, work):
    if name == phase:
        os.kill(os.getpid(), signal.SIGKILL)

run = {"executor": ExecutorConfig(workers=2), "observe": kill}
pairs(PairsConfig(**sections[0]), base, base / "corpus", folder / "pairs", **run)
parallel(ParallelConfig(**sections[1]), base, base / "corpus", folder / "pairs", folder / "parallel", **run)
"""


def rows() -> list[dict]:
    topics = [
        "lake heron reed otter",
        "wheel spoke axle tyre",
        "quartz basalt granite slate",
        "violin cello flute oboe",
    ]
    texts = ["\n".join(f"{w}_total = compute_{w}({n})" for n, w in enumerate(words.split())) for words in topics]
    languages = ("python", "go", "rust")
    return [document(x, f"{n}.x", f"{text}\nlast = {x}") for x in languages for n, text in enumerate(texts)]


def contents(folder: Path) -> dict[str, bytes]:
    """All tables. The manifests also tell when, and with which settings."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Path:
    """What a run without workers made, all documents of a language in one block; its corpus stands beside it."""
    folder = tmp_path_factory.mktemp("stage")
    counts, _ = written(write_corpus(folder / "corpus", rows()), folder / "whole", **WRITING)
    assert counts["by_languages"] == {"python-go": 4, "python-rust": 4, "go-rust": 4}
    return without_work(folder / "whole")


@pytest.fixture(scope="module")
def given(undisturbed) -> Path:
    """The same of given pairs, without mining."""
    pairs = pl.read_parquet(undisturbed / "pairs" / "pairs" / "*.parquet").sort("pair_id").head(7)
    for folder in (undisturbed.parent, undisturbed.parent / "corpus"):  # where the two ways to run it look
        pairs.select("id_a", "id_b").write_csv(folder / "given.csv")
    counts, _ = written(undisturbed.parent / "corpus", undisturbed.parent / "whole-given", **GIVEN)
    assert counts["pairs"] >= 7
    return without_work(undisturbed.parent / "whole-given")


def without_work(folder: Path) -> Path:
    for stage in ("pairs", "parallel"):
        shutil.rmtree(folder / stage / "work")
    return folder


def killed_in(folder: Path, phase: str, options: dict) -> None:
    sections = json.dumps([part.model_dump(mode="json", exclude_unset=True) for part in sections_of(options)])
    command = [sys.executable, "-c", DRIVER, str(folder), phase, sections]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
    assert (folder / "pairs" / "manifest.json").exists() == (phase in WRITING_PHASES)
    assert not (folder / "parallel" / "manifest.json").exists()


def resumed(folder: Path, options: dict, workers: int = 1) -> dict[str, bytes]:
    both(folder.parent, folder.parent / "corpus", folder, ExecutorConfig(workers=workers), **options)
    assert not list(folder.rglob(".work"))
    return contents(folder)


def test_killed_again_and_again_and_resumed_in_blocks_by_one_worker_gives_the_same_bytes(undisturbed):
    folder = undisturbed.parent / "killed"
    for phase in KILLED:
        killed_in(folder, phase, MINED)
    assert resumed(folder, MINED) == contents(undisturbed)


@pytest.mark.full
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_gives_the_same_bytes(undisturbed, workers):
    assert resumed(undisturbed.parent / f"workers-{workers}", MINED, workers) == contents(undisturbed)


@pytest.mark.full
@pytest.mark.parametrize("phase", [*MINING_PHASES, *WRITING_PHASES])
def test_killed_in_any_phase_and_resumed_gives_the_same_bytes(undisturbed, phase):
    folder = undisturbed.parent / f"killed-{phase}"
    killed_in(folder, phase, MINED)
    assert resumed(folder, MINED) == contents(undisturbed)


@pytest.mark.full
@pytest.mark.parametrize("phase", ["given", "decide", "match", "refuse", "positions"])
def test_killed_while_given_pairs_are_read_and_resumed_gives_the_same_bytes(given, phase):
    folder = given.parent / f"killed-given-{phase}"
    killed_in(folder, phase, GIVEN)
    assert resumed(folder, GIVEN) == contents(given)


def test_every_phase_of_both_stages_is_killed_in(undisturbed, given):
    phases = {name for path in undisturbed.parent.glob("whole*/*/phases.txt") for name in path.read_text().split()}
    assert phases == {*MINING_PHASES, *WRITING_PHASES, "given"}
