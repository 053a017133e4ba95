"""Phases on this machine: whatever a task does, its siblings finish and the driver learns of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from datatrove.pipeline.base import PipelineStep
from loguru import logger
from tiny_steps import Exits, Fails, Hangs, Killed, Panics, Prints, Tiny, spilled

from contracts.errors import StageError
from pipelines.executor import MAX_FAILURES, Phase, run_phase
from pipelines.executor_config import ExecutorConfig
from pipelines.executors import local

TWO = ExecutorConfig(workers=2)


def outputs(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*.out"))


def runs(folder: Path) -> dict[int, int]:
    return {int(p.stem): len(p.read_text()) for p in folder.glob("*.runs")}


def run(step: PipelineStep, tmp_path: Path, tasks: int = 4, config: ExecutorConfig = TWO) -> None:
    run_phase(Phase("tiny", [step], tasks), tmp_path / "deep" / "logs", config)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_every_rank_runs_once_and_missing_folders_are_made(tmp_path: Path, out: Path) -> None:
    report = run_phase(Phase("tiny", [Tiny(out)], 5), tmp_path / "not" / "yet" / "there", TWO)
    assert runs(out) == dict.fromkeys(range(5), 1)
    assert report.tasks == 5 and report.peak_bytes > 10_000_000
    assert (out / "3.out").read_text() == "3 of 5, 1", "libraries use one thread a task"


def test_a_finished_phase_is_not_run_again(tmp_path: Path, out: Path) -> None:
    run(Tiny(out), tmp_path)
    run(Tiny(out), tmp_path)
    assert set(runs(out).values()) == {1}


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Fails, r"1 of 4 tasks did not finish; first error, task 1: ValueError: bad \udcff record 11"),
        (Exits, "task 1: SystemExit"),
        (Panics, "task 1: PanicException: index out of bounds"),
    ],
)
def test_a_failing_task_leaves_its_siblings_alone_and_a_rerun_does_only_what_is_missing(
    step: type[Tiny], message: str, tmp_path: Path, out: Path
) -> None:
    with pytest.raises(StageError) as caught:
        run(step(out, (1,)), tmp_path)
    assert message in str(caught.value)
    assert outputs(out) == ["0.out", "2.out", "3.out"]
    assert spilled(tmp_path / "deep") == [], "logs show no values of variables"
    (out / "mended").touch()
    run(step(out, (1,)), tmp_path)
    assert runs(out) == {0: 1, 1: 2, 2: 1, 3: 1}
    assert not list((tmp_path / "deep/logs/tiny/failures").glob("*")), "an old failure is not reported again"


def test_a_killed_worker_is_an_error_and_no_hang(tmp_path: Path, out: Path) -> None:
    started = time.monotonic()
    with pytest.raises(StageError, match=r"a worker process of tiny died.*executor\.workers=1"):
        run(Killed(out, (0,)), tmp_path)
    assert time.monotonic() - started < 30
    (out / "mended").touch()
    run(Killed(out, (0,)), tmp_path)
    assert len(outputs(out)) == 4


def test_after_too_many_failures_no_further_task_is_started(tmp_path: Path, out: Path) -> None:
    with pytest.raises(StageError, match="40 of 40 tasks did not finish"):
        run(Fails(out, tuple(range(40))), tmp_path, tasks=40)
    assert MAX_FAILURES <= len(runs(out)) <= MAX_FAILURES + 1


def test_another_number_of_tasks_in_the_same_folder_starts_afresh(tmp_path: Path, out: Path) -> None:
    run(Tiny(out), tmp_path, tasks=4)
    run(Tiny(out), tmp_path, tasks=3)
    assert runs(out) == {0: 2, 1: 2, 2: 2, 3: 1}
    assert (out / "2.out").read_text().startswith("2 of 3")


def test_another_list_of_steps_in_the_same_folder_starts_afresh(tmp_path: Path, out: Path) -> None:
    run(Tiny(out), tmp_path)
    run(Prints(out), tmp_path)
    assert runs(out) == dict.fromkeys(range(4), 2)


def test_one_worker_and_two_leave_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        folder.mkdir()
        run_phase(Phase("tiny", [Tiny(folder)], 6), folder / "logs", ExecutorConfig(workers=workers))
        found.append({name: (folder / name).read_bytes() for name in outputs(folder)})
    assert found[0] == found[1] and len(found[0]) == 6


def test_sinks_of_the_host_application_survive_and_tasks_stay_quiet(
    tmp_path: Path, out: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines: list[str] = []
    sink = logger.add(lambda message: lines.append(str(message)), format="{message}")
    try:
        run(Prints(out), tmp_path)
        logger.info("still here")
    finally:
        logger.remove(sink)
    assert lines == ["still here\n"]
    printed = capfd.readouterr()
    assert "noise" not in printed.out + printed.err
    assert "noise on stdout" in (tmp_path / "deep/logs/tiny/workers.log").read_text()


DRIVER = """
from pathlib import Path
from tiny_steps import Hangs, Tiny
from pipelines.executor import Phase, run_phase
from pipelines.executor_config import ExecutorConfig
out = Path({out!r})
with open(out / "imports", "a") as handle:
    handle.write("x")
run_phase(Phase("tiny", [{step}], 4), out / "logs", ExecutorConfig(workers=2))
"""
"""A program without a guard around its main part, as notebooks and quick scripts are."""


def test_workers_do_not_import_the_main_program_again(tmp_path: Path, out: Path, environment: dict[str, str]) -> None:
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER.format(out=str(out), step="Tiny(out)"))
    subprocess.run([sys.executable, str(driver)], check=True, timeout=60, env=environment)
    assert (out / "imports").read_text() == "x" and len(outputs(out)) == 4


def _wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"
    except OSError:
        return False


def test_workers_end_after_their_driver_was_killed(tmp_path: Path, out: Path, environment: dict[str, str]) -> None:
    driver = tmp_path / "driver.py"
    driver.write_text(DRIVER.format(out=str(out), step="Hangs(out, (0,))"))
    process = subprocess.Popen([sys.executable, str(driver)], env=environment)
    _wait_for(lambda: (out / "pid").exists() and (out / "pid").read_text())
    worker = int((out / "pid").read_text())
    assert _alive(worker)
    process.kill()
    process.wait()
    _wait_for(lambda: not _alive(worker))


def test_an_array_variable_of_slurm_in_the_shell_does_no_harm(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "3")
    run(Tiny(out), tmp_path)
    assert len(outputs(out)) == 4


def test_the_environment_of_the_host_is_left_as_it_was(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("RAYON_NUM_THREADS", raising=False)
    main = sys.modules["__main__"]
    run(Tiny(out), tmp_path)
    assert os.environ["OMP_NUM_THREADS"] == "7" and "RAYON_NUM_THREADS" not in os.environ
    assert sys.modules["__main__"] is main


def test_an_interrupt_leaves_no_worker_behind(tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        _wait_for(lambda: (out / "pid").exists() and (out / "pid").read_text())
        raise KeyboardInterrupt

    monkeypatch.setattr(local, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(Hangs(out, (0,)), tmp_path)
    _wait_for(lambda: not _alive(int((out / "pid").read_text())))


def test_the_fork_server_never_loads_polars(environment: dict[str, str]) -> None:
    code = f"import sys\nfor m in {local.PRELOAD!r}: __import__(m)\nsys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=environment, timeout=60).returncode == 0


def test_progress_reaches_the_whole(tmp_path: Path, out: Path) -> None:
    seen: list[tuple[str, float, float]] = []
    run_phase(Phase("tiny", [Tiny(out)], 3, work=90.0), tmp_path / "logs", TWO, lambda *state: seen.append(state))
    assert seen[-1] == ("tiny", 90.0, 90.0)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


def test_the_shape_of_a_phase_is_readable(tmp_path: Path, out: Path) -> None:
    run(Tiny(out), tmp_path)
    assert json.loads((tmp_path / "deep/logs/tiny/shape.json").read_text()) == {"tasks": 4, "steps": ["Tiny"]}
