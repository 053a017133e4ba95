"""The stage ends in the same bytes: with any number of workers, any blocks, and after kill -9 in any phase.

What is killed runs with two workers; what resumes it, with one; what both must make ran without any, in one block.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pairing.config import PairsConfig
from pairing.mine import pairs
from pipelines.executor_config import ExecutorConfig

from .conftest import document, write_corpus
from .in_process import mined

REPOSITORY = Path(__file__).resolve().parents[2]
OPTIONS = {"task_bytes": 300, "forms": ("concat", "group")}
BLOCKS = {**OPTIONS, "block_documents": 3}
KILLED = ("compare", "decide", "align")
PHASES = ("features", "frequencies", "copies", "search-vectors", "postings", "buckets", "search", "support",
          "candidates", "weights", "vectors", "match", "parallel", "groups", "group", "refuse", *KILLED)  # fmt: skip

DRIVER = """
import json, os, signal, sys
from pathlib import Path
from pairing.config import PairsConfig
from pairing.mine import pairs
from pipelines.executor_config import ExecutorConfig

folder, phase = Path(sys.argv[1]), sys.argv[2]

def kill(name, done, work):
    if name == phase:
        os.kill(os.getpid(), signal.SIGKILL)

config = PairsConfig(**json.loads(sys.argv[3]))
pairs(config, folder.parent, folder.parent / "corpus", folder, ExecutorConfig(workers=2), observe=kill)
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
    """All tables. The manifest also tells when, and with which settings."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Path:
    """What a run without workers made, all documents of a language in one block; its corpus stands beside it."""
    folder = tmp_path_factory.mktemp("stage")
    counts = mined(write_corpus(folder / "corpus", rows()), folder / "whole", **OPTIONS)
    assert counts["by_languages"] == {"python-go": 4, "python-rust": 4, "go-rust": 4}
    shutil.rmtree(folder / "whole" / "work")
    return folder / "whole"


def killed_in(folder: Path, phase: str) -> None:
    command = [sys.executable, "-c", DRIVER, str(folder), phase, json.dumps(BLOCKS)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
    assert not (folder / "manifest.json").exists()


def resumed(folder: Path, workers: int = 1) -> dict[str, bytes]:
    base = folder.parent
    pairs(PairsConfig(**BLOCKS), base, base / "corpus", folder, ExecutorConfig(workers=workers))
    assert not list(folder.rglob(".work"))
    return contents(folder)


def test_killed_again_and_again_and_resumed_in_blocks_by_one_worker_gives_the_same_bytes(undisturbed):
    folder = undisturbed.parent / "killed"
    for phase in KILLED:
        killed_in(folder, phase)
    assert resumed(folder) == contents(undisturbed)


@pytest.mark.full
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_any_number_of_workers_gives_the_same_bytes(undisturbed, workers):
    assert resumed(undisturbed.parent / f"workers-{workers}", workers) == contents(undisturbed)


@pytest.mark.full
@pytest.mark.parametrize("phase", PHASES)
def test_killed_in_any_phase_and_resumed_gives_the_same_bytes(undisturbed, phase):
    folder = undisturbed.parent / f"killed-{phase}"
    killed_in(folder, phase)
    assert resumed(folder) == contents(undisturbed)
