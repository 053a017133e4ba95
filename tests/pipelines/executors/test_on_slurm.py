"""Phases on Slurm, with a cluster of three shell scripts: the real job script runs, an array task a process."""

import os
import signal
import stat
import sys
import threading
import time
from pathlib import Path

import pytest
from tiny_steps import Exits, Fails, Hangs, Killed, Tiny, spilled

from contracts.errors import ConfigError, StageError
from pipelines.config import CorpusConfig
from pipelines.corpus import corpus
from pipelines.executor import Phase, run_phase
from pipelines.executor_config import ExecutorConfig

SBATCH = """#!/bin/bash
# sbatch [--export=...] SCRIPT: reads the array range from the script and starts its tasks in the background
for argument; do script=$argument; case $argument in --export=ALL,*) export "${argument#--export=ALL,}";; esac; done
count=$(($(ls "$CLUSTER" | grep -c '[.]sh$') + 1))
cp "$script" "$CLUSTER/$count.sh"
grep -q 'partition=closed' "$script" && { echo "sbatch: error: invalid partition" >&2; exit 1; }
last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$script")
touch "$CLUSTER/$count.queued"
( for i in $(seq 0 "$last"); do
    SLURM_ARRAY_TASK_ID=$i SLURM_JOB_NODELIST='node-[1-3]' bash "$CLUSTER/$count.sh" >"$CLUSTER/$count.$i.out" 2>&1 &
    echo $! >> "$CLUSTER/$count.pids"
  done; wait; rm -f "$CLUSTER/$count.queued" ) >/dev/null 2>&1 &
echo "Submitted batch job $count"
"""

SQUEUE = """#!/bin/bash
[ -e "$CLUSTER/down" ] && { rm "$CLUSTER/down"; echo "Unable to contact controller" >&2; exit 1; }
[ -e "$CLUSTER/$3.queued" ] && { echo "$3 RUNNING"; exit 0; }
echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1
"""

SCANCEL = """#!/bin/bash
echo "$@" >> "$CLUSTER/cancelled"
for job; do kill $(cat "$CLUSTER/$job.pids"); done
"""

SLURM = ExecutorConfig.model_validate({"kind": "slurm", "slurm": {"partition": "test", "poll_seconds": 0.05}})


def with_slurm(**settings: object) -> ExecutorConfig:
    return SLURM.model_copy(update={"slurm": SLURM.slurm.model_copy(update=settings)})


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the cluster; its programs are the only ones of Slurm on the PATH."""
    programs, state = tmp_path / "bin", tmp_path / "cluster"
    programs.mkdir()
    state.mkdir()
    for name, text in (("sbatch", SBATCH), ("squeue", SQUEUE), ("scancel", SCANCEL)):
        (programs / name).write_text(text)
        (programs / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("CLUSTER", str(state))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    return state


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out put"
    folder.mkdir()
    return folder


def test_a_phase_runs_as_an_array_even_from_inside_another_array(
    cluster: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "1")
    for _ in range(2):
        run_phase(Phase("tiny", [Tiny(out)], 3), out / "logs", SLURM)
    assert {p.read_text() for p in out.glob("*.runs")} == {"x"}
    assert (out / "2.out").read_text() == "2 of 3, 1"
    assert sorted(p.name for p in cluster.glob("*.sh")) == ["1.sh"], (
        "one array, no follow-up job, no second submission"
    )


def test_the_job_script_names_this_interpreter_and_what_was_asked(cluster: Path, out: Path) -> None:
    config = with_slurm(time="01:00:00", mem_per_cpu_gb=3, cpus_per_task=2, qos="low", sbatch_args={"account": "me"})
    run_phase(Phase("tiny", [Tiny(out)], 2), out / "logs", config.model_copy(update={"workers": 1}))
    script = (cluster / "1.sh").read_text()
    for line in (
        "partition=test", "time=01:00:00", "mem-per-cpu=3G", "cpus-per-task=2", "qos=low", "account=me", "array=0-1%1",
        "job-name=glotmix-tiny",
    ):  # fmt: skip
        assert f"#SBATCH --{line}\n" in script
    assert f"{sys.executable} -m datatrove.tools.launch_pickled_pipeline" in script
    assert "srun" not in script and "mail" not in script


def test_an_environment_to_source_brings_its_own_interpreter(cluster: Path, tmp_path: Path, out: Path) -> None:
    activate = tmp_path / "activate"
    activate.write_text(f"export PATH={Path(sys.executable).parent}:$PATH\n")
    run_phase(Phase("tiny", [Tiny(out)], 1), out / "logs", with_slurm(venv_path=str(activate)))
    assert f"source {activate}\n" in (cluster / "1.sh").read_text()


def test_several_tasks_a_job_and_several_arrays_cover_every_rank(cluster: Path, out: Path) -> None:
    run_phase(Phase("tiny", [Tiny(out)], 7), out / "logs", with_slurm(tasks_per_job=2, max_array_size=3))
    assert len(list(out.glob("*.out"))) == 7
    assert len(list(cluster.glob("*.sh"))) == 2


@pytest.mark.parametrize(
    ("step", "message"),
    [(Fails, "task 1: ValueError: bad"), (Exits, "neither a result nor an error"), (Killed, "neither a result")],
)
def test_a_failed_task_is_an_error_and_a_rerun_submits_only_what_is_missing(
    step: type[Tiny], message: str, cluster: Path, out: Path
) -> None:
    phase = Phase("tiny", [step(out, (1,))], 3)
    with pytest.raises(StageError, match=message):
        run_phase(phase, out / "logs", SLURM)
    assert spilled(out / "logs") == []
    (out / "mended").touch()
    run_phase(phase, out / "logs", SLURM)
    assert "#SBATCH --array=0-0\n" in (cluster / "2.sh").read_text()
    assert [(out / f"{rank}.runs").read_text() for rank in range(3)] == ["x", "xx", "x"]


def test_a_controller_that_does_not_answer_for_a_while_is_waited_for(cluster: Path, out: Path) -> None:
    (cluster / "down").touch()
    run_phase(Phase("tiny", [Tiny(out)], 1), out / "logs", SLURM)
    assert not (cluster / "down").exists(), "squeue failed once"


def test_a_refused_job_names_the_section_to_look_at(cluster: Path, out: Path) -> None:
    with pytest.raises(StageError, match=r"sbatch refused the job of tiny.*executor\.slurm"):
        run_phase(Phase("tiny", [Tiny(out)], 1), out / "logs", with_slurm(partition="closed"))


def test_without_slurm_the_other_executors_are_named(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(out))
    with pytest.raises(ConfigError, match="sbatch is not on the PATH; use local or ray"):
        run_phase(Phase("tiny", [Tiny(out)], 1), out / "logs", SLURM)


def test_an_interrupted_driver_cancels_its_jobs(cluster: Path, out: Path) -> None:
    def interrupt() -> None:
        until = time.monotonic() + 30
        while not (out / "pid").exists() and time.monotonic() < until:
            time.sleep(0.05)
        import _thread

        _thread.interrupt_main()

    # a shell that starts the tests in the background has them ignore interrupts
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt):
            run_phase(Phase("tiny", [Hangs(out, (0,))], 1), out / "logs", SLURM)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (cluster / "cancelled").read_text() == "1\n"


def test_jobs_of_a_driver_that_was_killed_are_ended_before_new_ones_are_submitted(cluster: Path, out: Path) -> None:
    logs = out / "logs" / "tiny"
    with pytest.raises(StageError):
        run_phase(Phase("tiny", [Fails(out, (1,))], 2), out / "logs", SLURM)
    (out / "mended").touch()
    (logs / "jobs").write_text("7\n")
    (cluster / "7.pids").write_text("")
    (cluster / "7.queued").touch()
    threading.Timer(0.3, (cluster / "7.queued").unlink).start()
    run_phase(Phase("tiny", [Fails(out, (1,))], 2), out / "logs", SLURM)
    assert (cluster / "cancelled").read_text() == "7\n"
    assert not (cluster / "7.queued").exists()
    assert not (logs / "jobs").exists()


def test_slurm_and_local_make_the_same_corpus(cluster: Path, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    for number in range(5):
        (tmp_path / "s" / f"m{number}.py").write_text(f"def f{number}(a):\n    return a + {number % 4}\n" * 3)
    config = CorpusConfig.model_validate(
        {"sources": [{"type": "directory", "name": "s", "path": "s"}], "slice_bytes": 900, "dedup": {"near": False}}
    )
    made = [
        corpus(config, tmp_path, tmp_path / executor.kind, executor).manifest.identity
        for executor in (SLURM, ExecutorConfig(workers=1))
    ]
    assert made[0] == made[1]
