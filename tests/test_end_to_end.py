"""The whole run: the same bytes for any number of workers and after any kill."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

SAMPLE = Path(__file__).parent.parent / "examples" / "polyglot"
PROGRAMS = ("lrucache", "binaryheap", "huffmancodec", "stackmachine", "gameoflife", "convexhull")
RUN = [sys.executable, "-m", "glotmix", "run"]


def stem(path: Path) -> str:
    return path.stem.lower().replace("-", "").replace("_", "")


@pytest.fixture(scope="module")
def config(tmp_path_factory) -> Path:
    """A configuration over six programs in seven languages and everything that gates must catch."""
    root = tmp_path_factory.mktemp("kill")
    for path in sorted(SAMPLE.rglob("*")):
        if path.is_file() and ("caught" in path.parts or stem(path) in PROGRAMS):
            target = root / "src" / path.relative_to(SAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    data = {
        "output": "out",
        "corpus": {
            "sources": [{"type": "directory", "name": "sample", "path": "src", "repo": "top_level"}],
            "max_file_bytes": 65536,
            "slice_bytes": 20000,
        },
        "pairs": {"task_bytes": 100_000},
        "split": {"validation_share": 0.2},
        "tokenizer": {"vocab_size": 1000},
        "mix": {"sequence_length": 256, "shard_tokens": 8192, "parallel_form": "shuffled", "max_epochs": 2},
        "executor": {"workers": 2},
    }
    path = root / "run.yaml"
    path.write_text(yaml.safe_dump(data))
    return path


def command(config: Path, output: str, *options: str) -> list[str]:
    return [*RUN, str(config), "--set", f"output={output}", *options]


def run(config: Path, output: str, *options: str) -> None:
    done = subprocess.run(command(config, output, *options), capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    """Every result by relative path; manifests without the facts of the run."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name == ".lock":
            continue
        data = path.read_bytes()
        if path.name == "manifest.json":
            manifest = json.loads(data)
            del manifest["run"]
            data = json.dumps(manifest).encode()
        found[path.relative_to(folder).as_posix()] = data
    return found


def assert_same(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    assert sorted(found) == sorted(expected)
    assert [name for name in expected if found[name] != expected[name]] == []


@pytest.fixture(scope="module")
def undisturbed(config) -> tuple[dict[str, bytes], float]:
    """The results of a run that nobody disturbs, and how long it takes in seconds."""
    started = time.monotonic()
    run(config, "undisturbed")
    return contents(config.parent / "undisturbed"), time.monotonic() - started


def test_one_worker_gives_the_same_bytes_as_two(config, undisturbed):
    run(config, "one", "--set", "executor.workers=1")
    assert_same(contents(config.parent / "one"), undisturbed[0])


def test_a_second_run_changes_nothing(config, undisturbed):
    before = {p: p.stat().st_mtime_ns for p in (config.parent / "undisturbed").rglob("*") if p.name != ".lock"}
    run(config, "undisturbed")
    assert {p: p.stat().st_mtime_ns for p in (config.parent / "undisturbed").rglob("*") if p.name != ".lock"} == before


def kill_and_resume(config: Path, expected: dict[str, bytes], output: str, moments: list[float]) -> None:
    """Start, kill after each of the moments (seconds), then run to the end and compare."""
    for moment in moments:
        process = subprocess.Popen(
            command(config, output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(moment)
        os.kill(process.pid, signal.SIGKILL)  # the driver alone: its workers must notice
        process.wait()
    run(config, output)
    assert_same(contents(config.parent / output), expected)
    assert not list((config.parent / output).rglob(".work"))


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_twice_and_resumed_gives_the_same_bytes(config, undisturbed, seed):
    expected, seconds = undisturbed
    moments = [random.Random(seed).uniform(0.2, 0.9) * seconds / 2 for _ in range(2)]
    kill_and_resume(config, expected, f"killed-{seed}", moments)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10, 20))
def test_killed_at_a_random_moment_and_resumed_gives_the_same_bytes(config, undisturbed, seed):
    expected, seconds = undisturbed
    kill_and_resume(config, expected, f"killed-{seed}", [random.Random(seed).uniform(0.05, 0.98) * seconds])
