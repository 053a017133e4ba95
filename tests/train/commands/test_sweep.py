"""The commands of a sweep, as they are typed."""

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from typer.testing import CliRunner

from train.commands.sweep import sweep_app
from train.sweep.plan_tables import operations

SWEEP = {
    "output": "sweep",
    "corpus": "run.yaml",
    "mix": {"sequence_length": 64, "parallel": "none", "max_epochs": 4},
    "train": {
        "batch_tokens": 512,
        "engine": {"backend": "torch"},
        "checkpoints": {"export": "none"},
        "evaluation": {"validation": "validation", "batch": 64},
    },
    "device": {"name": "NVIDIA H100 80GB HBM3"},
    "grid": {
        "rungs": ["0.2M"],
        "points": [[1024, 2048]],
        "mixtures": [{"proportions": {"python": 0.9, "go": 0.1}}, {"proportions": {"python": 0.1, "go": 0.9}}],
    },
}


def glotmix(*arguments: object, expect: int = 0) -> str:
    result = CliRunner().invoke(sweep_app, [str(argument) for argument in arguments])
    assert result.exit_code == expect, result.output
    return result.output


@pytest.fixture(scope="module")
def planned(tiny_run, tmp_path_factory):
    """A planned sweep; its corpus is linked, so that what is added stays here. The validation sets are two."""
    folder = tmp_path_factory.mktemp("planned")
    (folder / "out").mkdir()
    for stage in ("corpus", "pairs", "parallel", "split", "tokenizer", "tokens", "validation"):
        (folder / "out" / stage).symlink_to(tiny_run.root / stage)
    (folder / "polyglot").symlink_to(tiny_run.config.parent / "polyglot")
    (folder / "run.yaml").write_text(tiny_run.config.read_text())
    (folder / "validation").symlink_to(tiny_run.root / "validation")
    path = folder / "sweep.yaml"
    path.write_text(yaml.safe_dump(SWEEP))
    glotmix("plan", path)
    return path


def test_the_plan_shows_runs_points_and_cost(planned):
    text = glotmix("plan", planned, "--dry-run")
    assert "Plan: 2 runs, 4 points, 2 mixtures" in text
    data = json.loads(glotmix("plan", planned, "--json"))
    (row,) = data["plan"]["rows"]
    assert (row["runs"], row["points a run"], row["tokens up to"]) == (2, 2, "2,048")
    assert row["GPU-hours"] > 0
    assert row["FLOPs"] > 1e9
    assert "GFLOP" in text
    shares = {line["mixture"].rpartition("-")[0]: line["shares"] for line in data["mixtures"]["rows"]}
    assert shares == {
        "sweep-python90-go10": {"python": 0.9, "go": 0.1},
        "sweep-go90-python10": {"python": 0.1, "go": 0.9},
    }
    assert re.search(r"sweep-go90-python10-\w{12} +go 0\.9, python 0\.1 +none +1 *\n", text)


@pytest.mark.parametrize(
    ("flops", "text"),
    [
        (12.0, "12 FLOP"),
        (999_999_999.0, "1,000 MFLOP"),
        (1e9, "1 GFLOP"),
        (2.341e12, "2.34 TFLOP"),
        (1.234e17, "123 PFLOP"),
        (6e26, "600,000 ZFLOP"),
    ],
)
def test_operations_have_the_unit_that_suits_them(flops, text):
    assert operations(flops) == text


def test_a_sweep_trains_its_runs_into_one_table_and_a_second_command_trains_none(planned):
    pytest.importorskip("torch")
    command = [sys.executable, "-c", "from train.commands.sweep import sweep_app; sweep_app()"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OMP_NUM_THREADS": "1"}
    lines: list[list[tuple[str, str]]] = []
    for expected in ("2 trained", "2 finished before"):
        call = [*command, "run", str(planned), "-j", "1"]
        done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=280)
        assert done.returncode == 0, done.stdout + done.stderr
        assert expected in done.stdout
        assert f"Runs table: {planned.parent / 'sweep' / 'runs'}\nNext: glotmix inspect " in done.stdout
        over = re.compile(r"^run (\d) \(0\.2M, sweep-.+\): finished after [\d.]+ s; (\d of 2)$", re.M)
        lines.append(over.findall(done.stdout))
    assert sorted(number for number, _ in lines[0]) == ["0", "1"]
    assert [over for _, over in lines[0]] == ["1 of 2", "2 of 2"]
    assert lines[1] == [], "nothing was trained again"
    root = planned.parent / "sweep"
    log = (root / "logs" / "worker-00.log").read_text()
    assert log.count("begins") == 2
    assert re.search(r"^\d{4}-\d\d-\d\d [\d:]{8} step \d+.*: loss \d", log, re.M)
    assert len(re.findall(r"point at step \d+: .*python \d", log)) == 4
    rows = [json.loads(line) for line in (root / "runs" / "runs.jsonl").read_text().splitlines()]
    assert len(rows) == 4
    assert {row["annealed"] for row in rows} == {True}
    shares = sorted({round(row["p_python"], 1) for row in rows})
    assert shares == [0.1, 0.9]
    listed = [json.loads(line) for line in (root / "list.jsonl").read_text().splitlines()]
    assert {row["n_parameters"] for row in rows} == {row["n_parameters"] for row in listed}
    assert max(row["flops"] for row in rows) <= max(row["flops"] for row in listed)
    assert list(root.glob("trained/*/checkpoints")) == []
    counts = json.loads(glotmix("status", planned, "--json"))["sweep"]["rows"][0]
    assert (counts["finished"], counts["waiting"], counts["worker hours left"]) == (2, 0, 0)


def test_without_torch_a_sweep_is_planned_looked_at_and_submitted(planned):
    program = (
        "import sys\n"
        "for name in ('torch', 'transformers', 'deepspeed', 'ray'): sys.modules[name] = None\n"
        "from train.commands.sweep import sweep_app\n"
        "sweep_app()\n"
    )
    for command in ("plan", "status", "submit"):
        call = [sys.executable, "-c", program, command, str(planned), "--set", "output=bare"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "sbatch --parsable --array=0-1 --export=ALL,GLOTMIX_SWEEP_OFFSET=0" in done.stdout
    script = (planned.parent / "bare" / "sweep.sbatch").read_text()
    assert f"-m glotmix sweep run {planned} --set output=bare --index" in script


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--index", "2"], "the list has 2 runs, numbered 0 to 1"),
        (["--index", "0", "-j", "2"], "leave out -j and --ray"),
        (["--count", "2"], "--count goes with --index"),
        (["--ray", "auto", "-j", "2"], "-j is for this machine"),
        (["--gpus", "1"], "--gpus goes with --ray"),
        (["--set", "output=nowhere"], "there is no plan yet. Run: glotmix sweep plan CONFIG"),
        (["--set", "mix.max_epochs=5"], "the plan was made from another configuration"),
    ],
)
def test_what_cannot_be_run_is_said(planned, arguments, message):
    result = CliRunner().invoke(sweep_app, ["run", str(planned), *arguments])
    assert result.exit_code in (1, 2)
    assert message in result.output


def test_one_of_several_ranks_is_refused(planned, monkeypatch):
    for name, value in {
        "RANK": "1",
        "WORLD_SIZE": "2",
        "LOCAL_RANK": "1",
        "MASTER_ADDR": "x",
        "MASTER_PORT": "1",
    }.items():
        monkeypatch.setenv(name, value)
    text = glotmix("run", planned, expect=2)
    assert "started as rank 1 of 2" in text


def test_a_run_that_a_command_trains_fails_with_its_last_words_and_is_listed(planned, tmp_path):
    """`launch` gets the run's own configuration, with paths that hold anywhere."""
    script = tmp_path / "launch.sh"
    script.write_text('cat "$1"; [ -e "$(dirname "$0")/mended" ] || { echo "NCCL is out of order" >&2; exit 3; }\n')
    options = ["--set", "output=launched", "--set", f"launch=bash {script}"]
    glotmix("plan", planned, *options)
    text = glotmix("run", planned, "--index", "0", "--count", "2", *options, expect=1)
    assert "2 run(s) failed" in text
    assert "bash ended with exit code 3" in text
    status = json.loads(glotmix("status", planned, "--json", *options))
    assert [row["attempts"] for row in status["failed"]["rows"]] == [1, 1]
    assert "NCCL is out of order" in status["failed"]["rows"][0]["message"]
    (tmp_path / "mended").touch()
    assert "2 trained" in glotmix("run", planned, "--index", "0", "--count", "2", *options)
    written = sorted((planned.parent / "launched" / "trained").glob("*/train.yaml"))
    data = yaml.safe_load(written[0].read_text())
    assert all(os.path.isabs(data[name]) for name in ("output", "mixture", "runs"))
    assert os.path.isabs(data["evaluation"]["validation"])
    assert data["points"] == [1024, 2048]
