"""The page on launching and the Slurm script are true."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from train.__main__ import main
from train.failures import _KNOWN

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "launching.md"
SCRIPT = REPOSITORY / "examples" / "slurm" / "two_nodes.sbatch"

STUB = """#!/bin/bash
printf '%s\\n' "$(basename "$0") $*" >> "$CALLS"
exit "${CODE_OF_SRUN:-0}"
"""


def submitted(tmp_path: Path, code: int, *arguments: str) -> tuple[int, list[list[str]]]:
    """Run the script as Slurm's shell would, with stubs of srun and scontrol that note what they are asked."""
    for name in ("srun", "scontrol"):
        (tmp_path / name).write_text(STUB)
        (tmp_path / name).chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "CODE_OF_SRUN": str(code),
        "SLURM_JOB_ID": "4711",
    }
    done = subprocess.run(
        ["bash", str(SCRIPT), *arguments], env=environment, capture_output=True, text=True, timeout=30
    )
    assert not done.stderr
    return done.returncode, [shlex.split(line) for line in (tmp_path / "calls").read_text().splitlines()]


@pytest.mark.parametrize("code", [0, 1, 2, 130, 143])
def test_the_script_starts_ranks_and_requeues_what_ran_out_of_time_only(tmp_path, code):
    returned, calls = submitted(tmp_path, code, "run.yaml", "--set", "engine.stage=2")
    assert returned == code
    assert calls[0][0] == "srun"
    assert calls[0][calls[0].index("-m") - 1 :] == [
        ".venv/bin/python",
        "-m",
        "train",
        "run.yaml",
        "--set",
        "engine.stage=2",
    ]
    assert calls[1:] == ([["scontrol", "requeue", "4711"]] if code == 130 else [])


def test_the_script_asks_for_a_task_for_each_gpu_and_a_signal_before_the_end():
    options = dict(re.findall(r"^#SBATCH --([\w-]+)(?:=(\S+))?$", SCRIPT.read_text(), re.MULTILINE))
    assert options["nodes"] == "2"
    assert options["ntasks-per-node"] == options["gpus-per-node"]
    assert options["signal"].startswith("TERM@")  # to the ranks; B: would be to the shell alone
    assert "requeue" in options and options["open-mode"] == "append"


def test_the_page_names_every_message_that_is_explained():
    text = PAGE.read_text()
    for known in _KNOWN:
        assert f"`{re.split(r'[{.,:;]', known.told)[0].strip()}" in text, known.told


def test_every_command_of_the_page_starts_the_trainer_that_takes_its_arguments(capsys):
    """Up to the configuration, which is not there: a bad option would be told before."""
    starts = re.findall(r"-m(?:odule)? train (run\.yaml.*)$", PAGE.read_text(), re.MULTILINE)
    assert len(starts) >= 7
    for start in {*starts, "--local_rank=3 run.yaml"}:
        assert main(shlex.split(start)) == 2
        assert "no such file" in capsys.readouterr().err
