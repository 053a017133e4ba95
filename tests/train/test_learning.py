"""A model learns what its mixture holds most of."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

from tests.train.runs import small
from train.trainer import train


def views(run, shares: dict[str, dict[str, float]]) -> None:
    """Mixtures of the pool of a run, of 128 tokens a sequence."""
    rows = [
        {"name": name, "proportions": given, "tokens": 140_000, "max_epochs": 30, "sequence_length": 128}
        for name, given in shares.items()
    ]
    path = run.parent / "list.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-m", "glotmix", "mix", "views", str(run), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_language_is_learnt_by_its_share(tiny_run, tmp_path):
    for name in ("out", "polyglot"):
        shutil.copytree(tiny_run.config.parent / name, tmp_path / name)
    config = tmp_path / "run.yaml"
    shutil.copyfile(tiny_run.config, config)
    much, little = {"python": 0.9, "typescript": 0.1}, {"python": 0.1, "typescript": 0.9}
    views(config, {"python": much, "typescript": little})
    found = {}
    for name in ("python", "typescript"):
        run = small(
            tiny_run,
            tmp_path / f"run-{name}",
            mixture=str(tmp_path / "out" / "mix" / name),
            points=[131_072],
            engine={"backend": "torch"},
            schedule={"learning_rate": 0.01},
        )
        (point,) = Path(train(run, Path("/")) / "points").glob("*/point.json")
        found[name] = json.loads(point.read_text())["row"]
    for name, other in (("python", "typescript"), ("typescript", "python")):
        loss, without = found[name][f"loss_{name}"], found[other][f"loss_{name}"]
        assert without - loss > 0.1, f"{name}: {loss} with a share of 0.9, {without} with 0.1"
