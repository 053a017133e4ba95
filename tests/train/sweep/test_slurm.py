"""Job arrays: which numbers, which script, and that the script does every run."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError, StageError
from train.sweep import slurm
from train.sweep.slurm_config import SlurmConfig

SBATCH = """#!/bin/bash
# an array in the foreground: reads its numbers and variables as sbatch does
for argument; do case $argument in
  --export=ALL,*) export "${argument#--export=ALL,}";; --array=*) numbers=${argument#--array=};;
  --dependency=*) echo "$argument" >> "$CLUSTER/dependencies";; *) script=$argument;; esac; done
grep -q 'partition=closed' "$script" && { echo "sbatch: error: invalid partition" >&2; exit 1; }
for range in $(echo "${numbers%%%*}" | tr , ' '); do
  for i in $(seq "${range%-*}" "${range#*-}"); do
    [ "$i" -lt 4 ] || { echo "sbatch: error: Invalid job array specification" >&2; exit 1; }
    SLURM_ARRAY_TASK_ID=$i bash "$script" >> "$CLUSTER/done" || exit 1
  done
done
echo x >> "$CLUSTER/jobs"; echo "$(wc -l < "$CLUSTER/jobs");cluster"
"""


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "sbatch").write_text(SBATCH)
    (programs / "sbatch").chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("CLUSTER", str(tmp_path))
    return tmp_path


@given(st.sets(st.integers(min_value=0, max_value=400)), st.integers(1, 7), st.integers(2, 50))
def test_arrays_cover_what_is_waiting_and_stay_below_the_limit_of_the_cluster(waiting, pack, size):
    found = slurm.arrays(sorted(waiting), SlurmConfig(runs_per_task=pack, max_array_size=size))
    tasks = set()
    for array in found:
        numbers = [
            n
            for part in array.numbers.split(",")
            for n in range(int(part.split("-")[0]), int(part.split("-")[-1]) + 1)
        ]
        assert len(numbers) == array.tasks
        assert max(numbers) < size
        tasks |= {number + array.offset for number in numbers}
    assert tasks == {index // pack for index in waiting}


@pytest.mark.parametrize(("numbers", "text"), [([], ""), ([3], "3"), ([0, 1, 2], "0-2"), ([0, 2, 3, 9], "0,2-3,9")])
def test_numbers_in_short_form(numbers, text):
    assert slurm.ranges(numbers) == text


def test_the_script_asks_for_what_is_configured(tmp_path):
    config = SlurmConfig(
        partition="gpu",
        gpus_per_node=2,
        mem_gb=64,
        venv_path="/a b/activate",
        sbatch_args={"account": "me", "comment": "a b"},
        setup=("module load cuda",),
    )
    text = slurm.script(config, ["python", "-m", "glotmix", "sweep", "run", "/x y/s.yaml"], tmp_path, "sweep-out")
    lines = text.splitlines()
    for wanted in (
        "partition=gpu", "gpus-per-node=2", "mem=64G", "account=me", 'comment="a b"', "signal=B:TERM@120", "requeue",
        "time=24:00:00", "nodes=1", "ntasks-per-node=1", "cpus-per-task=8", "open-mode=append",
    ):  # fmt: skip
        assert f"#SBATCH --{wanted}" in lines
    assert lines.index("source '/a b/activate'") < lines.index("module load cuda")
    assert lines[-1].startswith("exec python -m glotmix sweep run '/x y/s.yaml' --index $(( ")
    plain = slurm.script(SlurmConfig(gpus_per_node=0, stop_seconds=0), ["x"], tmp_path, "y")
    assert not re.search("gpus|partition|signal|mem=", plain)


def test_the_script_is_one_that_bash_reads(tmp_path):
    path = tmp_path / slurm.SCRIPT
    slurm.write_script(path, slurm.script(SlurmConfig(), ["x"], tmp_path, "y"))
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


@pytest.mark.parametrize("pack", [1, 3])
def test_submitted_arrays_call_for_every_waiting_run_once(cluster, pack):
    config = SlurmConfig(runs_per_task=pack, max_array_size=4, limit=2)
    path = cluster / slurm.SCRIPT
    show = [sys.executable, "-c", "import sys; print(*sys.argv[1:])"]
    slurm.write_script(path, slurm.script(config, show, cluster, "y"))
    waiting = [0, 1, 2, 5, 6, 11, 20, 22]
    lines = slurm.sbatch_lines(path, slurm.arrays(waiting, config), config)
    jobs = slurm.submit(lines, chain=True)
    called = [line.split() for line in (cluster / "done").read_text().splitlines()]
    done = {int(first) + k for _, first, _, count in called for k in range(int(count))}
    assert set(waiting) <= done <= {index // pack * pack + k for index in waiting for k in range(pack)}
    assert len(called) == len({index // pack for index in waiting})
    chained = (cluster / "dependencies").read_text().split() if len(jobs) > 1 else []
    assert chained == [f"--dependency=afterany:{job}" for job in jobs[:-1]]
    assert all("%2" in line[2] for line in lines)


def test_a_refusal_of_sbatch_is_told(cluster):
    path = cluster / slurm.SCRIPT
    slurm.write_script(path, slurm.script(SlurmConfig(partition="closed"), ["true"], cluster, "y"))
    with pytest.raises(StageError, match="invalid partition"):
        slurm.submit(slurm.sbatch_lines(path, [slurm.Array(0, "0", 1)], SlurmConfig()), chain=False)


def test_without_slurm_that_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="sbatch is not on the PATH"):
        slurm.submit([["sbatch"]], chain=False)
    assert "PATH" in os.environ
