"""The queue: every run once, whatever fails, dies or is interrupted."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import stand_ins

from train.sweep.attempt import Result, attempt
from train.sweep.local import run_local
from train.sweep.tally import line

DRIVE = Path(__file__).parent / "support" / "drive.py"


def until(condition, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def drive(queue, workers: int, runner: str, *index: int) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [
        sys.executable,
        str(DRIVE),
        str(queue.base),
        queue.config.model_dump_json(),
        str(workers),
        runner,
        *map(str, index),
    ]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)


def test_workers_do_every_run_once_and_a_second_call_does_none(queue):
    q = queue(5)
    seen = []
    tally = run_local(q.job, q.rows, 2, stand_ins.note, lambda *told: seen.append(told))
    assert q.journal() == [0, 1, 2, 3, 4]
    assert sorted(row.index for row in tally.finished) == [0, 1, 2, 3, 4]
    assert [told[2:] for told in seen] == [(n, 5) for n in range(1, 6)]
    assert sorted(row.index for row, _, _, _ in seen) == [0, 1, 2, 3, 4]
    again = run_local(q.job, q.rows, 2, stand_ins.note)
    assert (len(again.finished), len(again.skipped), len(q.journal())) == (0, 5, 5)


def test_one_worker_takes_the_longest_run_first_in_one_process(queue):
    q = queue(3)
    run_local(q.job, q.rows, 1, stand_ins.note)
    assert (q.base / "trained").read_text().split() == ["2", "1", "0"]


def test_a_run_that_fails_is_noted_and_the_others_go_on_and_mended_it_is_done(queue):
    q = queue(4)
    tally = run_local(q.job, q.rows, 2, stand_ins.odd_ones_fail)
    assert q.journal() == [0, 2]
    assert sorted(why for _, why in tally.failed) == ["StageError: seed 1 is odd", "StageError: seed 3 is odd"]
    log = "".join(path.read_text() for path in q.folder.logs.glob("worker-0?.log"))
    assert re.search(r"run 3 \(0\.2M, \S+\): failed after [\d.]+ s: StageError: seed 3 is odd\n", log)
    assert "run 2 (0.2M, sweep-python-0123456789ab): begins" in log
    note = q.folder.read_failure(q.rows[3])
    assert (note["error"], note["attempts"], note["index"]) == ("StageError", 1, 3)
    assert "odd_ones_fail" in note["trace"]
    (q.base / "mended").touch()
    assert len(run_local(q.job, q.rows, 1, stand_ins.odd_ones_fail).finished) == 2
    assert q.journal() == [0, 1, 2, 3]
    assert q.folder.all_failed() == set()


def test_after_an_unforeseen_error_the_rest_is_done_in_a_new_process(queue):
    q = queue(4)
    tally = run_local(q.job, q.rows, 1, stand_ins.one_breaks_the_process)
    assert [row.index for row, _ in tally.failed] == [2]
    by_process = {tuple(sorted(map(int, p.read_text().split()))) for p in q.base.glob("pid-*")}
    assert by_process == {(2, 3), (0, 1)}
    assert q.journal() == [0, 1, 3]


def test_a_worker_that_is_killed_ends_neither_the_sweep_nor_its_run(queue):
    q = queue(4)
    seen = []
    tally = run_local(q.job, q.rows, 2, stand_ins.killed_once, lambda *told: seen.append(told))
    assert (len(tally.finished), tally.failed) == (4, [])
    (again,) = [line(row, found) for row, found, _, _ in seen if found.result is Result.KILLED]
    assert re.match(r"run 1 \(0\.2M, \S+\): is tried again after [\d.]+ s: .* was killed \(SIGKILL\)", again)
    assert [over for _, _, over, _ in seen] == sorted(over for _, _, over, _ in seen)
    assert seen[-1][2:] == (4, 4)
    assert q.journal("begun") == [0, 1, 1, 2, 3]
    assert q.journal() == [0, 1, 2, 3]


def test_a_run_that_is_always_killed_is_given_up_after_its_attempts(queue):
    q = queue(3)
    tally = run_local(q.job, q.rows, 1, stand_ins.always_killed)
    ((row, why),) = tally.failed
    assert row.index == 1
    assert "was killed (SIGKILL); most likely for want of memory" in why
    assert q.folder.read_failure(row)["attempts"] == 2
    assert (q.journal("begun"), q.journal()) == ([0, 1, 1, 2], [0, 2])


def test_of_two_processes_with_the_same_run_one_works_and_the_other_says_so(queue):
    q = queue(1)
    first = drive(q, 1, "waits_for_a_file", 0)
    until(lambda: q.journal("begun") == [0])
    second = attempt(q.job, q.rows[0], stand_ins.note)
    assert (second.result, second.detail.split(" on ")[0]) == (Result.BUSY, f"process {first.pid}")
    (q.base / "go").touch()
    assert first.communicate(timeout=60)[0] == "finished\n"
    assert q.journal() == [0]
    assert attempt(q.job, q.rows[0], stand_ins.note).result is Result.SKIPPED


def test_two_drivers_share_a_sweep(queue):
    q = queue(6)
    (q.base / "go").touch()
    drivers = [drive(q, 2, "waits_for_a_file") for _ in range(2)]
    trained = sum(int(driver.communicate(timeout=60)[0]) for driver in drivers)
    assert trained == 6
    assert q.journal() == [0, 1, 2, 3, 4, 5]


def test_after_a_kill_of_a_whole_sweep_the_same_call_completes_it(queue):
    q = queue(4)
    driver = drive(q, 2, "waits_for_a_file")
    until(lambda: q.journal("begun") == [2, 3])
    os.killpg(driver.pid, signal.SIGKILL)  # the driver; its workers have groups of their own, and see that it is gone
    driver.wait()
    until(lambda: q.journal("saved") == [2, 3])
    until(lambda: not any(q.folder.owner(row) for row in q.rows))
    (q.base / "go").touch()
    assert len(run_local(q.job, q.rows, 2, stand_ins.waits_for_a_file).finished) == 4
    assert q.journal() == [0, 1, 2, 3]


def test_after_a_kill_of_a_worker_and_its_driver_at_once_the_run_is_taken_over(queue):
    q = queue(1)
    alone = drive(q, 1, "waits_for_a_file", 0)
    until(lambda: q.journal("begun") == [0])
    alone.kill()
    alone.wait()
    assert attempt(q.job, q.rows[0], stand_ins.note).result is Result.FINISHED
    assert q.journal() == [0]


def test_an_interrupted_driver_has_its_workers_save(queue):
    q = queue(3)
    driver = drive(q, 2, "waits_for_a_file")
    until(lambda: q.journal("begun") == [1, 2])
    driver.send_signal(signal.SIGINT)
    assert driver.wait(timeout=60) == 130
    assert q.journal("saved") == [1, 2]
    assert q.folder.all_failed() == set()
    (q.base / "go").touch()
    assert len(run_local(q.job, q.rows, 1, stand_ins.waits_for_a_file).finished) == 3


@pytest.mark.parametrize("keep", [False, True])
def test_checkpoints_of_finished_runs_go_unless_they_are_kept(queue, keep):
    q = queue(1, keep_checkpoints=keep)
    checkpoint = q.folder.run(q.rows[0]) / "checkpoints" / "x"
    checkpoint.mkdir(parents=True)
    attempt(q.job, q.rows[0], stand_ins.note)
    assert checkpoint.exists() is keep
