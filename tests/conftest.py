"""What tests of several folders share: one finished run over a few programs of the sample."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None)
# one fixed set of examples where a result must not change from run to run
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

REPOSITORY = Path(__file__).resolve().parent.parent
SAMPLE = REPOSITORY / "examples" / "polyglot"

PROGRAMS = ("lrucache", "dijkstraroutes", "editdistance", "romannumerals", "primesieve", "jsonreader")
"""Programs that the run reads in all seven languages, with their tests; caught/ holds copies of the first two."""

CONFIGURATION = """\
output: out
corpus:
  sources:
    - {type: directory, name: polyglot, path: polyglot, repo: top_level, licence: Apache-2.0}
  max_file_bytes: 65536
  slice_bytes: 40000
split: {validation_share: 0.2}
tokenizer: {vocab_size: 1024}
mix: {sequence_length: 1024, shard_tokens: 16384}
executor: {workers: 2}
"""


@dataclass(frozen=True)
class DemoRun:
    """A finished run: `config` is its YAML file, `output` its output folder, `sources` what it read. Read only."""

    config: Path
    output: Path
    sources: Path


def _wanted(path: Path) -> bool:
    stem = path.stem.lower().replace("_", "").replace("-", "").replace(".", "")
    return path.is_relative_to(SAMPLE / "caught") or any(program in stem for program in PROGRAMS)


def _make(folder: Path) -> None:
    for path in sorted(SAMPLE.rglob("*")):
        if path.is_file() and _wanted(path):
            target = folder / "polyglot" / path.relative_to(SAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    (folder / "run.yaml").write_text(CONFIGURATION, encoding="utf-8")
    command = [sys.executable, "-m", "glotmix", "run", str(folder / "run.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """A finished run over six programs in seven languages, made once however many processes test. Do not change it."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # shared by the workers
    folder = base / "demo_run"
    with open(base / "demo_run.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _make(folder)
            (folder / "done").touch()
    return DemoRun(config=folder / "run.yaml", output=folder / "out", sources=folder / "polyglot")
