"""Sweeps over a small pool, and runners that stand for training: importable in the processes that a sweep starts."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))


@pytest.fixture(scope="session")
def corpus(tiny_run, tmp_path_factory) -> Path:
    """A folder with a run of its own to which mixtures, streams and tokens are added: run.yaml,
    polyglot/, out/."""
    folder = tmp_path_factory.mktemp("sweeps")
    shutil.copyfile(tiny_run.config, folder / "run.yaml")
    shutil.copytree(tiny_run.config.parent / "polyglot", folder / "polyglot")
    shutil.copytree(tiny_run.root, folder / "out", ignore=lambda _, names: {"mix"} & set(names))
    return folder


@pytest.fixture
def queue(tmp_path):
    """Makes a sweep of so many runs; seeds are their numbers."""
    from queues import make_queue

    return lambda runs, **options: make_queue(tmp_path, runs, **options)
