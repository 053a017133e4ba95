"""The benchmark of training runs from end to end without a GPU; nothing is asserted on time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("deepspeed")

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_benchmark_measures_every_loop_and_the_same_losses(tmp_path):
    command = [sys.executable, str(REPOSITORY / "benchmarks" / "gpu_training.py"), "--device", "cpu"]
    command += ["--rungs", "0.05M", "--length", "96", "--seconds", "0.1", "--json", str(tmp_path / "figures.json")]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "figures.json").read_text())
    cases = {(case["what"], case["masked"]): case for case in found["cases"]}
    assert set(cases) == {("bare", False), ("deepspeed", False), ("deepspeed", True), ("torch", True)}
    for case in cases.values():
        assert case["note"] == "" and case["tokens_per_second"] > 0 and case["of_matmul"] > 0
        assert case["mfu"] is None and case["peak_gib"] is None  # nobody states a CPU's peak
    losses = {key: case["loss"] for key, case in cases.items()}
    assert losses["bare", False] == pytest.approx(losses["deepspeed", False], abs=1e-5)
    assert losses["torch", True] == pytest.approx(losses["deepspeed", True], abs=1e-5)
    assert abs(losses["deepspeed", False] - losses["deepspeed", True]) > 1e-5
    assert "differ by 0.00e+00 nats" in found["resume"]
    assert done.stdout.count("\n") > 8 and "of matmul" in done.stdout
