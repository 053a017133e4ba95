"""What tests of training share: a mixture of short sequences over the tiny corpus."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")


@dataclass(frozen=True)
class TinyRun:
    """A finished run over six programs; read only, copy what you change.

    `config` is its YAML file, `root` its output folder with mix/default (shards of 1,024 tokens, languages and pairs),
    mix/short (a view of 128 tokens, languages only), validation/ and tokenizer/. Both hold 200,000 tokens.
    """

    config: Path
    root: Path

    @property
    def mixture(self) -> Path:
        return self.root / "mix" / "default"

    @property
    def short(self) -> Path:
        return self.root / "mix" / "short"


@pytest.fixture(scope="session")
def tiny_run(demo_run, tmp_path_factory) -> TinyRun:
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # shared by the workers
    folder = base / "tiny_run"
    with open(base / "tiny_run.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _make(folder, demo_run)
            (folder / "done").touch()
    return TinyRun(folder / "run.yaml", folder / "out")


def _make(folder, demo_run) -> None:
    shutil.copytree(demo_run.sources, folder / "polyglot")
    shutil.copytree(demo_run.output, folder / "out")
    shutil.rmtree(folder / "out" / "mix")
    text = demo_run.config.read_text().replace("sequence_length: 1024", "sequence_length: 1024, max_epochs: 20")
    (folder / "run.yaml").write_text(text)
    view = ["--set", "mix.name=short", "--set", "mix.output=view", "--set", "mix.parallel=none"]
    view += ["--set", "mix.sequence_length=128"]
    tokens = ["--set", "mix.tokens=200000"]
    for options in (tokens, [*tokens, *view]):
        command = [sys.executable, "-m", "glotmix", "mix", str(folder / "run.yaml"), *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(autouse=True)
def no_run_outlives_its_test():
    """What `join` publishes in the environment would make later tests' processes ranks of this one."""
    yield
    distributed = sys.modules.get("train.distributed")
    if distributed is not None:
        distributed.leave()
